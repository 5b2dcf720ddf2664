"""Units that an instrument founds: the founding references in the register of units."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from detsis.models import Unit
from kms.models import Instrument


def founded_by(instrument: Instrument, user: Any = None) -> QuerySet[Unit]:
    """Active units whose founding legislation names this number and (if it gives one) its date."""
    if not instrument.number:
        return Unit.objects.none()
    days = {day.isoformat() for day in (instrument.accepted_on, instrument.gazette_date) if day}
    wanted = Q(founding_legislation__contains=[{"number": instrument.number}]) & ~_dated()
    for day in days:
        wanted |= Q(founding_legislation__contains=[{"number": instrument.number, "date": day}])
    units = Unit.objects.visible_to(user).active().filter(wanted)
    return units.order_by("level", "name_sort", "detsis_no")


def _dated() -> Q:
    """The entry tells a date: without it, the number alone must do."""
    return Q(founding_legislation__0__has_key="date")


def founding_of(unit: Any) -> list[dict[str, Any]]:
    """The founding references of a unit, each with the recorded instrument it names. One query."""
    entries = [entry for entry in unit.founding_legislation if isinstance(entry, dict)]
    numbers = {str(entry.get("number", "")) for entry in entries} - {""}
    if not numbers:
        return []
    by_number: dict[str, list[Instrument]] = {}
    for row in Instrument.objects.filter(published=True, number__in=numbers):
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
