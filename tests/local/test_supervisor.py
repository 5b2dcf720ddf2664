"""The supervisor with small processes of no meaning: none is lost, none is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kaysis.local import processes
from tests.local.conftest import REPOSITORY, wait_for

# Runs a supervisor over the commands in its argument and writes their numbers to a file.
DRIVER = """
import json, sys
from pathlib import Path
from kaysis.local import supervisor
supervisor.STEADY_SECONDS = {steady}
supervisor.STOP_SECONDS = 2
state, commands = Path(sys.argv[1]), json.loads(sys.argv[2])
def remember(pids):
    state.with_suffix(".new").write_text(json.dumps(pids))
    state.with_suffix(".new").rename(state)
with supervisor.Supervisor(commands, cwd=Path("/"), env={{}}, on_change=remember) as running:
    running.wait()
print("all ended", flush=True)
"""
FOREVER = "import time\nwhile True: time.sleep(1)"
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FOREVER
# Starts a child of its own and says its number.
PARENT = (
    "import subprocess, sys\n"
    f"p = subprocess.Popen([sys.executable, '-c', {FOREVER!r}])\nprint(p.pid, flush=True)\np.wait()"
)

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def start(state: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(steady: float = 0, **programs: str) -> subprocess.Popen[str]:
        commands = {name: [sys.executable, "-u", "-c", code] for name, code in programs.items()}
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER.format(steady=steady), str(state), json.dumps(commands)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        wait_for(state.exists)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=30)


def pids(state: Path) -> dict[str, int]:
    found = json.loads(state.read_text())
    return {str(name): int(pid) for name, pid in found.items()}


def gone(*numbers: int) -> Callable[[], bool]:
    return lambda: not any(map(processes.alive, numbers))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_them(start: Start, state: Path, sign: signal.Signals) -> None:
    process = start(one=FOREVER, two=FOREVER)
    children = pids(state)
    process.send_signal(sign)
    said = process.communicate(timeout=30)[0]
    assert process.returncode == 0, said
    assert "all ended" in said
    assert gone(*children.values())()


def test_one_that_does_not_listen_is_ended_all_the_same(start: Start, state: Path) -> None:
    process = start(one=STUBBORN)
    child = pids(state)["one"]
    time.sleep(0.5)  # for it to become deaf
    process.terminate()
    process.communicate(timeout=30)
    assert gone(child)()


def test_a_killed_one_is_started_again_and_the_rest_left_alone(start: Start, state: Path) -> None:
    process = start(one=FOREVER, two=FOREVER)
    before = pids(state)
    os.kill(before["one"], signal.SIGKILL)
    wait_for(lambda: pids(state)["one"] != before["one"])
    assert pids(state)["two"] == before["two"]
    assert processes.alive(pids(state)["one"])
    process.terminate()
    assert "one | (exit -9, restarting)" in process.communicate(timeout=30)[0]


def test_one_that_keeps_falling_ends_the_rest_with_its_words(start: Start, state: Path) -> None:
    process = start(steady=60, bad="print('Neden: port'); raise SystemExit(4)", good=FOREVER)
    child = pids(state)["good"]
    said = process.communicate(timeout=60)[0]
    assert process.returncode != 0
    assert said.count("bad  | Neden: port") == 3
    assert "LocalError: bad: 3 kez" in said
    assert gone(child)()


def test_kill_9_of_the_supervisor_leaves_nobody(start: Start, state: Path) -> None:
    process = start(one=FOREVER, two=FOREVER)
    children = pids(state)
    process.kill()
    wait_for(gone(*children.values()))


def test_what_a_killed_child_started_is_ended_too(start: Start, state: Path) -> None:
    process = start(one=PARENT, two=FOREVER)
    assert process.stdout is not None
    line = process.stdout.readline()
    grandchild = int(line.partition("|")[2])
    os.kill(pids(state)["one"], signal.SIGKILL)
    wait_for(gone(grandchild))
    process.terminate()
    process.communicate(timeout=30)
