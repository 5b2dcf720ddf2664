"""Registering very many managers in one transaction, as `register_manager` and
`register_appointment` do it for one.

What is needed is read once for all entries, under the same locks, and written in batches: the
number of statements does not grow with the entries. Each entry is held against the register and
against the entries before it by the same rules (`iyem.rules`); the constraints and triggers of the
database have the last word, as always.

Locks are taken in one order: people, manager codes (by their unique index, the lower first),
chairs, then the rows of posts and managers. Each is of one person, code, unit, post or manager:
registrations of other people elsewhere go on while a sheet is saved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem import rules
from iyem.lookups import Loaded
from iyem.models import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Manager,
    Post,
    PostKind,
)
from iyem.models.appointment import SLOT_OF, Source
from iyem.permissions import outside_scope
from iyem.services.legacy import wipe_legacy_names_of
from iyem.services.managers import make_managers, same_name
from iyem.services.states import is_late, lock, origin, recording_moment, term
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person
from kaysis.accounts.services.people import create_people
from kaysis.common import turkish
from kaysis.common.errors import KaysisError, NotAllowed, RuleViolation, friendly_integrity
from kaysis.common.pagecache import bump_data_version

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One manager to be registered. `fingerprint` is the hash of the national id, `secret` the
    encrypted id, both made by `kaysis.accounts.cipher`; names may be empty for a known person."""

    fingerprint: str
    secret: bytes
    given_name: str
    family_name: str
    unit: int
    ordinal: int
    title: str
    kind: AppointmentKind
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    legal_ground: str


class EntryRefused(Exception):
    """Entry number `place` (from 0) cannot be registered; nothing was."""

    def __init__(self, place: int, error: KaysisError | ValidationError) -> None:
        super().__init__(place, error)
        self.place = place
        self.error = error


def register_many(
    *, actor: Person, entries: Sequence[Entry], source: Source | str = Source.BULK
) -> list[Appointment]:
    """Register all entries, or none; they count in the order given (earlier terms and lower chairs
    first). Chairs of deputies are opened as they are needed.

    Raises `NotAllowed`, `EntryRefused` with what `register_appointment` would raise for that entry,
    or `ValidationError` where only the database saw what is wrong.
    """
    if not entries:
        return []
    numbers = {entry.unit for entry in entries}
    with friendly_integrity(AppointmentState, Appointment, Post), transaction.atomic():
        if outside_scope(actor, numbers):
            raise NotAllowed(_("Bu birim görev alanınızda değil."))
        units = Unit.objects.in_bulk(numbers)
        with because(str(_("Yönetici kaydı")), actor=actor):
            managers = _managers(entries)
        posts = _posts(entries, units)
        lock({post.pk for post in posts.values()}, {manager.pk for manager in managers.values()})
        writer = _Writer(actor, posts, managers, source)
        for place, entry in enumerate(entries):
            with said_of(place):
                writer.put(entry, units[entry.unit])
        made = writer.save()
        wipe_legacy_names_of(actor=actor, units=numbers, at=writer.at)
        bump_data_version()
    return made


@contextmanager
def said_of(place: int) -> Iterator[None]:
    """Says of which entry an error speaks."""
    try:
        yield
    except (KaysisError, ValidationError) as error:
        raise EntryRefused(place, error) from error


def _managers(entries: Sequence[Entry]) -> dict[str, Manager]:
    """The managers by fingerprint of their national id; people and codes are made where needed."""
    prints = {entry.fingerprint for entry in entries}
    known = _locked_people(prints)
    new: dict[str, Person] = {}
    for place, entry in enumerate(entries):
        if entry.fingerprint not in known and entry.fingerprint not in new:
            with said_of(place):
                new[entry.fingerprint] = _new_person(entry)
    if new:
        create_people([new[fingerprint] for fingerprint in sorted(new)])
        known = _locked_people(prints)
    for place, entry in enumerate(entries):
        with said_of(place):
            same_name(known[entry.fingerprint], entry.given_name, entry.family_name)
    return _managers_of(known)


def _new_person(entry: Entry) -> Person:
    if not entry.given_name or not entry.family_name:
        text = _("Bu kişi kayıtlı değil; adını ve soyadını da yazın.")
        raise RuleViolation(text, field="given_name")
    person = Person(
        given_name=turkish.person_name(entry.given_name),
        family_name=turkish.person_name(entry.family_name),
        national_id_hash=entry.fingerprint,
        national_id_encrypted=entry.secret,
    )
    person.clean_fields()
    return person


def _locked_people(prints: set[str]) -> dict[str, Person]:
    people = Person.objects.select_for_update(no_key=True).filter(national_id_hash__in=prints)
    return {person.national_id_hash: person for person in people.order_by("pk")}


