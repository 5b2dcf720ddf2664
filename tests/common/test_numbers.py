"""Numbers that are issued once."""

import threading

import pytest
from django.db import connection, transaction

from kaysis.common import numbers
from kaysis.common.locks import LockOutsideTransaction
from kaysis.common.numbers import NumbersExhausted, issue_number, issue_numbers
from tests.common.models import Thing

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=["kaysis.common"]),
    pytest.mark.usefixtures("tables"),
]


@pytest.fixture(autouse=True)
def no_things():
    yield
    Thing.objects.all().delete()


def test_has_exactly_the_digits_and_needs_a_transaction():
    with transaction.atomic():
        for digits in (1, 3, 8, 11):
            assert len(str(issue_number(Thing, "number", digits))) == digits
        assert issue_number(Thing, "number") >= 10_000_000
    with pytest.raises(LockOutsideTransaction):
        issue_number(Thing, "number")


def test_never_issues_a_taken_number(monkeypatch):
    monkeypatch.setattr(numbers, "_TRIES", 200)  # one in nine is free: missed once in 10^10 runs
    Thing.objects.bulk_create(Thing(number=n) for n in range(1, 9))
    with transaction.atomic():
        assert issue_number(Thing, "number", 1) == 9
        Thing.objects.create(number=9)
        with pytest.raises(NumbersExhausted):
            issue_number(Thing, "number", 1)
        with pytest.raises(NumbersExhausted):
            issue_numbers(Thing, "number", 1, 1)


def test_bulk_numbers_are_distinct_and_free():
    Thing.objects.bulk_create(Thing(number=n) for n in range(100, 900))
    with transaction.atomic():
        found = issue_numbers(Thing, "number", 100, 3)
    assert sorted(found) == list(range(900, 1000))
    with transaction.atomic():
        assert len(set(issue_numbers(Thing, "number", 25_000))) == 25_000
        assert issue_numbers(Thing, "number", 0) == []


def test_concurrent_issuers_never_meet():
    """Eight writers share nine hundred numbers; each commits later than it issued."""
    failures = []

    def work(bulk):
        try:
            for _ in range(10):
                with transaction.atomic():
                    if bulk:
                        batch = issue_numbers(Thing, "number", 5, 3)
                    else:
                        batch = [issue_number(Thing, "number", 3)]
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(0.002)")
                    Thing.objects.bulk_create(Thing(number=n) for n in batch)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n % 4 == 0,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert Thing.objects.count() == 6 * 10 + 2 * 10 * 5


def test_a_number_another_transaction_has_issued_is_passed_over(monkeypatch):
    """Two transactions draw the same number; the second one looks for another."""
    drawn = iter([7, 7, 5])
    monkeypatch.setattr(numbers._random, "randrange", lambda *_bounds: next(drawn))
    with transaction.atomic():
        assert issue_number(Thing, "number", 1) == 7
        found = []

        def other():
            try:
                with transaction.atomic():
                    found.append(issue_number(Thing, "number", 1))
            finally:
                connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
    assert found == [5]
