"""What lies behind the number of a scope. The layer that owns units fills this registry.

Roles are given over the subtree of a unit, but units live above this layer. In its
`AppConfig.ready()` that layer registers

    scopes.register_resolver(describe)    # number -> ScopeInfo, or None if there is no such unit
    scopes.register_ancestors(ancestors)  # number -> numbers of the units above it

Both must answer in a constant number of queries.
"""

from collections.abc import Callable, Iterable
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
Ancestors = Callable[[int], Iterable[int]]

_resolvers: list[Resolver] = []
_ancestors: list[Ancestors] = []


def register_resolver(resolver: Resolver) -> None:
    """The last one registered answers first."""
    _resolvers.insert(0, resolver)


def register_ancestors(ancestors: Ancestors) -> None:
    """Adds a source of ancestors; a number is above another if any source says so."""
    _ancestors.append(ancestors)


def describe(detsis_no: int) -> ScopeInfo | None:
    """The unit behind a number, or None if nobody knows it."""
    for resolver in _resolvers:
        if (info := resolver(detsis_no)) is not None:
            return info
    return None


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
