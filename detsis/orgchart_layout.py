"""Placing an organisation chart (`detsis.orgchart`): boxes, lines, the size of all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import ngettext

from detsis.orgchart import Chart, Node
from detsis.orgchart_text import PAD, wrap

LINE = 18  # height of a line of text
WIDE, NARROW = 196, 176  # boxes of the first and the second level below the unit
TOP_WIDTH = 380
GAP, INDENT, STACK = 20, 20, 10
COLUMNS = 5
# How many units stand in one stack below a chair before there is another beside it.
STACKED = 4
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
    """Places the unit on top, the units below it in rows, theirs hanging under each of them.

    Chairs come first, in rows of their own: below a chair its units stand in several stacks.
    """
    layout = Layout()
    rows = _rows(chart)
    # Several rows hang on a trunk along the left edge.
    trunk: list[float] = [MARGIN] if len(rows) > 1 else []
    left = MARGIN + (GAP if trunk else 0)
    inner = max([TOP_WIDTH, *(_span(len(row.heads) * row.stacks) for row in rows)])
    middle = left + inner / 2
    top = _place_top(layout, chart, middle)
    buses: list[float] = []
    y = top + LEVEL_GAP
    for row in rows:
        width = _span(row.stacks)
        start = middle - _span(len(row.heads) * row.stacks) / 2
        xs = [start + at * (width + GAP) for at in range(len(row.heads))]
        bus = y - LEVEL_GAP / 2
        reach = [*(x + width / 2 for x in xs), *trunk, *([] if buses else [middle])]
        layout.lines.append([(min(reach), bus), (max(reach), bus)])
        buses.append(bus)
        ends = []
        for head, x in zip(row.heads, xs, strict=True):
            if isinstance(head, Node) and row.stacks > 1:
                ends.append(_place_stacks(layout, head, x, y, bus, stacks=row.stacks))
            else:
                ends.append(_place_column(layout, head, x + (width - WIDE) / 2, y, bus))
        y = max(ends) + LEVEL_GAP + GAP / 2
    if buses:
        layout.lines.append([(middle, top), (middle, buses[0])])
    if trunk:
        layout.lines.append([(MARGIN, buses[0]), (MARGIN, buses[-1])])
    layout.width = left + inner + MARGIN
    layout.height = max(box.bottom for box in layout.boxes) + MARGIN
    return layout


class _Row(NamedTuple):
    """Boxes beside one another, each as wide as so many stacks."""

    heads: list[Node | int]
    stacks: int = 1


def _span(columns: int) -> float:
    """The width of so many columns."""
    return columns * (WIDE + GAP) - GAP


def _rows(chart: Chart) -> list[_Row]:
    heads = _heads(chart)
    chairs = [head for head in heads if isinstance(head, Node) and head.chair]
    others = [head for head in heads if isinstance(head, int) or not head.chair]
    rows = []
    for at in range(0, len(chairs), COLUMNS):
        part: list[Node | int] = [*chairs[at : at + COLUMNS]]
        most = max(len(chair.children) for chair in chairs[at : at + COLUMNS])
        # As many beside one another as there is room for, but no stack of one or two.
        rows.append(_Row(part, max(1, min(COLUMNS // len(part), -(-most // STACKED)))))
    columns = _columns(len(others))
    return rows + [_Row(others[at : at + columns]) for at in range(0, len(others), columns)]


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
    return _hang_below(layout, hanging, x + INDENT / 2, box.bottom)


def _place_stacks(
    layout: Layout, chair: Node, x: float, y: float, bus: float, *, stacks: int
) -> float:
    """Draws a chair with its units beside one another below it; returns where it ends."""
    middle = x + _span(stacks) / 2
    layout.lines.append([(middle, bus), (middle, y)])
    box = _box(chair, middle - WIDE / 2, y, WIDE, "chair")
    layout.boxes.append(box)
    hanging: list[Node | int] = [*chair.children]
    if chair.children and chair.hidden:
        hanging.append(chair.hidden)
    if not hanging:
        return box.bottom
    each = -(-len(hanging) // stacks)
    parts = [hanging[at : at + each] for at in range(0, len(hanging), each)]
    below = box.bottom + STACK
    stems = [x + at * (WIDE + GAP) + INDENT / 2 for at in range(len(parts))]
    layout.lines.append([(middle, box.bottom), (middle, below)])
    layout.lines.append([(min(*stems, middle), below), (max(*stems, middle), below)])
    return max(
        _hang_below(layout, part, stem, below) for part, stem in zip(parts, stems, strict=True)
    )


def _hang_below(layout: Layout, items: list[Node | int], stem: float, top: float) -> float:
    """Draws boxes below one another on a line that begins at `top`; returns where they end."""
    end, at = top, stem + INDENT / 2
    centre = top
    for item in items:
        y = end + STACK
        leaf = (
            _more(item, at, y, NARROW)
            if isinstance(item, int)
            else _box(item, at, y, NARROW, "leaf")
        )
        layout.boxes.append(leaf)
        centre = leaf.y + leaf.height / 2
        layout.lines.append([(stem, centre), (at, centre)])
        end = leaf.bottom
    if items:
        layout.lines.append([(stem, top), (stem, centre)])
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
    chairs = [child for child in chart.root.children if child.chair]
    others = [child for child in chart.root.children if not child.chair]
    parts = [
        kind[at : at + COLUMNS] for kind in (chairs, others) for at in range(0, len(kind), COLUMNS)
    ] or [[]]
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
