"""The quick read of who is in office says what the objects say."""

import pytest

from iyem import incumbents, selectors
from iyem.models import LegacyManager
from tests.factories.detsis import unit
from tests.factories.iyem import act_for, appoint, manager, moment

pytestmark = pytest.mark.django_db
DAYS = ("2023-12-01", "2024-02-01", "2024-05-03", "2024-05-20", "2024-09-10", "2025-03-01")


@pytest.fixture
def office():
    """A head with a leave in May, another head after him, a deputy, and a post kept vacant."""
    place, other = unit("Genel Müdürlük"), unit("Şube Müdürlüğü")
    first = appoint(place, manager(given_name="Ali", family_name="ışık"), end="2024-09-01 00:00")
    act_for(first, manager(), "2024-05-01 09:00", "2024-05-10 18:00")
    appoint(place, start="2025-01-01 09:00", title="Genel Müdür")
    appoint(other, kind="acting_vacant", title="Şube Müdürü", end="2024-12-31 00:00")
    return place, other


@pytest.mark.parametrize("day", DAYS)
def test_both_reads_agree_at_any_moment(office, day):
    numbers = [each.pk for each in office]
    at = moment(f"{day} 12:00")
    quick = incumbents.known_of(numbers, at)
    slow = selectors.chairs_of(numbers, at)
    assert set(quick) == set(numbers)
    for number in numbers:
        chairs = [chair for chair in slow.get(number, []) if chair.holder or chair.acting]
        assert [(seat.post_id, seat.ordinal, seat.post_kind) for seat in quick[number].seats] == [
            (chair.post.pk, chair.post.ordinal, chair.post.kind) for chair in chairs
        ]
        for seat, chair in zip(quick[number].seats, chairs, strict=True):
            assert seat.away == (chair.absence is not None)
            for name in ("holder", "acting", "delegate", "signatory"):
                assert told(getattr(seat, name)) == told_of_state(getattr(chair, name)), name


def told(person: incumbents.Incumbent | None):
    return person and (
        person.manager_code,
        person.full_name,
        person.title,
        person.slot,
        person.since,
        person.until,
    )


def told_of_state(state):
    return state and (
        state.manager.manager_code,
        state.manager.person.full_name,
        state.title,
        state.slot,
        state.validity.lower,
        state.validity.upper,
    )


def test_the_days_above_see_every_posture(office):
    """Or the comparison would compare nothing."""
    seen = set()
    for day in DAYS:
        for known in incumbents.known_of([office[0].pk], moment(f"{day} 12:00")).values():
            seen |= {(bool(seat.holder), bool(seat.acting), seat.away) for seat in known.seats} or {
                None
            }
    assert seen == {None, (True, False, False), (True, True, True)}


def test_of_any_number_of_units_with_one_query(office, django_assert_num_queries):
    bare = unit("Kimsesiz")
    with django_assert_num_queries(1):
        known = incumbents.known_of([bare.pk, *(each.pk for each in office)])
    assert known[bare.pk] == incumbents.Known()


def test_old_names_are_known_until_they_are_wiped(office):
    bare = unit("Eski Adlı")
    LegacyManager.objects.create(unit=bare, name="Eski Müdür")
    assert incumbents.known_of([bare.pk])[bare.pk].has_legacy
    assert not incumbents.known_of([office[0].pk])[office[0].pk].has_legacy
