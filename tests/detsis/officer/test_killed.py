"""Whoever approves a file is killed at any moment: it is approved wholly, or not at all."""

import multiprocessing
import os
import signal
import time

import pytest
from django.db import connection, connections

from detsis import counts, services, tree
from detsis.models import ChangeSet, Unit, UnitChange, UnitVersion
from detsis.services import ItemInput
from kaysis.accounts.models import Notification, Person
from tests.detsis.officer.conftest import TODAY
from tests.factories.detsis import unit

FOUNDED, RENAMED = 25, 5
NAME = "kaysis-approval-test"


def approve(file_id: int, actor_id: int) -> None:
    """In a process of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [NAME])
    services.approve_change_set(
        actor=Person.objects.get(pk=actor_id), change_set=ChangeSet.objects.get(pk=file_id)
    )


def start(*args: int) -> multiprocessing.process.BaseProcess:
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=approve, args=args)
    process.start()
    return process


def wait_until_gone() -> None:
    """Until the server has noticed that its client is dead."""
    until = time.monotonic() + 60
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME]
            )
            if not cursor.fetchone()[0]:
                return
        assert time.monotonic() < until
        time.sleep(0.01)


def facts() -> tuple[int, ...]:
    models = (Unit, UnitVersion, UnitChange, Notification)
    return tuple(model.objects.count() for model in models)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_while_approving_it_loses_and_doubles_nothing(officer, centre, ministry):
    old = [unit(f"Şube {n}", ministry[2].pk) for n in range(RENAMED)]
    items = [
        ItemInput(
            kind="founded",
            key=f"yeni-{n}",
            assignments={"name": f"Yeni {n}", "parent": f"yeni-{n // 3}" if n else ministry[1].pk},
        )
        for n in range(FOUNDED)
    ] + [ItemInput(kind="renamed", unit=u.pk, assignments={"name": f"Ad {u.pk}"}) for u in old]
    file = services.create_change_set(
        actor=officer, title="Düzenleme", effective_on=TODAY, reason="Yazı", items=items
    )
    services.submit_change_set(actor=officer, change_set=file)
    before, central = facts(), counts.of(ministry[0].pk, TODAY)["units.central"]

    began = time.monotonic()
    assert services.preview_change_set(file).fine
    lasts = time.monotonic() - began
    assert facts() == before

    # Each time a little later, from its first moment on: were the moments drawn by lot, the very
    # first could let it finish.
    killed = 0
    for step in range(16):
        process = start(file.pk, centre.pk)
        time.sleep(step / 12 * lasts)
        if process.pid and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join(timeout=60)
        wait_until_gone()
        file.refresh_from_db()
        if file.status != "submitted":
            break
        killed += 1
        assert facts() == before
        assert tree.check() == []
    assert killed, "it was never caught in the middle"
    if file.status == "submitted":
        services.approve_change_set(actor=centre, change_set=file)
    file.refresh_from_db()
    assert file.status == "in_force"
    assert file.changes.count() == FOUNDED + RENAMED
    assert facts()[0] == before[0] + FOUNDED
    assert facts()[3] == before[3] + 1, "its author is told once"
    assert counts.of(ministry[0].pk, TODAY)["units.central"] == central + FOUNDED
    assert tree.check() == []
