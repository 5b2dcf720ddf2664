"""Starting and stopping what the portal needs on this machine.

Several programs may use the servers of one checkout at once: a `make run`, a `make test`, a person
with psql. Each holds `users.lock` shared as long as it lives, and the last to leave stops the
servers, unless a person asked for them with `up`: then they stay until `down`. The kernel lets go
of the lock of one that is killed, so nobody is counted who is not there.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kaysis.local import addresses, files, programs
from kaysis.local.layout import Layout, look, prepare
from kaysis.local.postgres import Postgres
from kaysis.local.valkey import Valkey

_HAS_ROWS = """\
SELECT to_regclass(:'table') IS NOT NULL AS present \\gset
\\if :present
SELECT EXISTS (SELECT FROM :"table");
\\endif
"""


@dataclass(frozen=True)
class Status:
    """One server as it is now. `pid` is None for one that is stopped or not ours."""

    name: str
    address: str
    external: bool
    pid: int | None

    @property
    def running(self) -> bool:
        return self.external or self.pid is not None


def up(checkout: Path = addresses.CHECKOUT) -> list[str]:
    """Have both servers running; returns the names of those that had to be started.

    Safe to call from any number of processes at once: one starts, the others wait and find it
    done. Servers named in the environment are not touched.
    """
    if addresses.external_database() and addresses.external_redis():
        return []
    layout = prepare(checkout)
    with files.exclusive(layout.lock):
        _keep(layout).touch()
        return _up(layout)


@contextmanager
def in_use(checkout: Path = addresses.CHECKOUT) -> Iterator[None]:
    """Have both servers running for the length of a `with`; the last user stops them."""
    if addresses.external_database() and addresses.external_redis():
        yield
        return
    layout = prepare(checkout)
    with (layout.home / "users.lock").open("a") as users:
        with files.exclusive(layout.lock):
            fcntl.flock(users, fcntl.LOCK_SH)
            _up(layout)
            if not addresses.external_database():
                Postgres(layout).drop_abandoned_test_databases()
        try:
            yield
        finally:
            with files.exclusive(layout.lock):
                if not _keep(layout).exists() and _alone(users.fileno()):
                    _down(layout)


def down(checkout: Path = addresses.CHECKOUT) -> None:
    """Stop both servers, whoever uses them; their data stays."""
    layout = look(checkout)
    if not layout.home.exists():
        return
    layout = prepare(checkout)
    with files.exclusive(layout.lock):
        _keep(layout).unlink(missing_ok=True)
        _down(layout)


def destroy(checkout: Path = addresses.CHECKOUT) -> None:
    """Stop both servers and remove their data for good."""
    down(checkout)
    layout = look(checkout)
    for folder in (layout.sockets, layout.data, layout.logs):
        shutil.rmtree(folder, ignore_errors=True)
    if layout.home.parent == addresses.SYSTEM_HOME:
        shutil.rmtree(layout.home, ignore_errors=True)


def status(checkout: Path = addresses.CHECKOUT) -> list[Status]:
    """Both servers as they are, starting nothing."""
    layout = look(checkout)
    ours = {server.name: server.pid() for server in (Postgres(layout), Valkey(layout))}
    return [
        Status(
            Postgres.name,
            addresses.database_url("app", checkout),
            addresses.external_database(),
            None if addresses.external_database() else ours[Postgres.name],
        ),
        Status(
            Valkey.name,
            addresses.redis_url(checkout=checkout),
            addresses.external_redis(),
            None if addresses.external_redis() else ours[Valkey.name],
        ),
    ]


def has_rows(table: str) -> bool:
    """Whether a table exists in the portal's database and has a row."""
    # We ask as ourselves, so the wheel's own psql will do: no copy for another user.
    layout = look()
    return subprocess.run(
        [programs.postgres_bin(layout) / "psql", "-XqAt", "-v", f"table={table}"],
        env=os.environ | addresses.libpq_environment("owner", layout.checkout),
        input=_HAS_ROWS,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.startswith("t")


def _up(layout: Layout) -> list[str]:
    return [server.name for server in _servers(layout) if server.up()]


def _down(layout: Layout) -> None:
    for server in reversed(_servers(layout)):
        server.down()


def _keep(layout: Layout) -> Path:
    """There as long as a person wants the servers to outlive the programs that use them."""
    return layout.home / "keep"


def _alone(users: int) -> bool:
    """Whether nobody else holds the lock that we hold shared."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _servers(layout: Layout) -> list[Postgres | Valkey]:
    """Those that are ours to start, in the order in which they start."""
    servers: list[Postgres | Valkey] = []
    if not addresses.external_database():
        servers.append(Postgres(layout))
    if not addresses.external_redis():
        servers.append(Valkey(layout))
    return servers
