"""Citations, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms.text import (
    ArticleType,
    InstrumentKind,
    Locator,
    citation,
    instrument_name,
    locate,
    parse,
    parse_citation,
    place_text,
)

from .samples import LAW


@pytest.mark.parametrize(
    ("anchor", "text"),
    [
        ("m3-f1-b", "9001 s. Kanun m. 3/1-b"),
        ("m3-f1-b-2", "9001 s. Kanun m. 3/1-b-2"),
        ("m2-f2", "9001 s. Kanun m. 2/2"),
        ("m3a", "9001 s. Kanun m. 3/A"),
        ("ek-m1", "9001 s. Kanun ek m. 1"),
        ("gecici-m1", "9001 s. Kanun geçici m. 1"),
        ("mukerrer-m3", "9001 s. Kanun mükerrer m. 3"),
        ("m4-6", "9001 s. Kanun m. 4-6"),
        ("kisim1", "9001 s. Kanun"),
    ],
)
def test_citations_of_nodes(anchor: str, text: str) -> None:
    node = parse(LAW).find(anchor)
    assert node is not None
    assert citation("9001", InstrumentKind.LAW, node) == text


def test_names_of_instruments() -> None:
    assert instrument_name("375", InstrumentKind.DECREE_LAW) == "375 s. KHK"
    assert instrument_name("2709", InstrumentKind.CONSTITUTION) == "Anayasa"
    assert instrument_name("1", InstrumentKind.PRESIDENTIAL_DECREE) == "1 s. CBK"


@pytest.mark.parametrize(
    ("text", "number", "instrument", "place"),
    [
        ("4982 m. 3", "4982", None, "m. 3"),
        ("4982 s. Kanun m. 3/1-b", "4982", "kanun", "m. 3/1-b"),
        ("657 sayılı Kanunun 4/B maddesi", "657", "kanun", "m. 4/B"),
        ("657 4/B", "657", None, "m. 4/B"),
        ("375 sayılı KHK", "375", "khk", None),
        ("375 sayılı KHK'nin ek 5 inci maddesi", "375", "khk", "ek m. 5"),
        ("KHK/703", "703", "khk", None),
        ("khk 703 m. 5", "703", "khk", "m. 5"),
        ("1 sayılı CBK m. 3/2", "1", "cbk", "m. 3/2"),
        ("TCK 53", "5237", "kanun", "m. 53"),
        ("TMK m. 2", "4721", "kanun", "m. 2"),
        ("Anayasa m. 10/2", "2709", "anayasa", "m. 10/2"),
        ("ANAYASA'nın 104 üncü maddesi", "2709", "anayasa", "m. 104"),
        ("193 mükerrer m. 20/B", "193", None, "mükerrer m. 20/B"),
        (
            "10/12/2003 tarihli ve 5018 sayılı Kamu Malî Yönetimi ve Kontrol Kanununun 3 üncü "
            "maddesinin (b) bendi",
            "5018",
            "kanun",
            "m. 3-b",
        ),
        ("657", "657", None, None),
        ("ek 2", "", None, "ek m. 2"),
        ("geçici madde 5", "", None, "geçici m. 5"),
        ("madde 28/A", "", None, "m. 28/A"),
        ("7 nci madde", "", None, "m. 7"),
        ("geçici 4. madde", "", None, "geçici m. 4"),
    ],
)
def test_reading_citations(
    text: str, number: str, instrument: str | None, place: str | None
) -> None:
    read = parse_citation(text)
    assert read is not None
    assert (read.number, read.instrument) == (number, instrument)
    assert (place_text(read.place) if read.place else None) == place


@pytest.mark.parametrize("text", ["", "  ", "kanun", "Milli Eğitim Bakanlığı", "m."])
def test_what_is_no_citation(text: str) -> None:
    assert parse_citation(text) is None


PLACES = st.builds(
    Locator,
    type=st.sampled_from(
        [
            ArticleType.ORDINARY,
            ArticleType.ADDITIONAL,
            ArticleType.PROVISIONAL,
            ArticleType.REPEATED,
        ]
    ),
    article=st.integers(1, 1600),
    suffix=st.sampled_from(["", "A", "B", "Ç"]),
    paragraph=st.none() | st.integers(1, 40),
)
ITEMS = st.sampled_from(["", "a", "ç", "j", "1", "12"])


@given(PLACES, ITEMS, ITEMS, st.integers(100, 99999))
def test_every_citation_is_read_back(place: Locator, item: str, subitem: str, number: int) -> None:
    if item and place.paragraph is not None:
        place = Locator(
            place.type,
            place.article,
            place.suffix,
            None,
            place.paragraph,
            item,
            subitem,
        )
    read = parse_citation(f"{number} s. Kanun {place_text(place)}")
    assert read is not None
    assert read.number == str(number)
    assert read.place == place


@given(st.text(max_size=80))
def test_any_text_may_be_asked(text: str) -> None:
    parse_citation(text)


def test_every_cited_node_is_found_again() -> None:
    document = parse(LAW)
    for node in document.index.values():
        if node.place is not None and node.place.last is None:
            found = locate(document, node.place)
            assert found is not None
            assert found.anchor == node.anchor


def test_a_letter_may_be_an_article_or_an_item() -> None:
    document = parse(LAW)
    article = locate(document, Locator(article=3, suffix="A"))
    item = locate(document, Locator(article=3, suffix="B"))
    assert article is not None
    assert article.anchor == "m3a"
    assert item is not None
    assert item.anchor == "m3-f1-b"
    assert locate(document, Locator(article=99)) is None
    inside = locate(document, Locator(article=5))
    assert inside is not None
    assert inside.anchor == "m4-6"
