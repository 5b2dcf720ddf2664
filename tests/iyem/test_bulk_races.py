"""A sheet of managers beside another sheet, and beside an officer at the screen."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from detsis.models import Unit
from iyem import services
from iyem.models import Appointment, AppointmentKind, Manager
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
