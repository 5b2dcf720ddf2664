"""What the tree view shows: the path to one unit unfolded, with exact numbers at every node."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.utils import timezone

from detsis import asof, counts
from detsis.asof import Children, Row
from detsis.orgchart import units_at_or_below
from detsis.views.paging import RowPage, page_of
from kaysis.common.turkish import sort_key

# Units shown of the open branch at a time, and of the branches above it.
PER_PAGE, SIBLINGS = 100, 40


@dataclass(slots=True)
class Branch:
    """The units below one unit as far as they are shown.

    `next_page` and `total` are known of a branch shown page by page; `hidden` says that others
    stand beside those shown.
    """

    nodes: list[Node]
    next_page: int | None = None
    total: int | None = None
    hidden: bool = False


@dataclass(slots=True)
class Node:
    """A unit in the tree. `below` counts the active units under it."""

    unit: Any
    below: int
    branch: Branch | None = None

    @property
    def number(self) -> int:
        return self.unit.detsis_no


@dataclass(slots=True)
class Asked:
    """What the address asks for, and the figures of the units to be shown once they are read."""

    user: Any
    day: dt.date | None
    page: str = "1"
    text: str = ""
    figures: dict[int, dict[str, int]] = field(default_factory=dict)

    def read_figures(self, units: Iterable[Any]) -> None:
        numbers = {unit.detsis_no for unit in units}
        self.figures = counts.of_many(numbers, self.day or timezone.localdate())

    def node(self, unit: Any) -> Node:
        figures = self.figures.get(unit.detsis_no, {})
        return Node(unit, below=max(0, units_at_or_below(figures) - int(unit.active)))


def one_branch(parent: int | None, asked: Asked) -> Branch:
    """One page of the units below `parent`. Two queries."""
    page = _page_below(parent, asked)
    asked.read_figures(page.rows)
    return _paged(page, asked)


def open_tree(opened: Sequence[Any], asked: Asked) -> Branch:
    """The roots, with the path `opened` (root first) unfolded below them.

    Two queries without a path, five with one, whatever the tree holds.
    """
    if not opened:
        return one_branch(None, asked)
    roots = Children(None, asked.user, asked.day)
    levels: list[list[Row]] = [roots.rows(limit=SIBLINGS + 1)]
    above = [unit.detsis_no for unit in opened[:-1]]
    siblings = asof.first_children(above, asked.user, asked.day, limit=SIBLINGS + 1)
    levels += [siblings.get(number, []) for number in above]
    page = _page_below(opened[-1].detsis_no, asked)
    asked.read_figures(chain(*levels, opened, page.rows))
    below = _paged(page, asked)
    for units, on_path in zip(reversed(levels), reversed(opened), strict=True):
        below = _level(units, on_path, below, asked)
    return below


def _level(units: Sequence[Any], on_path: Any, below: Branch, asked: Asked) -> Branch:
    """One level of siblings, with the one on the path among them and unfolded."""
    shown, hidden = list(units[:SIBLINGS]), len(units) > SIBLINGS
    if all(unit.detsis_no != on_path.detsis_no for unit in shown):
        # They come in this order.
        insort(
            shown,
            on_path,
            key=lambda unit: (unit.organisation_type != "central", sort_key(unit.name)),
        )
    nodes = [asked.node(unit) for unit in shown]
    for node in nodes:
        if node.number == on_path.detsis_no:
            node.branch = below
    return Branch(nodes, hidden=hidden)


def _page_below(parent: int | None, asked: Asked) -> RowPage[Row]:
    children = Children(parent, asked.user, asked.day, asked.text if parent else "")
    return page_of(children, asked.page, PER_PAGE)


def _paged(page: RowPage[Row], asked: Asked) -> Branch:
    return Branch(
        [asked.node(unit) for unit in page.rows],
        next_page=page.number + 1 if page.has_next else None,
        total=page.total,
    )
