"""What can happen to a unit, and what is refused."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from detsis import counts, selectors, services, tree
from detsis.models import KepAddress, Succession, Unit, UnitChange, UnitVersion
from kaysis.common.errors import KaysisError, NotFound, RuleViolation
from tests.factories.detsis import LONG_AGO, chain, unit

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
LATER = dt.date(2027, 1, 1)
REASON = {"actor": None, "reason": "deneme"}


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC))


def refused(field: str | None, call, **given) -> str:
    """The message of the refusal, which must concern `field` and leave no change behind."""
    before = UnitChange.objects.count(), UnitVersion.objects.count(), Unit.objects.count()
    with pytest.raises(KaysisError) as caught, transaction.atomic():
        call(**given)
    assert caught.value.field == field
    after = UnitChange.objects.count(), UnitVersion.objects.count(), Unit.objects.count()
    assert after == before
    return str(caught.value)


def test_a_new_unit_gets_a_random_number_of_eight_digits():
    change = services.found_unit(actor=None, name="Yeni Bakanlık", parent=None, effective_on=TODAY)
    assert 10_000_000 <= change.unit_id <= 99_999_999
    made = Unit.objects.get(pk=change.unit_id)
    assert (made.name, made.active, made.valid_from, made.valid_to) == (
        "Yeni Bakanlık",
        True,
        TODAY,
        None,
    )


def test_a_rename_keeps_what_the_unit_was_called():
    made = unit("Çevre ve Şehircilik Bakanlığı")
    services.rename_unit(
        unit=made.pk,
        name="Çevre, Şehircilik ve İklim Değişikliği Bakanlığı",
        effective_on=dt.date(2021, 10, 29),
        **REASON,
    )
    day_before = selectors.version_on(made.pk, dt.date(2021, 10, 28))
    that_day = selectors.version_on(made.pk, dt.date(2021, 10, 29))
    assert day_before.name == "Çevre ve Şehircilik Bakanlığı"
    assert that_day.name == "Çevre, Şehircilik ve İklim Değişikliği Bakanlığı"
    made.refresh_from_db()
    assert made.name == that_day.name


def test_a_change_of_the_future_waits_for_its_day(time_machine):
    root, ministry, office = chain("Cumhurbaşkanlığı", "Bakanlık", "Daire")
    services.rename_unit(unit=ministry.pk, name="Yeni Ad", effective_on=LATER, **REASON)
    services.move_unit(unit=office.pk, parent=root.pk, effective_on=LATER, **REASON)
    ministry.refresh_from_db()
    assert ministry.name == "Bakanlık"
    assert selectors.version_on(ministry.pk, LATER).name == "Yeni Ad"
    assert services.put_into_force() == []
    time_machine.move_to(dt.datetime(2026, 12, 31, 21, 0, 1, tzinfo=dt.UTC))  # 00:00:01 in İstanbul
    assert services.put_into_force() == sorted([ministry.pk, office.pk])
    ministry.refresh_from_db()
    office.refresh_from_db()
    assert (ministry.name, office.parent_id) == ("Yeni Ad", root.pk)
    assert tree.check() == []
    assert services.put_into_force() == []


def test_an_earlier_change_shows_through_a_later_one_recorded_before_it():
    made, other = unit("A"), unit("B")
    services.rename_unit(unit=made.pk, name="Gelecek", effective_on=LATER, **REASON)
    services.move_unit(unit=made.pk, parent=other.pk, effective_on=TODAY, **REASON)
    future = selectors.version_on(made.pk, LATER)
    assert (future.name, future.parent_id) == ("Gelecek", other.pk)


def test_moving_below_oneself_is_refused_even_if_only_on_a_future_day():
    root, middle, leaf = chain("Kök", "Orta", "Uç")
    refused(
        "parent", services.move_unit, unit=middle.pk, parent=leaf.pk, effective_on=TODAY, **REASON
    )
    services.move_unit(unit=root.pk, parent=unit("Üst").pk, effective_on=LATER, **REASON)
    # From LATER on Üst stands above the chain: until then it may hang below it, then not.
    above = selectors.path(root.pk, LATER)[0].detsis_no
    message = refused(
        "parent", services.move_unit, unit=above, parent=leaf.pk, effective_on=TODAY, **REASON
    )
    assert "01.01.2027" in message


def test_a_unit_with_active_units_below_it_is_not_closed():
    root, _middle, _leaf = chain("Kök", "Orta", "Uç")
    refused("unit", services.close_unit, unit=root.pk, effective_on=TODAY, **REASON)


def test_nothing_hangs_below_a_closed_unit():
    closed = unit("Kapanan")
    services.close_unit(unit=closed.pk, effective_on=TODAY, **REASON)
    refused(
        "parent",
        services.move_unit,
        unit=unit("B").pk,
        parent=closed.pk,
        effective_on=TODAY,
        **REASON,
    )
    refused(
        "parent", services.found_unit, actor=None, name="Yeni", parent=closed.pk, effective_on=TODAY
    )


@pytest.mark.parametrize(
    ("kind", "successors"),
    [
        ("merged", 0),
        ("merged", 2),
        ("devolved", 0),
        ("devolved", 2),
        ("split", 1),
        ("closed", 1),
        ("renamed", 1),
    ],
)
def test_each_kind_dictates_how_many_successors_it_names(kind, successors):
    ending, first, second = unit("Biten"), unit("Halef 1"), unit("Halef 2")
    given = {"name": "X"} if kind == "renamed" else {"active": False}
    wanted = services.Wanted(
        kind=kind,
        unit=ending.pk,
        effective_on=TODAY,
        assignments=given,
        successors=[first.pk, second.pk][:successors],
    )
    refused("successors", services.record_changes, wanted=[wanted], actor=None)


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_a_split_with_one_successor():
    ending, first = unit("Biten"), unit("Halef")

    @transaction.atomic
    def half_a_split() -> None:
        change = UnitChange.objects.create(
            unit=ending, kind="split", effective_on=TODAY, assignments={"active": False}
        )
        Succession.objects.create(change=change, predecessor=ending, successor=first)

    with pytest.raises(IntegrityError, match="successors"):
        half_a_split()


def test_successors_are_followed_to_the_end_of_the_line():
    a, b, c, d = (unit(name) for name in "ABCD")
    services.merge_units(units=[a.pk], successor=b.pk, effective_on=dt.date(2020, 1, 1), **REASON)
    services.split_unit(
        unit=b.pk, successors=[c.pk, d.pk], effective_on=dt.date(2022, 1, 1), **REASON
    )
    assert selectors.successors_of(a.pk) == sorted([c.pk, d.pk])
    assert selectors.successors_of(a.pk, dt.date(2021, 1, 1)) == [b.pk]
    assert selectors.successors_of(c.pk) == []


def test_a_successor_must_be_active_on_the_day():
    ending, gone = unit("Biten"), unit("Kapalı")
    services.close_unit(unit=gone.pk, effective_on=dt.date(2020, 1, 1), **REASON)
    refused(
        "successors",
        services.devolve_unit,
        unit=ending.pk,
        successor=gone.pk,
        effective_on=TODAY,
        **REASON,
    )


def test_a_closed_unit_is_opened_again_under_its_number():
    made = unit("A")
    services.close_unit(unit=made.pk, effective_on=dt.date(2020, 1, 1), **REASON)
    made.refresh_from_db()
    assert (made.active, made.valid_to) == (False, dt.date(2020, 1, 1))
    refused(
        "effective_on", services.rename_unit, unit=made.pk, name="B", effective_on=TODAY, **REASON
    )
    services.reopen_unit(unit=made.pk, effective_on=dt.date(2021, 1, 1), **REASON)
    made.refresh_from_db()
    assert (made.active, made.valid_to) == (True, None)
    refused("effective_on", services.reopen_unit, unit=made.pk, effective_on=TODAY, **REASON)
    assert not selectors.version_on(made.pk, dt.date(2020, 6, 1)).active


def test_nothing_happens_to_a_unit_before_it_is_founded():
    made = unit("A", effective_on=dt.date(2020, 1, 1))
    refused(
        "effective_on",
        services.rename_unit,
        unit=made.pk,
        name="B",
        effective_on=dt.date(2019, 12, 31),
        **REASON,
    )


def test_a_correction_replaces_the_entry_and_leaves_it_visible():
    made = unit("A")
    wrong = services.rename_unit(
        unit=made.pk, name="Yanlış", effective_on=dt.date(2020, 1, 1), **REASON
    )
    right = services.correct_change(
        change=wrong, actor=None, reason="yazım hatası", assignments={"name": "Doğru"}
    )
    made.refresh_from_db()
    assert made.name == "Doğru"
    assert right.replaces_id == wrong.pk
    rows = selectors.history(made.pk)
    assert {row.kind for row in rows} == {"founded", "renamed", "voided"}
    assert next(row for row in rows if row.pk == wrong.pk).voided_by.reason == "yazım hatası"
    refused("voids", services.void_change, change=wrong, actor=None, reason="bir daha")


def test_a_founding_can_be_corrected_without_a_second_number():
    made = unit("A", effective_on=dt.date(2020, 1, 1))
    founding = made.changes.get()
    services.correct_change(
        change=founding, actor=None, reason="tarih yanlış", effective_on=dt.date(2019, 1, 1)
    )
    made.refresh_from_db()
    assert made.valid_from == dt.date(2019, 1, 1)
    assert counts.of(made.pk, dt.date(2019, 6, 1)) == {"units.central": 1}


def test_a_founding_stands_while_later_entries_do():
    """Also where a later one gave a name, so that the unit of today would have one."""
    made = unit("Kurulan")
    founded = made.changes.get()
    amended = services.amend_unit(
        unit=made.pk, effective_on=dt.date(2020, 1, 1), facts={"name_en": "Founded"}, actor=None
    )
    services.rename_unit(unit=made.pk, name="Yeni Ad", effective_on=dt.date(2021, 1, 1), actor=None)
    refused("voids", services.void_change, change=founded, actor=None, reason="yanlış")
    assert made.versions.order_by("validity").first().name == "Kurulan"
    services.void_change(change=amended, actor=None, reason="yanlış")
    refused("voids", services.void_change, change=founded, actor=None, reason="yanlış")


def test_a_withdrawn_founding_leaves_a_number_without_a_unit():
    made = unit("A", effective_on=LATER)
    services.void_change(change=made.changes.get(), actor=None, reason="vazgeçildi")
    made.refresh_from_db()
    assert (made.active, made.valid_from) == (False, None)
    assert not Unit.objects.visible_to(None).filter(pk=made.pk).exists()
    assert counts.of(made.pk, LATER) == {}


def test_refusals_name_the_field(django_assert_max_num_queries):
    made = unit("A")
    refused("name", services.found_unit, actor=None, name="  ", parent=None, effective_on=TODAY)
    refused(
        "category",
        services.amend_unit,
        unit=made.pk,
        facts={"category": 999_999},
        effective_on=TODAY,
        **REASON,
    )
    refused(
        "postal_code",
        services.amend_unit,
        unit=made.pk,
        facts={"postal_code": "123"},
        effective_on=TODAY,
        **REASON,
    )
    refused(
        "name", services.amend_unit, unit=made.pk, facts={"name": "B"}, effective_on=TODAY, **REASON
    )
    refused("name", services.rename_unit, unit=made.pk, name="A", effective_on=TODAY, **REASON)
    with pytest.raises(NotFound):
        services.rename_unit(unit=99_999_999, name="A", effective_on=TODAY, **REASON)
    with pytest.raises(NotFound):
        services.move_unit(unit=made.pk, parent=99_999_999, effective_on=TODAY, **REASON)


def test_a_kep_address_belongs_to_one_unit_at_a_time():
    first, second = unit("A"), unit("B")
    facts = {"kep_addresses": [{"address": "a@hs01.kep.tr", "valid_from": "2020-01-01"}]}
    services.amend_unit(unit=first.pk, facts=facts, effective_on=TODAY, **REASON)
    assert KepAddress.objects.at(TODAY).get().unit_id == first.pk
    with pytest.raises(ValidationError, match="başka bir kayıtta"), transaction.atomic():
        services.amend_unit(unit=second.pk, facts=facts, effective_on=TODAY, **REASON)
    ended = {"kep_addresses": [{**facts["kep_addresses"][0], "valid_to": "2026-01-01"}]}
    services.amend_unit(unit=first.pk, facts=ended, effective_on=TODAY, **REASON)
    later = {"kep_addresses": [{"address": "a@hs01.kep.tr", "valid_from": "2026-01-01"}]}
    services.amend_unit(unit=second.pk, facts=later, effective_on=TODAY, **REASON)
    assert KepAddress.objects.at(TODAY).get().unit_id == second.pk


def test_units_and_changes_are_never_deleted_or_altered():
    made = unit("A")
    for sql in (
        "DELETE FROM detsis_unit",
        "UPDATE detsis_unit SET detsis_no = 99999999",
        "DELETE FROM detsis_unitchange",
        "UPDATE detsis_unitchange SET reason = 'x'",
        "DELETE FROM detsis_succession",
    ):
        with (
            pytest.raises(Exception, match=r"annot|append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert Unit.objects.filter(pk=made.pk).exists()
    with pytest.raises(TypeError):
        made.delete()
    with pytest.raises(TypeError):
        Unit.objects.rebuild()


def test_founding_one_unit_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    deep = chain("1", "2", "3", "4", "5", "6", "7", "8")[-1]
    with django_assert_max_num_queries(22):
        services.found_unit(
            actor=None, name="Yeni", parent=deep.pk, effective_on=LONG_AGO, detsis_no=77_777_777
        )


def test_rule_violations_are_written_in_turkish():
    made = unit("A")
    with pytest.raises(RuleViolation, match="Birim bu tarihte zaten faal"):
        services.reopen_unit(unit=made.pk, effective_on=TODAY, **REASON)


def test_a_circle_made_among_other_changes_is_refused_before_anything_is_counted():
    """Counts would be carried round and round if they were carried first."""
    root, child = chain("Kök", "Daire")
    other = unit("Şube", root)
    wanted = [
        services.Wanted("moved", root.pk, TODAY, {"parent": child.pk}),
        services.Wanted("renamed", other.pk, TODAY, {"name": "Şube Müdürlüğü"}),
    ]
    refused("parent", services.record_changes, wanted=wanted, actor=None)
