"""Starting and stopping what the portal needs on this machine."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from kaysis.local import addresses, files
from kaysis.local.layout import Layout, look, prepare
from kaysis.local.postgres import Postgres
from kaysis.local.valkey import Valkey


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
        return [server.name for server in _servers(layout) if server.up()]


def down(checkout: Path = addresses.CHECKOUT) -> None:
    """Stop both servers; their data stays."""
    layout = look(checkout)
    if not layout.home.exists():
        return
    layout = prepare(checkout)
    with files.exclusive(layout.lock):
        for server in reversed(_servers(layout)):
            server.down()


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


def _servers(layout: Layout) -> list[Postgres | Valkey]:
    """Those that are ours to start, in the order in which they start."""
    servers: list[Postgres | Valkey] = []
    if not addresses.external_database():
        servers.append(Postgres(layout))
    if not addresses.external_redis():
        servers.append(Valkey(layout))
    return servers
