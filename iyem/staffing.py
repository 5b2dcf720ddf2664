"""Officers and their places: who coordinates whom (rule 5) and where two are wanted (rule 4).

A place of a Yetkili is the headquarters of an institution, or a governorship or district
governorship. A place of a Görevli is where a provincial organisation begins: a provincial unit
directly under the centre, or one that stands under another civil authority than what is above it.
What is below such a unit is looked after from there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from detsis.models import OrganisationType, Unit
from detsis.querysets import UnitQuerySet
from detsis.seed import StatusCode
from iyem.coverage import LEAST_OFFICERS
from iyem.models import Campaign, CoverageTotal, TotalKind
from iyem.permissions import AnyPerson, units_of
from kaysis.accounts.models import Role, RoleGrant
from kaysis.accounts.permissions import is_central_administrator, scopes_of

OFFICERS = (Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR)
_CIVIL = [StatusCode.GOVERNORSHIP, StatusCode.DISTRICT_GOVERNORSHIP]


def is_civil_authority() -> Q:
    """Condition on `Unit`: a governorship, a district governorship, or named as one by units.

    The last are those of the coverage board: to ask each unit whether any other names it would
    take longer than all the rest.
    """
    named = CoverageTotal.objects.filter(kind=TotalKind.CIVIL).values("key")
    return Q(status__in=_CIVIL) | Q(pk__in=named)


def places_of(role: Role | str) -> UnitQuerySet:
    """The active units at which rule 4 wants officers with this role."""
    units: UnitQuerySet = Unit.objects.filter(active=True, valid_from__isnull=False)
    if role == Role.IYEM_AUTHORISED:
        return units.filter(Q(is_institution=True) | is_civil_authority())
    begins = ~Q(parent__organisation_type=OrganisationType.PROVINCIAL) | (
        Q(civil_authority__isnull=False)
        & (Q(parent__civil_authority=None) | ~Q(civil_authority=F("parent__civil_authority")))
    )
    return units.filter(
        begins, organisation_type=OrganisationType.PROVINCIAL, is_institution=False
    ).exclude(is_civil_authority())


def may_be_place(role: Role | str, unit: Unit, *, named: bool | None = None) -> bool:
    """Whether officers with this role may be authorised at the unit. `named`: whether units name it
    as their civil authority; None: it is asked.

    A Görevli may sit at any provincial unit, not only where one is wanted.
    """
    if not unit.active:
        return False
    if role == Role.IYEM_REGISTRAR:
        return unit.organisation_type == OrganisationType.PROVINCIAL
    if unit.is_institution or unit.status_id in _CIVIL:
        return True
    return bool(unit.subordinate_units.exists() if named is None else named)


def grants_visible_to(person: AnyPerson) -> QuerySet[RoleGrant]:
    """İYEM grants, in force or not, over units that the person looks after.

    In the order of coordination chains, the Yetkili first: a unit under a civil authority beside
    the others of that authority, all others below their institution. `place_lft` and `own_lft` are
    what it goes by.
    """
    unit = Unit.objects.filter(pk=OuterRef("scope_detsis_no"))
    grants = RoleGrant.objects.filter(role__in=OFFICERS).select_related("person")
    if not is_central_administrator(person):
        grants = grants.filter(scope_detsis_no__in=units_of(person).values("pk"))
    return grants.annotate(
        place_lft=Subquery(unit.values(at=Coalesce("civil_authority__lft", "lft"))[:1]),
        own_lft=Subquery(unit.values("lft")[:1]),
    ).order_by("place_lft", "role", "own_lft", "pk")


def coordinators(numbers: Iterable[int]) -> dict[int, int | None]:
    """Unit → the place of the Yetkili who coordinates the Görevli there: its civil authority, or
    else the nearest institution above it. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COORDINATORS, [list(numbers)])
        return dict(cursor.fetchall())


_COORDINATORS = """
    SELECT u.detsis_no, coalesce(u.civil_authority_id, (
        SELECT p.detsis_no FROM (
            WITH RECURSIVE up(detsis_no, parent_id, is_institution, height) AS (
                SELECT u.detsis_no, u.parent_id, u.is_institution, 0
                UNION ALL
                SELECT d.detsis_no, d.parent_id, d.is_institution, up.height + 1
                FROM up JOIN detsis_unit d ON d.detsis_no = up.parent_id
                WHERE NOT up.is_institution
            ) SELECT * FROM up
        ) p WHERE p.is_institution ORDER BY p.height LIMIT 1))
    FROM detsis_unit u WHERE u.detsis_no = ANY(%s)
"""


