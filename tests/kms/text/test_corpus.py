"""The published laws: nothing lost, nearly everything read."""

import json
import re
import time
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kms.text import (
    ArticleType,
    Document,
    InstrumentKind,
    Kind,
    Status,
    compare,
    lines,
    locate,
    parse,
    read_metadata,
    statistics,
)

#: A note in its plainest form; what it says must be read exactly.
PLAIN_NOTE = re.compile(
    r"(?P<day>\d{1,2})\s*[/.]\s*(?P<month>\d{1,2})\s*[/.]\s*(?P<year>\d{4})\s*[-–]\s*"
    r"(?P<khk>KHK\s*[-–/]\s*)?(?P<number>\d{1,4})\s*/\s*(?P<article>\d{1,4})\s*md\.\Z"
)


@pytest.fixture(scope="module")
def documents(some_laws: dict[str, str]) -> dict[str, Document]:
    return {slug: parse(text) for slug, text in some_laws.items()}


def test_round_trip_is_exact(documents: dict[str, Document], some_laws: dict[str, str]) -> None:
    for slug, document in documents.items():
        joined = "".join(document.slice(leaf) for leaf in document.leaves())
        assert joined == some_laws[slug], slug


def test_plain_notes_are_read_exactly(documents: dict[str, Document]) -> None:
    checked = 0
    for document in documents.values():
        for note in document.notes:
            found = PLAIN_NOTE.search(note.raw)
            if not found or note.case or not note.date:
                continue
            checked += 1
            day = tuple(int(found[part]) for part in ("day", "month", "year"))
            assert (note.date.day, note.date.month, note.date.year) == day, note.raw
            assert (note.number, note.article) == (found["number"], found["article"]), note.raw
            assert (note.instrument is InstrumentKind.DECREE_LAW) == bool(found["khk"]), note.raw
    assert checked > 1_500


def test_notes_and_rows_are_read(documents: dict[str, Document]) -> None:
    counted = statistics(documents.values())
    assert counted.share_parsed >= 0.99
    assert counted.amendment_rows_read >= 0.98 * counted.amendment_rows
    assert counted.footnotes_called >= 0.95 * counted.footnotes


def ordinary_numbers(document: Document) -> Iterator[tuple[int, int, str]]:
    for article in document.articles():
        name = article.designation
        ordinary = name is not None and name.type is ArticleType.ORDINARY
        if ordinary and name.number is not None and article.anchor.startswith("m"):
            yield name.number, name.last or name.number, name.suffix


def test_article_numbers_rise_without_gaps(documents: dict[str, Document]) -> None:
    expected = missing = 0
    for slug, document in documents.items():
        if "yururlukten-kaldir" in slug or slug.startswith("3520-"):
            continue  # companions hold single articles; 3520 is a table of article numbers
        found: set[int] = set()
        for first, last, _ in ordinary_numbers(document):
            found.update(range(first, last + 1))
        if found:
            expected += max(found)
            missing += max(found) - len(found)
    assert expected > 3_000
    assert missing <= 0.01 * expected


def test_every_document_has_articles(documents: dict[str, Document]) -> None:
    assert [slug for slug, document in documents.items() if not any(document.articles())] == []


def test_preamble_agrees_with_the_metadata(
    documents: dict[str, Document], corpus: dict[str, bytes]
) -> None:
    files = {path.split("/")[-2]: path for path in corpus if path.endswith("ustveri.json")}
    numbers = dates = 0
    for slug, document in documents.items():
        facts = read_metadata(json.loads(corpus[files[slug]]))
        numbers += document.preamble.number == facts.number
        dates += document.preamble.accepted == facts.accepted
    assert numbers >= 0.97 * len(documents)
    assert dates >= 0.93 * len(documents)


def test_cited_nodes_are_found_again(documents: dict[str, Document]) -> None:
    document = next(d for slug, d in documents.items() if slug.startswith("4982-"))
    for node in document.index.values():
        if node.place is not None:
            found = locate(document, node.place)
            assert found is not None
            assert found.anchor == node.anchor


def test_lines_hold_all_words(documents: dict[str, Document]) -> None:
    for slug, document in list(documents.items())[::8]:
        shown = sum(len(run.text.split()) for line in lines(document) for run in line.runs)
        held = sum(
            len(document.slice(leaf).split())
            for leaf in document.leaves()
            if leaf.kind in (Kind.TEXT, Kind.NOTE, Kind.HEADING, Kind.MARK)
        )
        assert shown >= 0.99 * held, slug


def test_a_changed_article_is_the_only_change(some_laws: dict[str, str]) -> None:
    text = next(text for slug, text in some_laws.items() if slug.startswith("4982-"))
    changes = compare(parse(text), parse(text.replace("onbeş iş günü", "on iş günü", 1)))
    assert [c.anchor for c in changes if c.status is not Status.SAME] == ["m11"]


@settings(max_examples=25, deadline=None)
@given(randoms=st.randoms(use_true_random=False))
def test_shuffled_and_mutated_laws(some_laws: dict[str, str], randoms: Random) -> None:
    blocks = [
        block
        for text in randoms.sample(list(some_laws.values()), 3)
        for block in randoms.sample(text.split("\n\n"), min(60, text.count("\n\n") + 1))
    ]
    randoms.shuffle(blocks)
    letters = list("\n\n".join(blocks))
    for place in randoms.sample(range(len(letters)), len(letters) // 50):
        letters[place] = randoms.choice(["", "(", ")", "\n", "\n\n", " ", "1", "–", "[", "\ud800"])
    text = "".join(letters)
    document = parse(text)
    assert "".join(document.slice(leaf) for leaf in document.leaves()) == text
    assert len(list(lines(document))) > 0


def test_time_grows_with_the_length_of_a_real_law(some_laws: dict[str, str]) -> None:
    law = next(text for slug, text in some_laws.items() if slug.startswith("4982-"))

    def seconds(times: int) -> float:
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            parse(law * times)
            best = min(best, time.process_time() - start)
        return best

    # eight times the text: linear is 8, quadratic is 64
    assert seconds(8) < 20 * seconds(1)


@pytest.mark.slow
def test_the_whole_corpus(law_texts: dict[str, str]) -> None:
    """Every document: exact round trip, notes read, time; the figures are printed (-s)."""
    start = time.process_time()

    def parsed() -> Iterator[Document]:
        for slug, text in law_texts.items():
            document = parse(text)
            position = 0
            for leaf in document.leaves():
                assert leaf.start == position, slug
                position = leaf.end
            assert position == len(text), slug
            yield document

    total = statistics(parsed())
    seconds = time.process_time() - start
    size = sum(len(text.encode()) for text in law_texts.values()) / 1e6
    print(
        f"\n{total.documents} documents, {total.nodes['article']} articles, "
        f"{total.statements} statements in notes, {total.share_parsed:.4%} read, "
        f"{total.references} references, {size / seconds:.2f} MB/s"
    )
    assert total.documents == len(law_texts)
    assert total.share_parsed >= 0.99
    assert seconds < 120
