"""Amendment notes."""

from datetime import date

import pytest

from kms.text import InstrumentKind, Note, TargetPart, Verb, parse, statistics


def notes_of(text: str) -> tuple[Note, ...]:
    return parse(f"Madde 1 – {text} Metin.\n").notes


@pytest.mark.parametrize(
    ("text", "said", "act"),
    [
        (
            "(Ek: 12/7/2013-6495/33 md.)",
            ("ek", "", ()),
            ("kanun", "6495", "33"),
        ),
        (
            "(Değişik: 2/7/2018-KHK-703/5 md.)",
            ("degisik", "", ()),
            ("khk", "703", "5"),
        ),
        (
            "(Mülga: 2/7/2018-KHK/703/5 md.)",
            ("mulga", "", ()),
            ("khk", "703", "5"),
        ),
        (
            "(Değişik: 3/10/1983 - KHK 92/3 md.)",
            ("degisik", "", ()),
            ("khk", "92", "3"),
        ),
        (
            "(Ek: 27/3/1987-2914-KHK/4 md.)",
            ("ek", "", ()),
            ("khk", "2914", "4"),
        ),
        (
            "( Ek fıkra : 9.8.1993-499/38 Md. )",
            ("ek", "fikra", ()),
            ("kanun", "499", "38"),
        ),
        (
            "(Ek:8/4/2022-7394/1\nmd.)",
            ("ek", "", ()),
            ("kanun", "7394", "1"),
        ),
        (
            "(Değişik birinci cümle: 4/4/2007 - 5620/4 md.)",
            ("degisik", "cumle", (1,)),
            ("kanun", "5620", "4"),
        ),
        (
            "(Mülga ikinci ve üçüncü fıkralar: 1/2/2018-7079/2 md.)",
            ("mulga", "fikra", (2, 3)),
            ("kanun", "7079", "2"),
        ),
        (
            "(Mülga bir ilâ üçüncü fıkralar: 1/2/2018-7079/2 md.)",
            ("mulga", "fikra", (1, 2, 3)),
            ("kanun", "7079", "2"),
        ),
        (
            "(Mülga altıncı fıkra: 11/10/2011-KHK-666/1 md.)",
            ("mulga", "fikra", (6,)),
            ("khk", "666", "1"),
        ),
        (
            "(Değişik son fıkra: 1/2/2018-7079/2 md.)",
            ("degisik", "fikra", (-1,)),
            ("kanun", "7079", "2"),
        ),
        (
            "(Ek iki cümle: 1/2/2018-7079/2 md.)",
            ("ek", "cumle", ()),
            ("kanun", "7079", "2"),
        ),
        (
            "(Yeniden düzenleme: 12/6/1997-4275/1 md.)",
            ("yeniden_duzenleme", "", ()),
            ("kanun", "4275", "1"),
        ),
        (
            "(Değişik başlık: 12/6/1997-4275/1 md.)",
            ("degisik", "baslik", ()),
            ("kanun", "4275", "1"),
        ),
        (
            "(Mülga: 23/1/2008-5728/96-B md.)",
            ("mulga", "", ()),
            ("kanun", "5728", "96-b"),
        ),
        (
            "(Mülga: 1/1/2000-4444/Geçici 2 md.)",
            ("mulga", "", ()),
            ("kanun", "4444", "geçici 2"),
        ),
        (
            "(Ek: RG-3/3/2023-32121-CK-128/6 md.)",
            ("ek", "", ()),
            ("cbk", "128", "6"),
        ),
    ],
)
def test_single_notes(text: str, said: tuple[object, ...], act: tuple[str, str, str]) -> None:
    (note,) = notes_of(text)
    assert (note.verb, note.part, note.ordinals) == said
    assert (note.instrument, note.number, note.article) == act
    assert note.date is not None


def test_notes_of_several_acts() -> None:
    notes = notes_of(
        "(Ek: 19/6/1994 - KHK - 542/8 md.; İptal: Ana. Mah.nin 6/10/1993 tarih ve E.:1993/31, "
        "K.:1993/37 sayılı Kararı ile; Yeniden düzenleme: 8/12/2004-5273/6 md.; Aynen kabul: "
        "9/11/2016-6757/7 md.)"
    )
    assert [note.verb for note in notes] == [
        Verb.ADDED,
        Verb.ANNULLED,
        Verb.RECAST,
        Verb.ADOPTED,
    ]
    assert (notes[1].case, notes[1].ruling) == ("1993/31", "1993/37")
    assert notes[1].instrument is InstrumentKind.COURT
    assert notes[1].date == date(1993, 10, 6)
    assert len({(note.group_start, note.group_end) for note in notes}) == 1


def test_spans_are_exact() -> None:
    text = "Madde 1 – (Ek fıkra: 1/2/2018-7079/17 md.; Mülga: 2/7/2018-KHK-703/5 md.) Metin.\n"
    document = parse(text)
    assert [text[note.start : note.end] for note in document.notes] == [
        "Ek fıkra: 1/2/2018-7079/17 md.",
        "Mülga: 2/7/2018-KHK-703/5 md.",
    ]
    assert {text[note.group_start : note.group_end] for note in document.notes} == {text[10:73]}


