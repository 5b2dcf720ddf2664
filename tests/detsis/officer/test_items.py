"""What a file holds, who sees it, and the reminders of its day."""

import datetime as dt
import uuid

import pytest

from detsis import services
from detsis.models import ChangeSet
from detsis.permissions import outside_scope
from detsis.services import ItemInput
from detsis.tasks import remind_due_files
from kaysis.accounts.models import Notification, Role
from kaysis.common.errors import Conflict, NotAllowed
from tests.detsis.officer.conftest import TODAY
from tests.factories.accounts import person_with
from tests.factories.detsis import chain, unit
from tests.processes import in_processes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC))


def draft(actor, *items: ItemInput, **given) -> ChangeSet:
    return services.create_change_set(
        actor=actor,
        title="Değişiklik",
        effective_on=TODAY,
        reason="Yazı",
        items=items,
        **given,
    )


def rename(number: int, name: str) -> ItemInput:
    return ItemInput(kind="renamed", unit=number, assignments={"name": name})


def found(name: str, parent: int | str, key: str = "") -> ItemInput:
    return ItemInput(kind="founded", key=key, assignments={"name": name, "parent": parent})


def test_a_second_click_adds_nothing(officer, ministry):
    file = draft(officer)
    for _ in range(2):
        services.add_items(actor=officer, change_set=file, items=[rename(ministry[2].pk, "A")])
        services.add_items(actor=officer, change_set=file, items=[found("Yeni", ministry[1].pk)])
    assert [(item.kind, item.key) for item in file.items.all()] == [
        ("renamed", ""),
        ("founded", "yeni-1"),
    ]


def test_new_units_get_keys_that_are_free(officer, ministry):
    file = draft(officer, found("Bir", ministry[1].pk), found("İki", "yeni-1", key="yeni-2"))
    services.add_items(actor=officer, change_set=file, items=[found("Üç", ministry[1].pk)])
    assert [item.key for item in file.items.all()] == ["yeni-1", "yeni-2", "yeni-3"]
    first = file.items.get(key="yeni-1")
    services.remove_item(actor=officer, change_set=file, item=first.pk)
    services.add_items(actor=officer, change_set=file, items=[found("Dört", ministry[1].pk)])
    assert [(item.key, item.position) for item in file.items.all()] == [
        ("yeni-2", 2),
        ("yeni-3", 3),
        ("yeni-1", 4),
    ]


def test_a_row_is_replaced_in_its_place(officer, ministry):
    file = draft(officer, found("Bir", ministry[1].pk), rename(ministry[2].pk, "A"))
    first, second = file.items.all()
    services.replace_item(
        actor=officer, change_set=file, item=first.pk, by=found("Başka", ministry[2].pk)
    )
    first.refresh_from_db()
    assert (first.key, first.position, first.assignments["name"]) == ("yeni-1", 1, "Başka")
    services.remove_item(actor=officer, change_set=file, item=second.pk)
    for late in (
        lambda: services.remove_item(actor=officer, change_set=file, item=second.pk),
        lambda: services.replace_item(
            actor=officer, change_set=file, item=second.pk, by=rename(ministry[2].pk, "B")
        ),
    ):
        with pytest.raises(Conflict, match="çıkarılmış"):
            late()


def test_no_way_leads_out_of_the_scope(officer, ministry):
    elsewhere = unit("Sağlık Bakanlığı", ministry[0].pk)
    below = unit("Daire", elsewhere.pk)
    file = draft(officer, rename(ministry[2].pk, "A"))
    row = file.items.get()
    for bad in (
        rename(below.pk, "X"),
        found("Yeni", elsewhere.pk),
        found("Yeni", str(elsewhere.pk)),
        ItemInput(kind="moved", unit=ministry[2].pk, assignments={"parent": elsewhere.pk}),
        ItemInput(kind="founded", assignments={"name": "Kök"}),
    ):
        with pytest.raises(NotAllowed):
            services.add_items(actor=officer, change_set=file, items=[bad])
        with pytest.raises(NotAllowed):
            services.replace_item(actor=officer, change_set=file, item=row.pk, by=bad)
    assert outside_scope(officer, [n.pk for n in (*ministry, elsewhere, below)]) == {
        ministry[0].pk,
        elsewhere.pk,
        below.pk,
    }


def test_the_scope_is_asked_once_for_all_rows(officer, ministry, django_assert_max_num_queries):
    units = [unit(f"Şube {n}", ministry[2].pk) for n in range(12)]
    file = draft(officer)
    with django_assert_max_num_queries(15):
        services.write_items(
            actor=officer, change_set=file, items=[rename(u.pk, f"Ad {u.pk}") for u in units]
        )


def test_files_of_institutions_below_the_scope_are_seen(ministry, centre):
    above = person_with(Role.DETSIS_OFFICER, ministry[0].pk)
    beside = person_with(Role.DETSIS_OFFICER, chain("Yargıtay")[0].pk)
    file = draft(centre, institution=ministry[1].pk)
    decree = draft(centre)
    assert list(ChangeSet.objects.visible_to(above)) == [file]
    assert list(ChangeSet.objects.visible_to(beside)) == []
    assert set(ChangeSet.objects.visible_to(centre)) == {file, decree}


def test_the_centre_is_reminded_once_the_day_before_and_once_on_the_day(
    officer, centre, ministry, time_machine
):
    file = draft(officer, rename(ministry[2].pk, "A"))
    services.submit_change_set(actor=officer, change_set=file)
    file.refresh_from_db()
    told = Notification.objects.filter(person=centre, kind="detsis.change_set_due")
    seen = []
    for left in (2, 1, 1, 0, 0, -1):
        day = file.due_on - dt.timedelta(days=left)
        time_machine.move_to(dt.datetime(day.year, day.month, day.day, 7, tzinfo=dt.UTC))
        seen.append(remind_due_files())
    assert seen == [0, 1, 0, 1, 0, 0]
    assert [note.text.split(":")[0] for note in told.order_by("pk")] == [
        "Yarın süresi dolacak değişiklik dosyası",
        "Bugün sonuçlandırılması gereken değişiklik dosyası",
    ]
    assert told.first().url == file.get_absolute_url()


def test_nobody_is_reminded_of_what_is_decided(officer, centre, ministry):
    file = draft(officer, rename(ministry[2].pk, "A"))
    services.submit_change_set(actor=officer, change_set=file)
    services.return_change_set(actor=centre, change_set=file, reason="Eksik")
    file.refresh_from_db()
    assert services.remind_due_files(today=file.due_on) == 0


def _click(actor_id: int, key: uuid.UUID, number: int) -> int:
    from kaysis.accounts.models import Person

    actor = Person.objects.get(pk=actor_id)
    return draft(actor, rename(number, "A"), idempotency_key=key).pk


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_file(officer, ministry):
    key = uuid.uuid4()
    made = in_processes(_click, [(officer.pk, key, ministry[2].pk)] * 4)
    assert len(set(made)) == 1
    assert ChangeSet.objects.get().items.count() == 1
