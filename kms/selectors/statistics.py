"""Figures of the statistics page: one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from kms.models import LAST_TEXTS_FROM, Instrument, InstrumentType, Reference, Relation, Scope


@dataclass(frozen=True, slots=True)
class TypeRow:
    type: str
    label: object
    in_force: int
    repealed: int

    @property
    def total(self) -> int:
        return self.in_force + self.repealed


def by_type(user: Any = None) -> list[TypeRow]:
    """In force and repealed today, by type, from the highest rank down."""
    ended = Instrument.objects.ended_condition(timezone.localdate())
    rows = (
        Instrument.objects.visible_to(user)
        .values("type", "rank")
        .annotate(n=Count("pk"), repealed=Count("pk", filter=ended))
        .order_by("rank", "type")
    )
    return [
        TypeRow(
            row["type"],
            InstrumentType(row["type"]).label,
            row["n"] - row["repealed"],
            row["repealed"],
        )
        for row in rows
    ]


def by_year(user: Any = None) -> list[tuple[int, int]]:
    """Instruments by the year of their acceptance; years without any are left out."""
    rows = Instrument.objects.visible_to(user).filter(year__isnull=False).values("year")
    return [(row["year"], row["n"]) for row in rows.annotate(n=Count("pk")).order_by("year")]


def by_institution(user: Any = None, most: int = 50) -> list[tuple[str, int]]:
    """Secondary legislation within institutions, by institution."""
    rows = (
        Instrument.objects.visible_to(user)
        .filter(scope=Scope.INSTITUTIONAL)
        .values("issuer__name", "issuer_name")
        .annotate(n=Count("pk"))
        .order_by("-n", "issuer__name")[:most]
    )
    return [(row["issuer__name"] or row["issuer_name"], row["n"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far linking has come. `old_linked` of `old_cited` citations that speak of a time before
    2015 lead to a recorded instrument."""

    relations: int
    open_relations: int
    open_references: int
    violations: int
    old_cited: int
    old_linked: int


def progress() -> Progress:
    """The state of the relations, in two statements."""
    row = Relation.objects.aggregate(
        relations=Count("pk"),
        open_relations=Count("pk", filter=Q(source__isnull=True) | Q(target__isnull=True)),
        violations=Count("pk", filter=~Q(violation="")),
    )
    references = Reference.objects.aggregate(
        open=Count("pk", filter=Q(resolved__isnull=True)),
        old=Count("pk", filter=Q(date__lt=LAST_TEXTS_FROM)),
        old_linked=Count("pk", filter=Q(date__lt=LAST_TEXTS_FROM, resolved__isnull=False)),
    )
    return Progress(
        row["relations"],
        row["open_relations"],
        references["open"],
        row["violations"],
        references["old"],
        references["old_linked"],
    )
