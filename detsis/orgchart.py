"""Organisation charts: what to draw, and where.

`read` takes the unit and two levels below it from the register, `lay_out` places them, and
`detsis.orgchart_svg.to_svg` draws. The drawing has no colours of its own: classes carry them, so
that a page in light or dark and a printed sheet use the same drawing. Charts stay small however
many units there are: what is not drawn is summed up in a box of its own ("+ 12.987 birim").
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import ngettext

from detsis import asof, counts
from detsis.asof import Facts, Row, Standing
from detsis.orgchart_text import PAD, wrap

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


# --- Placing ----------------------------------------------------------------------------------

LINE = 18  # height of a line of text
WIDE, NARROW = 196, 176  # boxes of the first and the second level below the unit
TOP_WIDTH = 380
GAP, INDENT, STACK = 20, 20, 10
COLUMNS = 5
LEVEL_GAP = 44
MARGIN = 16


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with lines of text. `kind`: above, root, chair, child, leaf or more."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    note: str
    kind: str
    number: int | None
    title: str
    head: str = ""

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(slots=True)
class Layout:
    """Boxes and the lines between them (each a list of points), and the size of all."""

    boxes: list[Box] = field(default_factory=list)
    lines: list[list[tuple[float, float]]] = field(default_factory=list)
    width: float = 0
    height: float = 0


def lay_out(chart: Chart) -> Layout:
    """Places the unit on top, the units below it in rows, theirs hanging under each of them."""
    layout = Layout()
    heads = _heads(chart)
    columns = _columns(len(heads))
    rows = [heads[at : at + columns] for at in range(0, len(heads), columns)]
    # Several rows hang on a trunk along the left edge.
    trunk: list[float] = [MARGIN] if len(rows) > 1 else []
    left = MARGIN + (GAP if trunk else 0)
    inner = max(columns * (WIDE + GAP) - GAP, TOP_WIDTH)
    middle = left + inner / 2
    top = _place_top(layout, chart, middle)
    buses: list[float] = []
    y = top + LEVEL_GAP
    for row in rows:
        start = middle - (len(row) * (WIDE + GAP) - GAP) / 2
        xs = [start + at * (WIDE + GAP) for at in range(len(row))]
        bus = y - LEVEL_GAP / 2
        reach = [*(x + WIDE / 2 for x in xs), *trunk, *([] if buses else [middle])]
        layout.lines.append([(min(reach), bus), (max(reach), bus)])
        buses.append(bus)
        ends = [_place_column(layout, head, x, y, bus) for head, x in zip(row, xs, strict=True)]
        y = max(ends) + LEVEL_GAP + GAP / 2
    if buses:
        layout.lines.append([(middle, top), (middle, buses[0])])
    if trunk:
        layout.lines.append([(MARGIN, buses[0]), (MARGIN, buses[-1])])
    layout.width = left + inner + MARGIN
    layout.height = max(box.bottom for box in layout.boxes) + MARGIN
    return layout


def _columns(count: int) -> int:
    """How many stand beside one another, so that the rows are about equally full."""
    if count <= COLUMNS:
        return max(count, 1)
    rows = -(-count // COLUMNS)
    return -(-count // rows)


def _heads(chart: Chart) -> list[Node | int]:
    """The units below, and at the end the number of those not drawn."""
    heads: list[Node | int] = [*chart.root.children]
    if chart.root.hidden:
        heads.append(chart.root.hidden)
    return heads


def _place_top(layout: Layout, chart: Chart, middle: float) -> float:
    """Draws the unit and the one above it; returns where the next level's lines begin."""
    y: float = MARGIN
    if chart.above is not None:
        box = _box(chart.above, middle - TOP_WIDTH / 2, y, TOP_WIDTH, "above")
        layout.boxes.append(box)
        y = box.bottom + LEVEL_GAP / 2
        layout.lines.append([(middle, box.bottom), (middle, y)])
    box = _box(chart.root, middle - TOP_WIDTH / 2, y, TOP_WIDTH, "root")
    layout.boxes.append(box)
    return box.bottom


def _place_column(layout: Layout, head: Node | int, x: float, y: float, bus: float) -> float:
    """Draws one unit below with those hanging under it; returns where it ends."""
    layout.lines.append([(x + WIDE / 2, bus), (x + WIDE / 2, y)])
    if isinstance(head, int):
        box = _more(head, x, y, WIDE)
        layout.boxes.append(box)
        return box.bottom
    box = _box(head, x, y, WIDE, "chair" if head.chair else "child")
    layout.boxes.append(box)
    hanging: list[Node | int] = [*head.children]
    if head.children and head.hidden:
        hanging.append(head.hidden)
    end, stem = box.bottom, x + INDENT / 2
    for item in hanging:
        at, y = x + INDENT, end + STACK
        leaf = (
            _more(item, at, y, NARROW)
            if isinstance(item, int)
            else _box(item, at, y, NARROW, "leaf")
        )
        layout.boxes.append(leaf)
        centre = leaf.y + leaf.height / 2
        layout.lines.append([(stem, centre), (at, centre)])
        end = leaf.bottom
    if hanging:
        layout.lines.append([(stem, box.bottom), (stem, centre)])
    return end


def _box(node: Node, x: float, y: float, width: float, kind: str) -> Box:
    lines = wrap(node.name, width)
    note = "" if kind == "above" else chair_note(node.below) if node.chair else _note(node.below)
    head = wrap(node.head, width, most=1)[0] if node.head else ""
    height = 2 * PAD + LINE * (len(lines) + bool(note) + bool(head)) - 4
    name = node.name if node.chair else f"{node.name} ({node.detsis_no})"
    title = ", ".join(filter(None, [name, node.head, note]))
    number = None if node.chair else node.detsis_no
    return Box(x, y, width, height, lines, note, kind, number, title, head)


def _more(hidden: int, x: float, y: float, width: float) -> Box:
    text = more_text(hidden)
    return Box(x, y, width, 2 * PAD + LINE - 4, (text,), "", "more", None, text)


def _note(below: int) -> str:
    if not below:
        return ""
    return ngettext("%(n)s alt birim", "%(n)s alt birim", below) % {"n": number(below)}


def chair_note(units: int) -> str:
    """How many units answer to a chair."""
    return ngettext("%(n)s bağlı birim", "%(n)s bağlı birim", units) % {"n": number(units)}


def more_text(hidden: int) -> str:
    """What stands for units that are not drawn."""
    return ngettext("+ %(n)s birim", "+ %(n)s birim", hidden) % {"n": number(hidden)}


def number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def sheets(chart: Chart) -> list[Chart]:
    """The chart as several, each with one row of units, so that print stays legible."""
    children = chart.root.children
    parts = [children[at : at + COLUMNS] for at in range(0, len(children), COLUMNS)] or [[]]
    return [
        replace(
            chart,
            root=replace(
                chart.root,
                children=part,
                hidden=chart.root.hidden if part is parts[-1] else 0,
            ),
        )
        for part in parts
    ]
