"""Composed reads. Everything takes a `day`; None means today, read from the current rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

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
    sql: str
    params: list[Any]
    if day is None:
        sql, params = _PATHS_NOW, [wanted]
    else:
        sql, params = _PATHS_AT, [wanted, day, day]
    result: dict[int, list[Crumb]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for start, number, name in cursor.fetchall():
            result[start].append(Crumb(number, name))
    return dict(result)


# Written as SELECT … FROM (WITH …): what begins with SELECT is known to be a read, and the audit
# trail adds no statement of its own to it.
_PATHS_NOW = """
    SELECT start, detsis_no, name FROM (
    WITH RECURSIVE up(start, detsis_no, name, parent_id, height) AS (
        SELECT detsis_no, detsis_no, name, parent_id, 0 FROM detsis_unit WHERE detsis_no = ANY(%s)
        UNION ALL
        SELECT up.start, p.detsis_no, p.name, p.parent_id, up.height + 1
        FROM up JOIN detsis_unit p ON p.detsis_no = up.parent_id
    ) SELECT * FROM up) AS paths ORDER BY start, height DESC
"""
# A chain can be broken on a past day in imported data: the height stops a circle, too.
_PATHS_AT = """
    SELECT start, detsis_no, name FROM (
    WITH RECURSIVE up(start, detsis_no, name, parent_id, height) AS (
        SELECT unit_id, unit_id, name, parent_id, 0 FROM detsis_unitversion
        WHERE unit_id = ANY(%s) AND validity @> %s::date
        UNION ALL
        SELECT up.start, p.unit_id, p.name, p.parent_id, up.height + 1
        FROM up JOIN detsis_unitversion p ON p.unit_id = up.parent_id AND p.validity @> %s::date
        WHERE up.height < 50
    ) SELECT * FROM up) AS paths ORDER BY start, height DESC
"""


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
