"""Writing states: the shared middle of all changes to appointments and absences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from iyem.models import (
    Absence,
    AbsenceState,
    Appointment,
    AppointmentKind,
    AppointmentState,
    Manager,
    Post,
)
from iyem.models.appointment import SLOT_OF
from kaysis.accounts.audit import context
from kaysis.accounts.models import Person
from kaysis.common.errors import RuleViolation

EMPTY = DateTimeTZRange(empty=True)


def lock(posts: Iterable[int], managers: Iterable[int]) -> None:
    """Whoever changes a post or somebody's absence waits here for others who do; posts first."""
    list(Post.objects.select_for_update(no_key=True).filter(pk__in=posts).order_by("pk"))
    list(Manager.objects.select_for_update(no_key=True).filter(pk__in=managers).order_by("pk"))


_recorded_at: ContextVar[dt.datetime | None] = ContextVar("recorded_at", default=None)


@contextmanager
def as_recorded_at(moment: dt.datetime) -> Iterator[None]:
    """For loads of what was recorded elsewhere earlier; blocks follow one another in time."""
    token = _recorded_at.set(moment)
    try:
        yield
    finally:
        _recorded_at.reset(token)


def recording_moment() -> dt.datetime:
    """The moment that states begin to be known: the database's clock, after the locks."""
    if (given := _recorded_at.get()) is not None:
        return given
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def term(
    starts_at: dt.datetime, ends_at: dt.datetime | None, *, end_field: str = "ends_at"
) -> DateTimeTZRange:
    """`[starts_at, ends_at)` to the minute. `RuleViolation` if it ends before it begins."""
    starts_at = starts_at.replace(second=0, microsecond=0)
    if ends_at is not None:
        ends_at = ends_at.replace(second=0, microsecond=0)
        if ends_at <= starts_at:
            raise RuleViolation(_("Bitiş, başlangıçtan sonra olmalıdır."), field=end_field)
    return DateTimeTZRange(starts_at, ends_at)


def is_late(happened_at: dt.datetime | None, recorded_at: dt.datetime) -> bool:
    """Rule 13: a change is recorded on the day it happens, in the portal's time zone."""
    if happened_at is None:
        return False
    return timezone.localdate(recorded_at) > timezone.localdate(happened_at)


def current_state(appointment: Appointment) -> AppointmentState:
    state: AppointmentState = appointment.states.current().get()
    return state


def write_appointment_state(
    appointment: Appointment,
    *,
    validity: DateTimeTZRange,
    at: dt.datetime,
    actor: Person | None,
    title: str,
    legal_ground: str = "",
    reason: str = "",
    late: bool = False,
    left_vacant: bool = False,
) -> AppointmentState:
    """Supersede the current state, if there is one, by this one."""
    AppointmentState.objects.filter(appointment=appointment).current().update(
        known=_closed(AppointmentState.objects.filter(appointment=appointment), at)
    )
    kind = AppointmentKind(appointment.kind)
    state = AppointmentState(
        appointment=appointment,
        post_id=appointment.post_id,
        unit_id=appointment.post.unit_id,
        manager_id=appointment.manager_id,
        kind=kind,
        slot=SLOT_OF[kind],
        validity=validity,
        known=DateTimeTZRange(at, None),
        title=title.strip(),
        legal_ground=legal_ground.strip(),
        reason=reason.strip(),
        late=late,
        left_vacant=left_vacant,
        recorded_by=actor,
        origin=origin(),
    )
    # Keys are copies that a trigger compares; exclusions are the database's.
    state.clean_fields(exclude=["appointment", "post", "unit", "manager"])
    state.save(force_insert=True)
    return state


def write_absence_state(
    absence: Absence,
    *,
    validity: DateTimeTZRange,
    at: dt.datetime,
    actor: Person | None,
    reason: str = "",
) -> AbsenceState:
    AbsenceState.objects.filter(absence=absence).current().update(
        known=_closed(AbsenceState.objects.filter(absence=absence), at)
    )
    state = AbsenceState(
        absence=absence,
        appointment_id=absence.appointment_id,
        manager_id=absence.appointment.manager_id,
        validity=validity,
        known=DateTimeTZRange(at, None),
        reason=reason.strip(),
        recorded_by=actor,
        origin=origin(),
    )
    state.clean_fields(exclude=["absence", "appointment", "manager"])
    state.save(force_insert=True)
    return state


def _closed(states: Any, at: dt.datetime) -> DateTimeTZRange:
    known = states.current().values_list("known", flat=True).first()
    return EMPTY if known is None or known.lower >= at else DateTimeTZRange(known.lower, at)


def origin() -> dict[str, Any]:
    """Where the change comes from, as states keep it."""
    now = context.current()
    return {key: now[key] for key in ("ip", "request_id", "source") if now.get(key)}
