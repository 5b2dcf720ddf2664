"""The coverage board's figures, against a brute force that asks about each unit by itself."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detsis import services as detsis_services
from detsis.models import Unit
from iyem import coverage, services
from iyem.authority import Question, ask
from iyem.coverage import Office
from iyem.models import (
    AppointmentState,
    Confirmation,
    CoverageTotal,
    UnitCoverage,
)
from iyem.permissions import coordinated_by, registered_by, units_of
from kaysis.accounts.models import Person, Role, RoleGrant
from tests.factories.accounts import PersonFactory, RoleGrantFactory
from tests.factories.detsis import unit
from tests.factories.iyem import ISTANBUL, act_for, appoint, centre, manager

pytestmark = pytest.mark.django_db

# Grants are looked up by the database's clock, so that the board is tested as of now.
NOW = timezone.now()


def ago(days: int) -> str:
    """So many days before now, as the factories take it."""
    return (NOW - dt.timedelta(days=days)).astimezone(ISTANBUL).strftime("%Y-%m-%d %H:%M")


# Without a confirmation, one of these still counts as confirmed and the other does not.
RECORDED = {"fresh": ago(30), "stale": ago(400)}


def brute_force() -> dict[int, dict]:
    """Active unit → its own standing, each worked out alone, by the portal's own rules."""
    officers = RoleGrant.objects.filter(role__in=[Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR])
    people = Person.objects.filter(is_active=True, pk__in=officers.values("person"))
    looked_after: Counter[int] = Counter()
    for person in people:
        looked_after.update(units_of(person).values_list("pk", flat=True))
    found = {}
    for each in Unit.objects.filter(active=True, valid_from__isnull=False):
        states = AppointmentState.objects.current().filter(unit=each)
        codes = sorted(set(states.values_list("manager__manager_code", flat=True)))
        reasons = {a.reason for a in ask([Question(each.pk, code, NOW) for code in codes])}
        first = (
            states.filter(validity__isempty=False, post__ordinal=0)
            .order_by("appointment__registered_at")
            .values_list("appointment__registered_at", flat=True)
            .first()
        )
        found[each.pk] = {
            "signed": bool(reasons & {"", "unconfirmed"}),
            "confirmed": "unconfirmed" not in reasons,
            "officers": looked_after[each.pk],
            "registered_at": first,
        }
    return found


def sums(found: dict[int, dict], numbers) -> tuple[int, ...]:
    own = [found[number] for number in numbers if number in found]
    return (
        len(own),
        sum(not each["signed"] for each in own),
        sum(each["officers"] < 2 for each in own),
        sum(not each["confirmed"] for each in own),
        sum(each["registered_at"] is None for each in own),
    )


def stored(row) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in coverage.SUMS)


def check_against_brute_force() -> None:
    found = brute_force()
    rows = {row.unit_id: row for row in UnitCoverage.objects.all()}
    units = list(Unit.objects.all())
    children: dict[int, list[int]] = {}
    for each in units:
        children.setdefault(each.parent_id, []).append(each.pk)

    def below(number: int) -> list[int]:
        return [number, *(low for child in children.get(number, []) for low in below(child))]

    for number, own in found.items():
        row = rows[number]
        told = (row.is_signed, row.is_confirmed, row.officers, row.registered_at)
        assert told == (own["signed"], own["confirmed"], own["officers"], own["registered_at"])
        assert row.active
    for each in units:
        expected = sums(found, below(each.pk))
        assert (stored(rows[each.pk]) if each.pk in rows else (0,) * 5) == expected
    totals = {(row.kind, row.key): stored(row) for row in CoverageTotal.objects.all()}
    assert totals["state", 0] == sums(found, found)
    for plate in {each.province_id for each in units if each.province_id}:
        inside = [each.pk for each in units if each.province_id == plate]
        assert totals.get(("province", plate), (0,) * 5) == sums(found, inside)
    for authority in {each.civil_authority_id for each in units if each.civil_authority_id}:
        reach = set(below(authority))
        inside = [each.pk for each in units if each.civil_authority_id in reach]
        assert totals["civil", authority] == sums(found, inside)


