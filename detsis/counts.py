"""Exact counts at or below every node of the tree, for any day.

For each unit and figure `UnitCount` keeps the days on which the number changes and by how much, so
a count is the sum of a few rows however large the tree is. A change is carried up the tree *over
time*: what a unit contributes to its parent it contributes only while it hangs there, and so on
upwards (`Ledger`). See docs/decisions/0102-counts-in-time.md.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.db import connection
from psycopg2.extras import execute_values

INSTITUTIONS = "units.institution"
UNIT_FIGURES = ("units.central", "units.provincial", "units.abroad", INSTITUTIONS)

# (figure, day) → change of the number on that day
Steps = Mapping[tuple[str, dt.date], int]


class Hanging(NamedTuple):
    """Where a unit hangs during [start, end)."""

    start: dt.date
    end: dt.date | None
    parent: int | None


def of(detsis_no: int, day: dt.date) -> dict[str, int]:
    """Figure → number at or below the unit on `day`."""
    return of_many([detsis_no], day).get(detsis_no, {})


def of_many(numbers: Iterable[int], day: dt.date) -> dict[int, dict[str, int]]:
    """Unit → figure → number at or below it on `day`. One query."""
    result: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT unit_id, figure, sum(delta) FROM detsis_unitcount
               WHERE unit_id = ANY(%s) AND effective_on <= %s
               GROUP BY unit_id, figure HAVING sum(delta) <> 0""",
            [list(numbers), day],
        )
        for unit, figure, number in cursor.fetchall():
            result[unit][figure] = number
    return result


def own_steps(versions: Iterable[tuple[dt.date, dt.date | None, Mapping[str, Any]]]) -> Steps:
    """What a unit itself adds to the unit figures, from its versions (start, end, facts)."""
    steps: dict[tuple[str, dt.date], int] = defaultdict(int)
    for start, end, facts in versions:
        if not facts["active"]:
            continue
        figures = [f"units.{facts['organisation_type']}"]
        if facts["is_institution"]:
            figures.append(INSTITUTIONS)
        for figure in figures:
            steps[figure, start] += 1
            if end is not None:
                steps[figure, end] -= 1
    return {key: delta for key, delta in steps.items() if delta}


def clip(steps: Steps, start: dt.date, end: dt.date | None) -> Steps:
    """The same number during [start, end), and nothing outside it."""
    clipped: dict[tuple[str, dt.date], int] = defaultdict(int)
    for (figure, day), delta in steps.items():
        if end is not None and day >= end:
            continue
        clipped[figure, max(day, start)] += delta
        if end is not None:
            clipped[figure, end] -= delta
    return {key: delta for key, delta in clipped.items() if delta}


class Ledger:
    """Works out which counts change when units change their place or their facts.

    Units are first taken out of the old tree one by one, then put into the new one: at every
    moment each unit hangs in at most one place, so the order does not matter and no circle arises
    on the way.
    """

    def __init__(self, hangings: Mapping[int, list[Hanging]], counts: Mapping[int, Steps]) -> None:
        """`hangings`: of every unit above the changed ones, before. `counts`: of the changed."""
        self._hangings = dict(hangings)
        self._counts = {unit: dict(steps) for unit, steps in counts.items()}
        self._changes: dict[tuple[int, str, dt.date], int] = defaultdict(int)

    def take_out(self, unit: int) -> None:
        contribution = self._steps_of(unit)
        places = self._hangings.pop(unit, [])
        self._carry(places, {key: -delta for key, delta in contribution.items()})

    def add_own(self, unit: int, steps: Steps) -> None:
        """Change what the unit itself counts; call while it is taken out."""
        self._add(unit, steps)

    def put_in(self, unit: int, places: list[Hanging]) -> None:
        self._carry(places, self._steps_of(unit))
        self._hangings[unit] = places

    def count_here(self, unit: int, steps: Steps) -> None:
        """Change what the unit itself counts, where it hangs."""
        self._add(unit, steps)
        self._carry(self._hangings.get(unit, []), steps)

    def changes(self) -> dict[tuple[int, str, dt.date], int]:
        return {key: delta for key, delta in self._changes.items() if delta}

    def _steps_of(self, unit: int) -> Steps:
        return dict(self._counts.get(unit, {}))

    def _carry(self, places: list[Hanging], steps: Steps) -> None:
        pending = [(place, steps) for place in places]
        while pending:
            place, carried = pending.pop()
            if place.parent is None:
                continue
            part = clip(carried, place.start, place.end)
            if not part:
                continue
            self._add(place.parent, part)
            pending += [(above, part) for above in self._hangings.get(place.parent, [])]

    def _add(self, unit: int, steps: Steps) -> None:
        own = self._counts.setdefault(unit, {})
        for (figure, day), delta in steps.items():
            own[figure, day] = own.get((figure, day), 0) + delta
            self._changes[unit, figure, day] += delta


def steps_of(numbers: Collection[int]) -> dict[int, Steps]:
    """The stored steps of units."""
    result: dict[int, dict[tuple[str, dt.date], int]] = defaultdict(dict)
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, figure, effective_on, delta FROM detsis_unitcount"
            " WHERE unit_id = ANY(%s)",
            [list(numbers)],
        )
        for unit, figure, day, delta in cursor.fetchall():
            result[unit][figure, day] = delta
    return dict(result)


def hangings_above(numbers: Iterable[int]) -> dict[int, list[Hanging]]:
    """Where the units and everything that was ever above them hang, over all time. One query."""
    result: dict[int, list[Hanging]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE above(detsis_no) AS (
                SELECT unnest(%s::int[])
                UNION
                SELECT v.parent_id FROM detsis_unitversion v JOIN above a ON v.unit_id = a.detsis_no
                WHERE v.parent_id IS NOT NULL
            )
            SELECT v.unit_id, lower(v.validity), upper(v.validity), v.parent_id
            FROM detsis_unitversion v JOIN above a ON v.unit_id = a.detsis_no
            ORDER BY v.unit_id, lower(v.validity)
            """,
            [list(numbers)],
        )
        for unit, start, end, parent in cursor.fetchall():
            result[unit].append(Hanging(start, end, parent))
    return dict(result)


def store(changes: Mapping[tuple[int, str, dt.date], int]) -> None:
    """Add `changes` to the stored steps."""
    if not changes:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            """INSERT INTO detsis_unitcount (unit_id, figure, effective_on, delta) VALUES %s
               ON CONFLICT (unit_id, figure, effective_on)
               DO UPDATE SET delta = detsis_unitcount.delta + excluded.delta""",
            [(*key, delta) for key, delta in sorted(changes.items())],
        )


def contribute(figure: str, own: Mapping[int, Mapping[dt.date, int]]) -> None:
    """Let an upper subsystem count something of its own on units (services, vacancies …).

    `own`: unit → day → change of its own number. Call inside the subsystem's transaction, with
    the tree lock held (`detsis.tree.lock`), so that no move happens between.
    """
    ledger = Ledger(hangings_above(own), {})
    for unit, steps in own.items():
        ledger.count_here(unit, {(figure, day): delta for day, delta in steps.items()})
    store(ledger.changes())
