"""Organisation charts: nothing overlaps, everything is drawn or counted as not drawn."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detsis import orgchart, services
from detsis.asof import Standing, standing_of
from detsis.orgchart import CHILDREN, GROUPED, Chart, Group, Node
from detsis.orgchart_layout import COLUMNS, Box, lay_out, sheets
from detsis.orgchart_svg import to_svg
from detsis.orgchart_text import PAD, text_width, wrap
from tests.factories.detsis import LONG_AGO, forest, unit

SVG = "{http://www.w3.org/2000/svg}"
names = st.text(alphabet="abcçİIığöşüÜ MW", min_size=1, max_size=90).map(
    lambda text: " ".join(text.split()) or "x"
)


@st.composite
def charts(draw) -> Chart:
    number = iter(range(10_000_000, 10_001_000))

    def node(children: list[Node] | None = None) -> Node:
        below, hidden = draw(st.integers(0, 90_000)), draw(st.sampled_from([0, 0, 12_987]))
        return Node(next(number), draw(names), below, hidden, children=children or [])

    heads = []
    for _ in range(draw(st.integers(0, 4))):
        chair = Node(0, draw(names), head=draw(names), chair=True)
        chair.children = [node() for _ in range(draw(st.integers(0, GROUPED)))]
        chair.below = len(chair.children) + draw(st.sampled_from([0, 5]))
        chair.hidden = chair.below - len(chair.children)
        heads.append(chair)
    for _ in range(draw(st.integers(0, 13))):
        heads.append(node([node() for _ in range(draw(st.integers(0, 4)))]))
    above = node() if draw(st.booleans()) else None
    return Chart(node(heads), above)


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.bottom <= other.y
        or other.bottom <= one.y
    )


@given(charts())
def test_boxes_stand_apart_and_inside_the_drawing(chart):
    layout = lay_out(chart)
    for at, box in enumerate(layout.boxes):
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= layout.width
        assert box.bottom <= layout.height
        assert all(apart(box, other) for other in layout.boxes[at + 1 :])
    for line in layout.lines:
        for x, y in line:
            assert 0 <= x <= layout.width
            assert 0 <= y <= layout.height


@given(charts())
def test_no_line_runs_through_a_box(chart):
    """Lines end at boxes; none crosses the inside of one."""
    layout = lay_out(chart)
    for (x1, y1), (x2, y2) in layout.lines:
        for box in layout.boxes:
            inside_x = max(min(x1, x2), box.x + 1) < min(max(x1, x2), box.x + box.width - 1)
            inside_y = max(min(y1, y2), box.y + 1) < min(max(y1, y2), box.bottom - 1)
            vertical = x1 == x2 and box.x + 1 < x1 < box.x + box.width - 1 and inside_y
            horizontal = y1 == y2 and box.y + 1 < y1 < box.bottom - 1 and inside_x
            assert not vertical
            assert not horizontal


@given(charts())
def test_every_unit_is_drawn_once_and_the_svg_is_sound(chart):
    root = ElementTree.fromstring(to_svg(chart))
    drawn = [a.get("href") for a in root.iter(f"{SVG}a")]
    wanted = [chart.root, *(head for head in chart.root.children if not head.chair)]
    wanted += [leaf for head in chart.root.children for leaf in head.children]
    wanted += [chart.above] if chart.above else []
    assert sorted(drawn) == sorted(f"/kurum/{node.detsis_no}/sema/" for node in wanted)
    assert not [e for e in root.iter() if e.get("style")]
    assert not list(root.iter(f"{SVG}style"))


@given(names, st.integers(120, 400))
def test_lines_fit_and_lose_nothing_but_the_end(text, width):
    lines = wrap(text, width, most=4)
    assert 1 <= len(lines) <= 4
    assert all(text_width(line) <= width - 2 * PAD for line in lines)
    kept = "".join(lines).replace(" ", "")
    whole = text.replace(" ", "")
    assert kept == whole or (kept.endswith("…") and whole.startswith(kept[:-1]))


def test_names_are_escaped():
    svg = to_svg(Chart(Node(10_000_000, '<script>"&'), None))
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
    ElementTree.fromstring(svg)


def test_links_keep_the_day_and_a_file_has_none():
    chart = Chart(Node(10_000_000, "Birim"), None, dt.date(2020, 1, 2))
    assert 'href="/kurum/10000000/sema/?tarih=2020-01-02"' in to_svg(chart)
    alone = to_svg(chart, links=False, painted=True)
    assert "<a " not in alone
    assert 'role="img"' in alone
    assert 'fill="#0c5a68"' in alone


@given(charts())
def test_sheets_hold_the_same_units_row_by_row(chart):
    parts = sheets(chart)
    assert [n for part in parts for n in part.root.children] == chart.root.children
    assert all(len(part.root.children) <= COLUMNS for part in parts)
    assert [part.root.hidden for part in parts][-1] == chart.root.hidden
    assert not any(part.root.hidden for part in parts[:-1])


def test_deputies_and_other_units_are_on_sheets_of_their_own():
    below = [Node(10_000_001 + n, f"Unit {n}", 0) for n in range(2)]
    chairs = [Node(0, "Deputy", 1, chair=True, children=[below[0]])]
    root = Node(10_000_000, "Ministry", 3, children=[*chairs, *below])
    parts = sheets(Chart(root, None))
    assert [part.root.children for part in parts] == [chairs, below]


# --- From the register ------------------------------------------------------------------------


def standing(number: int, day: dt.date | None = None) -> Standing:
    found = standing_of(number, day)
    assert found is not None
    return found


@pytest.mark.django_db
def test_what_is_not_drawn_is_counted(django_assert_num_queries):
    # A root with 40 units below it; the first of them has 12 below it, one of these another 3.
    parents = [None, *[0] * 40, *[1] * 12, *[41] * 3]
    numbers = forest(parents)
    where = standing(numbers[0])
    # Also asked: whether there are deputies, and who heads each unit.
    with django_assert_num_queries(5):
        chart = orgchart.read(where, None)
    assert chart.root.below == 55
    assert len(chart.root.children) == CHILDREN
    assert chart.root.hidden == 40 - CHILDREN
    first = next(node for node in chart.root.children if node.detsis_no == numbers[1])
    assert len(first.children) == orgchart.grandchildren_limit(CHILDREN)
    shown = sum(1 + node.below for node in first.children)
    assert first.hidden == 15 - shown


@pytest.mark.django_db
def test_central_units_come_first_then_turkish_order():
    root = unit("Bakanlık")
    for name in ("Zeytin", "Çınar", "Ihlamur", "İncir", "Ceviz"):
        unit(f"{name} Müdürlüğü", root, organisation_type="provincial")
    unit("Zirve Genel Müdürlüğü", root)
    chart = orgchart.read(standing(root.pk), None)
    assert [node.name.split()[0] for node in chart.root.children] == [
        "Zirve",
        "Ceviz",
        "Çınar",
        "Ihlamur",
        "İncir",
        "Zeytin",
    ]


@pytest.mark.django_db
def test_the_chart_of_a_past_day_shows_that_day():
    root = unit("Bakanlık")
    made = unit("Eski Ad", root)
    gone = unit("Kapanan", root)
    services.rename_unit(unit=made.pk, name="Yeni Ad", effective_on=dt.date(2020, 1, 1), actor=None)
    services.close_unit(unit=gone.pk, effective_on=dt.date(2020, 1, 1), actor=None)
    before = orgchart.read(standing(root.pk, LONG_AGO), None)
    assert [node.name for node in before.root.children] == ["Eski Ad", "Kapanan"]
    assert before.root.below == 2
    now = orgchart.read(standing(root.pk), None)
    assert [node.name for node in now.root.children] == ["Yeni Ad"]
    assert now.root.below == 1


@pytest.mark.django_db
def test_units_hang_below_the_chair_they_answer_to(monkeypatch):
    """Also one that stands elsewhere in the tree; each is drawn once, or counted."""
    root = unit("Valilik")
    own = [unit(f"{letter} Birimi", root) for letter in "ABC"]
    unit("Alt Birim", own[0])
    unit("Başka", own[2])
    elsewhere = unit("İl Müdürlüğü", unit("Bakanlık"), civil_authority=root.pk)
    closed = unit("Kapanan", root)
    services.close_unit(unit=closed.pk, effective_on=dt.date(2020, 1, 1), actor=None)
    many = [unit(f"Büro {n:02}", root) for n in range(GROUPED + 30)]
    groups = [
        Group("Vali Yardımcısı", "Elif ÇINAR", [elsewhere.pk, own[0].pk, closed.pk]),
        Group("Vali Yardımcısı", "Makam boş", [each.pk for each in many[: GROUPED + 2]]),
    ]
    monkeypatch.setattr(orgchart, "_groups_of", [lambda number, day: groups])
    chart = orgchart.read(standing(root.pk), None)
    first, second, *others = chart.root.children
    assert (first.name, first.head, first.below, first.hidden) == (*groups[0][:2], 2, 0)
    assert [node.name for node in first.children] == ["A Birimi", "İl Müdürlüğü"]
    assert first.children[0].below == 1
    assert (len(second.children), second.below, second.hidden) == (GROUPED, GROUPED + 2, 2)
    assert not {node.detsis_no for node in others} & {own[0].pk, *groups[1].units}
    drawn = sum(1 + node.below for node in others)
    assert chart.root.below == 2 + 3 + GROUPED + 30
    assert chart.root.hidden == chart.root.below - drawn - 2 - (GROUPED + 2)
    svg = to_svg(chart)
    assert svg.count(">Vali Yardımcısı<") == 2
    assert f'href="/kurum/{elsewhere.pk}/sema/"' in svg
    assert "/kurum/0/" not in svg
    assert "2 amir yardımcısının altında" in svg
