"""Counts below every node of the tree, as steps in time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from detsis.models.unit import Unit


class UnitCount(models.Model):
    """On `effective_on` the number of `figure` at or below `unit` changes by `delta`.

    The number on a day is the sum of the deltas up to it. Kept by `detsis.counts` in the
    transaction of the change; `figure` names what is counted, e.g. `units.central`.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    figure = models.CharField(_("gösterge"), max_length=40)
    effective_on = models.DateField(_("tarih"))
    delta = models.IntegerField(_("değişim"))

    class Meta:
        verbose_name = _("birim sayısı")
        verbose_name_plural = _("birim sayıları")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "figure", "effective_on"],
                include=["delta"],
                name="detsis_unitcount_step",
                violation_error_message=_("Bu günün değişimi zaten kayıtlı."),
            ),
            models.CheckConstraint(
                condition=~Q(figure=""),
                name="detsis_unitcount_figure",
                violation_error_message=_("Göstergenin adı boş olamaz."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.figure} {self.effective_on} {self.delta:+d}"
