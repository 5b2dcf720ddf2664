"""Charts: fit for the pages, the CSP and screen readers."""

import datetime as dt
import re
import socket

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation
from lxml import etree, html

from kaysis.common import charts
from kaysis.common.charts import PALETTE, bar_chart, line_chart, stacked_bars

BARS = [("Iğdır <b>", 1200), ("Iğdır <b>", 34), ("Şırnak", None)]
SERIES = [("Ankara", 3, 4), ("Ağrı", 5, None)]
MONTHS = [(dt.date(2026, month, 1), month * 3, month) for month in range(1, 13)]
SVG = {"s": "http://www.w3.org/2000/svg"}


@pytest.fixture(autouse=True)
def empty_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def every_kind():
    return [
        bar_chart("İl", BARS, headers=["İl", "Sayı"], description="Ne gösterir"),
        stacked_bars("Durum", SERIES, headers=["İl", "Açık", "Kapalı"]),
        line_chart("Aylar", MONTHS, headers=["Ay", "Açık", "Kapalı"]),
        line_chart("Etiket", SERIES, headers=["İl", "Açık", "Kapalı"]),
    ]


def test_svg_obeys_the_csp_and_names_itself_once():
    for chart in every_kind():
        root = etree.fromstring(chart.svg)
        tags = {etree.QName(element).localname for element in root.iter()}
        assert tags <= {
            "svg",
            "g",
            "path",
            "line",
            "rect",
            "text",
            "title",
            "desc",
            "defs",
            "clipPath",
        }
        assert not root.xpath("//@style")
        assert root.get("role") == "img"
        assert not root.xpath("//s:g/@role | //@aria-label", namespaces=SVG)
        labels = [
            root.xpath(f"string(//*[@id='{i}'])") for i in root.get("aria-labelledby").split()
        ]
        assert labels[0] == chart.title
        assert labels[1:] == ([chart.description] if chart.description else [])


def test_style_becomes_attributes_and_ids_are_made_unique():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><style>g{fill:red}</style><clipPath id="clip0"/>'
        '<g style="fill: red; opacity:0.5" clip-path="url(#clip0)"/></svg>'
    )
    root = etree.fromstring(charts._fit_for_page(svg, "a<b", "", prefix="p"))
    assert not root.xpath("//s:style", namespaces=SVG)
    group = root.xpath("//s:g", namespaces=SVG)[0]
    assert dict(group.attrib) == {"fill": "red", "opacity": "0.5", "clip-path": "url(#pclip0)"}
    assert root.xpath("//s:clipPath/@id", namespaces=SVG) == ["pclip0"]


def test_labels_repeat_and_rows_without_value_stay():
    root = etree.fromstring(bar_chart("x", BARS, headers=["İl", "Sayı"]).svg)
    texts = [element.text for element in root.iterfind(".//s:text", SVG)]
    assert texts.count("Iğdır <b>") == 2
    assert "Şırnak" in texts
    assert "1.200" in texts


def test_numbers_and_months_speak_the_active_language():
    with translation.override("tr"):
        assert "Mart" in line_chart("x", MONTHS, headers=["Ay", "A", "B"]).svg
    with translation.override("en"):
        chart = line_chart("x", MONTHS, headers=["Ay", "A", "B"])
        assert "March" in chart.svg
        assert "1,200" in bar_chart("x", BARS, headers=["İl", "Sayı"]).svg


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("background", ["#ffffff", "#f6f7f5", "#0e1618"])
@pytest.mark.parametrize("colour", PALETTE)
def test_series_stand_out_on_both_backgrounds(colour, background):
    light, dark = sorted((luminance(colour), luminance(background)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_only_palette_and_the_text_colour_are_used():
    for chart in every_kind():
        used = set(re.findall(r'(?:fill|stroke)="([^"]+)"', chart.svg))
        assert used <= {*PALETTE, "currentColor", "none", "transparent"}


def test_lines_differ_by_more_than_colour():
    root = etree.fromstring(line_chart("x", MONTHS, headers=["Ay", "A", "B"]).svg)
    dashes = {e.get("stroke-dasharray") for e in root.iterfind(".//s:path", SVG)} - {None}
    assert len(dashes) == 2


def test_drawn_once_then_cached_without_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a chart must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    first = bar_chart("x", BARS, headers=["İl", "Sayı"]).svg

    monkeypatch.setattr("vl_convert.vegalite_to_svg", refuse)
    assert bar_chart("x", BARS, headers=["İl", "Sayı"]).svg == first
    with pytest.raises(AssertionError):
        bar_chart("y", BARS, headers=["İl", "Sayı"])


def test_the_figure_has_its_table():
    chart = line_chart("Aylar", MONTHS[:2], headers=["Ay", "Açık", "Kapalı"], description="Az")
    figure = html.fragment_fromstring(render_to_string("common/chart.html", {"chart": chart}))
    assert figure.tag == "figure"
    assert figure.xpath("string(figcaption)").startswith("Aylar")
    assert figure.xpath("count(.//svg)") == 1
    assert figure.xpath("details//caption/text()") == ["Aylar"]
    assert figure.xpath("details//th[@scope='col']/text()") == ["Ay", "Açık", "Kapalı"]
    cells = [[c.text for c in row] for row in figure.xpath("details//tbody/tr")]
    assert cells == [["01.01.2026", "3", "1"], ["01.02.2026", "6", "2"]]


def test_without_rows_there_is_a_sentence():
    chart = bar_chart("Boş", [], headers=["İl", "Sayı"])
    assert "Gösterilecek veri yok." in render_to_string("common/chart.html", {"chart": chart})


def test_rows_must_fit_the_headers():
    with pytest.raises(ValueError, match="headers"):
        bar_chart("x", SERIES, headers=["İl", "Sayı"])
