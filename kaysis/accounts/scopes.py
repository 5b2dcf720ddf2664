"""What lies behind the number of a scope. The layer that owns units fills this registry.

Roles are given over the subtree of a unit, but units live above this layer. In its
`AppConfig.ready()` that layer registers

    scopes.register_resolver(describe)    # number -> ScopeInfo, or None if there is no such unit
    scopes.register_ancestors(ancestors)  # number -> numbers of the units above it

Both must answer in a constant number of queries. For lists, `register_resolver` also takes
`many=`: numbers -> {number: ScopeInfo}.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ScopeInfo:
    """A unit as a scope: what it is called, where it hangs, where its page is."""

    detsis_no: int
    name: str
    # From the top of the state down to the unit's parent: names repeat, paths tell them apart.
    path: tuple[str, ...] = ()
    url: str = ""


Resolver = Callable[[int], ScopeInfo | None]
BulkResolver = Callable[[Collection[int]], Mapping[int, ScopeInfo]]
Ancestors = Callable[[int], Iterable[int]]

_resolvers: list[tuple[Resolver, BulkResolver]] = []
_ancestors: list[Ancestors] = []


def register_resolver(resolver: Resolver, *, many: BulkResolver | None = None) -> None:
    """The last one registered answers first. Without `many` a list asks number by number."""

    def one_by_one(numbers: Collection[int]) -> dict[int, ScopeInfo]:
        found = ((number, resolver(number)) for number in numbers)
        return {number: info for number, info in found if info is not None}

    _resolvers.insert(0, (resolver, many or one_by_one))


def register_ancestors(ancestors: Ancestors) -> None:
    """Adds a source of ancestors; a number is above another if any source says so."""
    _ancestors.append(ancestors)


def describe(detsis_no: int) -> ScopeInfo | None:
    """The unit behind a number, or None if nobody knows it."""
    for resolver, _many in _resolvers:
        if (info := resolver(detsis_no)) is not None:
            return info
    return None


def describe_many(numbers: Iterable[int | None]) -> dict[int, ScopeInfo]:
    """The units behind many numbers; those that nobody knows (and None) are left out."""
    missing = {number for number in numbers if number is not None}
    found: dict[int, ScopeInfo] = {}
    for _one, many in _resolvers:
        if missing:
            found.update(many(missing))
            missing -= found.keys()
    return found


def label(detsis_no: int | None) -> str:
    """How a scope reads in a list; the bare number if the unit is unknown."""
    if detsis_no is None:
        return _("Bütün devlet")
    info = describe(detsis_no)
    return f"{info.name} ({detsis_no})" if info else str(detsis_no)


def covers(scope_detsis_no: int | None, detsis_no: int) -> bool:
    """Whether a scope contains a unit: the whole state, the unit itself, or a unit above it."""
    return scope_detsis_no is None or scope_detsis_no in with_ancestors(detsis_no)


def with_ancestors(detsis_no: int) -> frozenset[int]:
    """The unit's number and those of all units above it."""
    return frozenset({detsis_no}.union(*(source(detsis_no) for source in _ancestors)))
