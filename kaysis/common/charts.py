"""Charts as SVG, each with its figures as a table.

Drawn on the server by Vega-Lite (`vl_convert`, which needs no browser and no network), kept in the
cache, and made fit for the pages: no inline style (the CSP forbids it), text in the page's own
colour, series in colours that stand out on the light and on the dark background, titled for screen
readers. Show one with `{% include "common/chart.html" %}`.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.core.cache import cache
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from lxml import etree

from kaysis.common.types import Text

#: At least 3:1 against white and against the dark theme's background; a test measures it.
PALETTE = ("#2f7f8f", "#b5651d", "#5f7fc0", "#a0568f", "#5a8a3c", "#8a7a2f", "#c0504d", "#7a7f85")
#: Part of the key under which drawings are cached; changes when drawing does.
_VERSION = 1
_KEEP = 24 * 60 * 60
_SVG = "{http://www.w3.org/2000/svg}"

Number = int | float | None
#: The label of a bar or point, then one value for each series.
Row = tuple[Text | dt.date, *tuple[Number, ...]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and what it shows. `headers` and the cells of `rows` are for the table."""

    title: str
    description: str
    svg: SafeString
    headers: list[str]
    rows: list[list[str | Number]]


def bar_chart(
    title: Text, rows: Sequence[Row], *, headers: Sequence[Text], description: Text = ""
) -> Chart:
    """One horizontal bar per row, in the given order. `headers` name the label and the value."""
    return _chart(title, rows, headers, description, mark={"type": "bar"}, turned=True)


def stacked_bars(
    title: Text, rows: Sequence[Row], *, headers: Sequence[Text], description: Text = ""
) -> Chart:
    """A horizontal bar per row, divided into the series that `headers` name after the label."""
    mark = {"type": "bar", "stroke": "currentColor", "strokeWidth": 0.6}
    return _chart(title, rows, headers, description, mark=mark, turned=True)


def line_chart(
    title: Text, rows: Sequence[Row], *, headers: Sequence[Text], description: Text = ""
) -> Chart:
    """A line per series over labels or dates; lines also differ in dash and point."""
    mark = {"type": "line", "point": {"filled": True, "size": 40}}
    return _chart(title, rows, headers, description, mark=mark, turned=False)


def _chart(
    title: Text,
    rows: Sequence[Row],
    headers: Sequence[Text],
    description: Text,
    *,
    mark: dict[str, Any],
    turned: bool,
) -> Chart:
    names = [str(header) for header in headers]
    if any(len(row) != len(names) for row in rows):
        raise ValueError("each row needs as many cells as there are headers")
    spec = _spec(rows, names, mark, turned=turned)
    return Chart(
        title=str(title),
        description=str(description),
        svg=_draw(spec, str(title), str(description)) if rows else SafeString(""),
        headers=names,
        rows=[[_cell(row[0]), *row[1:]] for row in rows],
    )


def _cell(label: Text | dt.date) -> str:
    return date_format(label, "d.m.Y") if isinstance(label, dt.date) else str(label)


def _spec(
    rows: Sequence[Row], names: list[str], mark: dict[str, Any], *, turned: bool
) -> dict[str, Any]:
    dated = bool(rows) and isinstance(rows[0][0], dt.date)
    values = [
        {
            "place": place,
            "label": row[0].isoformat() if isinstance(row[0], dt.date) else str(row[0]),
            "series": name,
            "order": order,
            "value": value,
        }
        for place, row in enumerate(rows)
        for order, (name, value) in enumerate(zip(names[1:], row[1:], strict=True))
    ]
    # Labels repeat ("Bilgi İşlem"), so rows are told apart by their place and only named by it.
    named: dict[str, Any] = {
        "field": "place",
        "type": "ordinal",
        "title": None if turned else names[0],
        "scale": {"domain": list(range(len(rows)))},  # rows without a value keep their place
        "axis": {
            "labelExpr": f"{orjson.dumps([str(row[0]) for row in rows]).decode()}[datum.value]",
            "labelAngle": 0 if turned or len(rows) <= 12 else -45,
            "labelLimit": 220,
            "grid": False,
        },
    }
    if dated:
        named = {"field": "label", "type": "temporal", "title": names[0], "scale": {"type": "utc"}}
    measured: dict[str, Any] = {
        "field": "value",
        "type": "quantitative",
        "title": names[1] if len(names) == 2 else None,
        "axis": {"tickCount": 5},
    }
    encoding: dict[str, Any] = {("y" if turned else "x"): named, ("x" if turned else "y"): measured}
    if len(names) > 2:
        # The same domain everywhere, or Vega draws a legend for each channel.
        domain = {"domain": names[1:]}
        series: dict[str, Any] = {"field": "series", "type": "nominal", "title": None}
        encoding["color"] = {**series, "scale": {**domain, "range": PALETTE}}
        if turned:
            encoding["order"] = {"field": "order"}
        else:
            encoding |= {
                channel: {**series, "scale": domain} for channel in ("strokeDash", "shape")
            }
    return {
        "data": {"values": values},
        "mark": {"color": PALETTE[0], **mark},
        "encoding": encoding,
        "width": 420,
        "height": {"step": 24} if turned else 240,
        "config": _CONFIG,
    }


