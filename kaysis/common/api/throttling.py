"""How much one client may ask.

Counted in the shared cache in windows, one atomic increment a request, so any number of servers
counts together. Rates are in `settings.API_THROTTLES`.
"""

import re
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_RATE = re.compile(r"(\d+)/(\d*)([smhd])")


def parse_rate(rate: str) -> tuple[int, int]:
    """`600/m` → (600 requests, 60 seconds); `5/10s` → (5, 10). Raises ValueError."""
    match = _RATE.fullmatch(rate)
    if not match:
        raise ValueError(f"a rate looks like 600/m or 5/10s, not {rate!r}")
    count, times, unit = match.groups()
    return int(count), int(times or 1) * _SECONDS[unit]


class ClientThrottle(BaseThrottle):
    """Signed-in clients are counted each for itself, all others by their IP address.

    `API_THROTTLES` has the rates "anonymous" and "client". A view may set `throttle_scope` to
    another key, which then holds for everybody and is counted apart.
    """

    def __init__(self) -> None:
        self._wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        kind, who = self._client(request)
        scope = getattr(view, "throttle_scope", None) or kind
        rate = settings.API_THROTTLES.get(scope)
        if not rate:
            return True
        allowed, seconds = parse_rate(rate)
        now = time.time()
        window = int(now // seconds)
        key = f"throttle:{scope}:{who}:{window}"
        # Whoever comes first creates the counter; a counter that expired in between is a new one.
        if cache.add(key, 1, timeout=seconds + 1):
            count = 1
        else:
            try:
                count = cache.incr(key)
            except ValueError:
                count = 1
        self._wait = (window + 1) * seconds - now
        return count <= allowed

    def wait(self) -> float | None:
        """Seconds until the next window: the Retry-After of a refusal."""
        return self._wait

    def _client(self, request: Request) -> tuple[str, str]:
        application = getattr(request.auth, "application_id", None)
        if application is not None:
            return "client", f"app{application}"
        if request.user is not None and request.user.is_authenticated:
            return "client", f"user{request.user.pk}"
        return "anonymous", self.get_ident(request)
