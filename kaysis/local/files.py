"""Folders of our own, file locks, and small atomic writes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kaysis.local.errors import LocalError


def own_folder(path: Path, *, mode: int, uid: int | None = None, gid: int | None = None) -> Path:
    """Create `path` with this mode and owner, or check that an existing one is ours.

    Only the last folder is touched, never its parents: opening somebody's home to all users, so
    that a database can pass through, is not ours to do. Raises LocalError if somebody else owns
    it, which in a shared temporary folder may be an attack.
    """
    uid = os.geteuid() if uid is None else uid
    gid = os.getegid() if gid is None else gid
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if path.is_symlink() or not path.is_dir() or found.st_uid not in {uid, os.geteuid()}:
            raise LocalError(
                f"{path} belongs to somebody else. Remove it, or ask who made it."
            ) from None
    os.chown(path, uid, gid)
    path.chmod(mode)
    return path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file alone; waits for whoever has it. The kernel frees it if we die."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_atomically(path: Path, text: str) -> None:
    """Readers see the old text or the new one, never half of it."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def read_or_none(path: Path) -> str | None:
    """The text of a file that may not be there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
