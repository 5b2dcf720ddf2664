"""No input makes the parser fail, lose text or take more than linear time."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kms.text import (
    Document,
    compare,
    end_notice,
    lines,
    parse,
    parse_citation,
    statistics,
    to_plain,
)

from .samples import COMPANION, LAW, OLD_LAW

#: Pieces that mean something to the parser, to be put together at random.
PIECES = [
    *(block for sample in (LAW, COMPANION, OLD_LAW) for block in sample.split("\n\n")),
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "(",
    ")",
    "(Ek",
    "(Ek: 1/1/2000-",
    "md.)",
    "[1]",
    "(1)",
    "——————",
    "3961",
    "a)",
    "ii)",
    "1.",
    "Madde",
    "Ek Madde 1",
    "MADDE 7 ila",
    "YÜRÜRLÜĞE GİRİŞ TARİHİNİ GÖSTERİR LİSTE",
    "İŞLENEMEYEN HÜKÜMLER",
    "BİRİNCİ BÖLÜM",
    "31/2/2000 tarihli ve 5 sayılı Kanunun 0 ıncı maddesi",
    "\u00ad",
    "²",
    "٣",
    "\ud800",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40).flatmap(
    lambda pieces: st.sampled_from(["\n\n", "\n", " ", ""]).map(lambda glue: glue.join(pieces))
)


def check(document: Document, text: str) -> None:
    """The promises about every text."""
    position = 0
    for leaf in document.leaves():
        assert leaf.start == position
        assert leaf.end > leaf.start
        position = leaf.end
    assert position == len(text)
    for node in document.root.walk():
        for child in node.children:
            assert node.start <= child.start <= child.end <= node.end
    assert all(anchor == node.anchor for anchor, node in document.index.items())
    assert all(anchor.isascii() for anchor in document.index)
    for note in document.notes:
        assert text[note.start : note.end] == note.raw
        assert note.anchor == "" or note.anchor in document.index
    for reference in document.references:
        assert text[reference.start : reference.end] == reference.raw


@given(st.text())
def test_any_text(text: str) -> None:
    check(parse(text), text)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TEXTS)
def test_shuffled_pieces_of_laws(text: str) -> None:
    document = parse(text)
    check(document, text)
    to_plain(document)
    statistics([document])
    assert {line.of for line in lines(document)} <= {"", *document.index}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([LAW, COMPANION, OLD_LAW]), st.data())
def test_laws_with_a_piece_cut_out(law: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(law)))
    end = data.draw(st.integers(start, min(len(law), start + 60)))
    text = law[:start] + law[end:]
    document = parse(text)
    check(document, text)
    compare(parse(law), document)


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_parsing_is_deterministic(text: str) -> None:
    assert parse(text) == parse(text)


#: Texts that make careless patterns and loops quadratic.
REPEATED = [
    "(",
    "(Ek ",
    "(Ek: 1/1/2000-",
    "(Değişik: 1/1/2000-4444/1 md.)\n\n",
    "((Ek: md. ",
    " ",
    "\n",
    "Madde 1 –\n\n",
    "Madde 1, ",
    "1 sayılı ",
    "1 sayılı Kanunun 3, ",
    "[1]\n\n",
    "(1)\n",
    "——————\n\n(1) x\n\n",
    "a) x\n\n",
    "1) a\n\na) b\n\n",
    "Başlık\n\n",
    "BİRİNCİ KISIM\n\n",
    "YÜRÜRLÜĞE GİRİŞ GÖSTERİR LİSTE\n\n1000\n\n1, 2\n\n1/1/2000\n\n",
    "9 SAYILI KANUNA İŞLENEMEYEN HÜKÜMLER\n\n",
    "birinci ",
    "- ",
    "0\n\n",
]


@pytest.mark.parametrize("piece", REPEATED)
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            parse(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(3_000), seconds(24_000)
    # eight times the text: linear is 8, quadratic is 64; the rest is a busy machine's noise
    assert large < 40 * small + 0.1


@pytest.mark.parametrize("piece", ["1.", "1. ", "a ", "bu kanun ", " ", "\n"])
def test_looking_for_the_end_of_a_law_takes_no_time(piece: str) -> None:
    document = parse("Bu Kanun " + piece * 4_000)
    start = time.process_time()
    assert end_notice(document) is None
    assert time.process_time() - start < 1


def test_a_citation_of_a_megabyte() -> None:
    start = time.process_time()
    parse_citation("1 " * 500_000)
    parse_citation(" " * 1_000_000)
    assert time.process_time() - start < 1
