"""Signing in as an invented person, at one click.

Only where `settings.DEMO_SIGN_IN` is on; a production server with it does not start.
"""

from collections.abc import Sequence

from django.conf import settings
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.methods.base import Method


class Demo(Method):
    key = "demo"
    label = _("Örnek kişi")
    description = _("Bu kurulumda, uydurulmuş kişilerle ve şifresiz giriş yapılabilir.")

    def available(self) -> bool:
        return bool(settings.DEMO_SIGN_IN)

    def start_url(self, next_url: str) -> str:
        return reverse("accounts:demo_sign_in")

    def urlpatterns(self) -> Sequence[URLPattern]:
        from kaysis.accounts.methods.demo.views import demo_sign_in  # noqa: PLC0415 (needs models)

        return [path("", demo_sign_in, name="demo_sign_in")]


METHOD = Demo()
