"""Who may do what in DETSİS. A scope is a unit: it covers the unit and everything below it."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser

from detsis.models import Unit
from kaysis.accounts.models import Person, Role
from kaysis.accounts.permissions import ScopeSet, has_role, is_central_administrator, scopes_of

AnyPerson = Person | AnonymousUser


def officer_scopes(person: AnyPerson) -> ScopeSet:
    """The units whose subtrees the person looks after as DETSİS officer."""
    return scopes_of(person, Role.DETSIS_OFFICER)


def may_propose(person: AnyPerson, detsis_no: int) -> bool:
    """Propose a change of this unit, or of a new one below it."""
    return has_role(person, Role.DETSIS_OFFICER, Role.CENTRAL_ADMINISTRATOR, detsis_no=detsis_no)


def outside_scope(person: AnyPerson, numbers: Collection[int]) -> set[int]:
    """Those of the existing units `numbers` for which the person may not propose. One query."""
    scopes = scopes_of(person, Role.DETSIS_OFFICER, Role.CENTRAL_ADMINISTRATOR)
    if scopes.everywhere or not numbers:
        return set()
    units = Unit.objects.filter(pk__in=numbers)
    inside = units.within(scopes.numbers).values_list("pk", flat=True)
    return set(units.exclude(pk__in=inside).values_list("pk", flat=True))


def may_decide(person: AnyPerson) -> bool:
    """Approve, return, refuse or withdraw a file of changes; prepare a decree; keep code tables."""
    return is_central_administrator(person)
