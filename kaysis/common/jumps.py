"""Queries that name one object and lead straight to its page: numbers, mostly.

A subsystem registers its patterns in `AppConfig.ready()`; the search asks them first.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_BLANKS = re.compile(r"\s+")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """`pattern` must match the whole query, in any case; `find` gives the id of the object or None.

    The query comes with one blank between words and plain hyphens without blanks around them. An
    object that is not in the search index under `kind`, or that the person may not find, is passed
    over, and the query searched for as any other.
    """

    kind: str
    pattern: str
    find: Callable[[re.Match[str]], int | None]


_jumps: list[tuple[re.Pattern[str], Jump]] = []


def register(jump: Jump) -> None:
    """Add a pattern. Those registered first are asked first."""
    _jumps.append((re.compile(jump.pattern, re.IGNORECASE | re.ASCII), jump))


def unregister(jump: Jump) -> None:
    """Take a pattern away again (tests)."""
    _jumps[:] = [(pattern, known) for pattern, known in _jumps if known is not jump]


def targets(query: str) -> Iterator[tuple[str, int]]:
    """Kind and id of the objects that `query` may name, the likeliest first."""
    query = _DASHES.sub("-", _BLANKS.sub(" ", query)).strip()
    if len(query) > _LONGEST:
        return
    for pattern, jump in _jumps:
        match = pattern.fullmatch(query)
        if match and (found := jump.find(match)) is not None:
            yield jump.kind, found
