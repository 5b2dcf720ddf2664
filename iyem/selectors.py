"""Composed reads about managers, posts and what the register held when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from detsis.models import Unit
from iyem.models import (
    AbsenceState,
    Appointment,
    AppointmentState,
    LegacyManager,
    Manager,
    Post,
    Slot,
)
from iyem.models.states import State, StateQuerySet
from kaysis.common.pagecache import keep_until


def states_now(moment: dt.datetime | None = None) -> QuerySet[AppointmentState]:
    """Everybody in office at `moment` (None: now), with person, post and unit."""
    return _with_people(AppointmentState.objects.current().valid_at(moment or timezone.now()))


def _with_people(states: Any) -> QuerySet[AppointmentState]:
    found: QuerySet[AppointmentState] = states.select_related(
        "manager__person", "post", "unit", "appointment"
    )
    return found


def next_change(states: Iterable[State], moment: dt.datetime) -> dt.datetime | None:
    """When, after `moment`, the first of these begins or ends by the clock; None: never."""
    bounds = (bound for state in states for bound in (state.validity.lower, state.validity.upper))
    return min((bound for bound in bounds if bound and bound > moment), default=None)


@dataclass(frozen=True, slots=True)
class Chair:
    """A post at a moment: who holds it, whether away, who stands in."""

    post: Post
    holder: AppointmentState | None
    acting: AppointmentState | None
    delegate: AppointmentState | None
    absence: AbsenceState | None

    @property
    def signatory(self) -> AppointmentState | None:
        """Who signs: the acting one while the holder is away."""
        if self.absence is not None or self.holder is None:
            return self.acting
        return self.holder


def chairs_of(units: Iterable[int], moment: dt.datetime | None = None) -> dict[int, list[Chair]]:
    """Unit → its posts, the head first. At most three queries for any number of units.

    A page that shows who is in office now is kept until the next of them comes, goes or returns.
    """
    now = moment is None
    moment = moment or timezone.now()
    units = list(units)
    posts = list(Post.objects.filter(unit_id__in=units).order_by("unit_id", "ordinal"))
    if not posts:
        return {}
    # Of a moment in the past nothing that came later is of interest.
    pick = StateQuerySet.ahead_of if now else StateQuerySet.valid_at
    states = _with_people(pick(AppointmentState.objects.current(), moment))
    absences = pick(AbsenceState.objects.current(), moment).select_related("absence")
    ahead = [
        *states.filter(unit_id__in=units),
        *absences.filter(appointment__post__unit_id__in=units),
    ]
    held: dict[tuple[int, str], AppointmentState] = {}
    away: dict[int, AbsenceState] = {}
    for state in ahead:
        if state.validity.lower > moment:
            continue
        if isinstance(state, AbsenceState):
            away[state.appointment_id] = state
        else:
            held[state.post_id, state.slot] = state
    if now and (change := next_change(ahead, moment)):
        keep_until(change)
    found: dict[int, list[Chair]] = {}
    for post in posts:
        holder = held.get((post.pk, Slot.HOLDER))
        acting = held.get((post.pk, Slot.ACTING))
        bound = holder or acting
        found.setdefault(post.unit_id, []).append(
            Chair(
                post=post,
                holder=holder,
                acting=acting,
                delegate=held.get((post.pk, Slot.DELEGATE)),
                absence=away.get(bound.appointment_id) if bound else None,
            )
        )
    return found


class Answering(NamedTuple):
    """A unit that answers to a deputy."""

    detsis_no: int
    name: str


def deputies_of(unit: int, day: dt.date | None = None) -> dict[int, list[Answering]]:
    """Deputy's post → the units that answer to it on `day` (rule 14), by name. One query."""
    found: dict[int, list[Answering]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DEPUTIES, [unit, day or timezone.localdate()])
        for post, *linked in cursor.fetchall():
            found.setdefault(post, []).append(Answering(*linked))
    return found


_DEPUTIES = """
    SELECT l.post_id, u.detsis_no, u.name FROM iyem_deputylink l
    JOIN iyem_post p ON p.id = l.post_id JOIN detsis_unit u ON u.detsis_no = l.unit_id
    WHERE p.unit_id = %s AND l.validity @> %s::date ORDER BY u.name_sort, u.detsis_no
"""


def legacy_names_of(unit: Unit) -> list[LegacyManager]:
    """Names from before İYEM that are still shown (rule 11)."""
    return list(LegacyManager.objects.filter(unit=unit, wipe=None).order_by("pk"))


def career_of(manager: Manager) -> list[AppointmentState]:
    """All appointments of a manager as they are known now, the latest first."""
    states = AppointmentState.objects.current().filter(manager=manager, validity__isempty=False)
    return list(
        states.select_related("unit", "post", "appointment__represents__manager__person").order_by(
            "-validity__startswith", "-pk"
        )
    )


def record_of(appointment: Appointment) -> list[AppointmentState]:
    """What the register held of an appointment, the latest knowledge first: the evidence."""
    return list(appointment.states.select_related("recorded_by").order_by("-pk"))


def legacy_names_within(institution: Unit) -> int:
    """How many names from before İYEM the institution still has; those of institutions below it
    are not its own."""
    inner = Unit.objects.filter(
        is_institution=True, lft__gt=institution.lft, lft__lt=institution.rght
    ).filter(lft__lte=OuterRef("unit__lft"), rght__gte=OuterRef("unit__rght"))
    return (
        LegacyManager.objects.filter(wipe=None)
        .filter(unit__lft__gte=institution.lft, unit__lft__lt=institution.rght)
        .exclude(Exists(inner))
        .count()
    )
