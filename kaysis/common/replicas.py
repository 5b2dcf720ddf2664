"""Reading public pages from standbys of PostgreSQL (`DATABASE_REPLICA_URLS`).

    with reading():
        …                                  # every statement of this thread goes to a standby

Pages for people who are not signed in are read there (kaysis.common.pagecache); whoever is signed
in, and everything that writes, stays with the primary and so sees what it has just written. The
others do not see an older state either: only a standby that has replayed all that the primary had
written when the page began is asked, so a page that is kept is as new as one from the primary.
"""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from prometheus_client import Counter

logger = logging.getLogger(__name__)

# What a standby answers with that is stopped, or must undo what somebody is reading.
LOST = (OperationalError, InterfaceError)
# One that could not be reached is left alone for so long: trying costs a second or two.
PAUSE_SECONDS = 10.0
# A standby is a few milliseconds behind; waiting so long for it is cheaper than the primary.
PATIENCE_SECONDS = 0.02

_reads = Counter("kaysis_replica_reads", "Public pages read: replica, behind, away.", ["result"])
_away_until: dict[str, float] = {}

# What is committed is flushed. A standby that was promoted has everything.
_POSITION = "SELECT pg_current_wal_flush_lsn()"
_REACHED = "SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= %s::pg_lsn"


def names() -> list[str]:
    """The standbys' names in DATABASES."""
    return [name for name in connections if name.startswith("replica")]


@contextmanager
def reading() -> Iterator[bool]:
    """Send this thread's statements to a standby that knows all that is committed; to the primary
    if there is none. Gives whether it is a standby. Inside a transaction nothing changes."""
    name = None if connections[DEFAULT_DB_ALIAS].in_atomic_block else _choose()
    if name is None:
        yield False
        return
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[name]
    try:
        yield True
    except LOST:
        _leave_alone(name)
        raise
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


def _choose() -> str | None:
    """Any standby that answers and is far enough."""
    candidates = [name for name in names() if _away_until.get(name, 0.0) < time.monotonic()]
    if not candidates:
        return None
    random.shuffle(candidates)
    wanted = _ask(DEFAULT_DB_ALIAS, _POSITION)
    for name in candidates:
        try:
            reached = _reaches(name, wanted)
        except LOST:
            _leave_alone(name)
            continue
        _reads.labels("replica" if reached else "behind").inc()
        if reached:
            return name
    return None


def _reaches(name: str, wanted: str) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _ask(name, _REACHED, wanted):
        if time.monotonic() > deadline:
            return False
        time.sleep(PATIENCE_SECONDS / 5)
    return True


def _ask(name: str, statement: str, *values: str) -> str:
    with connections[name].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def _leave_alone(name: str) -> None:
    _away_until[name] = time.monotonic() + PAUSE_SECONDS
    _reads.labels("away").inc()
    logger.warning("%s does not answer; the primary is read instead", name)
