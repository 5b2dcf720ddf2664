"""How many national ids an officer may try, so that nobody finds out by trying whose they are.

Typed ones (screens) and those of sheets are counted apart, per person, in windows that all servers
share; the rates are in `settings.IYEM_ID_LOOKUPS`. A refusal is answered with 429 and recorded.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from iyem.models import LookupRefusal, LookupWay
from kaysis.accounts.audit import context
from kaysis.common.api.throttling import parse_rate
from kaysis.common.errors import TooMany


def spend(way: LookupWay, fingerprints: Collection[str]) -> None:
    """Count these ids (their fingerprints) for the person of the request; outside a request nobody
    is counted. A typed id that is asked again, as while a form is filled in, counts once.

    Raises `TooMany`, after the refusal has been recorded.
    """
    actor = context.current().get("user")
    if actor is None or not fingerprints:
        return
    for rate in settings.IYEM_ID_LOOKUPS[way]:
        allowed, seconds = parse_rate(rate)
        window = int(time.time() // seconds)
        key = f"iyem-ids:{way}:{actor}:{rate}:{window}"
        if _count(way, key, fingerprints, seconds) > allowed:
            wait = (window + 1) * seconds - time.time()
            if cache.add(f"{key}:refused", 1, seconds):
                _record(way, actor, rate)
            raise TooMany(_told(allowed, wait), retry_after=math.ceil(wait))


def _count(way: LookupWay, key: str, fingerprints: Collection[str], seconds: int) -> int:
    """How many were tried in the window, these included."""
    new = len(fingerprints)
    if way == LookupWay.TYPED:
        new = sum(cache.add(f"{key}:{each}", 1, seconds) for each in fingerprints)
    if cache.add(key, new, seconds + 1):
        return new
    try:
        return int(cache.incr(key, new))
    except ValueError:  # the window ended meanwhile
        return new


def _record(way: LookupWay, actor: int, rate: str) -> None:
    now = context.current()
    LookupRefusal.objects.create(
        actor_id=actor,
        way=way,
        rate=rate,
        ip_address=now.get("ip"),
        request_id=now.get("request_id", ""),
    )


def _told(allowed: int, wait: float) -> str:
    text = _(
        "Kısa sürede çok sayıda T.C. kimlik numarası denendi (sınır: %(allowed)d). %(minutes)d "
        "dakika sonra yeniden deneyin; kayıtlı yöneticileri adıyla ya da yönetici koduyla "
        "arayabilirsiniz. Bu durum kayda geçti."
    )
    return text % {"allowed": allowed, "minutes": max(1, math.ceil(wait / 60))}
