"""Composed reads about people and what they may do."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from kaysis.accounts import scopes
from kaysis.accounts.models import Notification, Person, Role, RoleGrant
from kaysis.accounts.models.people import PersonQuerySet

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


def role_labels(grants: Iterable[RoleGrant]) -> list[tuple[str, str]]:
    """(role, scope) of each grant, as people read them."""
    return [(grant.get_role_display(), scopes.label(grant.scope_detsis_no)) for grant in grants]