@st.composite
def worlds(draw) -> dict:
    """A small state: its tree, civil authorities, officers, managers and confirmations."""
    size = draw(st.integers(3, 9))
    numbers = st.integers(0, size - 1)
    return {
        "parents": [None, *(draw(st.integers(0, index - 1)) for index in range(1, size))],
        "civil": draw(st.dictionaries(numbers, numbers, max_size=5)),
        "places": draw(st.dictionaries(numbers, st.sampled_from([1, 6, 34]), max_size=6)),
        "closed": draw(st.sets(st.integers(1, size - 1), max_size=1)),
        "grants": draw(
            st.lists(
                st.tuples(st.integers(0, 3), st.booleans(), numbers, st.booleans()),
                max_size=7,
                unique_by=lambda grant: grant[:3],
            )
        ),
        "managers": draw(
            st.dictionaries(
                numbers,
                st.tuples(
                    st.sampled_from(["fresh", "stale"]),
                    st.sampled_from(["", "absent", "acting", "ended", "delegate"]),
                ),
                max_size=6,
            )
        ),
        "confirmations": draw(
            st.lists(
                st.tuples(
                    numbers,
                    st.sampled_from(["hierarchy", "civil", "subtree"]),
                    st.sampled_from([20, 500, -20]),
                ),
                max_size=4,
            )
        ),
    }


def build(world: dict) -> None:
    units: list[Unit] = []
    for index, parent in enumerate(world["parents"]):
        units.append(
            unit(
                f"Birim {index}",
                None if parent is None else units[parent].pk,
                is_institution=index % 3 == 0,
                province=world["places"].get(index),
            )
        )
    for index, authority in world["civil"].items():
        if index != authority:
            detsis_services.amend_unit(
                actor=None,
                unit=units[index].pk,
                facts={"civil_authority": units[authority].pk},
                effective_on=dt.date(2020, 1, 1),
            )
    people = [PersonFactory(is_active=index != 3) for index in range(4)]
    for person, authorised, index, valid in world["grants"]:
        start = NOW + dt.timedelta(days=-90 if valid else 90)
        RoleGrantFactory(
            person=people[person],
            role=Role.IYEM_AUTHORISED if authorised else Role.IYEM_REGISTRAR,
            scope_detsis_no=units[index].pk,
            validity=DateTimeTZRange(start, None),
        )
    for index, (age, what) in world["managers"].items():
        start = RECORDED[age]
        end = ago(5) if what == "ended" else None
        held = appoint(units[index], start=start, end=end)
        if what in ("absent", "acting"):
            act_for(held, manager(), ago(10), ago(-10), recorded=start)
        if what == "absent":
            # The acting one leaves again, so that nobody signs.
            acting = AppointmentState.objects.current().get(unit=units[index], slot="acting")
            services.withdraw_appointment(
                actor=centre(), appointment=acting.appointment, reason="Deneme"
            )
        if what == "delegate":
            act_for(held, manager(), ago(10), ago(-10), recorded=start, kind="delegated")
    for index, reach, days in world["confirmations"]:
        Confirmation.objects.create(
            scope=units[index],
            reach=reach,
            confirmed_at=NOW - dt.timedelta(days=days),
            confirmed_by=people[0],
            units=1,
            missing=0,
        )
    for index in world["closed"]:
        if not units[index].children.exists():
            detsis_services.close_unit(
                actor=None,
                unit=units[index].pk,
                effective_on=timezone.localdate() - dt.timedelta(days=3),
                reason="Deneme",
            )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_board_equals_a_brute_force(world):
    with transaction.atomic():
        build(world)
        coverage.refresh(now=NOW)
        check_against_brute_force()
        check_reminders()
        # A second run finds nothing to write.
        assert coverage.refresh(now=NOW) == 0
        transaction.set_rollback(True)


def check_reminders() -> None:
    """What officers are told to be missing is what is missing where they look."""
    missing = Unit.objects.filter(coverage__active=True, coverage__registered_at=None)
    scopes = Unit.objects.values_list("pk", flat=True)
    offices = [
        Office(role, scope)
        for scope in scopes
        for role in (Role.IYEM_AUTHORISED.value, Role.IYEM_REGISTRAR.value)
    ]
    told = coverage.missing_at(offices)
    for office in offices:
        rule = coordinated_by if office.role == Role.IYEM_AUTHORISED else registered_by
        assert told.get(office, 0) == missing.filter(rule([office.scope])).count()
