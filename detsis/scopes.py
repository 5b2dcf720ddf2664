"""Units as the scopes of roles (`kaysis.accounts.scopes`)."""

from collections.abc import Collection

from detsis.models import Unit
from detsis.selectors import Crumb, paths
from kaysis.accounts.scopes import ScopeInfo


def describe(detsis_no: int) -> ScopeInfo | None:
    return describe_many([detsis_no]).get(detsis_no)


def describe_many(numbers: Collection[int]) -> dict[int, ScopeInfo]:
    """One query for any number of scopes."""
    return {number: _info(crumbs) for number, crumbs in paths(numbers).items()}


def _info(crumbs: list[Crumb]) -> ScopeInfo:
    last = crumbs[-1]
    return ScopeInfo(
        detsis_no=last.detsis_no,
        name=last.name,
        path=tuple(crumb.name for crumb in crumbs[:-1]),
        url=Unit(detsis_no=last.detsis_no).get_absolute_url(),
    )


def ancestors(detsis_no: int) -> list[int]:
    return list(Unit.objects.chain_of(detsis_no).values_list("pk", flat=True))
