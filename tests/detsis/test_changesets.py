"""A file of changes on its way, alone and with several hands on it at once."""

import datetime as dt
import uuid

import pytest
from django.db import transaction

from detsis import selectors, services, tree
from detsis.models import ChangeSet, Unit, UnitChange
from detsis.services import ItemInput
from kaysis.accounts.models import Notification, Person, Role
from kaysis.common.errors import Conflict, KaysisError, NotAllowed, RuleViolation
from tests.factories.accounts import person_with
from tests.factories.detsis import chain, unit
from tests.processes import in_processes

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
LATER = dt.date(2027, 1, 1)


@pytest.fixture
def ministry() -> list[Unit]:
    return chain("Cumhurbaşkanlığı", "Tarım Bakanlığı", "Bilgi İşlem Dairesi")


@pytest.fixture
def officer(ministry) -> Person:
    return person_with(Role.DETSIS_OFFICER, ministry[1].pk)


@pytest.fixture
def centre() -> Person:
    return person_with(Role.CENTRAL_ADMINISTRATOR)


def proposal(officer: Person, *items: ItemInput, **given) -> ChangeSet:
    return services.create_change_set(
        actor=officer,
        title=given.pop("title", "Değişiklik"),
        effective_on=given.pop("effective_on", TODAY),
        reason="Kurumun yazısı",
        items=items,
        **given,
    )


def rename(target: Unit, name: str) -> ItemInput:
    return ItemInput(kind="renamed", unit=target.pk, assignments={"name": name})


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC))


def test_a_proposal_is_approved_and_takes_effect(officer, centre, ministry):
    file = proposal(officer, rename(ministry[2], "Bilgi Teknolojileri Dairesi"))
    services.submit_change_set(actor=officer, change_set=file)
    assert Notification.objects.filter(person=centre).count() == 1
    done = services.approve_change_set(actor=centre, change_set=file)
    assert done.status == "in_force"
    ministry[2].refresh_from_db()
    assert ministry[2].name == "Bilgi Teknolojileri Dairesi"
    change = UnitChange.objects.get(change_set=file)
    assert (change.recorded_by, change.reason) == (centre, "Kurumun yazısı")
    assert Notification.objects.get(person=officer).url == file.get_absolute_url()


def test_an_officer_proposes_inside_the_own_scope_only(officer, ministry):
    foreign = unit("Başka Bakanlık")
    with pytest.raises(NotAllowed, match=str(foreign.pk)):
        proposal(officer, rename(foreign, "X"))
    with pytest.raises(NotAllowed):
        proposal(
            officer,
            ItemInput(kind="moved", unit=ministry[2].pk, assignments={"parent": foreign.pk}),
        )
    with pytest.raises(NotAllowed):
        proposal(officer, ItemInput(kind="founded", key="yeni-1", assignments={"name": "X"}))


def test_only_the_centre_decides_and_only_once(officer, centre, ministry):
    file = proposal(officer, rename(ministry[2], "X"))
    services.submit_change_set(actor=officer, change_set=file)
    with pytest.raises(NotAllowed):
        services.approve_change_set(actor=officer, change_set=file)
    with pytest.raises(RuleViolation):
        services.refuse_change_set(actor=centre, change_set=file, reason="  ")
    services.refuse_change_set(actor=centre, change_set=file, reason="Dayanağı yok")
    with pytest.raises(Conflict, match="Reddedildi"):
        services.approve_change_set(actor=centre, change_set=file)
    ministry[2].refresh_from_db()
    assert ministry[2].name == "Bilgi İşlem Dairesi"


def test_a_returned_file_is_mended_and_submitted_again(officer, centre, ministry):
    file = proposal(officer, rename(ministry[2], "Yanlş Ad"))
    services.submit_change_set(actor=officer, change_set=file)
    with pytest.raises(Conflict):
        services.write_items(actor=officer, change_set=file, items=[])
    services.return_change_set(actor=centre, change_set=file, reason="Yazım hatası")
    services.write_items(actor=officer, change_set=file, items=[rename(ministry[2], "Doğru Ad")])
    services.submit_change_set(actor=officer, change_set=file)
    services.approve_change_set(actor=centre, change_set=file)
    ministry[2].refresh_from_db()
    assert ministry[2].name == "Doğru Ad"


