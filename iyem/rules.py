"""What an appointment must satisfy, and what is only worth saying before it is saved.

The same function serves the preview on the screen, the check of a bulk file and the service, so
that nobody is told three different things. The database has the last word (`models.states`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem.lookups import Register
from iyem.models import AbsenceState, AppointmentKind, AppointmentState, Manager, Post, Slot
from iyem.models.appointment import SLOT_OF
from kaysis.common.errors import Conflict, KaysisError, RuleViolation

# A date that is further off is a slip of the keyboard.
EARLIEST = dt.date(1923, 10, 29)
YEARS_AHEAD = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong (it will not be saved) or only remarkable (it will)."""

    message: str
    field: str | None = None
    refuses: bool = True
    conflict: bool = False

    def error(self) -> KaysisError:
        kind = Conflict if self.conflict else RuleViolation
        return kind(self.message, field=self.field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An appointment that somebody wants to record."""

    unit: Unit
    post: Post | None
    manager: Manager | None
    kind: AppointmentKind
    validity: DateTimeTZRange
    represents: AppointmentState | None = None
    # An absence of the holder that would be recorded together with it.
    away: DateTimeTZRange | None = None
    # The appointment that is being corrected: it does not conflict with itself.
    own: int | None = None


def moment(value: dt.datetime) -> str:
    """`24.11.2026 14:05`, in the portal's time zone."""
    return date_format(timezone.localtime(value), "d.m.Y H:i")


def span(validity: DateTimeTZRange) -> str:
    """`01.01.2024 09:00 – sürüyor`."""
    end = moment(validity.upper) if validity.upper else _("sürüyor")
    return f"{moment(validity.lower)} – {end}"


# Who does not bring a register of its own asks the database.
_REGISTER = Register()


def findings(wanted: Wanted, register: Register = _REGISTER) -> list[Finding]:
    """Everything there is to say, refusals first."""
    found = [
        *_dates(wanted),
        *_unit(wanted, register),
        *_proxy(wanted),
        *_post(wanted, register),
        *_person(wanted, register),
    ]
    return sorted(found, key=lambda each: not each.refuses)


def check(wanted: Wanted, register: Register = _REGISTER) -> None:
    """Raise the first refusal."""
    for finding in findings(wanted, register):
        if finding.refuses:
            raise finding.error()


def corrects(
    state: AppointmentState, validity: DateTimeTZRange, title: str, legal_ground: str
) -> bool:
    """Whether anything would differ from what is on record."""
    recorded = (state.validity, state.title, state.legal_ground)
    return (validity, title.strip(), legal_ground.strip()) != recorded


def _dates(wanted: Wanted) -> list[Finding]:
    start = timezone.localdate(wanted.validity.lower)
    found = []
    if start < EARLIEST or start.year > timezone.localdate().year + YEARS_AHEAD:
        found.append(Finding(_("Başlangıç tarihini denetleyin."), "starts_at"))
    upper = wanted.validity.upper
    if upper is not None and upper.year > timezone.localdate().year + 2 * YEARS_AHEAD:
        found.append(Finding(_("Bitiş tarihini denetleyin."), "ends_at"))
    return found


def _unit(wanted: Wanted, register: Register) -> list[Finding]:
    """The unit exists and works on the first day, and to the last."""
    start = timezone.localdate(wanted.validity.lower)
    first = register.version(wanted.unit, start)
    if first is None:
        founded = wanted.unit.valid_from
        when = f" ({date_format(founded, 'd.m.Y')})" if founded else ""
        return [
            Finding(_("Birim bu tarihte henüz kurulmamıştı%(when)s.") % {"when": when}, "starts_at")
        ]
    if not first.active:
        return [Finding(_("Birim bu tarihte kapalıydı."), "starts_at")]
    end = wanted.validity.upper
    last_day = timezone.localdate(end - dt.timedelta(microseconds=1)) if end else None
    first_closed = register.first_closed(wanted.unit, start, last_day)
    if first_closed is None:
        return []
    day = date_format(first_closed.validity.lower, "d.m.Y")
    return [
        Finding(
            _("Birim %(day)s tarihinde kapanıyor; görev en geç o gün bitmelidir.") % {"day": day},
            "ends_at",
        )
    ]


def _post(wanted: Wanted, register: Register) -> list[Finding]:
    slot = SLOT_OF[wanted.kind]
    found: list[Finding] = []
    if wanted.post is None or wanted.post.pk is None:
        return found
    for other in register.on_post(wanted.post, wanted.validity, wanted.own):
        told = {
            "name": other.manager.person.full_name,
            "title": other.title,
            "span": span(other.validity),
        }
        if other.slot == slot:
            text = _(
                "Bu makamda o sırada %(name)s kayıtlı (%(title)s, %(span)s). Önce onu bitirin."
            )
            found.append(Finding(text % told, "starts_at", conflict=True))
        elif wanted.kind == AppointmentKind.ACTING_VACANT and other.slot == Slot.HOLDER:
            text = _("Makam boş değil: %(name)s asaleten görevde (%(span)s).")
            found.append(Finding(text % told, "kind", conflict=True))
        elif wanted.kind == AppointmentKind.SUBSTANTIVE and other.kind == "acting_vacant":
            text = _("%(name)s bu makama vekâlet ediyor (%(span)s). Önce vekâleti bitirin.")
            found.append(Finding(text % told, "starts_at", conflict=True))
    if not found and slot == Slot.HOLDER:
        before = register.holder_before(wanted.post, wanted.validity.lower, wanted.own)
        found += _gap(before)
    return found


def _gap(before: AppointmentState | None) -> list[Finding]:
    """Between the last holder and this one the post stood empty: allowed, and worth saying."""
    if before is None:
        return []
    told = {"name": before.manager.person.full_name, "end": moment(before.validity.upper)}
    text = _("Makam, %(name)s ayrıldığından (%(end)s) bu göreve kadar boş görünecek.")
    return [Finding(text % told, "starts_at", refuses=False)]


def _proxy(wanted: Wanted) -> list[Finding]:
    """Who stands for a holder: within the term and (17) within an absence."""
    holder = wanted.represents
    if wanted.kind not in (AppointmentKind.ACTING_FILLED, AppointmentKind.DELEGATED):
        return []
    if wanted.validity.upper is None:
        return [Finding(_("Vekâletin ve imza devrinin bitişi girilmelidir."), "ends_at")]
    if holder is None:
        return [Finding(_("Bu makamda o sırada asaleten görevli bir yönetici yok."), "represents")]
    found = []
    if wanted.manager is not None and holder.manager_id == wanted.manager.pk:
        found.append(Finding(_("Yönetici kendisine vekâlet edemez."), "manager"))
    if not _within(wanted.validity, [holder.validity]):
        text = _("Asıl yöneticinin görevi bu sürenin tamamını kapsamıyor (%(span)s).")
        found.append(Finding(text % {"span": span(holder.validity)}, "ends_at"))
    if wanted.kind == AppointmentKind.ACTING_FILLED:
        absences = AbsenceState.objects.current().filter(appointment_id=holder.appointment_id)
        away = [state.validity for state in absences.overlapping(wanted.validity)]
        if wanted.away is not None:
            away.append(wanted.away)
        if not _within(wanted.validity, away):
            text = _(
                "Asıl yönetici bu sürenin tamamında izinli ya da görevli değil. Önce ayrılışını "
                "kaydedin ya da süreyi ona uydurun."
            )
            found.append(Finding(text, "starts_at"))
    return found


def _person(wanted: Wanted, register: Register) -> list[Finding]:
    """What the person does elsewhere at that time."""
    if wanted.manager is None or wanted.manager.pk is None:
        return []
    found = []
    if SLOT_OF[wanted.kind] != Slot.HOLDER:
        away = register.absence(wanted.manager, wanted.validity)
        if away is not None:
            text = _("Yönetici o sırada kendisi izinli ya da görevli görünüyor (%(span)s).")
            found.append(Finding(text % {"span": span(away.validity)}, "manager"))
    if wanted.kind == AppointmentKind.SUBSTANTIVE:
        post = wanted.post if wanted.post and wanted.post.pk else None
        elsewhere = register.elsewhere(wanted.manager, wanted.validity, post=post, own=wanted.own)
        if elsewhere is not None:
            text = _("Yönetici o sırada %(unit)s biriminde de asaleten görevli (%(span)s).")
            told = {"unit": elsewhere.unit.name, "span": span(elsewhere.validity)}
            found.append(Finding(text % told, "manager", refuses=False))
    return found


def _within(inner: DateTimeTZRange, outer: list[DateTimeTZRange]) -> bool:
    """Whether the union of `outer` covers `inner`, which has an end."""
    reached = inner.lower
    for piece in sorted(outer, key=lambda each: each.lower):
        if piece.lower > reached:
            break
        if piece.upper is None or piece.upper >= inner.upper:
            return True
        reached = max(reached, piece.upper)
    return False
