"""Units that an instrument founds: the founding references in the register of units."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from kms.models import Instrument


class Founded(NamedTuple):
    """A unit as the page of its legislation shows it."""

    detsis_no: int
    name: str

    @property
    def url(self) -> str:
        return f"/kurum/{self.detsis_no}/"


# The first active units whose founding legislation names the number of instrument `i` and, if it
# gives one, its date. An entry that tells a date must tell one of the instrument's; without it, the
# number must do.
FOUNDED = """
    SELECT u.detsis_no, u.name FROM detsis_unit u
    WHERE i.number <> '' AND u.active AND {visible}
        AND u.founding_legislation @> jsonb_build_array(jsonb_build_object('number', i.number))
        AND (NOT u.founding_legislation -> 0 ? 'date'
            OR u.founding_legislation @> jsonb_build_array(
                jsonb_build_object('number', i.number, 'date', i.accepted_on))
            OR u.founding_legislation @> jsonb_build_array(
                jsonb_build_object('number', i.number, 'date', i.gazette_date)))
    ORDER BY u.level, u.name_sort, u.detsis_no LIMIT %(units)s
"""


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
