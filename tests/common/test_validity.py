"""Half-open validity, checked against sets of days."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from hypothesis import given
from hypothesis import strategies as st

from kaysis.common.validity import (
    canonical,
    contains,
    day_range,
    intersect,
    moment_range,
    overlaps,
    split_at,
    subtract,
)
from tests.common.models import Post, Shift

ISTANBUL = ZoneInfo("Europe/Istanbul")
EPOCH = dt.date(2026, 1, 1)
UNIVERSE = [EPOCH + dt.timedelta(days=n) for n in range(-3, 24)]


def day(n: int) -> dt.date:
    return EPOCH + dt.timedelta(days=n)


@st.composite
def ranges(draw):
    start = draw(st.none() | st.integers(0, 18))
    end = draw(st.none() | st.integers(0 if start is None else start + 1, 20))
    return day_range(None if start is None else day(start), None if end is None else day(end))


points = st.integers(-2, 22).map(day)


def days(*values) -> set[dt.date]:
    return {d for d in UNIVERSE for value in values if value and contains(value, d)}


@given(ranges(), ranges())
def test_set_operations(left, right):
    assert days(intersect(left, right)) == days(left) & days(right)
    assert overlaps(left, right) == bool(days(left) & days(right))
    parts = subtract(left, right)
    assert days(*parts) == days(left) - days(right)
    assert sum(len(days(part)) for part in parts) == len(days(left) - days(right))
    assert parts == sorted(parts, key=lambda part: part.lower or dt.date.min)


@given(ranges(), points)
def test_split(value, point):
    before, after = split_at(value, point)
    assert days(before) == {d for d in days(value) if d < point}
    assert days(after) == {d for d in days(value) if d >= point}
    if before and after:
        assert before.upper == after.lower == point


@given(
    st.none() | st.integers(0, 9).map(day),
    st.none() | st.integers(0, 9).map(day),
    st.sampled_from(["[)", "[]", "(]", "()"]),
)
def test_canonical_covers_the_same_days(start, end, bounds):
    if start and end and start > end:
        start, end = end, start
    value = DateRange(start, end, bounds)
    found = canonical(value)
    assert days(found) == {d for d in UNIVERSE if d in value}
    assert found is None or (found.upper_inc is False and not found.isempty)


def test_canonical_of_nothing_and_of_moments():
    assert canonical(DateRange(empty=True)) is None
    noon = dt.datetime(2026, 5, 1, 12, tzinfo=ISTANBUL)
    assert canonical(DateTimeTZRange(noon, noon, "[)")) is None
    with pytest.raises(ValueError, match="half-open"):
        canonical(DateTimeTZRange(noon, None, "()"))


def test_ranges_refuse_nonsense():
    with pytest.raises(ValueError, match="end after"):
        day_range(day(3), day(3))
    with pytest.raises(TypeError):
        day_range(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(TypeError):
        moment_range(dt.datetime(2026, 1, 1))
    with pytest.raises(TypeError):
        moment_range(day(1))


@pytest.mark.django_db
@pytest.mark.usefixtures("tables")
class TestQueries:
    def test_at_and_overlapping(self):
        first = Post.objects.create(room=1, validity=day_range(day(0), day(10)))
        second = Post.objects.create(room=1, validity=day_range(day(10)))
        assert list(Post.objects.at(day(9))) == [first]
        assert list(Post.objects.at(day(10))) == [second]
        assert not Post.objects.at(day(-1))
        assert set(Post.objects.overlapping(day_range(day(9), day(11)))) == {first, second}
        assert list(Post.objects.overlapping(day_range(day(-9), day(0)))) == []

    def test_a_moment_is_read_as_its_day_in_istanbul(self):
        Post.objects.create(room=1, validity=day_range(day(1)))
        late = dt.datetime(2026, 1, 1, 22, 30, tzinfo=dt.UTC)  # already 2 January in Istanbul
        assert Post.objects.at(late).exists()
        with time_machine.travel(late, tick=False):
            assert Post.objects.current().exists()
        with time_machine.travel(late - dt.timedelta(hours=2), tick=False):
            assert not Post.objects.current().exists()

    def test_moments(self):
        noon = dt.datetime(2026, 1, 1, 12, tzinfo=ISTANBUL)
        shift = Shift.objects.create(room=1, during=moment_range(None, noon))
        assert not Shift.objects.at(noon).exists()
        assert list(Shift.objects.at(noon - dt.timedelta(microseconds=1))) == [shift]
        with pytest.raises(TypeError, match="by the moment"):
            Shift.objects.at(day(1))

    def test_overlap_is_refused_with_a_turkish_sentence(self):
        Post.objects.create(room=1, validity=day_range(day(0), day(10)))
        clash = Post(room=1, validity=day_range(day(9)))
        with pytest.raises(ValidationError) as caught:
            clash.full_clean()
        assert "Bu tarihler arasında geçerli başka bir kayıt var." in caught.value.messages
        with pytest.raises(IntegrityError), transaction.atomic():
            clash.save()
        Post(room=2, validity=day_range(day(9))).full_clean()

    @pytest.mark.parametrize(
        "validity", [DateRange(empty=True), DateRange(day(3), day(3)), DateRange(None, day(3))]
    )
    def test_improper_ranges_are_refused(self, validity):
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.create(room=1, validity=validity)
