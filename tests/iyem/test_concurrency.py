"""Two officers at one post at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from iyem import services
from iyem.models import Appointment, AppointmentState, Manager, Post, PostKind
from kaysis.accounts import cipher
from kaysis.accounts.models import Role
from kaysis.common.errors import Conflict, KaysisError
from tests.factories.accounts import PersonFactory, person_with
from tests.factories.detsis import unit
from tests.factories.iyem import manager, moment

ROUNDS = 1000


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return, each made in a thread of its own, all at the same moment."""
    gate = threading.Barrier(len(calls))

    def call(function: Callable[[], Any]) -> Any:
        gate.wait(timeout=60)
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_one_post_exactly_one_succeeds_and_the_other_reads_why():
    office = unit()
    officers = [person_with(Role.IYEM_AUTHORISED, office.pk) for _ in range(2)]
    managers = [manager(), manager()]
    Post.objects.bulk_create(
        Post(unit=office, kind=PostKind.DEPUTY, ordinal=n) for n in range(1, ROUNDS + 1)
    )
    gate = threading.Barrier(2)
    told: list[list[str]] = [[], []]

    def work(side: int) -> None:
        try:
            for ordinal in range(1, ROUNDS + 1):
                gate.wait(timeout=120)
                try:
                    services.register_appointment(
                        actor=officers[side],
                        unit=office,
                        manager=managers[side],
                        title="Başkan Yardımcısı",
                        ordinal=ordinal,
                        starts_at=moment("2026-01-05 09:00"),
                    )
                    told[side].append("")
                except Conflict as error:
                    told[side].append(str(error))
        except BaseException:
            gate.abort()
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(side,)) for side in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told[0]) == len(told[1]) == ROUNDS
    for first, second in zip(*told, strict=True):
        assert (first == "") != (second == ""), "one and only one"
        winner = managers[0] if first == "" else managers[1]
        assert winner.person.full_name in (first or second)
    assert Appointment.objects.count() == ROUNDS
    wins = Counter(first == "" for first in told[0])
    assert len(wins) == 2, "nobody raced"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_one_person_both_get_the_same_code():
    office = unit()
    officers = [person_with(Role.IYEM_AUTHORISED, office.pk) for _ in range(2)]
    person = PersonFactory()
    number = cipher.decrypt(person.national_id_encrypted, person.national_id_hash)
    codes = at_once(
        *(
            partial(services.register_manager, actor=officer, national_id=number)
            for officer in officers
        )
    )
    assert len(codes) == 2
    assert len({found.manager_code for found in codes}) == 1
    assert Manager.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_leave_and_a_proxy_elsewhere_at_the_same_moment_do_not_both_succeed():
    """Each alone is right; together somebody absent would sign."""
    one, other = unit(), unit()
    centre = person_with(Role.CENTRAL_ADMINISTRATOR)
    people = [manager(), manager()]
    held = [
        services.register_appointment(
            actor=centre, unit=where, manager=who, title="Müdür", starts_at=moment("2026-01-05")
        )
        for where, who in zip((one, other), people, strict=True)
    ]
    for day in range(1, 25):
        given = {
            "actor": centre,
            "starts_at": moment(f"2026-03-{day:02} 09:00"),
            "ends_at": moment(f"2026-03-{day:02} 17:00"),
        }
        leave = partial(services.record_absence, appointment=held[1], kind="leave", **given)
        proxy = {"kind": "acting_filled", "absence": "leave"}
        act = partial(services.register_proxy, unit=one, manager=people[1], **proxy, **given)
        assert sorted(at_once(partial(_tried, leave), partial(_tried, act))) == [False, True]
    assert AppointmentState.objects.current().filter(kind="acting_filled").count() <= 24


def _tried(function: Callable[[], object]) -> bool:
    try:
        function()
    except (KaysisError, ValidationError):
        return False
    return True
