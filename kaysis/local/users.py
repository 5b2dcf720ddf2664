"""The system user of the database, needed only when root starts it."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass

from kaysis.local.errors import LocalError

NAME = "kaysis-db"


@dataclass(frozen=True)
class Account:
    """A user of this machine by number."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """Who the servers run as: None means as ourselves. Root gets a user of their own."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(NAME)
    except KeyError:
        _create()
        found = pwd.getpwnam(NAME)
    return Account(found.pw_uid, found.pw_gid)


def _create() -> None:
    """Add the user; two starts may race for it, so one that exists by now is no failure."""
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME]
    elif shutil.which("adduser"):  # BusyBox
        command = ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", NAME]
    else:
        raise LocalError(
            f"PostgreSQL cannot run as root. Create a system user {NAME}, or start as another user."
        )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        raise LocalError(f"Could not create the user {NAME}: {done.stderr.strip()}") from None
