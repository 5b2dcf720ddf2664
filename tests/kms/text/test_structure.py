"""The tree: what becomes an article, a paragraph, an item, and what it is called."""

from datetime import date

import pytest

from kms.text import ArticleType, DivisionType, Document, InstrumentKind, Kind, Verb, parse
from kms.text.amendments import read_row

from .samples import COMPANION, LAW, OLD_LAW


@pytest.fixture(scope="module")
def law() -> Document:
    return parse(LAW)


def words(document: Document, anchor: str) -> str:
    node = document.find(anchor)
    assert node is not None, anchor
    return " ".join(document.slice(node).split())


def body(*articles: str) -> Document:
    return parse("\n\n".join(articles) + "\n")


def anchors(document: Document, kind: Kind) -> list[str]:
    return [node.anchor for node in document.index.values() if node.kind is kind]


def test_articles_of_every_series_have_their_anchor(law: Document) -> None:
    assert [article.anchor for article in law.articles()] == [
        "m1",
        "m2",
        "m3",
        "m3a",
        "ek-m1",
        "mukerrer-m3",
        "gecici-m1",
        "m4-6",
    ]
    named = law.find("m4-6")
    assert named is not None
    assert named.designation is not None
    assert (named.designation.number, named.designation.last) == (4, 6)
    assert named.title == "Yürürlük"


def test_divisions_nest_and_have_titles(law: Document) -> None:
    assert anchors(law, Kind.DIVISION) == ["kisim1", "kisim1-bolum1", "kisim1-bolum2"]
    section = law.find("kisim1-bolum1")
    assert section is not None
    assert section.division is DivisionType.SECTION
    assert section.title == "Amaç ve Kapsam"
    assert [node.anchor for node in law.ancestors("kisim1-bolum1")] == ["kisim1"]


def test_headings_belong_to_the_article_that_follows(law: Document) -> None:
    assert [law.index[anchor].title for anchor in ("m1", "m2", "m3")] == [
        "Amaç",
        "Kapsam",
        "Tanımlar",
    ]


def test_paragraphs_and_items_nest(law: Document) -> None:
    assert [anchor for anchor in law.index if anchor.startswith("m3-")] == [
        "m3-f1",
        "m3-f1-a",
        "m3-f1-b",
        "m3-f1-b-1",
        "m3-f1-b-2",
        "m3-f1-c",
        "m3-f2",
    ]
    assert words(law, "m3-f1-c") == "c) Kurum: Örnek Kurumu,"
    assert words(law, "m3-f1").endswith("ifade eder.")
    assert words(law, "m3-f2") == "(2) Başkan üç yıl için (…) [2] seçilir."


def test_a_repealed_paragraph_keeps_its_number(law: Document) -> None:
    assert words(law, "m2-f3").startswith("(Mülga üçüncü fıkra")


def test_preamble(law: Document) -> None:
    facts = law.preamble
    assert facts.title == "ÖRNEK KURUMUN KURULUŞU HAKKINDA KANUN"
    assert facts.number == "9001"
    assert facts.accepted == date(2004, 5, 4)
    assert facts.gazette_date == date(2004, 5, 7)
    assert facts.gazette_number == "25455 (Mükerrer)"
    assert (facts.series, facts.volume, facts.page) == (5, 43, "12")


def test_table_of_amendments(law: Document) -> None:
    assert [(row.instrument, row.number, row.ruling) for row in law.amendments] == [
        (InstrumentKind.LAW, "6495", ""),
        (InstrumentKind.COURT, "", "2014/184"),
        (InstrumentKind.DECREE_LAW, "703", ""),
    ]
    first, court, decree = law.amendments
    assert [(place.type, place.article, place.suffix) for place in first.places] == [
        (ArticleType.ORDINARY, 2, ""),
        (ArticleType.ADDITIONAL, 1, ""),
        (ArticleType.ORDINARY, 3, "A"),
    ]
    assert first.in_force == (date(2013, 8, 2),)
    assert (court.case, court.date) == ("2013/114", date(2014, 12, 4))
    assert decree.in_force == (date(2018, 7, 9),)


def test_footnotes_know_their_marks(law: Document) -> None:
    assert [footnote.label for footnote in law.footnotes] == ["1", "2"]
    second = law.footnotes[1]
    assert [LAW[start : start + 3] for start in second.marks] == ["[2]"]
    assert words(law, second.anchor) == "[2] Bu ibare metinden çıkarılmıştır."


def test_footnotes_at_the_foot_of_a_page_do_not_cut_a_paragraph() -> None:
    document = parse(OLD_LAW)
    paragraph = document.find("m1-f1")
    assert paragraph is not None
    text = [document.slice(node) for node in paragraph.children if node.kind is Kind.TEXT]
    assert " ".join(" ".join(text).split()) == (
        "Memurlar, yetkilerini kullanırken tarafsız davranırlar."
    )
    called = {footnote.label: len(footnote.marks) for footnote in document.footnotes}
    assert called == {"1": 1, "2": 1}
    assert [document.slice(n) for n in document.root.walk() if n.kind is Kind.PAGE] == [
        "3959",
        "3960",
    ]


