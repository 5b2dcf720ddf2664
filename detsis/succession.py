"""The published list of old numbers and of those that took their place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from detsis.models import Succession, UnitChange
from detsis.models.change import SUCCESSORS

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Successor:
    detsis_no: int
    name: str


@dataclass(slots=True)
class Line:
    """An ended unit: what came directly after it, and what carries on its work today."""

    detsis_no: int
    name: str
    kind: str
    ended_on: dt.date
    direct: list[Successor] = field(default_factory=list)
    final: list[Successor] = field(default_factory=list)


def endings(day: dt.date | None = None) -> QuerySet[UnitChange]:
    """Changes with successors, in force on `day` (None: today), not taken back, latest first."""
    return UnitChange.objects.filter(
        kind__in=list(SUCCESSORS),
        effective_on__lte=day or timezone.localdate(),
        voided_by__isnull=True,
    ).order_by("-effective_on", "-id")


def with_names(changes: QuerySet[UnitChange]) -> QuerySet[UnitChange]:
    """With what `lines_of` needs."""
    successions = Succession.objects.select_related("successor").order_by("successor_id")
    return changes.select_related("unit").prefetch_related(Prefetch("successions", successions))


def lines_of(changes: Sequence[UnitChange], day: dt.date | None = None) -> list[Line]:
    """One line for each of the changes (see `with_names`). One query for all final successors."""
    final = final_successors((change.unit_id for change in changes), day)
    return [
        Line(
            change.unit_id,
            change.unit.name,
            change.kind,
            change.effective_on,
            [Successor(row.successor_id, row.successor.name) for row in change.successions.all()],
            final.get(change.unit_id, []),
        )
        for change in changes
    ]


def stream(changes: QuerySet[UnitChange], day: dt.date | None = None) -> Iterator[Line]:
    """All lines with flat memory."""
    rows = with_names(changes).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from lines_of(chunk, day)


def final_successors(
    numbers: Iterable[int], day: dt.date | None = None
) -> dict[int, list[Successor]]:
    """Unit → the active units at the end of its line on `day`, by number. One query."""
    wanted = list(numbers)
    if not wanted:
        return {}
    result: dict[int, list[Successor]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FINAL, {"numbers": wanted, "day": day or timezone.localdate()})
        for start, number, name in cursor.fetchall():
            result.setdefault(start, []).append(Successor(number, name))
    return result


_FINAL = """
    WITH RECURSIVE line(start, detsis_no) AS (
        SELECT n, n FROM unnest(%(numbers)s::int[]) AS n
        UNION
        SELECT l.start, s.successor_id
        FROM line l JOIN detsis_succession s ON s.predecessor_id = l.detsis_no
        JOIN detsis_unitchange c ON c.id = s.change_id
        WHERE c.effective_on <= %(day)s
            AND NOT EXISTS (SELECT 1 FROM detsis_unitchange v WHERE v.voids_id = c.id)
    )
    SELECT l.start, l.detsis_no, u.name FROM line l
    JOIN detsis_unitversion u ON u.unit_id = l.detsis_no AND u.validity @> %(day)s::date
    WHERE u.active AND l.detsis_no <> l.start ORDER BY 1, 2
"""


def predecessors_of(detsis_no: int, day: dt.date | None = None) -> list[Line]:
    """The units whose work the unit took over directly, latest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"no": detsis_no, "day": day or timezone.localdate()})
        return [Line(*found) for found in cursor.fetchall()]


_BEFORE = """
    SELECT u.detsis_no, u.name, c.kind, c.effective_on
    FROM detsis_succession s JOIN detsis_unitchange c ON c.id = s.change_id
    JOIN detsis_unit u ON u.detsis_no = s.predecessor_id
    WHERE s.successor_id = %(no)s AND c.effective_on <= %(day)s
        AND NOT EXISTS (SELECT 1 FROM detsis_unitchange v WHERE v.voids_id = c.id)
    ORDER BY c.effective_on DESC, c.id DESC
"""
