"""Asking about processes, and running a command as another user."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kaysis.local.errors import LocalError
from kaysis.local.users import Account


def taken(pid: int) -> bool:
    """Whether the number is in use: by a process that lives, or by one nobody has buried yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def alive(pid: int) -> bool:
    """Whether a process with this number exists and is not a zombie."""
    return taken(pid) and not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "Z"


def command_line(pid: int) -> str:
    """The command line of a running process; empty if it is gone or may not be looked at."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
        done = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()


def wait_until_gone(pid: int, seconds: float) -> bool:
    """Wait for the end of a process that need not be our child; False if it is still there."""
    deadline = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end(pid: int, seconds: float = 10) -> None:
    """Ask a process to end, and make it after `seconds`."""
    for sign, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5)):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        if wait_until_gone(pid, patience):
            return


def bound(command: Sequence[str]) -> list[str]:
    """The command as one that ends when we die, even by `kill -9` (see child.py)."""
    launcher = Path(__file__).with_name("child.py")
    return [sys.executable, "-I", "-S", str(launcher), str(os.getpid()), *command]


def run_as(
    account: Account | None,
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    text: str | None = None,
    timeout: float = 180,
) -> str:
    """Run a command to its end as `account` (None: as ourselves) and return what it printed.

    `cwd` must be readable for that account, which our own working folder need not be. Raises
    LocalError with the command's own words when it fails.
    """
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(env) if env is not None else clean_environment(),
        input=text if text is not None else "",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        umask=0o077,
        timeout=timeout,
        check=False,
        **credentials(account),
    )
    if done.returncode != 0:
        raise LocalError(f"{Path(command[0]).name} failed:\n{done.stdout.strip()}")
    return done.stdout


def credentials(account: Account | None) -> dict[str, Any]:
    """The arguments that make `subprocess` start a command as this account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def clean_environment(**more: str) -> dict[str, str]:
    """Nothing of the caller's PG* variables, locale or home reaches a server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **more}
