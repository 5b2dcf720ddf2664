"""Who may register for which unit: the coordination of rules 4–7.

An İYEM Yetkilisi of an institution looks after its central, provincial and abroad units except
those that stand under a civil authority; one of a governorship or district governorship looks
after what stands under it. A Görevli looks after the own unit and everything below it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, Subquery

from detsis.models import OrganisationType, Unit
from detsis.querysets import UnitQuerySet
from kaysis.accounts.models import Person, Role
from kaysis.accounts.permissions import is_central_administrator, scopes_of
from kaysis.accounts.permissions import register_grant_rule as _register

AnyPerson = Person | AnonymousUser


def coordinated_by(scopes: Collection[int]) -> Q:
    """Condition on `Unit`: what an İYEM Yetkilisi with one of these scopes looks after."""
    # Only a unit that others name as their civil authority is one: the ministry above all
    # governorships is not.
    named = Exists(Unit.objects.filter(civil_authority=OuterRef("pk")))
    authority = Unit.objects.filter(inside(scopes, named), pk=OuterRef("civil_authority"))
    own = Q(pk__in=scopes)
    return own | (Q(civil_authority=None) & inside(scopes)) | Q(Exists(authority))


def registered_by(scopes: Collection[int]) -> Q:
    """Condition on `Unit`: what a Görevli with one of these scopes looks after."""
    return inside(scopes)


def inside(scopes: Collection[int], *which: Exists) -> Q:
    """Condition on `Unit`: at or below one of these; `which`: those of them only.

    As ranges of the tree's bounds. The database reads the bounds of a scope once and then compares,
    or goes by their index; a subquery about each unit took seconds in a large register.
    """
    condition = Q(pk__in=[])
    for scope in sorted(scopes):
        unit = Unit.objects.filter(*which, pk=scope).order_by()
        first, end = Subquery(unit.values("lft")), Subquery(unit.values("rght"))
        condition |= Q(tree_id=1, lft__gte=first, lft__lt=end)
    return condition


def overseen_by(person: AnyPerson) -> UnitQuerySet:
    """What somebody may look at: what they look after, and all that is below their own units.

    The headquarters see how their provincial organisation stands, though others look after it.
    """
    units: UnitQuerySet = Unit.objects.visible_to(person)
    if is_central_administrator(person):
        return units
    condition = inside(scopes_of(person, Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR).numbers)
    authorised = scopes_of(person, Role.IYEM_AUTHORISED).numbers
    # Asked beforehand: for most there is nothing but ranges.
    named = Unit.objects.filter(civil_authority=OuterRef("pk"))
    civil = Unit.objects.filter(Exists(named), pk__in=authorised).values_list("pk", flat=True)
    if numbers := list(civil):
        authority = Unit.objects.filter(inside(numbers), pk=OuterRef("civil_authority"))
        condition |= Q(Exists(authority))
    return units.filter(condition)


def units_of(person: AnyPerson) -> UnitQuerySet:
    """The units whose managers the person may register; the start of every officer's list."""
    units: UnitQuerySet = Unit.objects.visible_to(person)
    if is_central_administrator(person):
        return units
    return units.filter(_looks_after(person))


def _looks_after(person: AnyPerson) -> Q:
    authorised = scopes_of(person, Role.IYEM_AUTHORISED).numbers
    registrar = scopes_of(person, Role.IYEM_REGISTRAR).numbers
    condition = Q(pk__in=[])
    if authorised:
        condition |= coordinated_by(authorised)
    if registrar:
        condition |= registered_by(registrar)
    return condition


def may_register(person: AnyPerson, detsis_no: int) -> bool:
    """Register managers, absences and proxies of this unit."""
    return units_of(person).filter(pk=detsis_no).exists()


def outside_scope(person: AnyPerson, numbers: Collection[int]) -> set[int]:
    """Those of `numbers` whose managers the person may not register."""
    return set(numbers) - set(units_of(person).filter(pk__in=numbers).values_list("pk", flat=True))


def is_officer(person: AnyPerson) -> bool:
    """Whether the area of İYEM has anything for this person."""
    return is_central_administrator(person) or bool(
        scopes_of(person, Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR)
    )


def may_authorise(actor: Person, role: str, scope: int | None) -> bool:
    """A Yetkili gives the role of Görevli over provincial units of the own coordination (7)."""
    if role != Role.IYEM_REGISTRAR or scope is None:
        return False
    authorised = scopes_of(actor, Role.IYEM_AUTHORISED).numbers
    if not authorised:
        return False
    units: Any = Unit.objects.filter(coordinated_by(authorised), pk=scope)
    return bool(units.filter(organisation_type=OrganisationType.PROVINCIAL).exists())


def register() -> None:
    _register(may_authorise)
