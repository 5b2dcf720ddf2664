"""The drawing of an organisation chart (`detsis.orgchart`) as SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from detsis.orgchart import Chart
from detsis.orgchart_layout import LINE, Box, lay_out, number
from detsis.orgchart_text import PAD


def chart_url(number: int, day: dt.date | None) -> str:
    """The address of a unit's chart, of the same day."""
    url = reverse("detsis:chart", args=[number])
    return f"{url}?{urlencode({'tarih': day.isoformat()})}" if day else url


def to_svg(
    chart: Chart, *, links: bool = True, painted: bool = False, key: str = "orgchart"
) -> SafeString:
    """The chart as SVG.

    In a page the page's style sheet gives it its colours. `painted` writes them into the drawing,
    for one that stands alone (a file, a printed sheet). `key` begins its ids: one per document.
    """
    layout = lay_out(chart)
    width, height = _n(layout.width), _n(layout.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="k-orgchart" viewBox="0 0 {width} {height}"'
        # Who may follow its links must be able to reach them: not role="img" then.
        f' width="{width}" height="{height}" role="{"group" if links else "img"}"'
        f' aria-labelledby="{key}-title {key}-desc"{_SHEET if painted else ""}>',
        f'<title id="{key}-title">{escape(_title(chart))}</title>',
        f'<desc id="{key}-desc">{escape(_description(chart))}</desc>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>' if painted else "",
        f'<path class="k-orgchart__line" d="{_path(layout.lines)}"{_LINE if painted else ""}/>',
        *(_draw(box, chart, links, _PAINT[box.kind] if painted else _BARE) for box in layout.boxes),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308  # every text in it is escaped


def _title(chart: Chart) -> str:
    return _("%(name)s teşkilat şeması") % {"name": chart.root.name}


def _description(chart: Chart) -> str:
    return _("%(name)s, altında %(below)s birim; şemada doğrudan bağlı %(shown)s birim var.") % {
        "name": chart.root.name,
        "below": number(chart.root.below),
        "shown": number(sum(not child.chair for child in chart.root.children)),
    } + _chairs(chart)


def _chairs(chart: Chart) -> str:
    chairs = [child for child in chart.root.children if child.chair]
    if not chairs:
        return ""
    told = {"n": number(len(chairs)), "units": number(sum(chair.below for chair in chairs))}
    return (
        " "
        + ngettext(
            "%(units)s birim, bağlı olduğu %(n)s amir yardımcısının altında çizilmiştir.",
            "%(units)s birim, bağlı olduğu %(n)s amir yardımcısının altında çizilmiştir.",
            len(chairs),
        )
        % told
    )


def _path(lines: Iterable[Sequence[tuple[float, float]]]) -> str:
    return "".join(
        f"M{_n(line[0][0])} {_n(line[0][1])}" + "".join(f"L{_n(x)} {_n(y)}" for x, y in line[1:])
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class _Paint:
    """Attributes of a box, of its name and of the note below it."""

    box: str = ""
    text: str = ""
    note: str = ""


# Attributes, not a style element: the portal's content security policy holds for files, too.
_BARE = _Paint()
_SHEET = " font-family=\"'Noto Sans','DejaVu Sans','Liberation Sans',Arial,sans-serif\""
_LINE = ' fill="none" stroke="#76888e" stroke-width="1.5"'
_TEXT = ' text-anchor="middle" font-size="14" fill="#17262b"'
_NOTE = ' text-anchor="middle" font-size="12" fill="#51636a"'
_PAINT = {
    "root": _Paint(
        ' fill="#0c5a68"',
        ' text-anchor="middle" font-size="14" font-weight="bold" fill="#fff"',
        ' text-anchor="middle" font-size="12" fill="#e2eff0"',
    ),
    "chair": _Paint(' fill="#fff" stroke="#0c5a68" stroke-width="2.5"', _TEXT, _NOTE),
    "child": _Paint(' fill="#e2eff0" stroke="#0c5a68"', _TEXT, _NOTE),
    "leaf": _Paint(' fill="#fff" stroke="#76888e"', _TEXT, _NOTE),
    "more": _Paint(' fill="#fff" stroke="#76888e" stroke-dasharray="5 4"', _TEXT, _NOTE),
    "above": _Paint(' fill="#fff" stroke="#76888e" stroke-dasharray="5 4"', _TEXT, _NOTE),
}


def _draw(box: Box, chart: Chart, links: bool, paint: _Paint) -> str:
    y = box.y + PAD + LINE - 7
    lines = [
        f'<tspan x="{_n(box.middle)}" y="{_n(y + LINE * at)}">{escape(line)}</tspan>'
        for at, line in enumerate(box.lines)
    ]
    text = f"<text{paint.text}>{''.join(lines)}</text>"
    for at, note in enumerate(filter(None, [box.head, box.note]), start=len(box.lines)):
        text += (
            f'<text class="k-orgchart__note" x="{_n(box.middle)}" y="{_n(y + LINE * at)}"'
            f"{paint.note}>{escape(note)}</text>"
        )
    drawn = (
        f"<title>{escape(box.title)}</title>"
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
        f' rx="6"{paint.box}/>{text}'
    )
    name = f"k-orgchart__box k-orgchart__box--{box.kind}"
    if links and box.number is not None:
        url = quoteattr(chart_url(box.number, chart.day))
        return f'<a class="{name}" href={url}>{drawn}</a>'
    return f'<g class="{name}">{drawn}</g>'


def _n(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{value:.1f}".removesuffix(".0")
