"""Starts a handful of processes, shows what they print, restarts what falls, and ends them all.

Nothing here knows what the processes do. The supervisor is a single thread that waits; one thread
per process copies its output to the terminal.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from kaysis.local import processes
from kaysis.local.errors import LocalError

# One that lives this long has started well; falling sooner counts as a failed start.
STEADY_SECONDS = 10
FAILED_STARTS = 3
STOP_SECONDS = 25
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0
    failures: int = 0
    output: list[threading.Thread] = field(default_factory=list)


class Supervisor:
    """Runs `commands` (name → command) until it is told to stop or one of them cannot live.

    `on_change` is given the process numbers by name whenever they change.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        cwd: Path,
        env: Mapping[str, str],
        on_change: Callable[[dict[str, int]], None],
    ) -> None:
        self.children = [Child(name, command) for name, command in commands.items()]
        self._cwd = cwd
        self._env = dict(env)
        self._on_change = on_change
        self._stop = threading.Event()
        self._width = max(len(child.name) for child in self.children)

    def __enter__(self) -> "Supervisor":
        for sign in _STOPPING:
            signal.signal(sign, self._told_to_stop)
        for child in self.children:
            self._start(child)
        self._report()
        return self

    def __exit__(self, *_: object) -> None:
        # A second Ctrl-C while things come to rest must not leave half of them behind.
        for sign in _STOPPING:
            signal.signal(sign, signal.SIG_IGN)
        self._end_all()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def wait(self, until: Callable[[], bool] | None = None) -> None:
        """Keep everything alive until `until` holds, or until we are told to stop.

        Raises LocalError when a process keeps falling.
        """
        while not self._stop.wait(0.5):
            self._mend()
            if until and until():
                return

    def _told_to_stop(self, _sign: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            processes.bound(child.command),
            cwd=self._cwd,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            # Out of the terminal's group: Ctrl-C reaches us alone, and we end them in order.
            start_new_session=True,
        )
        child.started = time.monotonic()
        thread = threading.Thread(target=self._show, args=(child.name, child.process), daemon=True)
        thread.start()
        child.output = [*(t for t in child.output if t.is_alive()), thread]

    def _show(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            print(f"{name:<{self._width}} | {line}", end="", flush=True)

    def _mend(self) -> None:
        """Start again what has ended by itself."""
        changed = False
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            _end_group(child.process.pid)
            steady = time.monotonic() - child.started >= STEADY_SECONDS
            child.failures = 0 if steady else child.failures + 1
            if child.failures >= FAILED_STARTS:
                raise LocalError(
                    f"{child.name}: {FAILED_STARTS} kez başlatıldı, her seferinde durdu "
                    f"(çıkış kodu {child.process.returncode}), çıktısı yukarıda. / "
                    f"started {FAILED_STARTS} times and fell each time, see its output above."
                )
            print(f"{child.name:<{self._width}} | (exit {child.process.returncode}, restarting)")
            self._start(child)
            changed = True
        if changed:
            self._report()

    def _report(self) -> None:
        self._on_change({c.name: c.process.pid for c in self.children if c.process})

    def _end_all(self) -> None:
        """Ask all to end and finish their work; after STOP_SECONDS make them."""
        running = [child.process for child in self.children if child.process]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _end_group(process.pid)
        for child in self.children:
            for thread in child.output:
                thread.join(1)


def _end_group(leader: int) -> None:
    """End what a process that is gone may have left in its group."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
