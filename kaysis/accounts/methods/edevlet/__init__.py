"""Signing in through the e-Devlet gateway (OAuth 2)."""

from django.utils.translation import gettext_lazy as _

from kaysis.accounts.methods.base import Method


class EDevlet(Method):
    key = "edevlet"
    label = _("e-Devlet")
    description = _("e-Devlet Kapısı şifrenizle giriş yapın.")
    icon = "shield"


METHOD = EDevlet()
