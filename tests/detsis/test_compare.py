"""Two days compared, against a slow reading of every version."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from detsis import compare, selectors, services
from detsis.compare import Comparison, DifferenceKind
from kaysis.common.errors import KaysisError
from tests.factories.detsis import chain, unit

DAY0 = dt.date(2024, 1, 1)
offsets = st.integers(0, 30)
pick = st.integers(0, 10_000)


def slow(numbers: list[int], earlier: dt.date, later: dt.date, below: int | None) -> set[tuple]:
    """(kind, unit) of every difference, unit by unit."""
    found = set()
    for number in numbers:
        old, new = selectors.version_on(number, earlier), selectors.version_on(number, later)
        was, now = bool(old and old.active), bool(new and new.active)
        kinds = []
        if now and not was:
            kinds.append("reopened" if old else "founded")
        if was and not now:
            kinds.append("closed")
        if was and now and old.name != new.name:
            kinds.append("renamed")
        if was and now and old.parent_id != new.parent_id:
            kinds.append("moved")
        paths = [selectors.path(number, day) for day in (earlier, later)]
        inside = below is None or any(c.detsis_no == below for path in paths for c in path)
        found |= {(kind, number) for kind in kinds if inside}
    return found


class Changes(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.numbers: list[int] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def one(self, choice: int) -> int:
        return self.numbers[choice % len(self.numbers)]

    def record(self, **wanted) -> bool:
        try:
            services.record_changes([services.Wanted(**wanted)], actor=None)
        except KaysisError:
            return False
        return True

    @rule(offset=offsets, choice=pick, root=st.booleans())
    def found(self, offset, choice, root):
        number = 51_000_000 + len(self.numbers)
        parent = None if root or not self.numbers else self.one(choice)
        wanted = {"name": f"Ad {offset}", "parent": parent}
        day = DAY0 + dt.timedelta(days=offset)
        if self.record(kind="founded", unit=number, effective_on=day, assignments=wanted):
            self.numbers.append(number)

    @rule(offset=offsets, choice=pick, other=pick, what=st.sampled_from("rmcoz"))
    def change(self, offset, choice, other, what):
        if not self.numbers:
            return
        kind, wanted = {
            "r": ("renamed", {"name": f"Yeni {other % 3}"}),
            "m": ("moved", {"parent": self.one(other)}),
            "c": ("closed", {"active": False}),
            "o": ("reopened", {"active": True}),
            "z": ("amended", {"phone": str(other % 5)}),
        }[what]
        self.record(
            kind=kind,
            unit=self.one(choice),
            effective_on=DAY0 + dt.timedelta(days=offset),
            assignments=wanted,
        )

    @rule(first=offsets, span=st.integers(1, 20), choice=pick, whole=st.booleans())
    def compare(self, first, span, choice, whole):
        earlier = DAY0 + dt.timedelta(days=first)
        later = earlier + dt.timedelta(days=span)
        below = None if whole or not self.numbers else self.one(choice)
        comparison = Comparison(earlier, later, below)
        rows = comparison.rows(offset=0, limit=1000)
        expected = slow(self.numbers, earlier, later, below)
        assert {(row.kind, row.detsis_no) for row in rows} == expected
        assert len(rows) == len(expected)
        assert sum(comparison.numbers().values()) == len(expected)


@pytest.mark.django_db
def test_random_changes_compare_as_a_slow_reading_says():
    run_state_machine_as_test(
        Changes,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def ministries(db):
    """Two ministries, and a unit that moved from the one to the other under a new name."""
    first, second = chain("Eski Bakanlık")[0], chain("Yeni Bakanlık")[0]
    moved = unit("Daire", first)
    day = dt.date(2020, 6, 1)
    services.move_unit(unit=moved.pk, parent=second.pk, effective_on=day, actor=None)
    services.rename_unit(unit=first.pk, name="Bakanlık (mülga)", effective_on=day, actor=None)
    return first, second, moved


def test_a_move_tells_both_ends_with_the_names_of_their_days(ministries):
    first, second, moved = ministries
    comparison = Comparison(dt.date(2020, 5, 1), dt.date(2020, 7, 1))
    (row,) = comparison.rows(DifferenceKind.MOVED, offset=0, limit=10)
    assert row.detsis_no == moved.pk
    assert (row.old_parent, row.old_parent_name) == (first.pk, "Eski Bakanlık")
    assert (row.parent, row.parent_name) == (second.pk, "Yeni Bakanlık")


def test_below_either_end_the_move_is_seen(ministries):
    first, second, _ = ministries
    span = dt.date(2020, 5, 1), dt.date(2020, 7, 1)
    assert Comparison(*span, first.pk).numbers()["moved"] == 1
    assert Comparison(*span, second.pk).numbers()["moved"] == 1
    assert Comparison(*span, second.pk).numbers()["renamed"] == 0


def test_what_comes_and_goes_between_the_days_is_no_difference(db):
    made = unit("Geçici", effective_on=dt.date(2020, 1, 10))
    services.close_unit(unit=made.pk, effective_on=dt.date(2020, 2, 10), actor=None)
    assert not any(Comparison(dt.date(2020, 1, 1), dt.date(2020, 3, 1)).numbers().values())


def test_pages_and_the_stream_give_the_same_rows(db, monkeypatch):
    monkeypatch.setattr(compare, "CHUNK", 3)
    for n in range(8):
        unit(f"Birim {n}", effective_on=dt.date(2020, 1, 10))
    comparison = Comparison(dt.date(2020, 1, 1), dt.date(2020, 3, 1))
    pages = [comparison.rows(offset=at, limit=3) for at in (0, 3, 6)]
    assert [row for page in pages for row in page] == list(comparison.stream())


def test_the_days_must_be_in_order():
    with pytest.raises(ValueError, match="first"):
        Comparison(dt.date(2020, 1, 2), dt.date(2020, 1, 2))
