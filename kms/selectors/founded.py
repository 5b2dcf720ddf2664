"""Units that an instrument founds: the founding references in the register of units."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, NamedTuple

from django.db import connection

from detsis.querysets import visible_sql
from kms.models import Instrument


class Founded(NamedTuple):
    """A unit as the page of its legislation shows it."""

    detsis_no: int
    name: str

    @property
    def url(self) -> str:
        return f"/kurum/{self.detsis_no}/"


# An entry that tells a date must tell one of the instrument's; without it, the number must do.
_FOUNDED = """
    SELECT u.detsis_no, u.name FROM detsis_unit u
    WHERE u.active AND {visible} AND u.founding_legislation @> %(wanted)s::jsonb
        AND (u.founding_legislation @> ANY(%(dated)s::jsonb[])
             OR NOT u.founding_legislation -> 0 ? 'date')
    ORDER BY u.level, u.name_sort, u.detsis_no LIMIT %(most)s
"""


def founded_by(instrument: Instrument, user: Any = None, *, most: int) -> list[Founded]:
    """The first active units whose founding legislation names this number and (if it gives one)
    its date. One query."""
    if not instrument.number:
        return []
    numbered = {"number": instrument.number}
    days = {day.isoformat() for day in (instrument.accepted_on, instrument.gazette_date) if day}
    given: dict[str, Any] = {
        "wanted": json.dumps([numbered]),
        "dated": [json.dumps([{**numbered, "date": day}]) for day in sorted(days)],
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOUNDED.format(visible=visible_sql(user)), given)
        return [Founded(*row) for row in cursor.fetchall()]


def founding_of(unit: Any) -> list[dict[str, Any]]:
    """The founding references of a unit, each with the recorded instrument it names. One query."""
    entries = [entry for entry in unit.founding_legislation if isinstance(entry, dict)]
    numbers = {str(entry.get("number", "")) for entry in entries} - {""}
    if not numbers:
        return []
    by_number: dict[str, list[Instrument]] = {}
    recorded = Instrument.objects.filter(published=True, number__in=numbers)
    for row in recorded.only("type", "number", "title", "accepted_on", "gazette_date"):
        by_number.setdefault(row.number, []).append(row)
    found = []
    for entry in entries:
        instrument = _named(entry, by_number.get(str(entry.get("number", "")), []))
        found.append({"entry": entry, "instrument": instrument})
    return found


def _named(entry: dict[str, Any], rows: list[Instrument]) -> Instrument | None:
    date = _day(entry.get("date"))
    if date is not None:
        rows = [row for row in rows if date in (row.accepted_on, row.gazette_date)]
    return rows[0] if len(rows) == 1 else None


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value or ""))
    except ValueError:
        return None
