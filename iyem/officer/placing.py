"""From a filled form to a registered appointment, and to what there is to say before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from detsis import selectors as detsis_selectors
from detsis.models import Unit
from iyem import rules, selectors, services
from iyem.models import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    LegacyManager,
    LegacyWipe,
    Manager,
    Post,
)
from iyem.models.appointment import Source
from iyem.officer import people
from iyem.services.managers import same_name
from iyem.services.proxies import holder_of
from iyem.services.states import is_late, term
from kaysis.accounts.models import Person
from kaysis.common.errors import RuleViolation, friendly_integrity

LATEST = 5


@dataclass(slots=True)
class Preview:
    """What the form would do, as far as it is filled in."""

    found: people.Found | None = None
    career: list[dict[str, Any]] = field(default_factory=list)
    unit: Unit | None = None
    path: list[Any] = field(default_factory=list)
    present: list[Any] = field(default_factory=list)
    findings: list[rules.Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Whether everything is filled in, so that the findings are all there are.
    complete: bool = False
    kind: AppointmentKind | None = None

    @property
    def refused(self) -> bool:
        return any(finding.refuses for finding in self.findings)

    @property
    def in_the_way(self) -> AppointmentState | None:
        """Who holds the post now, when that is what refuses the new one."""
        if not any(finding.conflict for finding in self.findings):
            return None
        for chair in self.present:
            if self.kind == AppointmentKind.DELEGATED:
                return chair.delegate
            if self.kind == AppointmentKind.ACTING_FILLED:
                return chair.acting
            return chair.holder or chair.acting
        return None


@transaction.atomic
def manager_for(actor: Person, given: dict[str, Any]) -> Manager:
    """The manager the form means; somebody new is registered with a code (rule 15)."""
    found: people.Found = given["who"]
    if found.manager is not None:
        same_name(found.manager.person, given.get("given_name", ""), given.get("family_name", ""))
        return found.manager
    return services.register_manager(
        actor=actor,
        national_id=found.number,
        given_name=given.get("given_name", ""),
        family_name=given.get("family_name", ""),
    )


def register(
    *, actor: Person, given: dict[str, Any], source: Source = Source.SCREEN
) -> Appointment:
    """Save a filled `RegisterForm`: the manager, the chair of a further deputy, the appointment.

    All or nothing. Raises what the services raise.
    """
    with friendly_integrity(AppointmentState, Appointment, Post), transaction.atomic():
        unit, ordinal = given["unit"], given["ordinal"]
        # People before chairs, as `services.bulk` locks them.
        manager = manager_for(actor, given)
        open_chair(actor, unit, ordinal)
        return services.register_appointment(
            actor=actor,
            unit=unit,
            manager=manager,
            title=given["title"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            kind=given["kind"],
            ordinal=ordinal,
            legal_ground=given["legal_ground"],
            source=source,
        )


def open_chair(actor: Person, unit: Unit, ordinal: int) -> None:
    """Open the chair of the next deputy, if that is the one wanted. `RuleViolation` at ordinal."""
    if ordinal == 0 or Post.objects.filter(unit=unit, ordinal=ordinal).exists():
        return
    deputies = Post.objects.filter(unit=unit, ordinal__gt=0).count()
    if ordinal > deputies + 1:
        raise RuleViolation(
            _("Önce %(n)d. amir yardımcısını kaydedin.") % {"n": deputies + 1}, field="ordinal"
        )
    services.open_deputy_post(actor=actor, unit=unit)


def register_proxy(*, actor: Person, unit: Unit, ordinal: int, given: dict[str, Any]) -> Any:
    """Save a filled `ProxyForm`. All or nothing."""
    with friendly_integrity(AppointmentState, Appointment, Post), transaction.atomic():
        return services.register_proxy(
            actor=actor,
            unit=unit,
            manager=manager_for(actor, given),
            kind=given["kind"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            title=given["title"],
            ordinal=ordinal,
            absence=_absence(given),
            legal_ground=given["legal_ground"],
        )


def _absence(given: dict[str, Any]) -> str | None:
    acting = given["kind"] == AppointmentKind.ACTING_FILLED
    return given.get("absence") or None if acting else None


# --- Before saving -------------------------------------------------------------------------------


def preview(*, actor: Person, form: Any, unit: Unit | None = None, ordinal: int = 0) -> Preview:
    """Everything there is to say about a form that is being filled in; nothing is saved."""
    form.is_valid()
    given = dict(form.cleaned_data)
    shown = Preview(unit=unit or given.get("unit"))
    if "ordinal" in form.fields:
        ordinal = given.get("ordinal") or 0
    _look_at_person(actor, shown, given.get("who"))
    shown.findings += _other_name(given)
    post = None
    if shown.unit is not None:
        shown.path = detsis_selectors.path(shown.unit.pk)
        post = Post.objects.filter(unit=shown.unit, ordinal=ordinal).first()
        chairs = selectors.chairs_of([shown.unit.pk]).get(shown.unit.pk, [])
        shown.present = [chair for chair in chairs if chair.post.ordinal == ordinal]
    needed = ["starts_at", "kind"]
    if form.fields["ends_at"].required:
        needed.append("ends_at")
    if shown.unit is None or not all(given.get(name) for name in needed):
        return shown
    try:
        validity = term(given["starts_at"], given.get("ends_at"))
    except RuleViolation as error:
        shown.findings.append(rules.Finding(str(error), error.field))
        return shown
    kind = shown.kind = AppointmentKind(given["kind"])
    wanted = rules.Wanted(
        unit=shown.unit,
        post=post,
        manager=shown.found.manager if shown.found else None,
        kind=kind,
        validity=validity,
        represents=holder_of(post, validity) if post else None,
        away=validity if validity.upper and _absence(given) else None,
    )
    shown.findings += rules.findings(wanted)
    shown.notes += _notes(shown.unit, post, validity.lower)
    shown.complete = form.is_valid()
    return shown


def _look_at_person(actor: Person, shown: Preview, found: people.Found | None) -> None:
    if found is None:
        return
    shown.found = found
    if found.person is not None:
        people.record_look(
            actor=actor, person=found.person, purpose=_("İYEM kaydı: kimlik numarasıyla arama")
        )
    if found.manager is not None:
        states = selectors.career_of(found.manager)[:LATEST]
        paths = detsis_selectors.paths({state.unit_id for state in states})
        shown.career = [
            {"state": state, "path": paths.get(state.unit_id, [])[:-1]} for state in states
        ]


def _other_name(given: dict[str, Any]) -> list[rules.Finding]:
    """What saving would say of a typed name that is not the one on record."""
    found: people.Found | None = given.get("who")
    known = found and (found.manager.person if found.manager else found.person)
    if not known:
        return []
    try:
        same_name(known, given.get("given_name", ""), given.get("family_name", ""))
    except RuleViolation as error:
        return [rules.Finding(str(error), error.field)]
    return []


def _notes(unit: Unit, post: Post | None, starts_at: dt.datetime) -> list[str]:
    """What follows from saving that is no mistake."""
    now = timezone.now()
    said = []
    first = post is None or not Appointment.objects.filter(post=post).exists()
    if first:
        said.append(_("Bu makamın İYEM'deki ilk kaydı olacak."))
    elif is_late(starts_at, now):
        said.append(
            _("Geç kayıt olarak işaretlenecek: değişiklik, olduğu gün kaydedilmeliydi (13. esas).")
        )
    if starts_at < now:
        said.append(_("İmza yetkisi kaydedildiği anda başlar; daha önceki imzaları kapsamaz."))
    wiped = _names_to_be_wiped(unit)
    if wiped:
        text = _(
            "Kurumun İYEM'deki ilk kaydı: elle girilmiş %(n)d eski yönetici adı silinecek "
            "(11. esas)."
        )
        said.append(text % {"n": wiped})
    return said


def _names_to_be_wiped(unit: Unit) -> int:
    """How many legacy names this institution's first registration takes away."""
    if not LegacyManager.objects.filter(wipe=None).exists():
        return 0
    institution = detsis_selectors.institution_of(unit)
    if institution is None or LegacyWipe.objects.filter(institution=institution).exists():
        return 0
    return selectors.legacy_names_within(institution)
