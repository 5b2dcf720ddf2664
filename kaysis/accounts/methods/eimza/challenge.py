"""The text somebody signs to come in: for one browser, one attempt, five minutes.

It stands in the session, so a signature over anything else proves nothing here: not one over the
text of another browser, of another moment, or of another portal.
"""

import base64
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from kaysis.accounts.methods import attempts
from kaysis.accounts.methods.attempts import Attempt

METHOD = "eimza"
LIFETIME_MINUTES = attempts.LIFETIME_SECONDS // 60


@dataclass(frozen=True)
class Challenge:
    """`text` is one of a kind: it carries the attempt's own random code."""

    text: str
    next_url: str

    @property
    def content(self) -> bytes:
        """The very bytes to sign."""
        return self.text.encode()

    @property
    def base64(self) -> str:
        """The same, as the page hands it to the signing component."""
        return base64.b64encode(self.content).decode()


def issue(request: HttpRequest, next_url: str) -> Challenge:
    """A new text for this browser; an older one is void from now on."""
    code = secrets.token_hex(16)
    with override(settings.LANGUAGE_CODE):
        text = gettext(
            "KAYSİS - Elektronik Kamu Bilgi Yönetim Sistemi\n"
            "\n"
            "Bu metni imzalayarak %(address)s adresine giriş yapıyorum.\n"
            "Zaman: %(moment)s (Türkiye saati); %(minutes)d dakika geçerlidir.\n"
            "Tek kullanımlık kod: %(code)s\n"
        ) % {
            "address": settings.SITE_URL,
            "moment": date_format(timezone.localtime(), "d.m.Y H:i:s"),
            "minutes": LIFETIME_MINUTES,
            "code": code,
        }
    attempts.begin(request, METHOD, code, text=text, next_url=next_url)
    return Challenge(text, next_url)


def current(request: HttpRequest) -> Challenge:
    """The text this browser was given; `attempts.Invalid` if there is none that still counts."""
    return _challenge(attempts.current(request, METHOD))


def take(request: HttpRequest) -> Challenge:
    """The same, for the one attempt it is good for: whatever comes of it, it is used up."""
    token = attempts.current(request, METHOD).token
    return _challenge(attempts.take(request, METHOD, token))


def _challenge(attempt: Attempt) -> Challenge:
    return Challenge(attempt.data["text"], attempt.data["next_url"])
