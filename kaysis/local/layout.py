"""The folders of this checkout's servers, made with the right owner and nothing more."""

import os
from dataclasses import dataclass
from pathlib import Path

from kaysis.local import addresses, files
from kaysis.local.errors import LocalError
from kaysis.local.users import Account, server_account

_UNSAFE = set('"$`\\\n')


@dataclass(frozen=True)
class Layout:
    """Where things are. `account` is who the servers run as, None for ourselves.

    `home` belongs to whoever starts the servers: the configuration in it is out of the servers'
    own reach. What is below `data`, `logs` and `sockets` belongs to them alone.
    """

    checkout: Path
    home: Path
    sockets: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def programs(self) -> Path | None:
        """Where root keeps a copy of the servers that their own user can read and run."""
        return addresses.SYSTEM_HOME / "programs" if self.account else None

    @property
    def lock(self) -> Path:
        """Held alone while the servers are started or stopped."""
        return self.home / "servers.lock"


def look(checkout: Path = addresses.CHECKOUT) -> Layout:
    """The layout as it would be; makes nothing, not even the user."""
    return Layout(checkout, addresses.home(checkout), addresses.sockets(checkout), None)


def prepare(checkout: Path = addresses.CHECKOUT) -> Layout:
    """Make the folders (and, for root, the servers' user) where they are missing.

    Raises LocalError for a checkout whose path PostgreSQL's own programs would hand to a shell
    unquoted.
    """
    if unsafe := sorted(_UNSAFE & set(str(checkout))):
        raise LocalError(
            f"{checkout}: a path with {' '.join(unsafe)} will not do. Move the checkout."
        )
    account = server_account()
    found = Layout(checkout, addresses.home(checkout), addresses.sockets(checkout), account)
    uid, gid = (account.uid, account.gid) if account else (os.geteuid(), os.getegid())
    if account:
        files.own_folder(addresses.SYSTEM_HOME, mode=0o755)
        files.own_folder(addresses.SYSTEM_HOME / "programs", mode=0o755)
        # The servers' user passes through, and reads the configuration; it cannot change it.
        files.own_folder(found.home, mode=0o750, gid=gid)
        # A key says nothing to a person who wonders whose data this is.
        files.write_atomically(found.home / "checkout", f"{checkout}\n")
    else:
        files.own_folder(found.home, mode=0o700)
    for folder in (found.data, found.logs, found.sockets):
        files.own_folder(folder, mode=0o700, uid=uid, gid=gid)
    return found
