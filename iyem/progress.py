"""How far a first-registration campaign has come (rule 12), over the rows of the coverage board."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from detsis.models import Province, Unit
from detsis.querysets import UnitQuerySet
from iyem.models import Campaign, UnitCoverage
from iyem.permissions import AnyPerson, units_of
from kaysis.accounts.permissions import is_central_administrator
from kaysis.common.types import Text


class By(StrEnum):
    """What the figures are broken down by; the values stand in addresses."""

    INSTITUTION = "kurum"
    PROVINCE = "il"
    LEVEL = "duzey"


LABELS: dict[By, Text] = {
    By.INSTITUTION: gettext_lazy("Kuruma göre"),
    By.PROVINCE: gettext_lazy("İle göre"),
    By.LEVEL: gettext_lazy("Düzeye göre"),
}
_KEYS = {By.INSTITUTION: "institution", By.PROVINCE: "unit__province", By.LEVEL: "depth"}


@dataclass(frozen=True, slots=True)
class Line:
    """`key`: number of the institution, plate, or levels below the institution; None: none."""

    key: int | None
    name: str
    units: int
    registered: int

    @property
    def missing(self) -> int:
        return self.units - self.registered

    @property
    def percent(self) -> int:
        """Rounded down, so that only what is complete is 100."""
        return 100 * self.registered // self.units if self.units else 100


def cutoff(campaign: Campaign) -> dt.datetime:
    """A campaign that is over is told as it stood at the end of its last day."""
    end = timezone.make_aware(dt.datetime.combine(campaign.period.upper, dt.time.min))
    return min(end, timezone.now())


def is_registered(campaign: Campaign) -> Q:
    """Condition on `UnitCoverage`."""
    return Q(registered_at__lt=cutoff(campaign))


def _rows(person: AnyPerson) -> Any:
    rows = UnitCoverage.objects.filter(active=True)
    if is_central_administrator(person):
        return rows
    return rows.filter(unit__in=units_of(person).values("pk"))


def total(campaign: Campaign, person: AnyPerson) -> Line:
    """All units that the person looks after; for the centre, all."""
    done = is_registered(campaign)
    found = _rows(person).aggregate(units=Count("pk"), registered=Count("pk", filter=done))
    return Line(None, _("Toplam"), found["units"], found["registered"])


def lines(campaign: Campaign, person: AnyPerson, by: By) -> list[Line]:
    """One line per institution, province or level; those with most missing first, levels in their
    order. Two statements, whatever their number."""
    key = _KEYS[by]
    groups = (
        _rows(person)
        .order_by()
        .values_list(key)
        .annotate(units=Count("pk"), registered=Count("pk", filter=is_registered(campaign)))
    )
    found = list(groups)
    names = _names(by, [key for key, _units, _registered in found if key is not None])
    made = [Line(key, names.get(key, _("Belirtilmemiş")), *numbers) for key, *numbers in found]
    if by == By.LEVEL:
        return sorted(made, key=lambda line: line.key or 0)
    return sorted(made, key=lambda line: (-line.missing, line.name))


def _names(by: By, keys: list[int]) -> dict[int | None, str]:
    if by == By.INSTITUTION:
        return dict(Unit.objects.filter(pk__in=keys).values_list("pk", "name"))
    if by == By.PROVINCE:
        return dict(Province.objects.filter(pk__in=keys).values_list("pk", "name"))
    return {
        key: _("%(n)d. düzey birimler") % {"n": key} if key else _("Kurumların kendisi")
        for key in keys
    }


def missing_units(campaign: Campaign, person: AnyPerson) -> UnitQuerySet:
    """The units whose head has not been registered, in the order of the tree."""
    rows = UnitCoverage.objects.filter(active=True).exclude(is_registered(campaign))
    units: UnitQuerySet = units_of(person).filter(pk__in=rows.values("pk"))
    return units.order_by("tree_id", "lft")
