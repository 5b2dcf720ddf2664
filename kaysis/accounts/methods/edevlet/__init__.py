"""Signing in through the e-Devlet gateway (OAuth 2).

docs/decisions/0301 says why the dialogue is our own and not an allauth provider.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.methods.base import Method, address_problems, secret_problems


class EDevlet(Method):
    key = "edevlet"
    label = _("e-Devlet")
    description = _("e-Devlet Kapısı şifrenizle giriş yapın.")
    icon = "shield"

    def available(self) -> bool:
        return bool(
            settings.EDEVLET_URL and settings.EDEVLET_CLIENT_ID and settings.EDEVLET_CLIENT_SECRET
        )

    def start_url(self, next_url: str) -> str:
        return f"{reverse('accounts:edevlet')}?{urlencode({'next': next_url})}"

    def problems(self) -> Sequence[str]:
        if not settings.EDEVLET_URL:
            return ()
        return [
            *address_problems("EDEVLET_URL", settings.EDEVLET_URL),
            *secret_problems("EDEVLET_CLIENT_SECRET", settings.EDEVLET_CLIENT_SECRET),
        ]

    def urlpatterns(self) -> Sequence[URLPattern]:
        from kaysis.accounts.methods.edevlet import views  # noqa: PLC0415 (needs models)

        return [
            path("", views.start, name="edevlet"),
            path("donus/", views.callback, name="edevlet_callback"),
        ]


METHOD = EDevlet()
