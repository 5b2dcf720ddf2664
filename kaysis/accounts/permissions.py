"""Who may do what: roles over scopes, for services, views and QuerySets of all apps."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views import View

from kaysis.accounts import scopes
from kaysis.accounts.models import Person, Role
from kaysis.accounts.selectors import grants_of

AnyPerson = Person | AnonymousUser
ViewFunction = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class ScopeSet:
    """Where somebody may act: everywhere, or in the subtrees of some units, or nowhere (falsy)."""

    everywhere: bool
    numbers: frozenset[int]

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.numbers)

    def covers(self, detsis_no: int) -> bool:
        """Whether the unit is one of these or below one; the tree is asked only if need be."""
        if self.everywhere or not self.numbers:
            return self.everywhere
        return detsis_no in self.numbers or bool(self.numbers & scopes.with_ancestors(detsis_no))


def scopes_of(person: AnyPerson, *roles: Role | str, at: datetime | None = None) -> ScopeSet:
    """Where the person holds any of the roles: the start of every `visible_to(person)`."""
    found = {grant.scope_detsis_no for grant in grants_of(person, at=at) if grant.role in roles}
    return ScopeSet(
        everywhere=None in found,
        numbers=frozenset(number for number in found if number is not None),
    )


def has_role(
    person: AnyPerson,
    *roles: Role | str,
    detsis_no: int | None = None,
    at: datetime | None = None,
) -> bool:
    """Whether the person holds any of the roles: over this unit, or (without one) anywhere."""
    held = scopes_of(person, *roles, at=at)
    return bool(held) if detsis_no is None else held.covers(detsis_no)


def is_central_administrator(person: AnyPerson) -> bool:
    return has_role(person, Role.CENTRAL_ADMINISTRATOR)


def require_role(person: AnyPerson, *roles: Role | str, detsis_no: int | None = None) -> None:
    """`PermissionDenied` unless `has_role`: the first line of a service."""
    if not has_role(person, *roles, detsis_no=detsis_no):
        raise PermissionDenied


# --- Who may give a role ------------------------------------------------------------------------

# (actor, role, scope) -> whether the actor may give and revoke this role over this scope.
GrantRule = Callable[[Person, str, int | None], bool]
_grant_rules: list[GrantRule] = [lambda actor, role, scope: is_central_administrator(actor)]


def register_grant_rule(rule: GrantRule) -> None:
    """A subsystem lets others than the central administrator give its roles."""
    _grant_rules.append(rule)


def may_grant(actor: Person, role: Role | str, scope_detsis_no: int | None) -> bool:
    return any(rule(actor, str(role), scope_detsis_no) for rule in _grant_rules)


# --- Who may see a national id ------------------------------------------------------------------

RevealRule = Callable[[Person, Person], bool]
_reveal_rules: list[RevealRule] = [lambda actor, person: is_central_administrator(actor)]


def register_reveal_rule(rule: RevealRule) -> None:
    """(actor, person) -> bool. A subsystem lets its officers see the ids they need."""
    _reveal_rules.append(rule)


def may_reveal(actor: Person, person: Person) -> bool:
    """Whether `actor` may see the national id of `person` in clear."""
    return actor.is_active and any(rule(actor, person) for rule in _reveal_rules)


# --- Views --------------------------------------------------------------------------------------


def _refuse_or_pass(request: HttpRequest, roles: Collection[Role | str]) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if roles and not has_role(request.user, *roles):
        raise PermissionDenied
    return None


class RoleRequiredMixin(View):
    """Sign-in page for a visitor, 403 for whoever holds none of `roles`.

    Empty `roles`: being signed in is enough.
    """

    roles: Collection[Role | str] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = _refuse_or_pass(request, self.roles)
        return refused or super().dispatch(request, *args, **kwargs)


def role_required(*roles: Role | str) -> Callable[[ViewFunction], ViewFunction]:
    """The same for a view function."""

    def decorate(view: ViewFunction) -> ViewFunction:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _refuse_or_pass(request, roles) or view(request, *args, **kwargs)

        return guarded

    return decorate
