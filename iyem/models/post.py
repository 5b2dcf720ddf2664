"""A post: a chair in a unit that one person holds at a time; and which units a deputy oversees."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from kaysis.accounts.audit import audited


class PostKind(models.TextChoices):
    HEAD = "head", _("Birim amiri")
    DEPUTY = "deputy", _("Amir yardımcısı")


class Post(models.Model):
    """Every unit has one chair for its head; institutions and governorships also for deputies.

    A row comes into being with the first appointment (or deputy chair) that needs it.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("birim")
    )
    kind = models.CharField(
        _("makam"), max_length=6, choices=PostKind.choices, default=PostKind.HEAD
    )
    ordinal = models.PositiveSmallIntegerField(_("sıra"), default=0)

    class Meta:
        verbose_name = _("makam")
        verbose_name_plural = _("makamlar")
        ordering = ["unit", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "ordinal"],
                name="iyem_post_once",
                violation_error_message=_("Bu birimde bu sırada bir makam zaten var."),
            ),
            models.CheckConstraint(
                name="iyem_post_ordinal",
                condition=Q(kind="head", ordinal=0) | Q(kind="deputy", ordinal__gte=1),
                violation_error_message=_(
                    "Birim amirinin sırası 0, yardımcıların sırası 1 ve sonrasıdır."
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="place_for_ever", fields=["unit", "kind", "ordinal"]),
        ]

    def __str__(self) -> str:
        if self.kind == PostKind.HEAD:
            return str(_("Birim amiri"))
        return str(_("%(n)d. amir yardımcısı") % {"n": self.ordinal})


@audited()
class DeputyLink(models.Model):
    """A first-level unit answers to a deputy of its head during `validity` (rule 14)."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="deputy_links", verbose_name=_("birim")
    )
    post = models.ForeignKey(
        Post,
        on_delete=models.PROTECT,
        related_name="links",
        verbose_name=_("bağlı olduğu amir yardımcısı"),
    )
    validity = DateRangeField(_("geçerlilik"))

    class Meta:
        verbose_name = _("amir yardımcısı bağı")
        verbose_name_plural = _("amir yardımcısı bağları")
        constraints = [
            ExclusionConstraint(
                name="iyem_one_deputy",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("validity", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Bir birim aynı gün iki amir yardımcısına bağlı olamaz."),
            ),
            models.CheckConstraint(
                name="iyem_deputy_link_validity",
                condition=Q(validity__isempty=False) & Q(validity__lower_inf=False),
                violation_error_message=_("Bağın başlangıç günü olmalı, bitişi sonra gelmelidir."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.post}"
