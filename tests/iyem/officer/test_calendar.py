"""The calendar's sweep, against asking minute by minute."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from iyem.officer.calendar import Term, month

ZONE = ZoneInfo("Europe/Istanbul")
FIRST = dt.date(2026, 11, 1)
START = dt.datetime(2026, 10, 20, tzinfo=ZONE)


@dataclass
class Said:
    names: set[str]
    gap: bool


hours = st.integers(0, 24 * 50)
TERMS = st.lists(
    st.builds(
        lambda start, length, name, away: Term(
            START + dt.timedelta(hours=start),
            None if length == 0 else START + dt.timedelta(hours=start + length),
            name,
            "",
            away,
        ),
        hours,
        st.integers(0, 400),
        st.sampled_from("ABC"),
        st.booleans(),
    ),
    max_size=8,
)


def plain(known: list[Term], date: dt.date) -> Said:
    """Hour by hour."""
    names, gap = set(), False
    for hour in range(24):
        at = dt.datetime.combine(date, dt.time(hour), ZONE)
        there = [each for each in known if each.start <= at and (not each.end or at < each.end)]
        names |= {each.name for each in there}
        gap = gap or not any(not each.away for each in there)
    return Said(names, gap)


@given(TERMS)
def test_every_day_names_everybody_and_every_gap(known):
    weeks = month(known, FIRST)
    days = [day for week in weeks for day in week]
    assert [day.date for day in days] == sorted({day.date for day in days})
    assert sum(day.in_month for day in days) == 30
    for day in days:
        said = plain(known, day.date)
        assert {entry.name for entry in day.entries} == said.names
        assert day.gap == said.gap
