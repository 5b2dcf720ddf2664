"""A sign-in under way: of one browser, good once, and for five minutes.

What the other side must bring back (an OAuth state, a challenge, a transaction) is kept in the
session of whoever began, so nobody else can bring it; the token is random, so nobody can guess it.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

LIFETIME_SECONDS = 5 * 60
TOKEN_BYTES = 32


class Invalid(Exception):
    """`reason`, for the record: `state` (not this browser's, or used up), `expired`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Attempt:
    """`data` is what `begin` was given."""

    token: str
    data: dict[str, Any]


def begin(request: HttpRequest, method: str, token: str = "", **data: Any) -> str:
    """Start anew, in place of an earlier attempt by this method; returns the token.

    `data` lands in the session, whose rows are not encrypted: nothing personal in it.
    """
    token = token or secrets.token_urlsafe(TOKEN_BYTES)
    request.session[_key(method)] = {"token": token, "at": time.time(), "data": data}
    return token


def current(request: HttpRequest, method: str) -> Attempt:
    """The attempt of this browser, left as it is; `Invalid` if there is none that counts."""
    kept = request.session.get(_key(method))
    if not kept:
        raise Invalid("state")
    if not 0 <= time.time() - kept["at"] <= LIFETIME_SECONDS:
        raise Invalid("expired")
    return Attempt(kept["token"], kept["data"])


def take(request: HttpRequest, method: str, token: str) -> Attempt:
    """Use up the attempt of this browser that has this token; `Invalid` if there is none."""
    try:
        found = current(request, method)
    finally:
        drop(request, method)
    if not constant_time_compare(found.token, token):
        raise Invalid("state")
    # Two requests at once have both read the session before either wrote it: the cache knows one.
    if not cache.add(f"sign-in:{method}:{found.token}", 1, timeout=LIFETIME_SECONDS + 1):
        raise Invalid("state")
    return found


def drop(request: HttpRequest, method: str) -> None:
    """Forget the attempt of this browser, if there is one."""
    request.session.pop(_key(method), None)


def _key(method: str) -> str:
    return f"kaysis.attempt.{method}"
