"""Lines to show."""

from kms.text import Kind, RunKind, lines, parse, to_plain

from .samples import LAW, OLD_LAW


def test_hard_line_breaks_go() -> None:
    document = parse(LAW)
    shown = {line.anchor: line for line in lines(document) if line.anchor}
    assert shown["m1-f1"].text == "Bu Kanunun amacı, kurumun görevlerini düzenlemektir."
    assert all("\n" not in run.text for line in lines(document) for run in line.runs)


def test_labels_levels_and_anchors() -> None:
    document = parse(LAW)
    shown = [(line.kind, line.anchor, line.level, line.label) for line in lines(document)]
    assert (Kind.ARTICLE, "m3", 0, "MADDE 3-") in shown
    assert (Kind.ITEM, "m3-f1-b", 1, "b)") in shown
    assert (Kind.ITEM, "m3-f1-b-1", 2, "1)") in shown
    assert (Kind.DIVISION, "kisim1", 0, "BİRİNCİ KISIM") in shown


def test_every_anchor_is_shown_once() -> None:
    document = parse(LAW)
    shown = [line.anchor for line in lines(document) if line.anchor]
    assert len(shown) == len(set(shown))
    wanted = {n.anchor for n in document.index.values() if n.place is not None}
    assert wanted <= set(shown)


def test_runs_keep_notes_marks_and_references_apart() -> None:
    document = parse(LAW)
    line = next(line for line in lines(document) if line.anchor == "m2-f2")
    assert [run.kind for run in line.runs] == [RunKind.NOTE, RunKind.REFERENCE, RunKind.TEXT]
    reference = line.runs[1].reference
    assert reference is not None
    assert reference.number == "5018"
    marked = next(line for line in lines(document) if line.anchor == "m3-f2")
    assert [run.target for run in marked.runs if run.kind is RunKind.MARK] == ["dipnot2"]
    assert marked.text == "Başkan üç yıl için (…) seçilir."


def test_footnotes_of_pages_come_last_and_page_numbers_not_at_all() -> None:
    shown = list(lines(parse(OLD_LAW)))
    assert [line.label for line in shown[-2:]] == ["(1)", "(2)"]
    assert all(line.kind is not Kind.PAGE for line in shown)
    paragraph = next(line for line in shown if line.anchor == "m1-f1")
    assert paragraph.text == "Memurlar, yetkilerini kullanırken tarafsız davranırlar."


def test_plain_text_of_a_node() -> None:
    document = parse(LAW)
    article = document.find("m3")
    assert to_plain(document, article).splitlines() == [
        "MADDE 3- Tanımlar",
        "(1) Bu Kanunda geçen;",
        "a) Başkan: Kurum başkanını,",
        "b) (Ek: 4/6/2016-6719/4 md.) Kurul: Aşağıdaki üyelerden oluşan;",
        "1) Başkan,",
        "2) İki üye,",
        "toplamı,",
        "c) Kurum: Örnek Kurumu,",
        "ifade eder.",
        "(2) Başkan üç yıl için (…) seçilir.",
    ]
