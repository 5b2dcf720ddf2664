"""Absences of holders, and those who stand for them (rule 17)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem import rules
from iyem.models import (
    Absence,
    AbsenceKind,
    AbsenceState,
    Appointment,
    AppointmentKind,
    AppointmentState,
    Manager,
    Post,
    ProxyRequest,
    Slot,
)
from iyem.models.appointment import REPRESENTING, Source
from iyem.services.appointments import check_dates, common, permit, post_of, record
from iyem.services.states import (
    EMPTY,
    current_state,
    lock,
    recording_moment,
    term,
    write_absence_state,
    write_appointment_state,
)
from kaysis.accounts.models import Person
from kaysis.common.errors import Conflict, RuleViolation, friendly_integrity
from kaysis.common.locks import advisory_lock
from kaysis.common.pagecache import bump_data_version


def record_absence(
    *,
    actor: Person,
    appointment: Appointment,
    kind: AbsenceKind | str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    reason: str = "",
    source: Source | str = Source.SCREEN,
) -> Absence:
    """The holder is away during `[starts_at, ends_at)` and does not sign meanwhile.

    Raises `NotAllowed`, `RuleViolation` at starts_at or ends_at, `Conflict`.
    """
    validity = term(starts_at, ends_at)
    with friendly_integrity(AbsenceState, AppointmentState), transaction.atomic():
        permit(actor, appointment.post.unit)
        lock([appointment.post_id], [appointment.manager_id])
        return _absence(
            actor=actor,
            appointment=appointment,
            kind=AbsenceKind(kind),
            validity=validity,
            reason=reason,
            source=source,
        )


def _absence(
    *,
    actor: Person,
    appointment: Appointment,
    kind: AbsenceKind,
    validity: DateTimeTZRange,
    reason: str,
    source: Source | str,
) -> Absence:
    state = current_state(appointment)
    if state.slot == Slot.DELEGATE or state.kind == AppointmentKind.ACTING_FILLED:
        raise RuleViolation(
            _("İzin ve görevlendirme, makamın asıl yöneticisi için kaydedilir."),
            field="appointment",
        )
    if state.withdrawn or common(state.validity, validity) != validity:
        raise RuleViolation(
            _("Ayrılış, yöneticinin görev süresi içinde kalmalıdır (%(span)s).")
            % {"span": _("görev geri alınmış") if state.withdrawn else rules.span(state.validity)},
            field="ends_at",
        )
    check_dates(validity)
    _refuse_if_acting_elsewhere(state.manager_id, validity)
    at = recording_moment()
    absence = Absence(
        appointment=appointment,
        kind=kind,
        registered_at=at,
        registered_by=actor,
        source=source,
    )
    absence.clean_fields()
    absence.save(force_insert=True)
    write_absence_state(absence, validity=validity, at=at, actor=actor, reason=reason)
    bump_data_version()
    return absence


def _refuse_if_acting_elsewhere(manager_id: int, validity: DateTimeTZRange) -> None:
    acting = (
        AppointmentState.objects.current()
        .filter(manager_id=manager_id)
        .exclude(slot=Slot.HOLDER)
        .overlapping(validity)
        .select_related("unit")
        .first()
    )
    if acting is not None:
        raise Conflict(
            _("Yönetici o sırada %(unit)s için vekil ya da imza yetkilisi (%(span)s).")
            % {"unit": acting.unit.name, "span": rules.span(acting.validity)},
            field="starts_at",
        )


def change_absence(
    *, actor: Person, absence: Absence, starts_at: dt.datetime, ends_at: dt.datetime, reason: str
) -> AbsenceState:
    """An earlier return, a longer leave. Proxies that would lie outside end with it."""
    validity = term(starts_at, ends_at)
    with friendly_integrity(AbsenceState, AppointmentState), transaction.atomic():
        state = _locked_absence(actor, absence, reason)
        if validity == state.validity:
            raise RuleViolation(
                _("Kayıttan farklı bir bilgi yok; değiştirilecek bir şey kalmamış."),
                field="ends_at",
            )
        check_dates(validity)
        holder = current_state(absence.appointment)
        if common(holder.validity, validity) != validity:
            raise RuleViolation(
                _("Ayrılış, yöneticinin görev süresi içinde kalmalıdır (%(span)s).")
                % {"span": rules.span(holder.validity)},
                field="ends_at",
            )
        if not (state.validity.lower <= validity.lower and validity.upper <= state.validity.upper):
            _refuse_if_acting_elsewhere(state.manager_id, validity)
        return _rewrite_absence(actor, absence, state, validity, reason)


def withdraw_absence(*, actor: Person, absence: Absence, reason: str) -> AbsenceState:
    """It was recorded by mistake, or the leave was cancelled before it began."""
    with friendly_integrity(AbsenceState, AppointmentState), transaction.atomic():
        state = _locked_absence(actor, absence, reason)
        return _rewrite_absence(actor, absence, state, EMPTY, reason)


def _locked_absence(actor: Person, absence: Absence, reason: str) -> AbsenceState:
    appointment = absence.appointment
    permit(actor, appointment.post.unit)
    if not reason.strip():
        raise RuleViolation(_("Gerekçe yazılmalıdır."), field="reason")
    proxies = Appointment.objects.filter(represents=appointment)
    managers = {appointment.manager_id, *proxies.values_list("manager_id", flat=True)}
    lock([appointment.post_id], managers)
    state: AbsenceState = absence.states.current().get()
    if state.withdrawn:
        raise Conflict(_("Bu kayıt geri alınmış."))
    return state


def _rewrite_absence(
    actor: Person,
    absence: Absence,
    state: AbsenceState,
    validity: DateTimeTZRange,
    reason: str,
) -> AbsenceState:
    at = recording_moment()
    proxies = Appointment.objects.filter(
        represents=absence.appointment, kind=AppointmentKind.ACTING_FILLED
    )
    for proxy in proxies.select_related("post"):
        acting = current_state(proxy)
        # Only those that stand in for this absence, not for another one of the same holder.
        if common(acting.validity, state.validity).isempty:
            continue
        rest = common(acting.validity, validity)
        if rest != acting.validity:
            write_appointment_state(
                proxy,
                validity=rest,
                at=at,
                actor=actor,
                title=acting.title,
                legal_ground=acting.legal_ground,
                reason=reason,
            )
    new = write_absence_state(absence, validity=validity, at=at, actor=actor, reason=reason)
    bump_data_version()
    return new


def register_proxy(
    *,
    actor: Person,
    unit: Unit,
    manager: Manager,
    kind: AppointmentKind | str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    title: str = "",
    ordinal: int = 0,
    absence: AbsenceKind | str | None = None,
    legal_ground: str = "",
    reason: str = "",
    source: Source | str = Source.SCREEN,
    client: str = "",
    key: str = "",
) -> Appointment:
    """`manager` acts for the filled post (within the holder's absence) or signs by delegation.

    `absence` also records the holder's leave or travel for the same time, where it is not on record
    yet. With `client` and `key` asking again with the same contents gives the same appointment,
    and with others raises `Conflict`. A blank title is the holder's. The next proxy may begin at
    the minute this one ends.

    Raises `NotAllowed`, `RuleViolation`, `Conflict`.
    """
    kind = AppointmentKind(kind)
    if kind not in REPRESENTING:
        raise ValueError("acting for a vacant post is an appointment of its own")
    validity = term(starts_at, ends_at)
    digest = _digest(
        unit.pk,
        ordinal,
        manager.manager_code,
        kind.value,
        validity.lower.timestamp(),
        validity.upper and validity.upper.timestamp(),
        title,
        absence or "",
        legal_ground,
    )
    with friendly_integrity(AppointmentState, Appointment, AbsenceState), transaction.atomic():
        permit(actor, unit)
        if key and (known := _asked_before(client, key, digest)):
            return known
        post = post_of(unit, ordinal)
        _lock_with_holders(post, manager)
        holder = holder_of(post, validity)
        if holder is not None and absence is not None:
            _be_away(
                holder, AbsenceKind(absence), validity, actor=actor, reason=reason, source=source
            )
        rules.check(
            rules.Wanted(
                unit=unit,
                post=post,
                manager=manager,
                kind=kind,
                validity=validity,
                represents=holder,
            )
        )
        assert holder is not None  # a rule refuses a proxy of nobody
        appointment = record(
            actor=actor,
            post=post,
            manager=manager,
            kind=kind,
            validity=validity,
            title=title or holder.title,
            legal_ground=legal_ground,
            reason=reason,
            source=source,
            represents=holder.appointment,
        )
        if key:
            ProxyRequest.objects.create(
                client=client, key=key, digest=digest, appointment=appointment
            )
        return appointment


def holder_of(post: Post, validity: DateTimeTZRange) -> AppointmentState | None:
    """The substantive holder at the beginning of that time."""
    states = AppointmentState.objects.current().filter(post=post, kind="substantive")
    found: AppointmentState | None = (
        states.valid_at(validity.lower).select_related("appointment", "manager").first()
    )
    return found


def _lock_with_holders(post: Post, manager: Manager) -> None:
    holders = AppointmentState.objects.current().filter(post=post, kind="substantive")
    lock([post.pk], {manager.pk, *holders.values_list("manager_id", flat=True)})


def _be_away(
    holder: AppointmentState,
    kind: AbsenceKind,
    validity: DateTimeTZRange,
    *,
    actor: Person,
    reason: str,
    source: Source | str,
) -> None:
    """Record the absence unless one on record covers the time already."""
    known = AbsenceState.objects.current().filter(appointment_id=holder.appointment_id)
    if not known.filter(validity__contains=validity).exists():
        _absence(
            actor=actor,
            appointment=holder.appointment,
            kind=kind,
            validity=validity,
            reason=reason,
            source=source,
        )


def _asked_before(client: str, key: str, digest: str) -> Appointment | None:
    """Under a lock on the key, so that a repetition waits for the first one's end."""
    advisory_lock("iyem.request", client, key)
    known = (
        ProxyRequest.objects.filter(client=client, key=key)
        .select_related("appointment__post__unit", "appointment__manager__person")
        .first()
    )
    if known is None:
        return None
    if known.digest != digest:
        raise Conflict(_("Bu istek anahtarı daha önce başka bir içerikle kullanıldı."), field="key")
    return known.appointment


def _digest(*parts: object) -> str:
    """Of what was asked: two requests with one key must not differ."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
