"""Registering, ending, correcting and withdrawing appointments (rules 1, 11–16)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem import rules
from iyem.models import (
    Absence,
    Appointment,
    AppointmentKind,
    AppointmentState,
    Manager,
    Post,
)
from iyem.models.appointment import REPRESENTING, Source
from iyem.permissions import may_register
from iyem.services.legacy import wipe_legacy_names
from iyem.services.states import (
    EMPTY,
    current_state,
    is_late,
    lock,
    recording_moment,
    term,
    write_absence_state,
    write_appointment_state,
)
from kaysis.accounts.models import Person
from kaysis.common.errors import Conflict, NotAllowed, RuleViolation, friendly_integrity
from kaysis.common.pagecache import bump_data_version


def register_appointment(
    *,
    actor: Person,
    unit: Unit,
    manager: Manager,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    kind: AppointmentKind | str = AppointmentKind.SUBSTANTIVE,
    ordinal: int = 0,
    legal_ground: str = "",
    reason: str = "",
    source: Source | str = Source.SCREEN,
) -> Appointment:
    """Record that `manager` holds the post `ordinal` of `unit` (0: its head), or acts for a vacant
    one, during `[starts_at, ends_at)`. Who stands for a holder: `register_proxy`.

    The institution's first registration wipes its legacy names in the same transaction (rule 11).
    A late entry is accepted and marked (13). Authority begins now, however early `starts_at` (16).
    Of two officers at the same post at the same moment one is told who was first.

    Raises `NotAllowed`, `RuleViolation` at starts_at, ends_at, manager, kind or title, `Conflict`.
    """
    kind = AppointmentKind(kind)
    if kind in REPRESENTING:
        raise ValueError("a proxy is registered by register_proxy")
    validity = term(starts_at, ends_at)
    with friendly_integrity(AppointmentState, Appointment, Post), transaction.atomic():
        permit(actor, unit)
        post = post_of(unit, ordinal)
        lock([post.pk], [manager.pk])
        rules.check(
            rules.Wanted(unit=unit, post=post, manager=manager, kind=kind, validity=validity)
        )
        return record(
            actor=actor,
            post=post,
            manager=manager,
            kind=kind,
            validity=validity,
            title=title,
            legal_ground=legal_ground,
            reason=reason,
            source=source,
        )


def permit(actor: Person, unit: Unit) -> None:
    if not may_register(actor, unit.pk):
        raise NotAllowed(_("Bu birim görev alanınızda değil."))


def post_of(unit: Unit, ordinal: int = 0) -> Post:
    """The chair; that of the head comes into being when first asked for."""
    if ordinal == 0:
        Post.objects.bulk_create([Post(unit=unit)], ignore_conflicts=True)
    try:
        return Post.objects.select_related("unit").get(unit=unit, ordinal=ordinal)
    except Post.DoesNotExist:
        raise RuleViolation(
            _("Bu birimde böyle bir amir yardımcılığı yok."), field="ordinal"
        ) from None


def record(
    *,
    actor: Person | None,
    post: Post,
    manager: Manager,
    kind: AppointmentKind,
    validity: DateTimeTZRange,
    title: str,
    legal_ground: str,
    reason: str,
    source: Source | str,
    represents: Appointment | None = None,
) -> Appointment:
    """The rows themselves, checked before. In a transaction, under `lock`."""
    if not title.strip():
        raise RuleViolation(_("Unvan yazılmalıdır."), field="title")
    at = recording_moment()
    first = not Appointment.objects.filter(post=post).exists()
    appointment = Appointment(
        post=post,
        manager=manager,
        kind=kind,
        represents=represents,
        registered_at=at,
        registered_by=actor,
        source=source,
        first_registration=first,
    )
    appointment.clean_fields()
    appointment.save(force_insert=True)
    write_appointment_state(
        appointment,
        validity=validity,
        at=at,
        actor=actor,
        title=title,
        legal_ground=legal_ground,
        reason=reason,
        late=not first and is_late(validity.lower, at),
    )
    wipe_legacy_names(actor=actor, unit=post.unit, at=at)
    bump_data_version()
    return appointment


def end_appointment(
    *,
    actor: Person,
    appointment: Appointment,
    ends_at: dt.datetime,
    reason: str,
    left_vacant: bool = True,
) -> AppointmentState:
    """The manager leaves the post at `ends_at`. Absences and proxies that would outlast the term
    end with it. `left_vacant`: nobody succeeds for now; False: a successor is about to be
    registered, and until then the post counts as missing one.

    Raises `NotAllowed`, `RuleViolation`, `Conflict` if the appointment ended before.
    """
    with friendly_integrity(AppointmentState), transaction.atomic():
        state = _locked(actor, appointment)
        if not reason.strip():
            raise RuleViolation(_("Ayrılış nedeni yazılmalıdır."), field="reason")
        validity = term(state.validity.lower, ends_at)
        check_dates(validity)
        if state.validity.upper is not None and state.validity.upper <= validity.upper:
            raise Conflict(
                _("Bu görev %(end)s tarihinde zaten sona eriyor.")
                % {"end": rules.moment(state.validity.upper)},
                field="ends_at",
            )
        at = recording_moment()
        _shorten_dependants(appointment, validity, at=at, actor=actor, reason=reason)
        new = write_appointment_state(
            appointment,
            validity=validity,
            at=at,
            actor=actor,
            title=state.title,
            legal_ground=state.legal_ground,
            reason=reason,
            late=is_late(validity.upper, at),
            left_vacant=left_vacant,
        )
        bump_data_version()
        return new


def correct_appointment(
    *,
    actor: Person,
    appointment: Appointment,
    reason: str,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    open_end: bool = False,
    title: str | None = None,
    legal_ground: str | None = None,
) -> AppointmentState:
    """Set right what was recorded wrongly. What the register answered before stays answerable
    with `known_at`. None keeps a value; `open_end` removes the end.

    Raises as `register_appointment`; `RuleViolation` at reason, and where nothing would change.
    """
    with friendly_integrity(AppointmentState), transaction.atomic():
        state = _locked(actor, appointment)
        if not reason.strip():
            raise RuleViolation(_("Düzeltmenin gerekçesi yazılmalıdır."), field="reason")
        end = None if open_end else ends_at or state.validity.upper
        validity = term(starts_at or state.validity.lower, end)
        title = state.title if title is None else title
        legal_ground = state.legal_ground if legal_ground is None else legal_ground
        if not rules.corrects(state, validity, title, legal_ground):
            raise RuleViolation(_("Kayıttan farklı bir bilgi yok; düzeltilecek bir şey kalmamış."))
        rules.check(
            rules.Wanted(
                unit=appointment.post.unit,
                post=appointment.post,
                manager=appointment.manager,
                kind=AppointmentKind(appointment.kind),
                validity=validity,
                represents=_represented(appointment),
                own=appointment.pk,
            )
        )
        at = recording_moment()
        _shorten_dependants(appointment, validity, at=at, actor=actor, reason=reason)
        new = write_appointment_state(
            appointment,
            validity=validity,
            at=at,
            actor=actor,
            title=title,
            legal_ground=legal_ground,
            reason=reason,
            late=state.late,
            left_vacant=state.left_vacant and validity.upper is not None,
        )
        bump_data_version()
        return new


def withdraw_appointment(*, actor: Person, appointment: Appointment, reason: str) -> None:
    """It was recorded by mistake: it never was. Its absences and proxies are withdrawn too."""
    with friendly_integrity(AppointmentState), transaction.atomic():
        state = _locked(actor, appointment)
        if not reason.strip():
            raise RuleViolation(_("Geri almanın gerekçesi yazılmalıdır."), field="reason")
        at = recording_moment()
        _shorten_dependants(appointment, EMPTY, at=at, actor=actor, reason=reason)
        write_appointment_state(
            appointment,
            validity=EMPTY,
            at=at,
            actor=actor,
            title=state.title,
            legal_ground=state.legal_ground,
            reason=reason,
        )
        bump_data_version()


def _locked(actor: Person, appointment: Appointment) -> AppointmentState:
    """The current state, under the locks. `Conflict` if it was withdrawn meanwhile."""
    permit(actor, appointment.post.unit)
    proxies = Appointment.objects.filter(represents=appointment)
    managers = {appointment.manager_id, *proxies.values_list("manager_id", flat=True)}
    lock([appointment.post_id], managers)
    state = current_state(appointment)
    if state.withdrawn:
        raise Conflict(_("Bu kayıt geri alınmış."))
    return state


def _represented(appointment: Appointment) -> AppointmentState | None:
    return current_state(appointment.represents) if appointment.represents else None


def _shorten_dependants(
    appointment: Appointment,
    validity: DateTimeTZRange,
    *,
    at: dt.datetime,
    actor: Person,
    reason: str,
) -> None:
    """Absences and proxies keep what of them lies within `validity`; what is outside ends."""
    for proxy in Appointment.objects.filter(represents=appointment).select_related("post"):
        state = current_state(proxy)
        rest = common(state.validity, validity)
        if rest != state.validity:
            write_appointment_state(
                proxy,
                validity=rest,
                at=at,
                actor=actor,
                title=state.title,
                legal_ground=state.legal_ground,
                reason=reason,
            )
    for absence in Absence.objects.filter(appointment=appointment).select_related("appointment"):
        away = absence.states.current().get()
        rest = common(away.validity, validity)
        if rest != away.validity:
            write_absence_state(absence, validity=rest, at=at, actor=actor, reason=reason)


def check_dates(validity: DateTimeTZRange) -> None:
    """`RuleViolation` at ends_at where the end is a slip of the keyboard; for what needs no check
    of a whole appointment (`rules.check`)."""
    years = timezone.localdate().year + 2 * rules.YEARS_AHEAD
    if validity.upper is not None and validity.upper.year > years:
        raise RuleViolation(_("Bitiş tarihini denetleyin."), field="ends_at")


def common(left: DateTimeTZRange, right: DateTimeTZRange) -> DateTimeTZRange:
    """What both cover; the empty range if nothing."""
    if left.isempty or right.isempty:
        return EMPTY
    starts = max(left.lower, right.lower)
    ends = [end for end in (left.upper, right.upper) if end is not None]
    end = min(ends) if ends else None
    return DateTimeTZRange(starts, end) if end is None or starts < end else EMPTY
