"""References to other instruments in running text."""

from datetime import date

import pytest

from kms.text import InstrumentKind, Reference, parse, place_text


def references_of(text: str) -> tuple[Reference, ...]:
    return parse(f"Madde 1 – {text}\n").references


@pytest.mark.parametrize(
    ("text", "instrument", "number", "name", "places"),
    [
        ("5018 sayılı Kanunun 3 üncü maddesi saklıdır.", "kanun", "5018", "Kanun", ["m. 3"]),
        ("657 sayılı Kanunun 4/B maddesi uygulanır.", "kanun", "657", "Kanun", ["m. 4/B"]),
        (
            "657 sayılı Devlet Memurları Kanununun ek 24 üncü maddesi uygulanır.",
            "kanun",
            "657",
            "Devlet Memurları Kanunu",
            ["ek m. 24"],
        ),
        (
            "4722 sayılı Türk Medenî Kanununun Yürürlüğü ve Uygulama Şekli Hakkında Kanunun "
            "22 nci maddesi uyarınca",
            "kanun",
            "4722",
            "Türk Medenî Kanununun Yürürlüğü ve Uygulama Şekli Hakkında Kanun",
            ["m. 22"],
        ),
        ("703 sayılı KHK’nin 35 inci maddesiyle", "khk", "703", "KHK", ["m. 35"]),
        (
            "375 sayılı Kanun Hükmünde\nKararnamenin geçici 10 uncu maddesi",
            "khk",
            "375",
            "Kanun Hükmünde Kararname",
            ["geçici m. 10"],
        ),
        (
            "1 sayılı Cumhurbaşkanlığı Kararnamesinin 5 ve 7 nci maddeleri",
            "cbk",
            "1",
            "Cumhurbaşkanlığı Kararname",
            ["m. 5", "m. 7"],
        ),
        (
            "5510 sayılı Kanunun 4 üncü maddesinin birinci fıkrasının (b) bendi",
            "kanun",
            "5510",
            "Kanun",
            ["m. 4/1-b"],
        ),
        ("Anayasanın 104 üncü maddesi", "anayasa", "2709", "", ["m. 104"]),
    ],
)
def test_references(text: str, instrument: str, number: str, name: str, places: list[str]) -> None:
    (reference,) = references_of(text)
    assert (reference.instrument, reference.number) == (instrument, number)
    assert reference.name == name
    assert [place_text(place) for place in reference.places] == places


def test_the_date_belongs_to_the_reference() -> None:
    (reference,) = references_of("10/12/2003 tarihli ve 5018 sayılı Kanuna göre")
    assert reference.date == date(2003, 12, 10)
    assert reference.raw == "10/12/2003 tarihli ve 5018 sayılı Kanuna"


def test_own_articles() -> None:
    (reference,) = references_of("Bu Kanunun 9 uncu maddesi uygulanır.")
    assert reference.own
    assert reference.number == ""
    assert [place_text(place) for place in reference.places] == ["m. 9"]


def test_two_laws_in_one_sentence() -> None:
    first, second = references_of(
        "4.4.1929 tarihli ve 1412 sayılı Ceza Muhakemeleri Usulü Kanunu, 6.1.1982 tarihli ve "
        "2577 sayılı İdari Yargılama Usulü Kanunu ve diğer özel kanun hükümleri saklıdır."
    )
    assert (first.name, second.name) == (
        "Ceza Muhakemeleri Usulü Kanunu",
        "İdari Yargılama Usulü Kanunu",
    )


@pytest.mark.parametrize(
    "text", ["(I) sayılı cetvelde yer alan", "3 sayılı listede", "sayılı Kanun", "12 sayılı."]
)
def test_what_is_no_reference(text: str) -> None:
    assert references_of(text) == ()


def test_notes_are_not_counted_as_references() -> None:
    assert references_of("(25/10/1984 tarih ve 3065 sayılı Kanunun hükmüdür.) Metin.") == ()


def test_references_know_where_they_stand() -> None:
    document = parse("Madde 1 – Metin.\n\n657 sayılı Kanun saklıdır.\n")
    (reference,) = document.references
    assert reference.anchor == "m1-f2"
    assert reference.instrument is InstrumentKind.LAW
