"""What the nightly look at the data found: findings on units, and a score by institution."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from detsis.models.unit import Unit


class QualityFinding(models.Model):
    """A rule of `detsis.quality` does not hold for a unit. Written anew by each run."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="quality_findings", verbose_name=_("birim")
    )
    rule = models.CharField(_("kural"), max_length=40)
    detail = models.CharField(_("bulgu"), max_length=500, blank=True)
    # The nearest institution at or above the unit: whose work it is to mend it.
    institution = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("kurum")
    )

    class Meta:
        verbose_name = _("veri kalitesi bulgusu")
        verbose_name_plural = _("veri kalitesi bulguları")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "unit"],
                name="detsis_quality_once",
                violation_error_message=_("Bu bulgu zaten kayıtlı."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.unit_id}"


class QualityScore(models.Model):
    """How many active units an institution has, and how many of them have a finding."""

    institution = models.OneToOneField(
        Unit, on_delete=models.PROTECT, related_name="+", primary_key=True, verbose_name=_("kurum")
    )
    units = models.PositiveIntegerField(_("faal birim"))
    faulty = models.PositiveIntegerField(_("bulgulu birim"))
    # Out of 100, with one decimal: the share of units without a finding.
    score = models.DecimalField(_("puan"), max_digits=4, decimal_places=1)
    computed_at = models.DateTimeField(_("hesaplanma"))

    class Meta:
        verbose_name = _("veri kalitesi puanı")
        verbose_name_plural = _("veri kalitesi puanları")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(faulty__lte=models.F("units")),
                name="detsis_quality_share",
                violation_error_message=_("Bulgulu birim sayısı birim sayısını aşamaz."),
            )
        ]
        indexes = [models.Index(fields=["score", "institution"], name="detsis_quality_score")]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.score}"
