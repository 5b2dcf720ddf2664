"""What the rules of an appointment ask the register: question by question, or all of them at once.

`iyem.rules` knows only the questions. A form asks the database; a sheet of thousands of rows reads
once what is on record for all its units and managers, and adds what it is about to record itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from detsis.models import Unit, UnitVersion
from iyem.models import AbsenceState, AppointmentState, Manager, Post

_HOLDING = ("substantive", "acting_vacant")


class Register:
    """Asks the database. Posts and managers are saved ones; only current states count."""

    def version(self, unit: Unit, day: dt.date) -> UnitVersion | None:
        return UnitVersion.objects.at(day).filter(unit=unit).first()

    def first_closed(self, unit: Unit, after: dt.date, until: dt.date | None) -> UnitVersion | None:
        """The first version not active that begins later than `after`, and not after `until`."""
        closed = UnitVersion.objects.filter(unit=unit, active=False, validity__startswith__gt=after)
        if until is not None:
            closed = closed.filter(validity__startswith__lte=until)
        return closed.order_by("validity").first()

    def on_post(
        self, post: Post, validity: DateTimeTZRange, own: int | None = None
    ) -> list[AppointmentState]:
        """What is on record for the post in that time, of whatever kind, in order; without the
        appointment `own`."""
        states = AppointmentState.objects.current().filter(post=post).overlapping(validity)
        states = states.exclude(appointment_id=own).select_related("manager__person")
        return list(states.order_by("validity"))

    def holder_before(
        self, post: Post, moment: dt.datetime, own: int | None = None
    ) -> AppointmentState | None:
        """Who last held the post, or acted for it while vacant, and left before `moment`."""
        states = AppointmentState.objects.current().filter(post=post, kind__in=_HOLDING)
        states = states.filter(validity__endswith__lt=moment).exclude(appointment_id=own)
        return states.order_by("-validity__endswith").select_related("manager__person").first()

    def absence(self, manager: Manager, validity: DateTimeTZRange) -> AbsenceState | None:
        absences = AbsenceState.objects.current().filter(manager=manager)
        return absences.overlapping(validity).first()

    def elsewhere(
        self,
        manager: Manager,
        validity: DateTimeTZRange,
        *,
        post: Post | None,
        own: int | None = None,
    ) -> AppointmentState | None:
        """Another post that the manager holds in that time."""
        states = AppointmentState.objects.current().filter(manager=manager, kind="substantive")
        states = states.overlapping(validity).exclude(appointment_id=own).exclude(post=post)
        return states.select_related("unit").first()


class Loaded(Register):
    """The same answers for many units and managers, from four statements.

    `add` tells it of a state that is about to be recorded, so that the next row is held against it.
    """

    def __init__(
        self, *, units: Collection[int], posts: Collection[int], managers: Collection[int]
    ) -> None:
        self._versions: dict[int, list[UnitVersion]] = defaultdict(list)
        for version in UnitVersion.objects.filter(unit__in=units).order_by("validity"):
            self._versions[version.unit_id].append(version)
        current = AppointmentState.objects.current().filter(validity__isempty=False).order_by("pk")
        self._on_post: dict[int, list[AppointmentState]] = defaultdict(list)
        for state in current.filter(post__in=posts).select_related("manager__person"):
            self._on_post[state.post_id].append(state)
        self._held: dict[int, list[AppointmentState]] = defaultdict(list)
        held = current.filter(manager__in=managers, kind="substantive").select_related("unit")
        for state in held:
            self._held[state.manager_id].append(state)
        self._absences: dict[int, list[AbsenceState]] = defaultdict(list)
        away = AbsenceState.objects.current().filter(manager__in=managers, validity__isempty=False)
        for absence in away.order_by("pk"):
            self._absences[absence.manager_id].append(absence)

    def add(self, state: AppointmentState) -> None:
        """`state` is not saved; its post, unit and manager are objects."""
        self._on_post[state.post_id].append(state)
        if state.kind == "substantive":
            self._held[state.manager_id].append(state)

    def version(self, unit: Unit, day: dt.date) -> UnitVersion | None:
        for version in self._versions[unit.pk]:
            if version.validity.lower <= day and _is_open_at(version.validity.upper, day):
                return version
        return None

    def first_closed(self, unit: Unit, after: dt.date, until: dt.date | None) -> UnitVersion | None:
        for version in self._versions[unit.pk]:
            begins = version.validity.lower
            if not version.active and begins > after and (until is None or begins <= until):
                return version
        return None

    def on_post(
        self, post: Post, validity: DateTimeTZRange, own: int | None = None
    ) -> list[AppointmentState]:
        found = [state for state in self._on_post[post.pk] if _counts(state, validity, own)]
        return sorted(found, key=lambda state: state.validity.lower)

    def holder_before(
        self, post: Post, moment: dt.datetime, own: int | None = None
    ) -> AppointmentState | None:
        left = [
            state
            for state in self._on_post[post.pk]
            if state.kind in _HOLDING
            and state.validity.upper is not None
            and state.validity.upper < moment
            and not _is_own(state, own)
        ]
        return max(left, key=lambda state: state.validity.upper, default=None)

    def absence(self, manager: Manager, validity: DateTimeTZRange) -> AbsenceState | None:
        for absence in self._absences[manager.pk]:
            if overlap(absence.validity, validity):
                return absence
        return None

    def elsewhere(
        self,
        manager: Manager,
        validity: DateTimeTZRange,
        *,
        post: Post | None,
        own: int | None = None,
    ) -> AppointmentState | None:
        for state in self._held[manager.pk]:
            if _counts(state, validity, own) and (post is None or state.post_id != post.pk):
                return state
        return None


def overlap(left: DateTimeTZRange, right: DateTimeTZRange) -> bool:
    """Whether two ranges, neither empty nor without a beginning, share a moment."""
    return bool(
        (right.upper is None or left.lower < right.upper)
        and (left.upper is None or right.lower < left.upper)
    )


def _counts(state: AppointmentState, validity: DateTimeTZRange, own: int | None) -> bool:
    return overlap(state.validity, validity) and not _is_own(state, own)


def _is_own(state: AppointmentState, own: int | None) -> bool:
    return own is not None and state.appointment_id == own


def _is_open_at(end: dt.date | None, day: dt.date) -> bool:
    return end is None or day < end
