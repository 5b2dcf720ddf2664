"""Organisation charts: what to draw, and where.

`read` takes the unit and two levels below it from the register, `orgchart_layout.lay_out` places
them, and `orgchart_svg.to_svg` draws. The drawing has no colours of its own: classes carry them, so
that a page in light or dark and a printed sheet use the same drawing. Charts stay small however
many units there are: what is not drawn is summed up in a box of its own ("+ 12.987 birim").
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils import timezone

from detsis import asof, counts
from detsis.asof import Facts, Row, Standing

# How many are drawn below the unit, and below each of these: fewer, the more there are.
CHILDREN = 24


def grandchildren_limit(children: int) -> int:
    return 8 if children <= 5 else 5 if children <= 10 else 3


# Unit numbers and a day (None: today) → who heads each of them, in a word or two. A layer above
# registers here; a constant number of queries.
Heads = Callable[[Sequence[int], dt.date | None], dict[int, str]]
_heads_of: list[Heads] = []


def register_heads(heads: Heads) -> None:
    _heads_of.append(heads)


class Group(NamedTuple):
    """A chair between a unit's head and some units that answer to it (a deputy's). `head` is who
    holds it, in a word or two, blank while it is vacant; `units` are numbers."""

    title: str
    head: str
    units: Sequence[int]


# A unit number and a day (None: today) → its groups, in order. Registered from a layer above; a
# constant number of queries.
Groups = Callable[[int, dt.date | None], Sequence[Group]]
_groups_of: list[Groups] = []
# How many units are drawn below one chair.
GROUPED = 12


def register_groups(groups: Groups) -> None:
    _groups_of.append(groups)


KINDS = ("units.central", "units.provincial", "units.abroad")


@dataclass(slots=True)
class Node:
    """A unit of a chart. `below` counts all units under it, `hidden` those not drawn.

    With `chair` it is no unit but a chair (a `Group`), without a number; the units drawn below it
    answer to it.
    """

    detsis_no: int
    name: str
    below: int = 0
    hidden: int = 0
    is_institution: bool = False
    head: str = ""
    chair: bool = False
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: the unit with what is below it, and the unit above it (None for a root)."""

    root: Node
    above: Node | None
    day: dt.date | None = None


def units_at_or_below(figures: dict[str, int]) -> int:
    """The number of active units among the figures of one unit."""
    return sum(figures.get(kind, 0) for kind in KINDS)


def read(standing: Standing, user: Any, *, levels: int = 2) -> Chart:
    """The chart of a unit on the day of `standing`. A handful of queries, whatever the tree holds.

    Units that answer to a chair (`register_groups`) hang below it, those of them too that stand
    elsewhere in the tree; the others below the unit itself.
    """
    unit, day = standing.unit, standing.day
    groups = [group for groups in _groups_of for group in groups(unit.detsis_no, day)]
    first = asof.first_children([unit.detsis_no], user, day, limit=CHILDREN)
    children = first.get(unit.detsis_no, [])
    grouped = asof.linked(
        (number for group in groups for number in group.units), unit.detsis_no, user, day
    )
    own = [child for child in children if child.detsis_no not in grouped]
    second: dict[int, list[Row]] = {}
    if levels > 1:
        numbers = [child.detsis_no for child in own]
        limit = grandchildren_limit(len(numbers) + len(groups))
        second = asof.first_children(numbers, user, day, limit=limit)
    rows = [row for row, _direct in grouped.values()]
    shown = [unit, *own, *rows, *(row for rows in second.values() for row in rows)]
    numbers = [row.detsis_no for row in shown]
    figures = counts.of_many(numbers, day or timezone.localdate())
    direct = [row for row, below in grouped.values() if below]
    chart = chart_of(standing, [*own, *direct], second, figures)
    if groups:
        _hang(chart.root, groups, grouped, figures)
    named = {number: name for heads in _heads_of for number, name in heads(numbers, day).items()}
    for node in _nodes(chart.root):
        if not node.chair:
            node.head = named.get(node.detsis_no, "")
    return chart


def _nodes(node: Node) -> Iterable[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _hang(
    root: Node,
    groups: Sequence[Group],
    grouped: dict[int, tuple[Row, bool]],
    figures: dict[int, dict[str, int]],
) -> None:
    """Puts the chairs first, each with its units below it."""
    chairs = []
    for group in groups:
        wanted = set(group.units)
        units = [_node(row, figures) for number, (row, _b) in grouped.items() if number in wanted]
        drawn = units[:GROUPED]
        hidden = len(units) - len(drawn)
        chairs.append(Node(0, group.title, len(units), hidden, False, group.head, True, drawn))
    root.children = [*chairs, *(child for child in root.children if child.detsis_no not in grouped)]


def chart_of(
    standing: Standing,
    children: Sequence[Row],
    grandchildren: dict[int, list[Row]],
    figures: dict[int, dict[str, int]],
) -> Chart:
    """The chart of rows that have been read already."""
    below = [row for rows in grandchildren.values() for row in rows]
    nodes = {row.detsis_no: _node(row, figures) for row in (standing.unit, *children, *below)}
    root = nodes[standing.unit.detsis_no]
    root.children = [nodes[row.detsis_no] for row in children]
    for number, rows in grandchildren.items():
        nodes[number].children = [nodes[row.detsis_no] for row in rows]
    for node in [root, *(child for child in root.children if child.children)]:
        node.hidden = max(0, node.below - sum(1 + child.below for child in node.children))
    above = standing.chain[-2] if len(standing.chain) > 1 else None
    return Chart(root, Node(above.detsis_no, above.name) if above else None, standing.day)


def _node(row: Row | Facts, figures: dict[int, dict[str, int]]) -> Node:
    total = units_at_or_below(figures.get(row.detsis_no, {}))
    below = max(0, total - int(row.active))
    return Node(row.detsis_no, row.name, below=below, is_institution=row.is_institution)
