"""A drawing of what an instrument rests on and what rests on it: three columns, as SVG.

The list beside it says the same in words; the drawing links to pages and has a title.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

WIDTH, BOX_W, BOX_H, GAP, COLUMN = 900, 250, 44, 14, 325


@dataclass(frozen=True, slots=True)
class Box:
    """One instrument of the drawing. `label` says how it is connected."""

    citation: str
    title: str
    url: str
    label: str


def draw(centre: Box, left: Sequence[Box], right: Sequence[Box], title: str) -> SafeString:
    """`left` acts on or founds the centre, `right` is acted on by it or founded by it."""
    rows = max(len(left), len(right), 1)
    height = rows * (BOX_H + GAP) + GAP
    middle = (height - BOX_H) / 2
    parts = [_box(centre, COLUMN, middle, "m-graph__box--centre")]
    for x, boxes, start in ((0, left, COLUMN), (2 * COLUMN, right, COLUMN + BOX_W)):
        top = (height - len(boxes) * (BOX_H + GAP) + GAP) / 2
        for place, box in enumerate(boxes):
            y = top + place * (BOX_H + GAP)
            edge = x + BOX_W if x == 0 else x
            parts.append(
                f'<path class="m-graph__edge" d="M{edge:.0f} {y + BOX_H / 2:.0f} C'
                f"{(edge + start) / 2:.0f} {y + BOX_H / 2:.0f} {(edge + start) / 2:.0f} "
                f'{middle + BOX_H / 2:.0f} {start:.0f} {middle + BOX_H / 2:.0f}"/>'
            )
            parts.append(_box(box, x, y, ""))
    return SafeString(
        f'<svg class="m-graph" viewBox="0 0 {WIDTH} {height:.0f}" role="group"'
        f' aria-labelledby="graph-title"><title id="graph-title">{escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )


def _box(box: Box, x: float, y: float, kind: str) -> str:
    title = box.title if len(box.title) <= 36 else box.title[:35] + "…"
    label = f"{box.citation} · {box.label}" if box.label else box.citation
    label = label if len(label) <= 38 else label[:37] + "…"
    body = (
        f'<rect class="m-graph__box {kind}" x="{x:.0f}" y="{y:.0f}" width="{BOX_W}"'
        f' height="{BOX_H}" rx="6"/>'
        f'<text class="m-graph__name" x="{x + 10:.0f}" y="{y + 18:.0f}">{escape(label)}</text>'
        f'<text class="m-graph__title" x="{x + 10:.0f}" y="{y + 34:.0f}">{escape(title)}</text>'
    )
    return f'<a href="{escape(box.url)}">{body}</a>' if box.url else f"<g>{body}</g>"
