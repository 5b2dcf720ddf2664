"""Advisory locks between real connections."""

import threading

import pytest
from django.db import connection, transaction

from kaysis.common.locks import LockOutsideTransaction, advisory_lock, try_advisory_lock

# Real transactions; nothing is written, so no table of any app needs to be emptied afterwards.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["kaysis.common"])


def elsewhere(work):
    """What `work` returns in another thread, that is, on another connection."""
    found = []

    def run():
        try:
            with transaction.atomic():
                found.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    return found[0]


def test_refuses_to_work_outside_a_transaction():
    with pytest.raises(LockOutsideTransaction, match="tree"):
        advisory_lock("tree")
    with pytest.raises(LockOutsideTransaction):
        try_advisory_lock("tree")


def test_excludes_others_until_the_transaction_ends():
    with transaction.atomic():
        advisory_lock("tree", 1, "a")
        advisory_lock("tree", 1, "a")
        assert elsewhere(lambda: try_advisory_lock("tree", 1, "a")) is False
        assert elsewhere(lambda: try_advisory_lock("tree", 2, "a")) is True
        assert elsewhere(lambda: try_advisory_lock("tree")) is True
    assert elsewhere(lambda: try_advisory_lock("tree", 1, "a")) is True


def test_a_rollback_releases():
    with transaction.atomic():
        advisory_lock("tree")
        transaction.set_rollback(True)
    assert elsewhere(lambda: try_advisory_lock("tree")) is True


def test_shared_locks_share():
    with transaction.atomic():
        advisory_lock("tree", shared=True)
        assert elsewhere(lambda: try_advisory_lock("tree", shared=True)) is True
        assert elsewhere(lambda: try_advisory_lock("tree")) is False


def test_waits_for_its_turn():
    """Eight threads add to an unprotected number; with the lock none overwrites another."""
    total = [0]

    def add():
        try:
            for _ in range(20):
                with transaction.atomic():
                    advisory_lock("sum")
                    seen = total[0]
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(0.0005)")
                    total[0] = seen + 1
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert total == [160]
