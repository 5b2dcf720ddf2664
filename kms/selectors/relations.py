"""Relations of an instrument, both ways, told by what stands on the other side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from kms.models import INVERSE, Instrument, Relation, RelationKind
from kms.models.instrument import cite_instrument, cite_reference

#: So many counterparts of each kind stand on the instrument's page.
SHOWN = 8


@dataclass(slots=True)
class Counterpart:
    """One instrument or open reference on the other side, with the relations to it.

    `pk` is None for an open reference, which has a citation and no title.
    """

    pk: int | None
    citation: str
    title: str
    relations: int
    until: dt.date | None
    whole: bool
    undone: bool
    places: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"/mevzuat/{self.pk}/" if self.pk is not None else ""


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
# each with their totals. Places and names are read for these few only.
_GROUPS = """
    SELECT shown.* FROM (WITH grouped AS (
        SELECT kind, outgoing, other, ref, count(*) AS relations, max(day) AS until,
            bool_or(whole) AS whole, bool_and(undone) AS undone, array_agg(place) AS places
        FROM (
            SELECT kind COLLATE "C" AS kind, TRUE AS outgoing, target_id AS other,
                target_reference_id AS ref,
                coalesce(in_force_on, date) AS day, whole AND undone_on IS NULL AS whole,
                undone_on IS NOT NULL AS undone, target_place AS place
            FROM kms_relation WHERE source_id = %(id)s
            UNION ALL
            SELECT kind, FALSE, source_id, source_reference_id, coalesce(in_force_on, date),
                whole AND undone_on IS NULL, undone_on IS NOT NULL, target_place
            FROM kms_relation WHERE target_id = %(id)s
        ) sides GROUP BY kind, outgoing, other, ref
    ), ranked AS (
        SELECT s.*, count(*) OVER g AS total, sum(relations) OVER g AS all_relations,
            row_number() OVER (PARTITION BY kind, outgoing
                ORDER BY until DESC NULLS LAST, other, ref) AS place_no
        FROM grouped s
        WHERE s.other IS NULL OR (SELECT published FROM kms_instrument i WHERE i.id = s.other)
        WINDOW g AS (PARTITION BY kind, outgoing)
    )
    SELECT f.kind, f.outgoing, f.total, f.all_relations, i.id, i.type, i.number, i.title,
        r.type, r.number, r.name, f.relations, f.until, f.whole, f.undone,
        ARRAY(SELECT DISTINCT p FROM unnest(f.places) AS p WHERE p <> '' ORDER BY p LIMIT 6)
    FROM (SELECT * FROM ranked WHERE place_no <= %(most)s) f
    LEFT JOIN LATERAL (
        SELECT id, type, number, title FROM kms_instrument WHERE id = f.other LIMIT 1) i ON TRUE
    LEFT JOIN LATERAL (
        SELECT type, number, name FROM kms_reference WHERE id = f.ref LIMIT 1) r ON TRUE
    ORDER BY f.kind, f.outgoing, f.place_no) shown
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
    """The relations of an instrument by kind and direction. One query, however many."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"id": instrument.pk, "most": most})
        rows = cursor.fetchall()
    found: dict[tuple[str, bool], Group] = {}
    for kind, outgoing, total, every, *row in rows:
        group = found.get((kind, outgoing))
        if group is None:
            group = found[kind, outgoing] = Group(kind, outgoing, total, int(every), [])
        group.counterparts.append(_counterpart(*row))
    return [found[key] for key in _ORDER if key in found]


def _counterpart(pk: int | None, *row: Any) -> Counterpart:
    type_, number, title, ref_type, ref_number, ref_name, relations, until, *rest = row
    whole, undone, places = rest
    if pk is not None:
        citation = cite_instrument(type_, number, title)
    else:
        citation, title = cite_reference(ref_type, ref_number, ref_name), ""
    return Counterpart(pk, citation, title, relations, until, whole, undone, places or [])


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
