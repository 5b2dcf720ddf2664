"""Signing in by a qualified certificate on a card (CAdES)."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from kaysis.accounts import pki
from kaysis.accounts.methods.base import Method

_OWN_COMPUTER = re.compile(r"http://(127\.0\.0\.1|localhost):\d{1,5}/?")


class EImza(Method):
    key = "eimza"
    label = _("e-imza")
    description = _("Nitelikli elektronik sertifikanızla giriş yapın.")
    icon = "lock"

    def available(self) -> bool:
        """Whether there is an authority whose certificates are believed."""
        return pki.is_configured()

    def start_url(self, next_url: str) -> str:
        return f"{reverse('accounts:eimza')}?{urlencode({'next': next_url})}"

    def problems(self) -> Sequence[str]:
        if not settings.SIGNATURE_TRUST_ANCHORS:
            return ()
        found = list(pki.problems())
        # Each computer's own: over plain http nothing leaves it, and elsewhere is somebody else.
        if not _OWN_COMPUTER.fullmatch(settings.EIMZA_COMPONENT_URL):
            found.append("EIMZA_COMPONENT_URL must be http://127.0.0.1 with a port.")
        return found

    def urlpatterns(self) -> Sequence[URLPattern]:
        from kaysis.accounts.methods.eimza import views  # noqa: PLC0415 (needs models)

        return [
            path("", views.sign_in_page, name="eimza"),
            path("metin/", views.challenge_file, name="eimza_challenge"),
        ]


METHOD = EImza()
