"""Signing in by a mobile signature (ETSI TS 102 204)."""

from django.utils.translation import gettext_lazy as _

from kaysis.accounts.methods.base import Method


class MImza(Method):
    key = "mimza"
    label = _("m-imza")
    description = _("Mobil imzanızla, cep telefonunuzdan giriş yapın.")
    icon = "phone"


METHOD = MImza()
