"""How often a telephone may be made to ask its owner, and how often one client may make them."""

from django.core.cache import cache
from django.http import HttpRequest

from kaysis.accounts import cipher, client

WINDOW_SECONDS = 10 * 60
PER_TELEPHONE = 5
# Whole institutions come from one address.
PER_CLIENT = 60


def too_often(request: HttpRequest, msisdn: str) -> bool:
    """Counts this request; the number itself is kept nowhere."""
    telephone = _count(f"telephone:{cipher.fingerprint(msisdn)}")
    asking = _count(f"client:{client.address(request)}")
    return telephone > PER_TELEPHONE or asking > PER_CLIENT


def _count(what: str) -> int:
    key = f"mimza:{what}"
    if cache.add(key, 1, timeout=WINDOW_SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it expired in between
        return 1
