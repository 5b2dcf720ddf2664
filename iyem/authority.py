"""May this manager sign for this unit at this moment? (rules 15–17)

`ask` answers one question or a thousand with one statement. The rules of an answer are in `decide`,
which knows no database:

- authority begins when the appointment was *registered*, however early it is said to have begun;
- a holder who is away does not sign; whoever acts signs within the absence only;
- a record that nobody has confirmed for `IYEM_CONFIRMATION_DAYS` is not kept current (rule 16):
  the answer is no, with the reason "unconfirmed";
- a closed unit signs nothing;
- with `known_at` the register answers as it would have at that moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import orjson
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis.models import UnitChange
from detsis.timeline import Step, fold, state_at
from iyem.models import AppointmentKind
from kaysis.common.types import Text

CAPACITY: Final = {
    AppointmentKind.SUBSTANTIVE: "holder",
    AppointmentKind.ACTING_FILLED: "acting",
    AppointmentKind.ACTING_VACANT: "acting",
    AppointmentKind.DELEGATED: "delegate",
}
# What is written beside the title on a letter.
MARK: Final = {"holder": "", "acting": "V.", "delegate": "a."}

REASONS: Final[dict[str, Text]] = {
    "": _("Bu yönetici bu birim adına imza atabilir."),
    "unknown_unit": _("Bu numarayla kayıtlı bir birim yok."),
    "unknown_manager": _("Bu kodla kayıtlı bir yönetici yok."),
    "unit_closed": _("Birim bu tarihte faal değil."),
    "no_appointment": _("Yöneticinin bu birimde kayıtlı bir görevi yok."),
    "not_begun": _("Yöneticinin bu birimdeki görevi o anda başlamamıştı."),
    "ended": _("Yöneticinin bu birimdeki görevi o andan önce sona ermişti."),
    "not_registered_yet": _("Görev o anda henüz İYEM'e kaydedilmemişti; yetki kayıtla başlar."),
    "absent": _("Yönetici o anda izinli ya da görevli; yerine vekili imza atar."),
    "unconfirmed": _("Kayıt güncel tutulmamış: kurum, listesini süresi içinde teyit etmemiş."),
}
# Of several appointments in one unit the answer is that of the strongest.
_STRENGTH: Final = {
    reason: place
    for place, reason in enumerate(
        [
            "",
            "unconfirmed",
            "absent",
            "not_registered_yet",
            "unit_closed",
            "ended",
            "not_begun",
        ]
    )
}


class Question(NamedTuple):
    """`at` and `known_at` are aware; `known_at` None: what the register knows now."""

    unit: int
    manager_code: int
    at: dt.datetime
    known_at: dt.datetime | None = None


class Held(NamedTuple):
    """One appointment of the manager in the unit, as the register held it then."""

    appointment: int
    kind: AppointmentKind
    title: str
    since: dt.datetime
    until: dt.datetime | None
    registered_at: dt.datetime
    recorded_at: dt.datetime
    absences: tuple[tuple[dt.datetime, dt.datetime], ...] = ()


class Facts(NamedTuple):
    """All that an answer rests on."""

    unit_known: bool
    manager_known: bool
    unit_active: bool
    held: tuple[Held, ...]
    confirmed_at: dt.datetime | None


class Answer(NamedTuple):
    """Field names as the API gives them; `reason` is a key of REASONS."""

    question: Question
    known_at: dt.datetime
    authorised: bool
    reason: str
    capacity: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    confirmed_at: dt.datetime | None = None
    appointment: int | None = None
    title: str = ""

    @property
    def explanation(self) -> Text:
        return REASONS[self.reason]

    @property
    def mark(self) -> str:
        """`V.` or `a.`, to be put beside the title."""
        return MARK.get(self.capacity or "", "")


def ask(questions: Sequence[Question]) -> list[Answer]:
    """The answers, in the order of the questions. One statement, whatever their number; one more
    when any asks with `known_at`."""
    now = timezone.now()
    known = [min(question.known_at or now, now) for question in questions]
    facts = _gather(questions, known)
    if any(question.known_at is not None for question in questions):
        changes = _recorded(questions)
        facts = [
            _as_known(question, known_at, fact, changes)
            for question, known_at, fact in zip(questions, known, facts, strict=True)
        ]
    return list(map(decide, questions, known, facts))


def ask_one(
    unit: int, manager_code: int, at: dt.datetime, known_at: dt.datetime | None = None
) -> Answer:
    return ask([Question(unit, manager_code, at, known_at)])[0]


def facts_for(questions: Sequence[Question]) -> list[Facts]:
    """What answers rest on as the register stands now, for whoever asks what would change them."""
    now = timezone.now()
    return _gather(questions, [now] * len(questions))


def decide(question: Question, known_at: dt.datetime, facts: Facts) -> Answer:
    """The answer that follows from the facts."""
    if not facts.unit_known:
        return Answer(question, known_at, False, "unknown_unit")
    if not facts.manager_known:
        return Answer(question, known_at, False, "unknown_manager")
    if not facts.held:
        return Answer(question, known_at, False, "no_appointment")
    answers = [_of(question, known_at, facts, held) for held in facts.held]
    return min(answers, key=_strength) if len(answers) > 1 else answers[0]


def _strength(answer: Answer) -> int:
    return _STRENGTH[answer.reason]


def _of(question: Question, known_at: dt.datetime, facts: Facts, held: Held) -> Answer:
    at = question.at
    since, until = _bounds(held, at)
    confirmed = max(held.registered_at, held.recorded_at)
    if facts.confirmed_at is not None:
        confirmed = max(confirmed, facts.confirmed_at)
    # Of a moment to come it is not known yet whether it will be confirmed: now counts.
    patience = dt.timedelta(days=settings.IYEM_CONFIRMATION_DAYS)
    if held.until is not None and held.until <= at:
        reason = "ended"
    elif at < held.since:
        reason = "not_begun"
    elif at < held.registered_at:
        reason = "not_registered_yet"
    elif not facts.unit_active:
        reason = "unit_closed"
    elif any(start <= at < end for start, end in held.absences):
        reason = "absent"
    elif min(at, known_at) - confirmed > patience:
        reason = "unconfirmed"
    else:
        reason = ""
    return Answer(
        question,
        known_at,
        authorised=reason == "",
        reason=reason,
        capacity=CAPACITY[held.kind],
        since=since,
        until=until,
        confirmed_at=confirmed,
        appointment=held.appointment,
        title=held.title,
    )


def _bounds(held: Held, at: dt.datetime) -> tuple[dt.datetime, dt.datetime | None]:
    """From when to when the authority that `at` falls into holds without a break."""
    since, until = max(held.since, held.registered_at), held.until
    for start, end in held.absences:
        if end <= at:
            since = max(since, end)
        elif start > at:
            until = start if until is None else min(until, start)
    return since, until


def _recorded(questions: Sequence[Question]) -> dict[int, list[UnitChange]]:
    """The changes of the units whose past knowledge is asked for."""
    units = {question.unit for question in questions if question.known_at is not None}
    found: dict[int, list[UnitChange]] = {unit: [] for unit in units}
    if units:
        for change in UnitChange.objects.filter(unit_id__in=units):
            found[change.unit_id].append(change)
    return found


def _as_known(
    question: Question,
    known_at: dt.datetime,
    facts: Facts,
    changes: dict[int, list[UnitChange]],
) -> Facts:
    """Was the unit open that day, as the register of `known_at` would have said?"""
    if question.known_at is None:
        return facts
    known = [each for each in changes[question.unit] if each.recorded_at <= known_at]
    if not known:  # the unit was loaded later than its managers: nothing else is known of it
        return facts
    voided = {change.voids_id for change in known}
    steps = [
        Step(change.pk, change.effective_on, change.assignments)
        for change in known
        if change.pk not in voided
    ]
    version = state_at(fold(steps), timezone.localdate(question.at))
    active = version is not None and bool(version.facts["active"])
    return facts._replace(unit_active=active)


# A function of the database (`iyem.facts_sql`): its plan is kept with the connection.
_SQL = "SELECT iyem_signing_facts(%s, %s, %s, %s, %s)"


def _gather(questions: Sequence[Question], known: Sequence[dt.datetime]) -> list[Facts]:
    params = [
        _array(question.unit for question in questions),
        _array(question.manager_code for question in questions),
        _array(question.at.isoformat() for question in questions),
        _array(moment.isoformat() for moment in known),
        settings.TIME_ZONE,
    ]
    found: list[list[list[Any]]] = [[] for _question in questions]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, params)
        for row in orjson.loads(cursor.fetchone()[0] or "[]"):
            found[row[0] - 1].append(row)
    return [_facts(rows) for rows in found]


def _array(values: Iterable[object]) -> str:
    """As PostgreSQL writes arrays of numbers and moments: the driver takes lists much slower."""
    return f"{{{','.join(map(str, values))}}}"


def _facts(rows: list[list[Any]]) -> Facts:
    _n, unit_known, manager_known, active = rows[0][:4]
    # In the order of their appointments; one row without any where there is none.
    held = tuple(map(_held, sorted(rows))) if rows[0][4] is not None else ()
    return Facts(unit_known, manager_known, active, held, _moment(rows[0][12]))


def _held(row: list[Any]) -> Held:
    return Held(
        appointment=row[4],
        kind=AppointmentKind(row[5]),
        title=row[6],
        since=_moment(row[7]),
        until=_moment(row[8]),
        registered_at=_moment(row[9]),
        recorded_at=_moment(row[10]),
        absences=tuple((_moment(start), _moment(end)) for start, end in row[11] or ()),
    )


def _moment(text: str | None) -> Any:
    """A moment of the database; None stays None."""
    return None if text is None else dt.datetime.fromisoformat(text)
