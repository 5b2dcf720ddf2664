"""Composed reads. Everything takes a `day`; None means today, read from the current rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from detsis import queries
from detsis.models import Unit, UnitChange, UnitVersion


class Crumb(NamedTuple):
    """One unit on a path."""

    detsis_no: int
    name: str


def paths(numbers: Iterable[int], day: dt.date | None = None) -> dict[int, list[Crumb]]:
    """Unit → its path from the root down to itself. One query for any number of units."""
    wanted = list(numbers)
    if not wanted:
        return {}
    found = (
        queries.PATHS_NOW.fetch(p_units=wanted)
        if day is None
        else queries.PATHS_ON.fetch(p_units=wanted, p_day=day)
    )
    result: dict[int, list[Crumb]] = defaultdict(list)
    for start, number, name in found:
        result[start].append(Crumb(number, name))
    return dict(result)


def path(detsis_no: int, day: dt.date | None = None) -> list[Crumb]:
    return paths([detsis_no], day).get(detsis_no, [])


def version_on(detsis_no: int, day: dt.date) -> UnitVersion | None:
    """What the unit was on `day`; None when it did not exist yet."""
    return UnitVersion.objects.at(day).filter(unit_id=detsis_no).first()


def successors_of(detsis_no: int, day: dt.date | None = None) -> list[int]:
    """The units that carry on a unit's work on `day`, followed to the end of the line.

    A successor that itself ended is replaced by its own successors; numbers ascending.
    """
    day = day or timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_SUCCESSORS, {"start": detsis_no, "day": day})
        return [row[0] for row in cursor.fetchall()]


_SUCCESSORS = """
    WITH RECURSIVE valid AS (
        SELECT s.predecessor_id, s.successor_id FROM detsis_succession s
        JOIN detsis_unitchange c ON c.id = s.change_id
        WHERE c.effective_on <= %(day)s
            AND NOT EXISTS (SELECT 1 FROM detsis_unitchange v WHERE v.voids_id = c.id)
    ), line(detsis_no) AS (
        SELECT successor_id FROM valid WHERE predecessor_id = %(start)s
        UNION
        SELECT v.successor_id FROM line l JOIN valid v ON v.predecessor_id = l.detsis_no
    )
    SELECT l.detsis_no FROM line l
    JOIN detsis_unitversion u ON u.unit_id = l.detsis_no AND u.validity @> %(day)s::date
    WHERE u.active ORDER BY 1
"""


def history(detsis_no: int) -> list[UnitChange]:
    """All changes of a unit with what voided or replaced them, newest day first."""
    return list(
        UnitChange.objects.filter(unit_id=detsis_no)
        .select_related("voided_by", "recorded_by", "change_set")
        .prefetch_related("successions__successor")
        .order_by("-effective_on", "-id")
    )


def institution_of(unit: Unit) -> Unit | None:
    """The nearest institution at or above the unit."""
    return Unit.objects.chain_of(unit.pk).filter(is_institution=True).order_by("-level").first()
