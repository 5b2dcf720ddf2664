"""Composed reads about managers, posts and what the register held when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from detsis.models import Unit
from iyem.models import (
    AbsenceState,
    Appointment,
    AppointmentState,
    DeputyLink,
    LegacyManager,
    Manager,
    Post,
    Slot,
)


def states_now(moment: dt.datetime | None = None) -> QuerySet[AppointmentState]:
    """Everybody in office at `moment` (None: now), with person, post and unit."""
    states: QuerySet[AppointmentState] = AppointmentState.objects.current()
    return states.valid_at(moment or timezone.now()).select_related(  # type: ignore[attr-defined]
        "manager__person", "post", "unit", "appointment"
    )


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
    """Unit → its posts, the head first. At most three queries for any number of units."""
    moment = moment or timezone.now()
    units = list(units)
    posts = list(Post.objects.filter(unit_id__in=units).order_by("unit_id", "ordinal"))
    if not posts:
        return {}
    if not posts:
        return {}
    held: dict[tuple[int, str], AppointmentState] = {}
    for state in states_now(moment).filter(unit_id__in=units):
        held[state.post_id, state.slot] = state
    away = {
        state.appointment_id: state
        for state in AbsenceState.objects.current()
        .valid_at(moment)
        .filter(appointment__post__unit_id__in=units)
        .select_related("absence")
    }
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


def deputies_of(unit: Unit, day: dt.date | None = None) -> dict[int, list[Unit]]:
    """Deputy's post → the units that answer to it on `day` (rule 14), by name."""
    links = DeputyLink.objects.filter(
        post__unit=unit, validity__contains=day or timezone.localdate()
    )
    found: dict[int, list[Unit]] = {}
    for link in links.select_related("unit").order_by("unit__name_sort"):
        found.setdefault(link.post_id, []).append(link.unit)
    return found


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
