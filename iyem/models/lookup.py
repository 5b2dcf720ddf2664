"""That an officer tried more national ids than is allowed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit import append_only
from kaysis.accounts.models import Person


class LookupWay(models.TextChoices):
    TYPED = "typed", _("Ekranda yazılan")
    SHEET = "sheet", _("Excel dosyasındaki")


@append_only
class LookupRefusal(models.Model):
    """One row per person and window, however often it was tried on. No national id is kept."""

    actor = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("deneyen")
    )
    way = models.CharField(_("yol"), max_length=5, choices=LookupWay.choices)
    # As in `settings.IYEM_ID_LOOKUPS`: 300/h.
    rate = models.CharField(_("sınır"), max_length=20)
    at = models.DateTimeField(_("zaman"), auto_now_add=True)
    ip_address = models.GenericIPAddressField(_("IP adresi"), null=True, blank=True)
    request_id = models.CharField(_("istek kimliği"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("reddedilen kimlik sorgusu")
        verbose_name_plural = _("reddedilen kimlik sorguları")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.actor}: {self.rate}"
