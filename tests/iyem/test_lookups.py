"""What is read at once for a whole sheet says the same as the database, asked one by one."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detsis import services as detsis_services
from iyem import rules, services
from iyem.lookups import Loaded, Register, overlap
from iyem.models import AppointmentKind, AppointmentState, Post, Slot
from kaysis.common.errors import KaysisError
from tests.factories.detsis import unit
from tests.factories.iyem import ISTANBUL, appoint, centre, manager

pytestmark = pytest.mark.django_db
START = dt.datetime(2024, 1, 1, 9, tzinfo=ISTANBUL)
SPANS = st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 6)))


def span(days: tuple[int, int | None]) -> DateTimeTZRange:
    begins, length = days
    start = START + dt.timedelta(days=begins)
    return DateTimeTZRange(start, start + dt.timedelta(days=length) if length else None)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    kept=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), SPANS), max_size=5),
    withdrawn=st.booleans(),
    asked=st.lists(SPANS, min_size=1, max_size=4),
    closed=st.one_of(st.none(), st.integers(1, 14)),
)
def test_both_say_the_same(*, kept, withdrawn, asked, closed):
    units, people = [unit(), unit()], [manager(), manager()]
    made = []
    for place, who, days in kept:
        when = span(days)
        try:
            made.append(
                services.register_appointment(
                    actor=centre(),
                    unit=units[place],
                    manager=people[who],
                    title="Müdür",
                    starts_at=when.lower,
                    ends_at=when.upper,
                )
            )
        except KaysisError:
            continue
    if withdrawn and made:
        services.withdraw_appointment(actor=centre(), appointment=made[0], reason="Yanlış")
    if closed is not None:
        detsis_services.close_unit(
            actor=centre(),
            unit=units[0].pk,
            effective_on=(START + dt.timedelta(days=closed)).date(),
            reason="Deneme",
        )
    posts = list(Post.objects.filter(unit__in=units))
    loaded = Loaded(
        units=[each.pk for each in units],
        posts=[post.pk for post in posts],
        managers=[who.pk for who in people],
    )
    for days in asked:
        for post in posts:
            for who in people:
                for kind in (AppointmentKind.SUBSTANTIVE, AppointmentKind.ACTING_VACANT):
                    wanted = rules.Wanted(
                        unit=post.unit, post=post, manager=who, kind=kind, validity=span(days)
                    )
                    assert rules.findings(wanted, loaded) == rules.findings(wanted, Register())


def test_what_is_about_to_be_recorded_counts():
    office, who, other = unit(), manager(), manager()
    appoint(office, who, "2024-01-01", "2024-02-01")
    post = Post.objects.get(unit=office)
    loaded = Loaded(units=[office.pk], posts=[post.pk], managers=[who.pk, other.pk])
    validity = DateTimeTZRange(START + dt.timedelta(days=60), None)
    wanted = rules.Wanted(
        unit=office,
        post=post,
        manager=other,
        kind=AppointmentKind.SUBSTANTIVE,
        validity=validity,
    )
    assert not [finding for finding in rules.findings(wanted, loaded) if finding.refuses]
    loaded.add(
        AppointmentState(
            post=post,
            unit=office,
            manager=who,
            kind=AppointmentKind.SUBSTANTIVE,
            slot=Slot.HOLDER,
            validity=validity,
            title="Müdür",
        )
    )
    (refused,) = [finding for finding in rules.findings(wanted, loaded) if finding.refuses]
    assert who.person.full_name in refused.message


def test_a_unit_that_closes_ends_what_outlasts_it():
    office = unit()
    detsis_services.close_unit(
        actor=centre(), unit=office.pk, effective_on=dt.date(2024, 6, 1), reason="Kapandı"
    )
    wanted = rules.Wanted(
        unit=office,
        post=None,
        manager=None,
        kind=AppointmentKind.SUBSTANTIVE,
        validity=DateTimeTZRange(START, None),
    )
    (refused,) = rules.findings(wanted)
    assert refused.field == "ends_at"
    assert "01.06.2024" in refused.message


@given(left=SPANS, right=SPANS)
def test_overlap_is_that_of_moments(left, right):
    first, second = span(left), span(right)

    def days(when):
        end = when.upper or START + dt.timedelta(days=40)
        return {when.lower + dt.timedelta(days=n) for n in range((end - when.lower).days)}

    assert overlap(first, second) == bool(days(first) & days(second))