def test_provisions_of_other_acts_stand_apart() -> None:
    document = parse(OLD_LAW)
    assert "gecici-m1" not in document.index
    article = document.find("islenemeyen-degisiklik1-gecici-m1")
    assert article is not None
    source = next(n for n in document.notes if n.anchor == "islenemeyen-degisiklik1")
    assert (source.verb, source.number, source.date) == (Verb.ORIGIN, "4432", date(1999, 8, 4))


def test_companion_tells_which_act_replaced_which_text() -> None:
    document = parse(COMPANION)
    assert [article.anchor for article in document.articles()] == [
        "degisiklik1-m67",
        "degisiklik1-m75",
        "degisiklik2-m75",
    ]
    replaced = {n.anchor: n for n in document.notes if n.anchor in ("degisiklik1", "degisiklik2")}
    # Of what was "repealed and changed" nobody knows which was which.
    assert [n.verb for n in replaced.values()] == [Verb.CHANGED, Verb.REPEALED]
    assert replaced["degisiklik1"].number == "3361"
    assert replaced["degisiklik2"].instrument is InstrumentKind.DECREE_LAW
    origin = next(n for n in document.notes if n.anchor == "degisiklik2-m75")
    assert (origin.verb, origin.number) == (Verb.ORIGIN, "3361")
    scoped = document.find("degisiklik1-m67")
    assert scoped is not None
    assert scoped.designation is not None
    assert scoped.designation.scope == "fıkra üç"


@pytest.mark.parametrize(
    ("head", "anchor"),
    [
        ("Madde 5- Metin.", "m5"),
        ("MADDE 5 – Metin.", "m5"),
        ("Madde\n5-\nMetin.", "m5"),
        ("Madde 5. – Metin.", "m5"),
        ("MADDE 28/A- Metin.", "m28a"),
        ("Madde 4/ç – Metin.", "m4c_"),
        ("EK MADDE 2- Metin.", "ek-m2"),
        ("GEÇİCİ MADDE 7 – Metin.", "gecici-m7"),
        ("Ek Geçici Madde 3 – Metin.", "ek-gecici-m3"),
        ("Muvakkat Madde 1 – Metin.", "gecici-m1"),
        ("Mükerrer Madde 20/B – Metin.", "mukerrer-m20b"),
        ("Geçici Madde – Metin.", "gecici-m"),
        ("ON BİRİNCİ MADDE – Metin.", "m11"),
        ("Madde 119 – 132 - (Mülga: 11/2/1959 - 7201/62 md.)", "m119-132"),
        ("MADDE 34 ila\n\n40 – (22/5/2003 tarihli ve 4857 sayılı Kanun ile ilgilidir)", "m34-40"),
        ("Madde\n\n649\n-\n\nMetin.", "m649"),
        ("Ek Madde 35\n\n– (Ek: 26/6/2012-6336/15 md.)", "ek-m35"),
    ],
)
def test_article_heads(head: str, anchor: str) -> None:
    assert [article.anchor for article in body(head).articles()] == [anchor]


@pytest.mark.parametrize(
    "text",
    [
        "Bu madde hükümleri uygulanmaz.",
        "3 üncü madde kapsamına girenler.",
        "Madde başlıkları metne dahil değildir.",
        "(1) Madde 5 hükmü saklıdır.",
    ],
)
def test_what_is_no_article_head(text: str) -> None:
    assert list(body(text).articles()) == []


def test_the_last_article_is_not_taken_for_a_scope() -> None:
    document = body("Madde 33-\nBu Kanun hükümlerini Cumhurbaşkanı yürütür.")
    assert words(document, "m33-f1") == "Bu Kanun hükümlerini Cumhurbaşkanı yürütür."


def test_everything_between_two_labels_belongs_to_the_first() -> None:
    document = body(
        "Madde 4 – İstihdam:",
        "A) Memur:",
        "Asli görevi yapan memur sayılır.",
        "Diğerleri de memur sayılır.",
        "B) İşçi:",
        "Bunların dışında kalanlardır.",
        "Başka türlü kimse çalıştırılamaz.",
    )
    assert anchors(document, Kind.ITEM) == ["m4-f1-a", "m4-f1-b"]
    assert words(document, "m4-f1-a").endswith("Diğerleri de memur sayılır.")
    assert words(document, "m4-f2") == "Başka türlü kimse çalıştırılamaz."


