"""Pages of rows that are read by the slice and counted only where that is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
_LAST = 1_000_000


class Source(Protocol[T]):
    def part(self, *, offset: int, limit: int) -> tuple[list[T], int]:
        """Some rows, and how many there are in all (0 beyond the end)."""
        ...

    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class RowPage(Generic[T]):
    """One page of rows. `total` counts the rows of all pages."""

    rows: list[T]
    number: int
    pages: int
    total: int

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def page_of(source: Source[T], number: str | None, per_page: int) -> RowPage[T]:
    """The page asked for, or the nearest there is. One query, three for a page beyond the end."""
    asked = int(number) if number and number.isascii() and number.isdigit() else 1
    asked = min(max(asked, 1), _LAST)
    rows, total = source.part(offset=(asked - 1) * per_page, limit=per_page)
    if not rows and asked > 1:
        asked = max(1, -(-source.count() // per_page))
        rows, total = source.part(offset=(asked - 1) * per_page, limit=per_page)
    return RowPage(rows, asked, max(1, -(-total // per_page)), total)
