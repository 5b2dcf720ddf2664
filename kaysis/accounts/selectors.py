"""Composed reads about people and what they may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from kaysis.accounts import cipher, scopes
from kaysis.accounts.models import Notification, Person, Role, RoleGrant
from kaysis.accounts.models.people import PersonQuerySet
from kaysis.accounts.scopes import ScopeInfo
from kaysis.common import national_id

_CACHE = "_grants_in_force"


def grants_of(
    person: Person | AnonymousUser, *, at: datetime | None = None
) -> tuple[RoleGrant, ...]:
    """The grants in force at `at` (None: now); nothing for a visitor or an inactive person.

    What is in force now is read once per person object, that is once per request.
    """
    if not isinstance(person, Person) or not person.is_active:
        return ()
    if at is not None:
        return tuple(RoleGrant.objects.of(person).valid_at(at).order_by("role", "pk"))
    cached: tuple[RoleGrant, ...] | None = person.__dict__.get(_CACHE)
    if cached is None:
        cached = tuple(RoleGrant.objects.of(person).valid_at().order_by("role", "pk"))
        person.__dict__[_CACHE] = cached
    return cached


def forget_grants(person: Person) -> None:
    """Read them anew next time: something changed."""
    person.__dict__.pop(_CACHE, None)


def holders_of(
    role: Role | str, *, detsis_no: int | None = None, at: datetime | None = None
) -> PersonQuerySet:
    """Active people who hold the role: over this unit, or (without one) over anything."""
    grants = RoleGrant.objects.filter(person=OuterRef("pk"), role=role).valid_at(at)
    if detsis_no is not None:
        grants = grants.filter(
            Q(scope_detsis_no=None) | Q(scope_detsis_no__in=scopes.with_ancestors(detsis_no))
        )
    return Person.objects.filter(Exists(grants), is_active=True)


def unread_count(person: Person | AnonymousUser) -> int:
    """How many notifications wait; no query for a visitor."""
    if not isinstance(person, Person):
        return 0
    return Notification.objects.filter(person=person).unread().count()


def find_people(query: str) -> PersonQuerySet:
    """People by national id (if the query is one) or by words of their name."""
    if query.strip().isdigit():
        try:
            value = national_id.clean(query)
        except ValidationError:
            return Person.objects.none()
        return Person.objects.filter(national_id_hash=cipher.fingerprint(value))
    return Person.objects.named(query)


@dataclass(frozen=True)
class ScopedGrant:
    """A grant with the unit behind its scope; `scope` is None for the whole state or if unknown."""

    grant: RoleGrant
    scope: ScopeInfo | None


def grants_with_scopes(grants: Iterable[RoleGrant]) -> list[ScopedGrant]:
    """Each grant with what its scope is called; all scopes are looked up together."""
    grants = list(grants)
    found = scopes.describe_many(grant.scope_detsis_no for grant in grants)
    return [ScopedGrant(grant, found.get(grant.scope_detsis_no or 0)) for grant in grants]
