"""A set-based load must leave exactly what recording the same units one by one leaves."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detsis import counts, loading, numbering, tree
from detsis.models import KepAddress, Unit, UnitChange, UnitCount, UnitVersion
from detsis.services import Wanted, record_changes
from detsis.timeline import FACTS
from tests.factories.detsis import forest, unit

TODAY = dt.date(2026, 11, 24)
START = dt.date(2020, 1, 1)
FIRST = 60_000_001


def new_rows(draw: Any) -> list[dict[str, Any]]:
    """Rows in any order; each begins and ends within its parent's days."""
    rows: list[dict[str, Any]] = []
    text = st.sampled_from(["", "Iğdır", 'tırnak " içinde', "ters \\ bölü", "iki, parça; üç"])
    for index in range(draw(st.integers(0, 9))):
        above = draw(st.sampled_from([None, "old", *rows]))
        start, end = START, None
        if isinstance(above, dict):
            start, end = above["valid_from"], above.get("valid_to")
        row: dict[str, Any] = {
            "detsis_no": FIRST + index,
            "name": f"Birim {index} {draw(text)}".strip(),
            "valid_from": start + dt.timedelta(days=draw(st.integers(0, 400))),
            "line": draw(st.integers(1, 1000)),
        }
        if isinstance(above, dict):
            row["parent"] = above["detsis_no"]
        elif above:
            row["parent"] = draw(st.integers(40_000_000, 40_000_004))
        if end or draw(st.booleans()):
            end = end or TODAY + dt.timedelta(days=300)
            row["valid_to"] = end - dt.timedelta(days=draw(st.integers(0, 500)))
            if row["valid_to"] <= row["valid_from"]:
                del row["valid_to"]
                if isinstance(above, dict) and above.get("valid_to"):
                    continue
        for fact in ("name_en", "phone", "address", "addressee_suffix"):
            if value := draw(text):
                row[fact] = value
        facts = {
            "organisation_type": st.sampled_from(["provincial", "abroad"]),
            "is_institution": st.just(True),
            "corresponds_externally": st.just(False),
            "category": st.sampled_from([19, 221]),
            "province": st.integers(1, 81),
            "letterhead": st.lists(text.filter(bool), min_size=1, max_size=3),
            "founding_legislation": st.just([{"title": 'Kanun "a"', "number": "5442"}]),
            "kep_addresses": st.just([{"address": f"a{index}@hs01.kep.tr"}])
            | st.just([{"address": f"b{index}@x.hs02.kep.tr", "valid_from": "2021-05-01"}]),
        }
        for fact, values in facts.items():
            if draw(st.integers(0, 2)) == 0:
                row[fact] = draw(values)
        rows.append(row)
    return draw(st.permutations(rows))


def one_by_one(rows: list[dict[str, Any]]) -> None:
    waiting = list(rows)
    while waiting:
        numbers = {row["detsis_no"] for row in waiting}
        row = next(row for row in waiting if row.get("parent") not in numbers)
        waiting.remove(row)
        assignments = {k: v for k, v in row.items() if k in FACTS or k == "kep_addresses"}
        record_changes(
            [Wanted("registered", row["detsis_no"], row["valid_from"], assignments)],
            actor=None,
            source="import",
            today=TODAY,
        )
    # Children close before their parents.
    closing = sorted(rows, key=lambda r: (r.get("valid_to") or TODAY, -depth(r, rows)))
    for row in closing:
        if "valid_to" in row:
            record_changes(
                [Wanted("closed", row["detsis_no"], row["valid_to"], {"active": False})],
                actor=None,
                source="import",
                today=TODAY,
            )


