"""The plain founding in one call must leave, and refuse, what the general way does."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction

from detsis import counts, services, tree
from detsis.models import KepAddress, Unit, UnitChange
from detsis.services import founding, record, units
from kaysis.common.errors import KaysisError
from tests.detsis.test_loading import everything
from tests.factories.detsis import LONG_AGO, forest, unit

TODAY = dt.date(2026, 11, 24)
NUMBER = 77_000_001


def never(*_args: Any, **_options: Any) -> None:
    return None


def switch_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every founding goes the general way."""
    monkeypatch.setattr(record, "record_plain", never)
    monkeypatch.setattr(units, "record_plain", never)


def left_by(parent: int | None, day: dt.date, facts: dict[str, Any]) -> Any:
    """What a founding leaves, or how it is refused; then it is taken back."""
    with transaction.atomic():
        try:
            services.found_unit(
                actor=None,
                name="Yeni Birim",
                parent=parent,
                effective_on=day,
                detsis_no=NUMBER,
                reason="Kuruldu",
                legal_reference="1 sayılı CBK",
                **facts,
            )
        except KaysisError as error:
            transaction.set_rollback(True)
            return type(error), error.field, str(error)
        assert tree.check() == []
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT title, subtitle, folded, vector::text, active FROM search_searchentry"
                " WHERE kind = 'unit' AND object_id = %s",
                [NUMBER],
            )
            entry = cursor.fetchall()
        found = everything(), entry, Unit.objects.filter(pk=NUMBER).values("lft", "rght").get()
        transaction.set_rollback(True)
    return found


FOUNDINGS: list[tuple[int | None, dt.date, dict[str, Any]]] = [
    (40_000_003, TODAY, {}),
    (40_000_003, TODAY + dt.timedelta(days=30), {"is_institution": True}),
    (40_000_003, LONG_AGO, {"organisation_type": "abroad", "country": "DE"}),
    (None, TODAY, {"letterhead": ["T.C.", 'tırnak " ve \\']}),
    (40_000_003, TODAY, {"province": 6, "district": None, "civil_authority": 40_000_001}),
    (40_000_003, TODAY, {"founding_legislation": [{"title": "Kanun", "number": "5442"}]}),
    (40_000_003, TODAY, {"kep_addresses": [{"address": "yeni@hs01.kep.tr"}]}),
    (40_000_003, TODAY, {"active": False}),
    # Refused.
    (40_000_002, TODAY, {}),  # closed
    (41_000_000, TODAY, {}),  # no such unit
    (40_000_003, TODAY, {"civil_authority": 41_000_000}),
    (40_000_003, TODAY, {"province": 99}),
    (40_000_003, TODAY, {"postal_code": "abc"}),
    (40_000_003, LONG_AGO - dt.timedelta(days=1), {}),
    (40_000_003, TODAY, {"colour": "red"}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("parent", "day", "facts"), FOUNDINGS)
def test_the_short_way_leaves_what_the_general_way_leaves(parent, day, facts, monkeypatch):
    """Below a unit with a past: it hung elsewhere until yesterday, and will again."""
    numbers = forest([None, 0, 0, 1])
    for where, when in ((numbers[0], TODAY), (numbers[1], TODAY + dt.timedelta(days=10))):
        services.move_unit(unit=numbers[3], parent=where, effective_on=when, actor=None)
    services.close_unit(unit=numbers[2], effective_on=TODAY, actor=None)
    short = left_by(parent, day, facts)
    switch_off(monkeypatch)
    assert short == left_by(parent, day, facts)


@pytest.mark.django_db
def test_a_number_that_is_taken_is_refused():
    taken = unit("Var").pk
    below = unit("Üst").pk
    with pytest.raises(KaysisError, match="daha önce verilmiş"):
        services.found_unit(actor=None, name="x", parent=below, effective_on=TODAY, detsis_no=taken)


@pytest.mark.django_db
def test_a_random_number_that_is_taken_is_drawn_again(monkeypatch):
    taken = unit("Var").pk
    monkeypatch.setattr(units, "random_number", lambda: taken)
    change = services.found_unit(actor=None, name="x", parent=taken, effective_on=TODAY)
    assert change.unit_id != taken
    assert Unit.objects.get(pk=change.unit_id).parent_id == taken


@pytest.mark.django_db
def test_where_there_is_no_room_the_general_way_makes_it():
    root = unit("Kök")
    child = unit("Birim", root.pk)
    for index in range(60):
        services.found_unit(actor=None, name=str(index), parent=child.pk, effective_on=TODAY)
    assert tree.check() == []
    assert counts.of(root.pk, TODAY)["units.central"] == 62


@pytest.mark.django_db
def test_the_change_is_given_as_it_stands():
    parent = unit("Üst").pk
    change = services.found_unit(
        actor=None,
        name="Yeni",
        parent=parent,
        effective_on=TODAY,
        kep_addresses=[{"address": "yeni@hs01.kep.tr"}],
    )
    stored = UnitChange.objects.get(pk=change.pk)
    for field in UnitChange._meta.concrete_fields:
        assert getattr(change, field.attname) == getattr(stored, field.attname), field.name
    assert KepAddress.objects.get().unit_id == change.unit_id
    change.refresh_from_db()


@pytest.mark.django_db
def test_a_founding_takes_two_statements(django_assert_num_queries):
    parent = unit("Üst").pk
    services.found_unit(actor=None, name="Yeni", parent=parent, effective_on=TODAY)
    with django_assert_num_queries(4):  # the two, and the savepoint around them
        services.found_unit(actor=None, name="Yeni", parent=parent, effective_on=TODAY)


@pytest.mark.django_db
def test_the_function_is_the_one_of_the_source():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [founding.FUNCTION])
        (source,) = cursor.fetchone()
    body = founding.CREATE_FUNCTION.split("$body$")[1]
    assert source == body, "a migration must run CREATE_FUNCTION again"