def decree(centre: Person, ministry: list[Unit], **given) -> ChangeSet:
    """A new directorate takes in the office, another new unit hangs below the first."""
    return proposal(
        centre,
        ItemInput(
            kind="founded",
            key="yeni-1",
            assignments={"name": "Bilgi Genel Müdürlüğü", "parent": ministry[1].pk},
        ),
        ItemInput(
            kind="founded",
            key="yeni-2",
            assignments={"name": "Yazılım Dairesi", "parent": "yeni-1"},
        ),
        ItemInput(
            kind="merged", unit=ministry[2].pk, assignments={"active": False}, successors=["yeni-2"]
        ),
        **given,
    )


def test_a_decree_is_previewed_exactly_and_leaves_nothing_behind(centre, ministry):
    file = decree(centre, ministry, effective_on=LATER)
    before = UnitChange.objects.count(), Unit.objects.count()
    preview = services.preview_change_set(file)
    assert preview.fine
    assert (UnitChange.objects.count(), Unit.objects.count()) == before
    founded, inner, merged = preview.units
    assert [crumb.name for crumb in inner.path_after] == [
        "Cumhurbaşkanlığı",
        "Tarım Bakanlığı",
        "Bilgi Genel Müdürlüğü",
        "Yazılım Dairesi",
    ]
    assert (founded.path_before, inner.name_before) == ([], "")
    assert merged.successors == [inner.detsis_no]
    assert [(f.fact, f.before, f.after) for f in merged.facts] == [("active", True, False)]


def test_a_decree_waits_for_its_day_and_comes_into_force_as_one(centre, ministry, time_machine):
    file = decree(centre, ministry, effective_on=LATER)
    assert services.approve_change_set(actor=centre, change_set=file).status == "scheduled"
    ministry[2].refresh_from_db()
    assert ministry[2].active
    assert not selectors.version_on(ministry[2].pk, LATER).active
    time_machine.move_to(dt.datetime(2027, 1, 1, 0, 1, tzinfo=dt.UTC))
    assert len(services.put_into_force()) == 3
    file.refresh_from_db()
    assert file.status == "in_force"
    new = Unit.objects.get(name="Yazılım Dairesi")
    assert new.active
    assert selectors.successors_of(ministry[2].pk) == [new.pk]
    assert tree.check() == []
    with pytest.raises(Conflict):
        services.withdraw_change_set(actor=centre, change_set=file, reason="Geç")


def test_a_decree_can_be_taken_back_until_its_day(centre, ministry):
    file = decree(centre, ministry, effective_on=LATER)
    services.approve_change_set(actor=centre, change_set=file)
    services.withdraw_change_set(actor=centre, change_set=file, reason="Vazgeçildi")
    assert selectors.version_on(ministry[2].pk, LATER).active
    assert not Unit.objects.visible_to(None).filter(name="Yazılım Dairesi").exists()
    assert tree.check() == []


def test_every_wrong_row_of_a_file_is_named(centre, ministry):
    closed = unit("Kapalı")
    services.close_unit(unit=closed.pk, effective_on=dt.date(2020, 1, 1), actor=None)
    file = proposal(
        centre,
        rename(ministry[2], "Bilgi İşlem Dairesi"),
        rename(ministry[1], "Tarım ve Orman Bakanlığı"),
        rename(closed, "X"),
        ItemInput(kind="moved", unit=ministry[1].pk, assignments={"parent": ministry[2].pk}),
    )
    preview = services.preview_change_set(file)
    assert [(p.position, p.field) for p in preview.problems] == [
        (1, "name"),
        (3, "effective_on"),
        (4, "parent"),
    ]
    with pytest.raises(KaysisError), transaction.atomic():
        services.approve_change_set(actor=centre, change_set=file)
    ministry[1].refresh_from_db()
    assert ministry[1].name == "Tarım Bakanlığı"


def test_a_form_sent_twice_makes_one_file(officer, ministry):
    key = uuid.uuid4()
    first = proposal(officer, rename(ministry[2], "X"), idempotency_key=key)
    second = proposal(officer, rename(ministry[2], "X"), idempotency_key=key)
    assert first == second
    assert ChangeSet.objects.count() == 1