def _managers_of(people: dict[str, Person]) -> dict[str, Manager]:
    by_person = {
        manager.person_id: manager
        for manager in Manager.objects.filter(person__in=people.values()).select_related("person")
    }
    without = [person for person in people.values() if person.pk not in by_person]
    if without:
        by_person.update(make_managers(without))
    return {fingerprint: by_person[person.pk] for fingerprint, person in people.items()}


def _posts(entries: Sequence[Entry], units: dict[int, Unit]) -> dict[tuple[int, int], Post]:
    """The chairs by unit and ordinal. Those of heads come into being when first asked for, those
    of deputies one after the other."""
    wanted = sorted({(entry.unit, entry.ordinal) for entry in entries})
    deputies = sorted({unit for unit, ordinal in wanted if ordinal})
    with connection.cursor() as cursor:
        # As `open_deputy_post` locks one.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('iyem.posts/' || n, 0))"
            " FROM (SELECT n FROM unnest(%s::int[]) n ORDER BY n) each",
            [deputies],
        )
    there = _chairs(units)
    made = dict.fromkeys(key for key in wanted if key not in there)
    for place, entry in enumerate(entries):
        with said_of(place):
            for ordinal in range(1, entry.ordinal):
                if (entry.unit, ordinal) not in there and (entry.unit, ordinal) not in made:
                    text = _("Önce %(n)d. amir yardımcısını kaydedin.") % {"n": ordinal}
                    raise RuleViolation(text, field="ordinal")
    new = [
        Post(unit=units[unit], ordinal=ordinal, kind=PostKind.DEPUTY if ordinal else PostKind.HEAD)
        for unit, ordinal in made
    ]
    if new:
        # The head's chair may have come into being meanwhile.
        Post.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
        there = _chairs(units)
    return {key: there[key] for key in wanted}


def _chairs(units: dict[int, Unit]) -> dict[tuple[int, int], Post]:
    found = {}
    for post in Post.objects.filter(unit__in=units):
        post.unit = units[post.unit_id]
        found[post.unit_id, post.ordinal] = post
    return found


class _Writer:
    """Checks entries one after the other and gathers the rows to be written. Under the locks."""

    def __init__(
        self,
        actor: Person,
        posts: dict[tuple[int, int], Post],
        managers: dict[str, Manager],
        source: Source | str,
    ) -> None:
        self.actor, self.posts, self.managers, self.source = actor, posts, managers, source
        keys = [post.pk for post in posts.values()]
        self.register = Loaded(
            units={post.unit_id for post in posts.values()},
            posts=keys,
            managers=[manager.pk for manager in managers.values()],
        )
        used = Appointment.objects.filter(post__in=keys).values_list("post_id", flat=True)
        self.used = set(used.distinct())
        self.at = recording_moment()
        self.origin = origin()
        self.appointments: list[Appointment] = []
        self.states: list[AppointmentState] = []

    def put(self, entry: Entry, unit: Unit) -> None:
        post = self.posts[entry.unit, entry.ordinal]
        manager = self.managers[entry.fingerprint]
        validity = term(entry.starts_at, entry.ends_at)
        wanted = rules.Wanted(
            unit=unit, post=post, manager=manager, kind=entry.kind, validity=validity
        )
        rules.check(wanted, self.register)
        if not entry.title.strip():
            raise RuleViolation(_("Unvan yazılmalıdır."), field="title")
        appointment = self._appointment(post, manager, entry)
        state = self._state(appointment, entry, validity)
        self.register.add(state)
        self.appointments.append(appointment)
        self.states.append(state)

    def _appointment(self, post: Post, manager: Manager, entry: Entry) -> Appointment:
        appointment = Appointment(
            post=post,
            manager=manager,
            kind=entry.kind,
            registered_at=self.at,
            registered_by=self.actor,
            source=self.source,
            first_registration=post.pk not in self.used,
        )
        # Keys are of rows just read under their lock.
        appointment.clean_fields(exclude=["post", "manager", "represents", "registered_by"])
        self.used.add(post.pk)
        return appointment

    def _state(
        self, appointment: Appointment, entry: Entry, validity: DateTimeTZRange
    ) -> AppointmentState:
        late = not appointment.first_registration and is_late(validity.lower, self.at)
        state = AppointmentState(
            post=appointment.post,
            unit=appointment.post.unit,
            manager=appointment.manager,
            kind=entry.kind,
            slot=SLOT_OF[entry.kind],
            validity=validity,
            known=DateTimeTZRange(self.at, None),
            title=entry.title.strip(),
            legal_ground=entry.legal_ground.strip(),
            late=late,
            recorded_by=self.actor,
            origin=self.origin,
        )
        state.clean_fields(exclude=["appointment", "post", "unit", "manager", "recorded_by"])
        return state

    def save(self) -> list[Appointment]:
        Appointment.objects.bulk_create(self.appointments, batch_size=BATCH)
        for appointment, state in zip(self.appointments, self.states, strict=True):
            state.appointment = appointment
        AppointmentState.objects.bulk_create(self.states, batch_size=BATCH)
        return self.appointments
