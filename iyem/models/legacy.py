"""Manager names the register held before İYEM, and their wiping at the first registration (11)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from kaysis.accounts.audit import audited
from kaysis.accounts.models import Person


@audited()
class LegacyWipe(models.Model):
    """All old names of one institution were taken away at once; the centre may restore them."""

    institution = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="legacy_wipes", verbose_name=_("kurum")
    )
    wiped_at = models.DateTimeField(_("silinme zamanı"))
    wiped_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("silmeye yol açan kaydı yapan"),
    )
    names = models.PositiveIntegerField(_("silinen ad sayısı"))
    restored_at = models.DateTimeField(_("geri getirilme zamanı"), null=True, blank=True)
    restored_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("geri getiren"),
    )
    restore_reason = models.CharField(_("geri getirme gerekçesi"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("eski adların silinmesi")
        verbose_name_plural = _("eski adların silinmeleri")
        ordering = ["-wiped_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(restored_at__isnull=True),
                name="iyem_wiped_once",
                violation_error_message=_("Kurumun eski yönetici adları zaten silinmiş."),
            ),
            models.CheckConstraint(
                name="iyem_restoration_complete",
                condition=Q(restored_at__isnull=True, restored_by__isnull=True, restore_reason="")
                | (Q(restored_at__isnull=False, restored_by__isnull=False) & ~Q(restore_reason="")),
                violation_error_message=_("Geri getirmede yapan ve gerekçe bulunmalıdır."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.wiped_at:%d.%m.%Y}"


@audited()
class LegacyManager(models.Model):
    """A name typed by hand before İYEM. Shown until `wipe` is set; signs for nothing."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="legacy_managers", verbose_name=_("birim")
    )
    name = models.CharField(_("ad ve soyad"), max_length=200)
    title = models.CharField(_("unvan"), max_length=200, blank=True)
    wipe = models.ForeignKey(
        LegacyWipe,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="wiped",
        verbose_name=_("silinme"),
    )

    class Meta:
        verbose_name = _("eski yönetici adı")
        verbose_name_plural = _("eski yönetici adları")

    def __str__(self) -> str:
        return self.name
