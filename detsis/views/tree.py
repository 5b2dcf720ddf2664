"""The tree view of `/kurumlar/`: opened branch by branch, with exact numbers at every node.

Without JavaScript the links `?ac=<no>` open a branch and keep its path open. static/js/tree.js
fetches branches into the page (`/kurumlar/dal/<no>/`) and adds the keyboard of a tree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detsis import asof, counts
from detsis.asof import Children, Row
from detsis.counts import INSTITUTIONS
from detsis.orgchart import units_at_or_below
from detsis.views.addresses import TREE, view_links
from detsis.views.days import PARAMETER, asked_day, asked_number, day_query
from detsis.views.paging import RowPage, page_of
from kaysis.common.errors import NotFound
from kaysis.common.pagecache import cached_page
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
    institutions: int
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
        below = units_at_or_below(figures) - int(unit.active)
        institutions = figures.get(INSTITUTIONS, 0) - int(unit.active and unit.is_institution)
        return Node(unit, below=max(0, below), institutions=max(0, institutions))


def tree_page(request: HttpRequest) -> HttpResponse:
    """The tree with the path to `?ac=` open. A fixed number of queries however large the tree."""
    asked = Asked(
        request.user,
        asked_day(request),
        page=request.GET.get("sayfa", "1"),
        text=request.GET.get("icinde", "").strip()[:100],
    )
    opened = _opened(request, asked.day)
    return render(
        request,
        "detsis/tree.html",
        {
            **_context(open_tree(opened, asked), asked),
            "opened": opened[-1] if opened else None,
            "text": asked.text,
            "today": timezone.localdate(),
            "views": view_links(TREE),
            "breadcrumbs": [(_("Kurumlar ve birimler"), None)],
        },
    )


@require_safe
@cached_page(ttl=600)
def branch_fragment(request: HttpRequest, detsis_no: int) -> HttpResponse:
    """One page of the units below a unit, for static/js/tree.js."""
    asked = Asked(request.user, asked_day(request), page=request.GET.get("sayfa", "1"))
    page = _page_below(detsis_no, asked)
    asked.read_figures(page.rows)
    context = {**_context(_paged(page, asked), asked), "parent": detsis_no}
    return render(request, "detsis/tree_branch.html", context)


def _context(branch: Branch, asked: Asked) -> dict[str, Any]:
    day = {PARAMETER: asked.day.isoformat()} if asked.day else {}
    return {
        "branch": branch,
        "day": asked.day,
        "day_query": day_query(asked.day),
        "day_suffix": f"&{urlencode(day)}" if day else "",
        "url": reverse("detsis:units"),
    }


def _opened(request: HttpRequest, day: dt.date | None) -> Sequence[Any]:
    """The path to the unit whose branch is open; empty when none is."""
    text = request.GET.get("ac", "")
    if not text:
        return []
    number = asked_number(text)
    standing = asof.standing_of(number, day) if number else None
    if standing is None:
        raise NotFound(_("Bu numarayla açılacak bir birim yok."))
    return standing.chain


def open_tree(opened: Sequence[Any], asked: Asked) -> Branch:
    """The roots, with the path `opened` (root first) unfolded below them."""
    levels: list[list[Any]] = [list(_children(None, asked).rows(limit=SIBLINGS + 1))]
    above = [unit.detsis_no for unit in opened[:-1]]
    siblings = asof.first_children(above, asked.user, asked.day, limit=SIBLINGS + 1)
    levels += [siblings.get(number, []) for number in above]
    page = _page_below(opened[-1].detsis_no, asked) if opened else None
    asked.read_figures(chain(*levels, opened, page.rows if page else []))
    below = _paged(page, asked) if page else None
    for index in reversed(range(len(levels))):
        on_path = opened[index] if index < len(opened) else None
        below = _level(levels[index], on_path, below, asked)
    return below or Branch([])


def _level(units: list[Any], on_path: Any, below: Branch | None, asked: Asked) -> Branch:
    """One level of siblings, with the one on the path among them and unfolded."""
    hidden = len(units) > SIBLINGS
    units = units[:SIBLINGS]
    if on_path is not None and all(unit.detsis_no != on_path.detsis_no for unit in units):
        units = sorted(
            [*units, on_path],
            key=lambda unit: (unit.organisation_type != "central", sort_key(unit.name)),
        )
    nodes = [asked.node(unit) for unit in units]
    for node in nodes:
        if on_path is not None and node.number == on_path.detsis_no:
            node.branch = below
    return Branch(nodes, hidden=hidden)


def _children(parent: int | None, asked: Asked) -> Children:
    return Children(parent, asked.user, asked.day, asked.text if parent else "")


def _page_below(parent: int, asked: Asked) -> RowPage[Row]:
    return page_of(_children(parent, asked), asked.page, PER_PAGE)


def _paged(page: RowPage[Row], asked: Asked) -> Branch:
    return Branch(
        [asked.node(unit) for unit in page.rows],
        next_page=page.number + 1 if page.has_next else None,
        total=page.total,
    )
