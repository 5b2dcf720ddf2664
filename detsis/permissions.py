"""Who may do what in DETSİS. A scope is a unit: it covers the unit and everything below it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from detsis.models import Unit
from kaysis.accounts.models import Role
from kaysis.accounts.permissions import has_role, scopes_of


def is_central(user: Any) -> bool:
    """The central administrator: approves, prepares decrees, keeps code tables."""
    return has_role(user, Role.CENTRAL_ADMINISTRATOR)


def officer_scopes(user: Any) -> list[int]:
    """Numbers of the units whose subtrees the person looks after as DETSİS officer."""
    return scopes_of(user, Role.DETSIS_OFFICER)


def covers(scopes: Iterable[int], detsis_no: int) -> bool:
    """Whether one of the scopes is the unit or stands above it. One query."""
    wanted = set(scopes)
    return bool(wanted) and Unit.objects.chain_of(detsis_no).filter(pk__in=wanted).exists()


def may_propose(user: Any, detsis_no: int) -> bool:
    """Propose a change of this unit, or of a new one below it."""
    return is_central(user) or covers(officer_scopes(user), detsis_no)


def may_decide(user: Any) -> bool:
    """Approve, return, refuse or withdraw a file of changes."""
    return is_central(user)