def depth(row: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    above = next((r for r in rows if r["detsis_no"] == row.get("parent")), None)
    return 0 if above is None else 1 + depth(above, rows)


def everything() -> dict[str, Any]:
    """All that a load writes, without surrogate keys, times and bounds."""
    hidden = {"id", "lft", "rght", "recorded_at", "level", "tree_id"}

    def rows(queryset: Any, *order: str) -> list[dict[str, Any]]:
        return [
            {k: str(v) if k == "validity" else v for k, v in row.items() if k not in hidden}
            for row in queryset.order_by(*order).values()
        ]

    return {
        "units": rows(Unit.objects.all(), "detsis_no"),
        "levels": list(Unit.objects.order_by("detsis_no").values_list("level", flat=True)),
        "versions": rows(UnitVersion.objects.all(), "unit_id", "validity"),
        "changes": rows(UnitChange.objects.all(), "unit_id", "id"),
        "counts": rows(UnitCount.objects.exclude(delta=0), "unit_id", "figure", "effective_on"),
        "kep": rows(KepAddress.objects.all(), "unit_id", "address"),
    }


def result_of(action: Any) -> dict[str, Any]:
    """What `action` leaves; then it is taken back."""
    with transaction.atomic():
        action()
        assert tree.check() == []
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        found = everything()
        transaction.set_rollback(True)
    return found


def load(rows: list[dict[str, Any]]) -> None:
    assert loading.stage(rows) == len(rows)
    assert loading.insert_staged(actor_id=None, source="import", today=TODAY) == len(rows)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_load_leaves_what_recording_one_by_one_leaves(data):
    rows = new_rows(data.draw)

    def start() -> None:
        if not Unit.objects.exists():
            forest([None, 0, 0, 1, 3])

    def by_load() -> None:
        start()
        load(rows)

    def by_record() -> None:
        start()
        one_by_one(rows)

    assert result_of(by_load) == result_of(by_record)


@pytest.mark.django_db
def test_the_reason_and_the_legal_reference_stand_in_the_history():
    loading.stage(
        [
            {
                "detsis_no": FIRST,
                "name": "Kurum",
                "valid_from": START,
                "legal_reference": "5442 sayılı Kanun",
            }
        ]
    )
    loading.insert_staged(actor_id=None, source="import", today=TODAY, reason="İlk yükleme")
    change = UnitChange.objects.get()
    assert (change.reason, change.legal_reference) == ("İlk yükleme", "5442 sayılı Kanun")


def row(number: int, parent: int | None) -> dict[str, Any]:
    return {"detsis_no": number, "name": f"B{number}", "parent": parent, "valid_from": START}


@pytest.mark.django_db
def test_loading_below_existing_units_leaves_the_others_where_they_are():
    numbers = forest([None, 0, 0, 1])
    numbering.renumber()  # leaves every unit a gap
    before = {u.pk: (u.lft, u.rght) for u in Unit.objects.all()}
    load([row(FIRST, numbers[3]), row(FIRST + 1, FIRST), row(FIRST + 2, None)])
    assert tree.check() == []
    after = {u.pk: (u.lft, u.rght) for u in Unit.objects.filter(pk__in=numbers)}
    assert after == before


@pytest.mark.django_db
@pytest.mark.parametrize("parents", [1, numbering._ROOM_TO_MAKE + 5])
def test_where_there_is_no_room_it_is_made(parents):
    """One full parent: its surroundings are spaced. Many: the whole tree is numbered anew."""
    numbers = forest([None] + [0] * parents)
    rows = [
        row(FIRST + 100 * index + child, numbers[index + 1])
        for index in range(parents)
        for child in range(100)
    ]
    load(rows)
    assert tree.check() == []
    assert counts.of(numbers[0], TODAY)["units.central"] == 1 + parents + 100 * parents


@pytest.mark.django_db
def test_rows_that_hang_in_a_circle_are_told():
    loading.stage([row(FIRST, FIRST + 1), row(FIRST + 1, FIRST), row(FIRST + 2, FIRST)])
    assert numbering.place(loading.STAGED) == 3


@pytest.mark.django_db
def test_renumbering_mends_broken_bounds_and_keeps_the_order_of_siblings():
    forest([None, 0, 0, 1, 1, 2])
    order = list(Unit.objects.order_by("lft").values_list("pk", flat=True))
    Unit.objects.filter(level=2).update(rght=5, lft=4)
    assert tree.check()
    numbering.renumber()
    assert tree.check() == []
    assert set(Unit.objects.values_list("pk", flat=True)) == set(order)
    assert list(Unit.objects.filter(level=1).order_by("lft").values_list("pk", flat=True)) == [
        pk for pk in order if Unit.objects.get(pk=pk).level == 1
    ]


@pytest.mark.django_db
def test_a_load_takes_the_same_statements_for_ten_rows_and_for_a_thousand(
    django_assert_max_num_queries,
):
    root = unit("Kök")
    with django_assert_max_num_queries(60):
        load([row(FIRST + n, root.pk) for n in range(10)])
    with django_assert_max_num_queries(60):
        load([row(FIRST + 100 + n, root.pk) for n in range(1000)])
    assert model_to_dict(Unit.objects.get(pk=FIRST))["name"] == f"B{FIRST}"


@pytest.mark.django_db
def test_after_a_large_load_the_planner_knows_how_many_units_there_are():
    """Also where it had learned that there are none, as after an import that was only tried."""
    rows = [row(FIRST + n, FIRST if n else None) for n in range(300)]
    result_of(lambda: load(rows))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE detsis_unit")
        load(rows)
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'detsis_unit'")
        assert cursor.fetchone()[0] == 300