_INK = "currentColor"
_CONFIG = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK,
        "titleColor": _INK,
        "tickColor": _INK,
        "domainColor": _INK,
        "gridColor": _INK,
        "gridOpacity": 0.2,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": _INK, "labelFontSize": 12, "orient": "bottom", "columns": 3},
}


def _locales() -> dict[str, Any]:
    """Vega's number and time formats in the active language."""
    days = [str(WEEKDAYS[(day - 1) % 7]) for day in range(7)]  # Vega's week begins on Sunday
    short_days = [str(WEEKDAYS_ABBR[(day - 1) % 7]) for day in range(7)]
    return {
        "format_locale": {
            "decimal": get_format("DECIMAL_SEPARATOR"),
            "thousands": get_format("THOUSAND_SEPARATOR"),
            "grouping": [3],
            "currency": ["", ""],
        },
        "time_format_locale": {
            "dateTime": "%d.%m.%Y %H:%M",
            "date": "%d.%m.%Y",
            "time": "%H:%M",
            "periods": ["", ""],
            "days": days,
            "shortDays": short_days,
            "months": [str(MONTHS[month]) for month in range(1, 13)],
            "shortMonths": [str(MONTHS_3[month]) for month in range(1, 13)],
        },
    }


def _draw(spec: dict[str, Any], title: str, description: str) -> SafeString:
    """The SVG of a specification, from the cache if it was drawn before."""
    identity = orjson.dumps([_VERSION, get_language(), title, description, spec])
    key = hashlib.sha256(identity).hexdigest()[:24]
    svg = cache.get(f"chart:{key}")
    if svg is None:
        # A second to import and to start, so only when something is drawn.
        import vl_convert  # noqa: PLC0415

        drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], **_locales())
        svg = _fit_for_page(drawn, title, description, prefix=f"c{key}")
        cache.set(f"chart:{key}", svg, _KEEP)
    return mark_safe(svg)  # noqa: S308 — serialised by lxml from a tree of drawing elements


_UNWANTED = ("style", "font-family", "role", "aria-label", "aria-roledescription", "aria-hidden")


def _fit_for_page(svg: str, title: str, description: str, *, prefix: str) -> str:
    """One titled image: no style, no foreign labels, ids that occur once on the page."""
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for element in list(root.iter()):
        if element.tag == f"{_SVG}style":
            element.getparent().remove(element)
            continue
        _style_to_attributes(element)
        for name in _UNWANTED:
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, prefix + value)
            elif "url(#" in value:
                element.set(name, value.replace("url(#", f"url(#{prefix}"))
    root.set("role", "img")
    root.set("class", "k-chart__svg img-fluid")
    root.set("aria-labelledby", f"{prefix}t {prefix}d" if description else f"{prefix}t")
    for place, (tag, suffix, text) in enumerate(
        (("title", "t", title), ("desc", "d", description)),
    ):
        if text:
            child = etree.Element(_SVG + tag, id=prefix + suffix)
            child.text = text
            root.insert(place, child)
    return etree.tostring(root, encoding="unicode")


def _style_to_attributes(element: Any) -> None:
    """`style="fill: red"` as `fill="red"`: the CSP blocks the first and allows the second."""
    for declaration in element.get("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            element.set(name.strip(), value.strip())
