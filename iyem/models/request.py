"""What an EBYS asked once, so that asking again does nothing again (rule 17)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from iyem.models.appointment import Appointment
from kaysis.accounts.audit import append_only


@append_only
class ProxyRequest(models.Model):
    """The caller's key, a digest of what was asked, and the appointment it led to."""

    client = models.CharField(_("istemci"), max_length=100)
    key = models.CharField(_("istek anahtarı"), max_length=100)
    digest = models.CharField(_("içerik özeti"), max_length=64)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="requests", verbose_name=_("görev")
    )
    asked_at = models.DateTimeField(_("istek zamanı"), auto_now_add=True)

    class Meta:
        verbose_name = _("EBYS isteği")
        verbose_name_plural = _("EBYS istekleri")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "key"],
                name="iyem_request_once",
                violation_error_message=_("Bu anahtarla bir istek daha önce alındı."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"
