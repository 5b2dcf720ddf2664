"""Which units have a signatory, officers and a confirmed list, and the sums of it up the tree.

Worked out whole by `iyem.coverage.refresh`; nothing else writes these rows.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit


class Gap(models.TextChoices):
    """What a unit may lack. The values are the columns in which the units lacking it are summed."""

    UNSIGNED = "unsigned", _("İmza yetkilisi yok")
    UNDERSTAFFED = "understaffed", _("İYEM yetkilisi ikiden az")
    UNCONFIRMED = "unconfirmed", _("Teyidi gecikmiş")


class Sums(models.Model):
    """How many active units there are, and how many of them lack something."""

    units = models.PositiveIntegerField(_("faal birim"))
    unsigned = models.PositiveIntegerField(_("imza yetkilisi olmayan"))
    understaffed = models.PositiveIntegerField(_("İYEM yetkilisi ikiden az olan"))
    unconfirmed = models.PositiveIntegerField(_("teyidi gecikmiş"))
    unregistered = models.PositiveIntegerField(_("ilk kaydı yapılmamış"))

    class Meta:
        abstract = True


class UnitCoverage(Sums):
    """A unit's own standing, and the sums over it and all below it."""

    unit = models.OneToOneField(
        Unit,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="coverage",
        verbose_name=_("birim"),
    )
    active = models.BooleanField(_("faal"))
    # The nearest institution at or above the unit, and how far below it the unit stands.
    institution = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("kurum"),
    )
    depth = models.PositiveSmallIntegerField(_("kurum içindeki düzey"))
    is_signed = models.BooleanField(_("imza yetkilisi var"))
    is_confirmed = models.BooleanField(_("teyidi güncel"))
    officers = models.PositiveSmallIntegerField(_("İYEM yetkilisi sayısı"))
    # When the first appointment of its head was registered (rule 12); null: never.
    registered_at = models.DateTimeField(_("ilk kayıt zamanı"), null=True)

    class Meta:
        verbose_name = _("birimin kapsamı")
        verbose_name_plural = _("birimlerin kapsamı")
        indexes = [
            models.Index(
                fields=["unit"],
                condition=Q(active=True, registered_at=None),
                name="iyem_coverage_missing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit_id)


class TotalKind(models.TextChoices):
    STATE = "state", _("Bütün devlet")
    PROVINCE = "province", _("İl")
    CIVIL = "civil", _("Mülki idare amirliği")


class CoverageTotal(Sums):
    """Sums that are not those of a subtree. `key`: plate, number of the civil authority, or 0."""

    kind = models.CharField(_("tür"), max_length=8, choices=TotalKind.choices)
    key = models.PositiveIntegerField(_("anahtar"))
    computed_at = models.DateTimeField(_("hesaplanma zamanı"))

    class Meta:
        verbose_name = _("kapsam toplamı")
        verbose_name_plural = _("kapsam toplamları")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="iyem_coverage_total_once",
                violation_error_message=_("Bu toplam zaten var."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
