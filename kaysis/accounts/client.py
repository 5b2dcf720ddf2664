"""Where a request came from."""

import ipaddress

import structlog
from django.conf import settings
from django.http import HttpRequest

USER_AGENT_LENGTH = 400


def address(request: HttpRequest) -> str | None:
    """The client's IP address; None over a Unix socket.

    `settings.TRUSTED_PROXIES` says how many reverse proxies of ours stand in front. Each appends
    the address it saw to `X-Forwarded-For`, so the client is that many places from the right;
    whatever a client wrote there itself stands further left and is never believed.
    """
    if settings.TRUSTED_PROXIES:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        candidate = hops[-min(settings.TRUSTED_PROXIES, len(hops))].strip()
    else:
        candidate = request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return None


def user_agent(request: HttpRequest) -> str:
    """What the browser calls itself, cut to what is kept."""
    return request.headers.get("User-Agent", "").replace("\x00", "")[:USER_AGENT_LENGTH]


def request_id() -> str:
    """The id of the request at hand, as in the logs; empty outside a request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
