"""A sheet of managers beside another sheet, and beside an officer at the screen."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from detsis.models import Unit
from iyem import services
from iyem.models import Appointment, AppointmentKind, LegacyManager, Manager
from iyem.services import managers
from iyem.services.bulk import Entry, EntryRefused, register_many
from kaysis.accounts import cipher
from kaysis.accounts.models import Person, Role
from kaysis.common.errors import KaysisError
from tests.factories.accounts import PersonFactory, next_national_id, person_with
from tests.factories.detsis import unit
from tests.factories.iyem import moment
from tests.iyem.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10
START = moment("2026-01-05 09:00")


def entry(office: Unit, number: str) -> Entry:
    return Entry(
        fingerprint=cipher.fingerprint(number),
        secret=cipher.encrypt(number),
        given_name="Elif",
        family_name="Çınar",
        unit=office.pk,
        ordinal=0,
        title="Müdür",
        kind=AppointmentKind.SUBSTANTIVE,
        starts_at=START,
        ends_at=None,
        legal_ground="",
    )


def save(actor: Person, entries: list[Entry]) -> str:
    """ "saved", or why not."""
    try:
        register_many(actor=actor, entries=entries)
    except EntryRefused as refused:
        return str(refused.error)
    return "saved"


def register(actor: Person, office: Unit, number: str) -> str:
    try:
        with transaction.atomic():
            services.register_appointment(
                actor=actor,
                unit=office,
                manager=services.register_manager(
                    actor=actor, national_id=number, given_name="Elif", family_name="Çınar"
                ),
                title="Müdür",
                starts_at=START,
            )
    except (KaysisError, ValidationError) as error:
        return str(error)
    return "saved"


def seen(office: Unit, numbers: list[str]) -> tuple[int, int]:
    """Appointments at the office, managers with these national ids."""
    prints = [cipher.fingerprint(number) for number in numbers]
    return (
        Appointment.objects.filter(post__unit=office).count(),
        Manager.objects.filter(person__national_id_hash__in=prints).count(),
    )


@pytest.mark.parametrize("known", [True, False])
def test_of_two_sheets_for_the_same_posts_one_is_saved_whole_and_the_other_reads_why(known):
    """They name the same people at other posts: neither waits for the other for ever."""
    actors = [person_with(Role.CENTRAL_ADMINISTRATOR) for _ in range(2)]
    for _round in range(ROUNDS):
        offices = [unit() for _ in range(4)]
        numbers = [next_national_id() for _ in range(4)]
        if known:
            for number in numbers:
                PersonFactory(given_name="Elif", family_name="Çınar", national_id=number)
        sheets: list[Any] = [
            [entry(*each) for each in zip(offices, numbers, strict=True)],
            [entry(*each) for each in zip(offices, reversed(numbers), strict=True)],
        ]
        told = at_once(*[partial(save, *each) for each in zip(actors, sheets, strict=True)])
        assert sorted(text == "saved" for text in told) == [False, True], told
        assert any("Elif ÇINAR kayıtlı" in text for text in told)
        assert [seen(office, numbers) for office in offices] == [(1, 4)] * 4


@pytest.mark.parametrize("known", [True, False])
def test_a_sheet_and_an_officer_at_one_post_with_one_person(known):
    actors = [person_with(Role.CENTRAL_ADMINISTRATOR) for _ in range(2)]
    for _round in range(ROUNDS):
        offices = [unit() for _ in range(3)]
        numbers = [next_national_id() for _ in range(3)]
        if known:
            PersonFactory(given_name="Elif", family_name="Çınar", national_id=numbers[2])
        entries = [entry(*each) for each in zip(offices, numbers, strict=True)]
        told = at_once(
            partial(save, actors[0], entries),
            partial(register, actors[1], offices[2], numbers[2]),
        )
        assert sorted(text == "saved" for text in told) == [False, True], told
        assert seen(offices[2], numbers[2:]) == (1, 1)
        assert seen(offices[0], [])[0] == (told[0] == "saved")


@contextmanager
def held_open(actor: Person, entries: list[Entry]) -> Iterator[None]:
    """The sheet is registered, all its locks are taken, and its transaction is still open."""
    written, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                register_many(actor=actor, entries=entries)
                written.set()
                assert go_on.wait(timeout=120)
        finally:
            written.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        sheet = pool.submit(hold)
        try:
            assert written.wait(timeout=120)
            assert not sheet.done()
            yield
            assert not sheet.done()
        finally:
            go_on.set()
        sheet.result(timeout=120)


def elsewhere(function: Any, *given: Any) -> Any:
    """What the call returns, in another thread; whatever waits for a lock gives up."""

    def call() -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            return function(*given)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result(timeout=120)


def test_while_a_sheet_is_saved_others_register_elsewhere():
    """New people and known ones, by the screen and by another sheet, in institutions of all kinds:
    nobody waits for the open transaction."""
    actors = [person_with(Role.CENTRAL_ADMINISTRATOR) for _ in range(2)]
    first, other = (unit(is_institution=True) for _ in range(2))
    offices = [unit("Daire", first.pk) for _ in range(3)]
    numbers = [next_national_id() for _ in range(7)]
    PersonFactory(given_name="Elif", family_name="Çınar", national_id=numbers[6])
    for office in (*offices, other):
        LegacyManager.objects.create(unit=office, name="Eski Ad")
    sheet = [entry(office, number) for office, number in zip(offices, numbers, strict=False)]
    below = [unit("Daire", other.pk) for _ in range(3)]
    with held_open(actors[0], sheet):
        assert elsewhere(register, actors[1], other, numbers[3]) == "saved"
        assert elsewhere(register, actors[1], below[0], numbers[6]) == "saved"
        second = [
            entry(office, number) for office, number in zip(below[1:], numbers[4:6], strict=True)
        ]
        assert elsewhere(save, actors[1], second) == "saved"
        assert Manager.objects.count() == 4
    assert Manager.objects.count() == 7
    assert len(set(Manager.objects.values_list("manager_code", flat=True))) == 7


def test_a_code_that_an_open_sheet_has_drawn_is_waited_for_and_another_taken(monkeypatch):
    """Also one that somebody has had for long."""
    actors = [person_with(Role.CENTRAL_ADMINISTRATOR) for _ in range(2)]
    offices = [unit() for _ in range(3)]
    numbers = [next_national_id() for _ in range(3)]
    draws = iter([11111111, 11111111, 22222222, 22222222, 11111111, 33333333])
    monkeypatch.setattr(managers, "random_number", lambda: next(draws))
    assert register(actors[0], offices[0], numbers[0]) == "saved"
    with ThreadPoolExecutor(1) as pool:
        with held_open(actors[0], [entry(offices[1], numbers[1])]):
            waiting = pool.submit(at_once, partial(register, actors[1], offices[2], numbers[2]))
        assert waiting.result(timeout=120) == ["saved"]
    codes = Manager.objects.order_by("pk").values_list("manager_code", flat=True)
    assert list(codes) == [11111111, 22222222, 33333333]
