"""The history of a unit's posts: what was recorded when, by whom and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem.models import AbsenceState, AppointmentState
from iyem.models.states import State
from iyem.rules import span
from kaysis.common.types import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the register. `before` is what it superseded, None for the first one."""

    at: dt.datetime
    title: Text
    tone: str
    who: str
    what: Text
    span: str
    before: str
    reason: str
    by: str
    superseded: bool
    late: bool
    ground: str = ""


def of_unit(unit: Unit) -> list[Entry]:
    """The latest knowledge first. Two queries."""
    states = (
        AppointmentState.objects.filter(post__unit=unit)
        .select_related("appointment__represents__manager__person", "manager__person")
        .select_related("post", "recorded_by")
        .order_by("pk")
    )
    absences = (
        AbsenceState.objects.filter(appointment__post__unit=unit)
        .select_related("absence", "manager__person", "recorded_by")
        .order_by("pk")
    )
    found = _entries(states, "appointment_id", _what_appointment)
    found += _entries(absences, "absence_id", _what_absence)
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _entries(states: Any, key: str, what: Any) -> list[Entry]:
    last: dict[int, Any] = {}
    found = []
    for state in states:
        before = last.get(getattr(state, key))
        last[getattr(state, key)] = state
        title, tone = _title(before, state)
        found.append(
            Entry(
                at=state.known.lower or (before.known.upper if before else None) or _made(state),
                title=title,
                tone=tone,
                who=state.manager.person.full_name,
                what=what(state),
                span=_("geri alındı") if state.withdrawn else span(state.validity),
                before=_before(before, state),
                reason=state.reason,
                by=state.recorded_by.full_name if state.recorded_by else "",
                superseded=not state.known.upper_inf,
                late=getattr(state, "late", False),
                ground=getattr(state, "legal_ground", ""),
            )
        )
    return found


def _made(state: Any) -> dt.datetime:
    """For a state that was superseded at the moment it was written: its `known` is empty."""
    owner = state.appointment if isinstance(state, AppointmentState) else state.absence
    made: dt.datetime = owner.registered_at
    return made


def _before(before: State | None, state: State) -> str:
    if before is None or before.withdrawn or before.validity == state.validity:
        return ""
    return span(before.validity)


def _title(before: State | None, state: State) -> tuple[Text, str]:
    if before is None:
        return _("Kaydedildi"), "success"
    if state.withdrawn:
        return _("Geri alındı"), "danger"
    same_start = not before.withdrawn and before.validity.lower == state.validity.lower
    if same_start and _ends_earlier(state.validity.upper, before.validity.upper):
        return _("Bitirildi"), "info"
    return _("Düzeltildi"), "warning"


def _ends_earlier(end: dt.datetime | None, former: dt.datetime | None) -> bool:
    return end is not None and (former is None or end < former)


def _what_appointment(state: AppointmentState) -> str:
    mark = {"acting": " V.", "delegate": " a."}.get(state.slot, "")
    text = f"{state.title}{mark} ({state.post})"
    if state.appointment.represents is not None:
        name = state.appointment.represents.manager.person.full_name
        text += " – " + _("%(name)s yerine") % {"name": name}
    return text


def _what_absence(state: AbsenceState) -> str:
    return str(state.absence.get_kind_display())
