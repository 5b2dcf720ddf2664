"""Where this checkout's PostgreSQL and Valkey live.

Every answer follows from the checkout's own path and the user who asks, so settings can compute an
address without starting anything. `DATABASE_URL`, `DATABASE_OWNER_URL` and `REDIS_URL` in the
environment win over it: with them, nothing of ours is started.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

Role = Literal["app", "owner"]

CHECKOUT = Path(__file__).resolve().parents[2]
# Where everything of ours lives when root starts the servers: PostgreSQL refuses to run as root,
# and its own user can seldom read the checkout.
SYSTEM_HOME = Path("/var/lib/kaysis")

DATABASE = "kaysis"
SUPERUSER = "postgres"
ROLES: dict[Role, str] = {"app": "kaysis_app", "owner": "kaysis_owner"}
PORT = 5432  # names the socket; nothing listens on TCP

# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero byte.
SOCKET_PATH_LIMIT = 103
_LONGEST_SOCKET_NAME = f".s.PGSQL.{PORT}"
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")


def checkout_key(checkout: Path = CHECKOUT) -> str:
    """Twelve hex digits that tell one checkout from another on the same machine."""
    return hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]


def home(checkout: Path = CHECKOUT) -> Path:
    """The folder that holds the servers' data of this checkout."""
    if os.geteuid() == 0:
        return SYSTEM_HOME / checkout_key(checkout)
    return checkout / ".local"


def sockets(checkout: Path = CHECKOUT) -> Path:
    """The folder of both sockets: in `home`, or a private temporary one where that cannot be.

    It cannot if the path is too long for a socket, or has characters (a blank, `%`, `,` …) that
    mean something else in an address or in a server's configuration.
    """
    folder = home(checkout) / "run"
    short = len(os.fsencode(folder / _LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    if short and _PLAIN_PATH.fullmatch(str(folder)):
        return folder
    return Path(tempfile.gettempdir()) / f"kaysis-{os.geteuid()}-{checkout_key(checkout)}"


def external_database() -> bool:
    """Whether the environment names a PostgreSQL that is not ours to start."""
    return bool(os.environ.get("DATABASE_URL"))


def external_redis() -> bool:
    """Whether the environment names a Redis or Valkey that is not ours to start."""
    return bool(os.environ.get("REDIS_URL"))


def database_url(role: Role = "app", checkout: Path = CHECKOUT) -> str:
    """The address of the database for one role, in the form django-environ reads.

    `app` is the role the portal runs as, without DDL; `owner` migrates and creates test databases.
    For our own server: `postgres://ROLE@/SOCKET/FOLDER/DATABASE`.
    """
    if url := os.environ.get("DATABASE_URL"):
        return (os.environ.get("DATABASE_OWNER_URL") or url) if role == "owner" else url
    return f"postgres://{ROLES[role]}@/{sockets(checkout)}/{DATABASE}"


def redis_url(database: int = 0, checkout: Path = CHECKOUT) -> str:
    """The address of Redis or Valkey in the form redis-py reads; `database` only for our own."""
    if url := os.environ.get("REDIS_URL"):
        return url
    return f"unix://{valkey_socket(checkout)}?db={database}"


def broker_url(checkout: Path = CHECKOUT) -> str:
    """The same server as Celery wants it written; our own keeps jobs apart from the cache."""
    if url := os.environ.get("REDIS_URL"):
        return url
    return f"redis+socket://{valkey_socket(checkout)}?virtual_host=1"


def valkey_socket(checkout: Path = CHECKOUT) -> Path:
    """The socket our own Valkey listens on."""
    return sockets(checkout) / "valkey.sock"


def libpq_environment(role: Role | None = None, checkout: Path = CHECKOUT) -> dict[str, str]:
    """What `psql`, `pg_dump` and their kind need to reach the database.

    For our own server None is the superuser; for a server named in the environment, its owner.
    """
    if external_database():
        return _parsed(database_url(role or "owner"))
    return {
        "PGHOST": str(sockets(checkout)),
        "PGPORT": str(PORT),
        "PGUSER": ROLES[role] if role else SUPERUSER,
        "PGDATABASE": DATABASE,
    }


def _parsed(url: str) -> dict[str, str]:
    """A database address as libpq's variables, so that no password shows in a command line."""
    parts = urlsplit(url)
    folder, _, database = unquote(parts.path[1:]).rpartition("/")
    found = {
        "PGHOST": folder or unquote(parts.hostname or ""),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": database,
        "PGSSLMODE": dict(parse_qsl(parts.query)).get("sslmode", ""),
    }
    return {name: value for name, value in found.items() if value}
