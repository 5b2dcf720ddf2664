"""Relations of an instrument, both ways, told by what stands on the other side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
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


# The statement, with its plan, is kept in the database.
_GROUPS = "SELECT to_jsonb(g)::text FROM kms_relation_groups(%s, %s) g"
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
        cursor.execute(_GROUPS, [instrument.pk, most])
        return groups_made([orjson.loads(row[0]) for row in cursor.fetchall()])


def groups_made(rows: Iterable[dict[str, Any]]) -> list[Group]:
    """Rows of `kms_relation_groups`, as JSON, grouped in the order of a page."""
    found: dict[tuple[str, bool], Group] = {}
    for row in rows:
        key = row["kind"], row["outgoing"]
        group = found.get(key)
        if group is None:
            group = found[key] = Group(*key, row["total"], row["every"], [])
        group.counterparts.append(_counterpart(row))
    return [found[key] for key in _ORDER if key in found]


def _counterpart(row: dict[str, Any]) -> Counterpart:
    pk, title, until = row["id"], row["title"] or "", row["until"]
    if pk is not None:
        citation = cite_instrument(row["type"], row["number"], title)
    else:
        named = row["reference_type"], row["reference_number"], row["reference_name"]
        citation = cite_reference(*named)
    return Counterpart(
        pk,
        citation,
        title,
        row["relations"],
        dt.date.fromisoformat(until) if until else None,
        row["whole"],
        row["undone"],
        row["places"] or [],
    )


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
