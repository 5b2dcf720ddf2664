"""Random histories: never two holders at one instant, and answers that agree with a plain model."""

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iyem import services
from iyem.authority import Question, ask
from iyem.services.states import as_recorded_at
from kaysis.common.errors import KaysisError
from tests.factories.detsis import unit
from tests.factories.iyem import centre, manager, moment

START = moment("2024-01-01")
HOURS = 24
PEOPLE = 4


@dataclass(frozen=True)
class Entry:
    """An appointment or an absence of the plain model; `span` None when withdrawn."""

    kind: str
    who: int
    span: tuple[int, int | None] | None
    registered: int
    of: int | None = None


@dataclass
class Model:
    """The register as lists: what was known after each recorded step."""

    entries: dict[int, Entry] = field(default_factory=dict)
    history: list[tuple[int, dict[int, Entry]]] = field(default_factory=list)

    def keep(self, step: int) -> None:
        self.history.append((step, dict(self.entries)))

    def known_at(self, step: int) -> dict[int, Entry]:
        known: dict[int, Entry] = {}
        for when, entries in self.history:
            if when <= step:
                known = entries
        return known


def covers(span, hour):
    return span is not None and span[0] <= hour and (span[1] is None or hour < span[1])


def plain_answer(entries, who, hour):
    """Hour by hour, appointment by appointment, as the rules say in words."""
    for key, entry in entries.items():
        if entry.kind == "absence" or entry.who != who or not covers(entry.span, hour):
            continue
        if hour < entry.registered:
            continue
        away = any(
            other.kind == "absence" and other.of == key and covers(other.span, hour)
            for other in entries.values()
        )
        if away and entry.kind in ("substantive", "acting_vacant"):
            continue
        return True
    return False


def cut(span, limit):
    if span is None or limit is None:
        return None
    low = max(span[0], limit[0])
    ends = [end for end in (span[1], limit[1]) if end is not None]
    high = min(ends) if ends else None
    return None if high is not None and high <= low else (low, high)


hours = st.integers(0, HOURS)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "substantive",
                "acting_vacant",
                "acting_filled",
                "delegated",
                "end",
                "correct",
                "withdraw",
                "absence",
                "return",
            ]
        ),
        st.integers(0, PEOPLE - 1),
        hours,
        hours,
        st.integers(0, 30),
    ),
    min_size=3,
    max_size=18,
)


class Register:
    """Drives the services and the model side by side; a refused step changes neither."""

    def __init__(self):
        self.centre = centre()
        self.office = unit()
        self.people = [manager() for _ in range(PEOPLE)]
        self.model = Model()
        self.rows = {}
        self.model.keep(-1)

    def at(self, hour):
        return START + dt.timedelta(hours=hour)

    def do(self, step, wanted):
        try:
            with transaction.atomic(), as_recorded_at(self.at(step)):
                change = self._act(step, wanted)
                # What the end of the transaction checks, now.
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except (KaysisError, ValidationError):
            return False
        if change is None:
            return False
        change()
        self.model.keep(step)
        return True

    def _pick(self, pick, *kinds):
        alive = [
            key
            for key, entry in self.model.entries.items()
            if entry.kind in kinds and entry.span is not None
        ]
        return alive[pick % len(alive)] if alive else None

    def _act(self, step, wanted):
        action, who, low, high, pick = wanted
        entries = self.model.entries
        given = {"actor": self.centre}
        if action in ("substantive", "acting_vacant"):
            end = None if high <= low and pick % 2 else high
            row = services.register_appointment(
                **given,
                unit=self.office,
                manager=self.people[who],
                title="Müdür",
                kind=action,
                starts_at=self.at(low),
                ends_at=None if end is None else self.at(end),
            )
            return self._add(("a", row.pk), row, Entry(action, who, (low, end), step))
        if action in ("acting_filled", "delegated"):
            row = services.register_proxy(
                **given,
                unit=self.office,
                manager=self.people[who],
                kind=action,
                starts_at=self.at(low),
                ends_at=self.at(high),
            )
            of = ("a", row.represents_id)
            return self._add(("a", row.pk), row, Entry(action, who, (low, high), step, of))
        if action == "absence":
            key = self._pick(pick, "substantive", "acting_vacant")
            if key is None:
                return None
            row = services.record_absence(
                **given,
                appointment=self.rows[key],
                kind="leave",
                starts_at=self.at(low),
                ends_at=self.at(high),
            )
            entry = Entry("absence", entries[key].who, (low, high), step, key)
            return self._add(("b", row.pk), row, entry)
        if action == "return":
            key = self._pick(pick, "absence")
            if key is None:
                return None
            services.change_absence(
                **given,
                absence=self.rows[key],
                starts_at=self.at(low),
                ends_at=self.at(high),
                reason="Dönüş",
            )
            return lambda: self._back(key, (low, high))
        key = self._pick(pick, "substantive", "acting_vacant", "acting_filled", "delegated")
        if key is None:
            return None
        row, old = self.rows[key], entries[key].span
        if action == "end":
            services.end_appointment(
                **given, appointment=row, ends_at=self.at(high), reason="Ayrıldı"
            )
            return lambda: self._set(key, (old[0], high))
        if action == "correct":
            services.correct_appointment(
                **given,
                appointment=row,
                starts_at=self.at(low),
                ends_at=self.at(high),
                reason="Düzeltme",
            )
            return lambda: self._set(key, (low, high))
        services.withdraw_appointment(**given, appointment=row, reason="Yanlış")
        return lambda: self._set(key, None)

    def _add(self, key, row, entry):
        def change():
            self.rows[key] = row
            self.model.entries[key] = entry

        return change

    def _set(self, key, span):
        entries = self.model.entries
        entries[key] = replace(entries[key], span=span)
        for other, entry in list(entries.items()):
            if entry.of == key:
                entries[other] = replace(entry, span=cut(entry.span, span))

    def _back(self, key, span):
        entries = self.model.entries
        before, holder = entries[key].span, entries[key].of
        entries[key] = replace(entries[key], span=span)
        for other, entry in list(entries.items()):
            if entry.of == holder and entry.kind == "acting_filled" and cut(entry.span, before):
                entries[other] = replace(entry, span=cut(entry.span, span))


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_random_histories_agree_with_a_plain_model(steps):
    with transaction.atomic():
        register = Register()
        for step, wanted in enumerate(steps):
            register.do(step, wanted)
        asked = [
            (who, hour, known)
            for who in range(PEOPLE)
            for hour in range(-1, HOURS + 2, 1)
            for known in (len(steps), len(steps) // 2)
        ]
        answers = ask(
            [
                Question(
                    register.office.pk,
                    register.people[who].manager_code,
                    register.at(hour),
                    register.at(known) + dt.timedelta(minutes=1),
                )
                for who, hour, known in asked
            ]
        )
        signing: dict[tuple[int, int], int] = {}
        for (who, hour, known), found in zip(asked, answers, strict=True):
            entries = register.model.known_at(known)
            assert found.authorised == plain_answer(entries, who, hour), (found, entries)
            if found.authorised and found.capacity != "delegate":
                signing[hour, known] = signing.get((hour, known), 0) + 1
        assert all(count == 1 for count in signing.values()), "two signatories at one instant"
        transaction.set_rollback(True)
