"""The fold from changes to versions, against a plain day-by-day model."""

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from detsis.timeline import FACTS, Step, active_range, fold, kep_addresses, state_at

DAY0 = dt.date(2020, 1, 1)
days = st.integers(0, 60).map(lambda n: DAY0 + dt.timedelta(days=n))
assignments = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["A", "B", "C"]),
        "parent": st.sampled_from([None, 10_000_001, 10_000_002]),
        "active": st.booleans(),
    },
)
steps = st.lists(st.tuples(days, assignments), max_size=8).map(
    lambda rows: [Step(cursor, day, given) for cursor, (day, given) in enumerate(rows)]
)


@given(steps, days)
def test_the_state_on_a_day_is_everything_said_up_to_it_in_order(rows, day):
    said = sorted(
        (row for row in rows if row.effective_on <= day),
        key=lambda row: (row.effective_on, row.cursor),
    )
    expected = dict(FACTS)
    for row in said:
        expected |= row.assignments
    state = state_at(fold(rows), day)
    if not said:
        assert state is None
    else:
        assert state is not None
        assert state.facts == expected


@given(steps)
def test_versions_leave_no_gap_and_no_equal_neighbours(rows):
    versions = fold(rows)
    for earlier, later in itertools.pairwise(versions):
        assert earlier.valid_to == later.valid_from
        assert earlier.valid_from < later.valid_from
        assert earlier.facts != later.facts
    if versions:
        assert versions[-1].valid_to is None


@given(steps, st.randoms(use_true_random=False))
def test_the_order_in_which_changes_arrive_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(rows)


def test_a_unit_that_closes_for_good_has_an_end():
    closed = dt.date(2021, 5, 1)
    rows = [Step(1, DAY0, {"name": "A"}), Step(2, closed, {"active": False})]
    assert active_range(fold(rows)) == (DAY0, closed)
    reopened = [*rows, Step(3, dt.date(2022, 1, 1), {"active": True})]
    assert active_range(fold(reopened)) == (DAY0, None)


def test_the_last_list_of_kep_addresses_stands():
    rows = [
        Step(1, DAY0, {"name": "A", "kep_addresses": [{"address": "a@hs01.kep.tr"}]}),
        Step(2, DAY0, {"name": "B"}),
        Step(3, DAY0, {"kep_addresses": []}),
    ]
    assert kep_addresses(rows[:2]) == [{"address": "a@hs01.kep.tr"}]
    assert kep_addresses(rows) == []
    assert kep_addresses([rows[1]]) is None