# --- At least two --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Short:
    """A place with fewer than two officers, and until when that is to be put right."""

    unit: Unit
    role: Role
    officers: int
    deadline: dt.date

    @property
    def missing(self) -> int:
        return LEAST_OFFICERS - self.officers

    @property
    def overdue(self) -> bool:
        return self.deadline < timezone.localdate()

    @property
    def days_left(self) -> int:
        return (self.deadline - timezone.localdate()).days


def short_places(person: AnyPerson) -> list[Short]:
    """The places with too few officers that this person has to see to, the most urgent first.

    The centre sees to the Yetkili; a Yetkili to the own place and the Görevli in the own
    coordination; a Görevli to the own place. Three queries at most.
    """
    found: list[Short] = []
    for role, units in _seen_to_by(person).items():
        found += _short(role, units)
    return sorted(found, key=lambda short: (short.deadline, short.unit.lft))


def _seen_to_by(person: AnyPerson) -> dict[Role, UnitQuerySet]:
    if is_central_administrator(person):
        return {Role.IYEM_AUTHORISED: places_of(Role.IYEM_AUTHORISED)}
    authorised = scopes_of(person, Role.IYEM_AUTHORISED).numbers
    registrar = scopes_of(person, Role.IYEM_REGISTRAR).numbers
    found = {}
    if authorised:
        found[Role.IYEM_AUTHORISED] = Unit.objects.active().filter(pk__in=authorised)
        inside = units_of(person).values("pk")
        found[Role.IYEM_REGISTRAR] = places_of(Role.IYEM_REGISTRAR).filter(pk__in=inside)
    elif registrar:
        found[Role.IYEM_REGISTRAR] = Unit.objects.active().filter(pk__in=registrar)
    return found


def _short(role: Role, units: UnitQuerySet) -> list[Short]:
    """Those of `units` with fewer than two officers of the role. Two queries."""
    now = timezone.now()
    staffed = (
        RoleGrant.objects.filter(role=role, person__is_active=True, validity__contains=now)
        .values("scope_detsis_no")
        .annotate(officers=Count("person", distinct=True))
        .filter(officers__gte=LEAST_OFFICERS)
    )
    short = units.exclude(pk__in=staffed.values("scope_detsis_no"))
    places = list(short.only("name", "lft", "valid_from"))
    held: dict[int, list[RoleGrant]] = defaultdict(list)
    grants = RoleGrant.objects.filter(
        role=role, scope_detsis_no__in=[place.pk for place in places], validity__isempty=False
    )
    for grant in grants.select_related("person"):
        held[grant.scope_detsis_no or 0].append(grant)
    opened = _campaign_opened()
    patience = dt.timedelta(days=settings.IYEM_OFFICERS_DEADLINE_DAYS)
    return [
        Short(
            unit=place,
            role=role,
            officers=len(
                {
                    grant.person_id
                    for grant in held[place.pk]
                    if grant.state == "in_force" and grant.person.is_active
                }
            ),
            deadline=(
                _short_since(held[place.pk], now)
                or max(filter(None, [place.valid_from, opened]), default=timezone.localdate())
            )
            + patience,
        )
        for place in places
    ]


def _campaign_opened() -> dt.date | None:
    """The first day of the latest campaign that has begun."""
    begun = Campaign.objects.filter(period__startswith__lte=timezone.localdate())
    period = begun.order_by("-period").values_list("period", flat=True).first()
    return period.lower if period else None


def _short_since(grants: list[RoleGrant], now: dt.datetime) -> dt.date | None:
    """Since when there have been fewer than two: the day the second last left or, where there
    never were two, the day the first came. None where nobody ever was.
    """
    steps: list[tuple[dt.datetime, int]] = []
    for grant in grants:
        if grant.validity.lower <= now:
            steps.append((grant.validity.lower, 1))
            if grant.validity.upper is not None and grant.validity.upper <= now:
                steps.append((grant.validity.upper, -1))
    if not steps:
        return None
    since, number = None, 0
    # Of what happens at one moment, whoever comes counts before whoever goes.
    for moment, step in sorted(steps, key=lambda each: (each[0], -each[1])):
        before, number = number, number + step
        if before >= LEAST_OFFICERS > number:
            since = moment
    first = min(moment for moment, _step in steps)
    return timezone.localdate(since or first)
