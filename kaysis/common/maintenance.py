"""The portal closed for a while: one switch for all web servers, in the shared cache.

`manage.py maintenance on` sets it; MAINTENANCE_MODE in the environment does the same for a single
server and survives a cache that is itself under repair.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

KEY = "maintenance"
# A server asks the cache at most once in this many seconds: the switch acts that much later.
REMEMBER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Maintenance:
    """`retry_after` in seconds; `message` is shown on the page."""

    retry_after: int = 600
    message: str = ""


@dataclass(slots=True)
class _Seen:
    at: float = float("-inf")
    state: Maintenance | None = None


_seen = _Seen()


def switch_on(*, retry_after: int = 600, message: str = "") -> None:
    cache.set(KEY, Maintenance(retry_after, message), timeout=None)
    forget()


def switch_off() -> None:
    cache.delete(KEY)
    forget()


def forget() -> None:
    """Ask the cache again next time."""
    _seen.at = float("-inf")


def current() -> Maintenance | None:
    """The maintenance going on, or None. A cache that does not answer closes nothing."""
    if settings.MAINTENANCE_MODE:
        return Maintenance()
    now = time.monotonic()
    if now - _seen.at > REMEMBER_SECONDS:
        try:
            _seen.state = cache.get(KEY)
        except RedisError:
            _seen.state = None
        _seen.at = now
    return _seen.state
