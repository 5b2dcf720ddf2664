"""Signing in by a mobile signature (ETSI TS 102 204).

The portal asks the operator's service to have a text signed on a telephone; the page and the
telephone show the same short code, and the page asks until the signature is there.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from kaysis.accounts import pki
from kaysis.accounts.methods.base import Method, address_problems, secret_problems


class MImza(Method):
    key = "mimza"
    label = _("m-imza")
    description = _("Mobil imzanızla, cep telefonunuzdan giriş yapın.")
    icon = "phone"

    def available(self) -> bool:
        return bool(settings.MIMZA_OPERATORS) and pki.is_configured()

    def start_url(self, next_url: str) -> str:
        return f"{reverse('accounts:mimza')}?{urlencode({'next': next_url})}"

    def problems(self) -> Sequence[str]:
        found = []
        for key, operator in settings.MIMZA_OPERATORS.items():
            name = f"MIMZA_{key.upper()}"
            if operator["soap"] not in ("1.1", "1.2"):
                found.append(f"{name}_SOAP must be 1.1 or 1.2.")
            found += address_problems(f"{name}_URL", operator["url"])
            found += secret_problems(f"{name}_AP_PASSWORD", operator["ap_password"])
        return found

    def urlpatterns(self) -> Sequence[URLPattern]:
        from kaysis.accounts.methods.mimza import views  # noqa: PLC0415 (needs models)

        return [
            path("", views.Ask.as_view(), name="mimza"),
            path("onay/", views.Confirm.as_view(), name="mimza_confirm"),
        ]


METHOD = MImza()