def test_incorporated_articles_name_the_law_they_changed() -> None:
    (note,) = notes_of(
        "(31/12/1960 tarihli ve 193 sayılı Gelir Vergisi Kanununun 94 üncü maddesi ile ilgili "
        "olup yerine işlenmiştir.)"
    )
    assert (note.verb, note.number, note.article) == (Verb.INCORPORATED, "193", "94")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Başbakanlık Hakkında Kanun Hükmünde Kararnamenin Kabulü Hakkında Kanun", "kanun"),
        ("Bazı Kanunlarda ve 178 sayılı KHK'de Değişiklik Yapılması Hakkında Kanun", "kanun"),
        ("Ekonomi Bakanlığının Teşkilatı ve Görevleri Hakkında Kanun Hükmünde Kararname", "khk"),
        ("Kanun Hükmünde Kararname", "khk"),
        ("Cumhurbaşkanlığı Kararnamesi", "cbk"),
    ],
)
def test_the_whole_name_says_what_was_changed(name: str, kind: str) -> None:
    (note,) = notes_of(f"(10/10/1984 tarihli ve 3056 sayılı {name} ile ilgili olup işlenmiştir.)")
    assert (note.verb, note.number, note.instrument) == (Verb.INCORPORATED, "3056", kind)


def test_a_paragraph_that_is_not_closed_swallows_no_other() -> None:
    document = parse(
        "Madde 10 – (1) Metin.\n\n(5) (14/7/1965 tarihli ve 657 sayılı Kanun ile ilgili olup "
        "yerine işlenmiştir. (6) (10/2/1954 tarihli ve 6245 sayılı Kanun ile ilgili olup yerine "
        "işlenmiştir.)\n"
    )
    assert [note.number for note in document.notes] == ["657", "6245"]


def test_origin_and_later_change_in_one_note() -> None:
    origin, later = notes_of(
        "(16/12/1940- 3940 sayılı Kanunun 1 inci maddesi hükmü olup, ek madde olarak numarası "
        "teselsül ettirilmiştir.; Mülga: 11/6/2010-5996/47 md.)"
    )
    assert (origin.verb, origin.number, origin.article) == (Verb.ORIGIN, "3940", "1")
    assert (later.verb, later.number, later.article) == (Verb.REPEALED, "5996", "47")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("(Ek : 12/5/l988 - 3448/2 md.)", date(1988, 5, 12)),
        ("(Ek : 26/1O/1988 - 3482/3 md.)", date(1988, 10, 26)),
        ("(Mülga: 27/6//1989 – KHK – 375/23 md)", date(1989, 6, 27)),
        ("(Değişik: 23/1/20008-5728/16 md.)", None),
        ("(Değişik: 28/9/19 - 1490/5 md.)", None),
    ],
)
def test_misprinted_dates(text: str, day: date | None) -> None:
    (note,) = notes_of(text)
    assert note.date == day
    assert note.parsed


def test_a_note_that_is_not_closed_swallows_nothing() -> None:
    document = parse(
        "Madde 1 – (Ek: 10/10/2011-KHK-657/11 md.; (Mülga: 2/7/2018-KHK-703/83 md.) Metin.\n\n"
        "Madde 2 – (Mülga: 16/1/1939 - 3560/9 md.\n\nMadde 3 – (Mülga: 11/2/1959 - 7201/62 md.)\n"
    )
    assert [note.number for note in document.notes] == ["657", "703", "3560", "7201"]
    assert [article.anchor for article in document.articles()] == ["m1", "m2", "m3"]


@pytest.mark.parametrize(
    "text", ["(ek gösterge dahil)", "(Ek Madde 31)", "(mülga Genel Müdürlükler)", "(Kabul)"]
)
def test_what_is_no_note(text: str) -> None:
    document = parse(f"Madde 1 – Aylık {text} ödenir.\n")
    assert document.notes == ()
    assert len(document.unread_notes) == 1


def test_what_a_note_speaks_of() -> None:
    document = parse(
        "Madde 1 – (Değişik: 1/1/2000-4444/1 md.)\n\nBirinci fıkra.\n\n"
        "(Ek fıkra: 1/1/2001-4555/1 md.) İkinci fıkra:\n\n"
        "a) (Değişik: 1/1/2002-4666/1 md.) Bent.\n"
    )
    assert [(note.number, note.applies_to) for note in document.notes] == [
        ("4444", "m1"),
        ("4555", "m1-f2"),
        ("4666", "m1-f2-a"),
    ]
    assert document.notes[1].part is TargetPart.PARAGRAPH


def test_statistics_count_what_was_read() -> None:
    counted = statistics(
        [
            parse(
                "Madde 1 – (Ek: 1/1/2000-4444/1 md.; Mülga: bilinmiyor) Aylık (ek gösterge dahil)."
            ),
            parse("Madde 1 – (Ek cetvel.) Metin."),
        ]
    )
    assert counted.documents == 2
    assert counted.unread == {"(ek gösterge dahil)": 1}
    assert (counted.statements, counted.parsed) == (3, 1)
    assert counted.share_parsed == pytest.approx(1 / 3)
