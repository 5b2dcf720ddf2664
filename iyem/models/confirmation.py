"""That a list of managers was looked through and found right (rule 16: kept current)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from kaysis.accounts.audit import append_only
from kaysis.accounts.models import Person


class Reach(models.TextChoices):
    """Which units a confirmation speaks of."""

    # The institution's own: what hangs below it and stands under no civil authority.
    HIERARCHY = "hierarchy", _("Kurumun kendi birimleri")
    # What stands under this civil authority, wherever it hangs.
    CIVIL = "civil", _("Mülki idareye bağlı birimler")
    # The unit and everything below it: a registrar's.
    SUBTREE = "subtree", _("Birim ve alt birimleri")


@append_only
class Confirmation(models.Model):
    scope = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="confirmations", verbose_name=_("kapsam")
    )
    reach = models.CharField(_("kapsam türü"), max_length=9, choices=Reach.choices)
    confirmed_at = models.DateTimeField(_("teyit zamanı"))
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("teyit eden")
    )
    units = models.PositiveIntegerField(_("birim sayısı"))
    missing = models.PositiveIntegerField(_("yöneticisi kayıtlı olmayan birim sayısı"))

    class Meta:
        verbose_name = _("teyit")
        verbose_name_plural = _("teyitler")
        ordering = ["-confirmed_at"]
        indexes = [
            # All that the question who may sign wants to know of a confirmation is in the index.
            models.Index(
                fields=["scope", "confirmed_at"], include=["reach"], name="iyem_confirmation_last"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope_id} {self.confirmed_at:%d.%m.%Y}"
