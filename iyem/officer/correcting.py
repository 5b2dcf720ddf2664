"""What correcting an appointment would do, told before it is saved.

Conflicts come from the rules that the service applies; what ends or is cut short with it, from the
proxies and absences on record; and the answers about signing authority, before and after, from the
same function that gives them (`iyem.authority.decide`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from iyem import rules
from iyem.authority import Answer, Facts, Held, Question, decide, facts_for
from iyem.models import AbsenceState, Appointment, AppointmentKind, AppointmentState
from iyem.officer.placing import Preview
from iyem.services.appointments import common
from iyem.services.states import current_state, term
from kaysis.common.errors import RuleViolation
from kaysis.common.types import Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the register says of a time: as whom somebody signs, or why not."""

    authorised: bool
    text: Text


@dataclass(frozen=True, slots=True)
class Difference:
    """A time `[since, until)` for which the answer changes."""

    since: dt.datetime
    until: dt.datetime | None
    before: Verdict
    after: Verdict

    @property
    def span(self) -> str:
        return rules.span(DateTimeTZRange(self.since, self.until))


@dataclass(frozen=True, slots=True)
class Dependant:
    """A proxy or an absence that does not outlast the corrected term."""

    what: Text
    before: str
    # Blank: nothing of it is left.
    after: str


@dataclass(slots=True)
class Correction(Preview):
    """As `Preview`; `changed` once anything differs from the record."""

    changed: bool = False
    differences: list[Difference] = field(default_factory=list)
    dependants: list[Dependant] = field(default_factory=list)


def preview(*, appointment: Appointment, state: AppointmentState, form: Any) -> Correction:
    """Everything there is to say about a `CorrectForm` that is being filled in; saves nothing."""
    form.is_valid()
    given = form.cleaned_data
    kind = AppointmentKind(appointment.kind)
    shown = Correction(kind=kind)
    if state.withdrawn or not given.get("starts_at") or "ends_at" in form.errors:
        return shown
    try:
        validity = term(given["starts_at"], given.get("ends_at"))
    except RuleViolation as error:
        shown.changed = True
        shown.findings.append(rules.Finding(str(error), error.field))
        return shown
    title = given.get("title", state.title)
    ground = given.get("legal_ground", state.legal_ground)
    shown.changed = rules.corrects(state, validity, title, ground)
    if not shown.changed:
        return shown
    represents = current_state(appointment.represents) if appointment.represents else None
    shown.findings = rules.findings(
        rules.Wanted(
            unit=appointment.post.unit,
            post=appointment.post,
            manager=appointment.manager,
            kind=kind,
            validity=validity,
            represents=represents,
            own=appointment.pk,
        )
    )
    # A reason that is still to be written is no conflict.
    shown.complete = not set(form.errors) - {"reason"}
    if shown.complete and not shown.refused:
        shown.dependants = list(_dependants(appointment, validity))
        shown.differences = list(_differences(appointment, state, validity, title))
        if "reason" in form.errors:
            shown.notes.append(_("Kaydetmek için düzeltmenin gerekçesini yazın."))
    return shown


def _dependants(appointment: Appointment, validity: DateTimeTZRange) -> Iterator[Dependant]:
    proxies = (
        AppointmentState.objects.current()
        .filter(appointment__represents=appointment, validity__isempty=False)
        .select_related("appointment", "manager__person")
    )
    absences = (
        AbsenceState.objects.current()
        .filter(appointment=appointment, validity__isempty=False)
        .select_related("absence")
    )
    told: list[tuple[Text, DateTimeTZRange]] = [
        *(
            (f"{each.appointment.get_kind_display()}: {each.manager.person}", each.validity)
            for each in proxies
        ),
        *((each.absence.get_kind_display(), each.validity) for each in absences),
    ]
    for what, before in told:
        rest = common(before, validity)
        if rest != before:
            yield Dependant(what, rules.span(before), "" if rest.isempty else rules.span(rest))


# --- What the register answers ------------------------------------------------------------------


def _differences(
    appointment: Appointment, state: AppointmentState, validity: DateTimeTZRange, title: str
) -> Iterator[Difference]:
    """Times in their order, neighbours with the same two answers as one.

    Whether the list is confirmed in time is another question, and the same before and after.
    """
    unit, code = appointment.post.unit_id, appointment.manager.manager_code
    now = timezone.now()
    bounds = _bounds(appointment, state, validity)
    questions = [Question(unit, code, moment) for moment in bounds]
    found: list[tuple[dt.datetime, Verdict, Verdict]] = []
    for question, gathered in zip(questions, facts_for(questions), strict=True):
        facts = gathered._replace(confirmed_at=question.at)
        corrected = _corrected(facts, appointment.pk, validity, title, now)
        pair = (
            verdict_of(decide(question, now, facts)),
            verdict_of(decide(question, now, corrected)),
        )
        if not found or found[-1][1:] != pair:
            found.append((question.at, *pair))
    ends = [since for since, _before, _after in found[1:]]
    for (since, before, after), until in zip(found, [*ends, None], strict=True):
        if before != after:
            yield Difference(since, until, before, after)


def _bounds(
    appointment: Appointment, state: AppointmentState, validity: DateTimeTZRange
) -> list[dt.datetime]:
    """Every moment at which an answer may begin to be another one."""
    away = AbsenceState.objects.current().filter(appointment=appointment, validity__isempty=False)
    ranges = [state.validity, validity, *(each.validity for each in away)]
    moments = {bound for each in ranges for bound in (each.lower, each.upper)}
    return sorted(moment for moment in {*moments, appointment.registered_at} if moment is not None)


def _corrected(
    facts: Facts, appointment: int, validity: DateTimeTZRange, title: str, now: dt.datetime
) -> Facts:
    """The facts as they will be once the correction is saved."""
    return facts._replace(
        held=tuple(
            _moved(held, validity, title, now) if held.appointment == appointment else held
            for held in facts.held
        ),
    )


def _moved(held: Held, validity: DateTimeTZRange, title: str, now: dt.datetime) -> Held:
    parts = [common(DateTimeTZRange(*each), validity) for each in held.absences]
    return held._replace(
        title=title.strip(),
        since=validity.lower,
        until=validity.upper,
        recorded_at=now,
        absences=tuple((each.lower, each.upper) for each in parts if not each.isempty),
    )


def verdict_of(answer: Answer) -> Verdict:
    if answer.authorised:
        return Verdict(True, f"{answer.title} {answer.mark}".strip())
    return Verdict(False, str(answer.explanation))
