"""Signing in by a qualified certificate on a card (CAdES)."""

from django.utils.translation import gettext_lazy as _

from kaysis.accounts.methods.base import Method


class EImza(Method):
    key = "eimza"
    label = _("e-imza")
    description = _("Nitelikli elektronik sertifikanızla giriş yapın.")
    icon = "lock"


METHOD = EImza()
