"""Who signs for a post on each day of a month: a sweep over terms and absences.

Knows no database: it is given the states as the register holds them now.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from iyem.models import AbsenceState, AppointmentKind, AppointmentState

MARKS = {
    AppointmentKind.SUBSTANTIVE: "",
    AppointmentKind.ACTING_FILLED: "V.",
    AppointmentKind.ACTING_VACANT: "V.",
    AppointmentKind.DELEGATED: "a.",
}


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody may sign, or is away, during `[start, end)`; an open end is None."""

    start: dt.datetime
    end: dt.datetime | None
    name: str
    mark: str = ""
    away: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a day. `hours` is None when it holds for the whole day."""

    name: str
    mark: str
    hours: tuple[str, str] | None
    away: bool


@dataclass(frozen=True, slots=True)
class Day:
    date: dt.date
    in_month: bool
    entries: tuple[Entry, ...]
    # Nobody may sign in at least a part of the day.
    gap: bool


def terms(states: Iterable[AppointmentState], absences: Iterable[AbsenceState]) -> list[Term]:
    """Who may sign when: from the registration on (rule 16), outside the own absences."""
    away: dict[int, list[AbsenceState]] = {}
    for absence in absences:
        if not absence.withdrawn:
            away.setdefault(absence.appointment_id, []).append(absence)
    found = []
    for state in states:
        if state.withdrawn:
            continue
        name = state.manager.person.full_name
        kind = AppointmentKind(state.kind)
        start = max(state.validity.lower, state.appointment.registered_at)
        end = state.validity.upper
        mine = sorted(away.get(state.appointment_id, []), key=lambda each: each.validity.lower)
        for absence in mine if kind != AppointmentKind.DELEGATED else []:
            out, back = absence.validity.lower, absence.validity.upper
            found += _term(start, out, name, MARKS[kind])
            found.append(Term(out, back, name, MARKS[kind], away=True))
            start = max(start, back)
        found += _term(start, end, name, MARKS[kind])
    return found


def _term(start: dt.datetime, end: dt.datetime | None, name: str, mark: str) -> list[Term]:
    return [Term(start, end, name, mark)] if end is None or start < end else []


def month(known: Sequence[Term], first: dt.date) -> list[list[Day]]:
    """The weeks of the month, Monday first."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [[_day(known, date, first.month) for date in week] for week in weeks]


def _day(known: Sequence[Term], date: dt.date, month_shown: int) -> Day:
    zone = timezone.get_current_timezone()
    start = dt.datetime.combine(date, dt.time(), zone)
    end = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), zone)
    entries, covered = [], []
    for term in known:
        low = max(term.start, start)
        high = end if term.end is None else min(term.end, end)
        if low >= high:
            continue
        whole = low == start and high == end
        hours = None if whole else (_hour(low), "24:00" if high == end else _hour(high))
        entries.append(Entry(term.name, term.mark, hours, term.away))
        if not term.away:
            covered.append((low, high))
    entries.sort(key=lambda entry: (entry.hours or ("00:00", ""), entry.away, entry.name))
    return Day(date, date.month == month_shown, tuple(entries), not _covers(covered, start, end))


def _covers(
    pieces: Iterable[tuple[dt.datetime, dt.datetime]], start: dt.datetime, end: dt.datetime
) -> bool:
    reached = start
    for low, high in sorted(pieces):
        if low > reached:
            return False
        reached = max(reached, high)
    return reached >= end


def _hour(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