def decide(centre: int, file: int, decision: str) -> str:
    actor, change_set = Person.objects.get(pk=centre), ChangeSet.objects.get(pk=file)
    try:
        if decision == "approve":
            services.approve_change_set(actor=actor, change_set=change_set)
        else:
            services.refuse_change_set(actor=actor, change_set=change_set, reason="Olmaz")
    except Conflict:
        return "conflict"
    return "done"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("decisions", [("approve", "approve"), ("approve", "refuse")])
def test_of_two_decisions_at_the_same_moment_one_counts(officer, centre, ministry, decisions):
    file = proposal(officer, rename(ministry[2], "Yeni Ad"))
    services.submit_change_set(actor=officer, change_set=file)
    answers = in_processes(decide, [(centre.pk, file.pk, decision) for decision in decisions])
    assert sorted(answers) == ["conflict", "done"]
    assert UnitChange.objects.filter(change_set=file).count() <= 1
    file.refresh_from_db()
    renamed = Unit.objects.filter(name="Yeni Ad").exists()
    assert renamed == (file.status == "in_force")


def test_a_wrong_row_takes_those_that_need_it_along(centre, ministry):
    """What hangs below a unit that cannot be founded is not called wrong for that."""
    file = proposal(
        centre,
        ItemInput(
            kind="founded", key="yeni-1", assignments={"name": " ", "parent": ministry[1].pk}
        ),
        ItemInput(kind="founded", key="yeni-2", assignments={"name": "Şube", "parent": "yeni-1"}),
        ItemInput(kind="moved", unit=ministry[2].pk, assignments={"parent": "yeni-2"}),
        ItemInput(kind="founded", key="yeni-3", assignments={"name": "B", "parent": "yeni-9"}),
        ItemInput(
            kind="founded",
            key="yeni-4",
            assignments={"name": "C", "parent": ministry[1].pk, "postal_code": "12"},
        ),
    )
    assert [(p.position, p.field) for p in services.preview_change_set(file).problems] == [
        (1, "name"),
        (4, "parent"),
        (5, "postal_code"),
    ]


def test_what_the_database_refuses_is_traced_to_its_row(centre, ministry):
    kep = [{"address": "kurum@hs01.kep.tr", "valid_from": None, "valid_to": None}]
    other = unit("Başka", ministry[1].pk)
    services.amend_unit(unit=other.pk, facts={"kep_addresses": kep}, effective_on=TODAY, actor=None)
    file = proposal(
        centre,
        *[rename(unit(f"Şube {n}", ministry[1].pk), f"Ad {n}") for n in range(5)],
        ItemInput(kind="amended", unit=ministry[2].pk, assignments={"kep_addresses": kep}),
        rename(ministry[2], "Bilgi Teknolojileri"),
    )
    problem = services.preview_change_set(file).problems[0]
    assert problem.position == 6
    assert "KEP adresi" in problem.message


def test_the_preview_shows_counts_and_what_looks_wrong(centre, ministry):
    unit("Tarım Kurumu", ministry[0].pk, is_institution=True)
    services.amend_unit(
        unit=ministry[1].pk, facts={"is_institution": True}, effective_on=TODAY, actor=None
    )
    file = proposal(
        centre,
        ItemInput(
            kind="founded",
            key="yeni-1",
            assignments={"name": "BİLGİ işlem  Dairesi", "parent": ministry[1].pk},
        ),
        ItemInput(
            kind="founded",
            key="yeni-2",
            assignments={"name": "Bilgi İşlem Dairesi", "parent": ministry[1].pk},
        ),
        rename(ministry[1], "Orman Bakanlığı"),
    )
    preview = services.preview_change_set(file)
    effect = preview.counts[0]
    assert (effect.detsis_no, effect.before, effect.after) == (ministry[1].pk, 2, 4)
    assert len(preview.counts) == 1
    told = [unit.warnings for unit in preview.units]
    doubled = "Aynı birimin altında aynı adı taşıyan başka bir birim var."
    assert told[0][0] == doubled
    assert "boşluk" in told[0][1]
    assert told[1] == [doubled]
    assert told[2] == []
    assert [unit.position for unit in preview.units] == [1, 2, 3]
