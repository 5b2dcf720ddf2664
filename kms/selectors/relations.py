"""Relations of an instrument, both ways, told by what stands on the other side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from kms.models import (
    INVERSE,
    Instrument,
    Reference,
    Relation,
    RelationKind,
)

#: So many counterparts of each kind stand on the instrument's page.
SHOWN = 8


@dataclass(slots=True)
class Counterpart:
    """One instrument or open reference on the other side, with the relations to it."""

    instrument: Instrument | None
    reference: Reference | None
    relations: int
    since: dt.date | None
    until: dt.date | None
    whole: bool
    undone: bool
    places: list[str] = field(default_factory=list)

    @property
    def citation(self) -> str:
        side = self.instrument or self.reference
        if isinstance(side, Instrument):
            return side.short_citation
        return side.citation if side is not None else ""


@dataclass(slots=True)
class Group:
    """All counterparts of one kind and direction; `counterparts` are the first of them."""

    kind: str
    outgoing: bool
    total: int
    relations: int
    counterparts: list[Counterpart]

    @property
    def label(self) -> object:
        return RelationKind(self.kind).label if self.outgoing else INVERSE[RelationKind(self.kind)]

    @property
    def direction(self) -> str:
        return "out" if self.outgoing else "in"


# Both directions at once: by kind and counterpart, the latest first, and only the first few of
# each with their totals.
_GROUPS = """
    SELECT kind, outgoing, other, ref, relations, since, until, whole, undone, places, total,
        all_relations
    FROM (WITH sides AS (
        SELECT kind, TRUE AS outgoing, target_id AS other, target_reference_id AS ref,
            coalesce(in_force_on, date) AS day, whole, undone_on, target_place AS place
        FROM kms_relation WHERE source_id = %(id)s
        UNION ALL
        SELECT kind, FALSE, source_id, source_reference_id, coalesce(in_force_on, date), whole,
            undone_on, target_place
        FROM kms_relation WHERE target_id = %(id)s
    ), grouped AS (
        SELECT kind, outgoing, other, ref, count(*) AS relations, min(day) AS since,
            max(day) AS until, bool_or(whole AND undone_on IS NULL) AS whole,
            bool_and(undone_on IS NOT NULL) AS undone,
            (array_agg(DISTINCT place ORDER BY place) FILTER (WHERE place <> ''))[1:6] AS places
        FROM sides s LEFT JOIN kms_instrument i ON i.id = s.other
        WHERE i.id IS NULL OR i.published
        GROUP BY kind, outgoing, other, ref
    ), ranked AS (
        SELECT *, count(*) OVER g AS total, sum(relations) OVER g AS all_relations,
            row_number() OVER (PARTITION BY kind, outgoing
                ORDER BY until DESC NULLS LAST, other, ref) AS place_no
        FROM grouped WINDOW g AS (PARTITION BY kind, outgoing)
    )
    SELECT * FROM ranked WHERE place_no <= %(most)s) shown
    ORDER BY kind, outgoing, place_no
"""
_ORDER = [
    (RelationKind.BASED_ON, True),
    (RelationKind.BASED_ON, False),
    (RelationKind.AMENDS, False),
    (RelationKind.AMENDS, True),
    (RelationKind.REPEALS, False),
    (RelationKind.REPEALS, True),
    (RelationKind.IMPLEMENTS, True),
    (RelationKind.IMPLEMENTS, False),
]


def groups_of(instrument: Instrument, most: int = SHOWN) -> list[Group]:
    """The relations of an instrument by kind and direction. Three queries, however many."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"id": instrument.pk, "most": most})
        rows = cursor.fetchall()
    instruments = Instrument.objects.in_bulk({row[2] for row in rows if row[2]})
    references = Reference.objects.in_bulk({row[3] for row in rows if row[3]})
    found: dict[tuple[str, bool], Group] = {}
    for (
        kind,
        outgoing,
        other,
        ref,
        count,
        since,
        until,
        whole,
        undone,
        places,
        total,
        every,
    ) in rows:
        group = found.setdefault((kind, outgoing), Group(kind, outgoing, total, int(every), []))
        group.counterparts.append(
            Counterpart(
                instruments.get(other),
                references.get(ref),
                count,
                since,
                until,
                whole,
                undone,
                places or [],
            )
        )
    return [found[key] for key in _ORDER if key in found]


def relations_of(instrument: Instrument, user: Any) -> QuerySet[Relation]:
    """All its relations a person may see, the latest first, with what stands on both sides."""
    return (
        Relation.objects.visible_to(user)
        .filter(Q(source=instrument) | Q(target=instrument))
        .select_related("source", "target", "source_reference", "target_reference")
        .order_by("-date", "-pk")
    )


def amendments_of(instrument: Instrument, anchor: str = "") -> QuerySet[Relation]:
    """What changed the instrument, in the order of its articles."""
    rows = Relation.objects.filter(target=instrument, kind__in=["amends", "repeals"])
    if anchor:
        rows = rows.filter(Q(target_anchor=anchor) | Q(target_anchor__startswith=f"{anchor}-"))
    return rows.select_related("source", "source_reference").order_by("pk")


def lies_ahead(groups: list[Group], day: dt.date) -> bool:
    """Whether any change of the instrument takes effect after `day`."""
    first = [group.counterparts[0].until for group in groups if not group.outgoing]
    return any(until is not None and until > day for until in first)


def pending_of(instrument: Instrument, day: dt.date) -> list[Relation]:
    """Changes that are known and take effect after `day`."""
    rows = Relation.objects.filter(target=instrument, in_force_on__gt=day)
    return list(rows.select_related("source", "source_reference").order_by("in_force_on")[:50])
