"""The text somebody signs to come in: for one browser, one attempt, five minutes.

It stands in the session, so a signature over anything else proves nothing here: not one over the
text of another browser, of another moment, or of another portal.
"""

import base64
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

LIFETIME_MINUTES = 5
LIFETIME = timedelta(minutes=LIFETIME_MINUTES)
_SESSION_KEY = "kaysis.eimza"


@dataclass(frozen=True)
class Challenge:
    """`code` is random and makes the text one of a kind; `issued` is in seconds since 1970."""

    code: str
    text: str
    issued: float
    next_url: str

    @property
    def content(self) -> bytes:
        """The very bytes to sign."""
        return self.text.encode()

    @property
    def base64(self) -> str:
        """The same, as the page hands it to the signing component."""
        return base64.b64encode(self.content).decode()

    @property
    def is_fresh(self) -> bool:
        age = timezone.now() - datetime.fromtimestamp(self.issued, UTC)
        return timedelta(0) <= age < LIFETIME


def issue(request: HttpRequest, next_url: str) -> Challenge:
    """A new text for this browser; an older one is void from now on."""
    now, code = timezone.now(), secrets.token_hex(16)
    with override(settings.LANGUAGE_CODE):
        text = gettext(
            "KAYSİS - Elektronik Kamu Bilgi Yönetim Sistemi\n"
            "\n"
            "Bu metni imzalayarak %(address)s adresine giriş yapıyorum.\n"
            "Zaman: %(moment)s (Türkiye saati); %(minutes)d dakika geçerlidir.\n"
            "Tek kullanımlık kod: %(code)s\n"
        ) % {
            "address": settings.SITE_URL,
            "moment": date_format(timezone.localtime(now), "d.m.Y H:i:s"),
            "minutes": LIFETIME_MINUTES,
            "code": code,
        }
    challenge = Challenge(code, text, now.timestamp(), next_url)
    request.session[_SESSION_KEY] = asdict(challenge)
    return challenge


def current(request: HttpRequest) -> Challenge | None:
    """The text this browser was given, if it may still be signed."""
    kept = request.session.get(_SESSION_KEY)
    challenge = Challenge(**kept) if kept else None
    return challenge if challenge and challenge.is_fresh else None


def take(request: HttpRequest) -> Challenge | None:
    """The same, for the one attempt it is good for: whatever comes of it, it is used up.

    Two requests that arrive together both find it in the session; only the first gets it.
    """
    challenge = current(request)
    request.session.pop(_SESSION_KEY, None)
    if challenge is None:
        return None
    unused = cache.add(f"eimza:used:{challenge.code}", True, LIFETIME.total_seconds() * 2)
    return challenge if unused else None