def test_roman_numerals_below_letters() -> None:
    document = body("Madde 1 – Sayılanlar:", "a) Birinci,", "i) Alt,", "ii) Öteki,", "b) İkinci.")
    assert anchors(document, Kind.ITEM) == ["m1-f1-a", "m1-f1-a-i", "m1-f1-a-ii", "m1-f1-b"]


def test_added_sentence_continues_its_paragraph() -> None:
    document = body(
        "Madde 1 – Kurul toplanır.",
        "(Ek cümle: 17/11/2005-5432/2 md.) Toplantı ayda birdir.",
        "(Ek fıkra: 17/11/2005-5432/2 md.) Kurul karar alır.",
    )
    assert anchors(document, Kind.PARAGRAPH) == ["m1-f1", "m1-f2"]


def test_duplicate_names_get_numbers() -> None:
    document = body("Madde 1 – İlk.", "Madde 1 – İkinci.", "Madde 1 – Üçüncü.")
    assert [article.anchor for article in document.articles()] == ["m1", "m1_2", "m1_3"]
    assert document.find("m1_2-f1") is not None


def test_a_text_without_blank_lines_is_read_line_by_line() -> None:
    document = parse(
        "ÖRNEK YÖNETMELİK\nAmaç\nMADDE 1- (1) Amaç budur.\n(2) Kapsam şudur;\na) Biri,\n"
        "b) Öteki.\nYürürlük\nMADDE 2- (1) Yayımında yürürlüğe girer.\n"
    )
    assert list(document.index) == [
        "kunye",
        "m1",
        "m1-f1",
        "m1-f2",
        "m1-f2-a",
        "m1-f2-b",
        "m2",
        "m2-f1",
    ]
    assert document.index["m2"].title == "Yürürlük"


def test_windows_line_ends() -> None:
    document = parse(LAW.replace("\n", "\r\n"))
    assert list(document.index) == list(parse(LAW).index)


def test_a_run_of_short_cells_is_a_table() -> None:
    document = body("Madde 1 – Oranlar şöyledir.", "Derece", "Oran", "1", "100", "2", "90")
    table = document.find("m1-f1-tablo1")
    assert table is not None
    assert [cell.kind for cell in table.children if cell.kind is not Kind.SPACE] == [Kind.CELL] * 6


def test_a_row_may_tell_of_articles_of_the_act_itself() -> None:
    own = "KHK/418\na) 2, 3 ve 45 inci maddeleri\n1/1/1991\nb) 30 ve 38 inci maddeleri\n1/7/1990"
    cells, start = [], 0
    for line in own.splitlines():
        cells.append((start, start + len(line)))
        start += len(line) + 1
    row = read_row(own, cells, "")
    assert (row.number, row.places, len(row.raw_places)) == ("418", (), 2)


def test_a_sentence_with_a_note_behind_it_is_no_heading() -> None:
    document = body(
        "Madde 5 – Bakımı bunlara aittir.",
        "Esaslı tamirler yapılır.\n(İptal cümle:Anayasa Mahkemesinin 1/2/2024 tarihli ve "
        "E.: 2023/100; K.: 2024/32 sayılı Kararı ile)",
        "Madde 6 – Metin.",
    )
    assert [note.anchor for note in document.notes] == ["m5-f2"]
    assert document.index["m6"].title == ""


def test_annexes_after_the_last_article() -> None:
    document = body("Madde 1 – Cetvel eklidir.", "(1) SAYILI CETVEL", "Kadrolar burada yazılıdır.")
    annex = document.find("cetvel1")
    assert annex is not None
    assert annex.title == "(1) SAYILI CETVEL"


def test_annexes_stand_before_what_could_not_be_worked_in() -> None:
    document = body(
        "Madde 9 – Bu Kanunu Cumhurbaşkanı yürütür.",
        "I SAYILI CETVEL",
        "(Ek: 9/4/1990-KHK-418/3 md.)",
        "KANUNA İŞLENEMEYEN HÜKÜMLER",
        "1) 4/8/1999 tarih ve 4432 sayılı Kanunun geçici maddesi:",
        "Geçici Madde 1 – Metin.",
    )
    (note, source) = document.notes
    assert (note.anchor.split("-")[0], source.anchor) == ("cetvel1", "islenemeyen-degisiklik1")


def test_a_number_before_a_note_is_a_label_though_pages_have_notes() -> None:
    document = body(
        "Madde 37 – (1) Metin. (1)",
        "–––––––––––––––––",
        "(1) Dipnot.",
        "1170",
        "(7)",
        "(2/1/1961 tarihli ve 195 sayılı Kanun ile ilgili olup yerine işlenmiştir.)",
    )
    assert [note.anchor for note in document.notes] == ["m37-f7"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "tek satır", "\ufeff", "\x00\x00", "\ud800"])
def test_texts_with_nothing_in_them(text: str) -> None:
    document = parse(text)
    assert "".join(document.slice(leaf) for leaf in document.leaves()) == text
