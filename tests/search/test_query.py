"""Reading a query, and the conditions made of it. No database."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaysis.common import turkish
from kaysis.search.highlight import Highlighter, begins_words
from kaysis.search.query import (
    LONGEST,
    MOST_WORDS,
    Word,
    all_but_one,
    every,
    lexemes,
    parse,
    some,
)
from kaysis.search.words import is_near


@given(st.text(max_size=1000))
def test_any_text_can_be_read(text):
    query = parse(text)
    assert len(query.text) <= LONGEST
    assert not re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", query.text)
    assert len(query.words) == len(query.typed) <= MOST_WORDS
    assert all(re.fullmatch("[a-z0-9]+", word) for word in query.words)
    assert bool(query) == bool(query.words)


@given(st.text(alphabet="abcçdeğıİIiöşü İ'", max_size=60))
def test_case_and_turkish_letters_do_not_count(text):
    words = parse(text).words
    assert parse(turkish.upper(text)).words == words
    assert parse(turkish.lower(text)).words == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("IĞDIR  Nüfus", ("igdir", "nufus")),
        ("Nüfus ve Vatandaşlık", ("nufus", "vatandaslik")),
        ("ve", ("ve",)),
        ("Ankara'nın valisi", ("ankara", "valisi")),
        ("nüfus nüfus", ("nufus",)),
        ("A.Ş.", ("a", "s")),
        ("ye\u00addek", ("yedek",)),
        ("a\0b", ("a", "b")),
        ("&|!:*()<->", ()),
        ("🏛️", ()),
        (" ".join(f"w{n}" for n in range(30)), tuple(f"w{n}" for n in range(12))),
    ],
)
def test_words_of_a_query(text, words):
    assert parse(text).words == words


def test_typed_words_keep_their_letters_for_the_stemmer():
    assert parse("MÜDÜRLÜKLERİ Iğdır").typed == ("müdürlükleri", "ığdır")


def test_conditions_become_queries_of_the_database():
    a, b, c = Word("a"), Word("b", begins=True), Word("c")
    assert a.tsquery() == "'a'"
    assert b.tsquery("AB") == "'b':*AB"
    assert every([a, some([b, c, b])]).tsquery("A") == "('a':A & ('b':*A | 'c':A))"
    assert every([a]) == a
    assert all_but_one([a, c]).tsquery() == "('c' | 'a')"
    assert list(lexemes(every([a, some([b, c])]))) == [a, b, c]


def test_marks_whole_words_and_escapes_everything():
    words = [Word("igdir"), Word("nuf", begins=True)]
    assert Highlighter(words)("IĞDIR <b>Nüfus</b>") == (
        "<mark>IĞDIR</mark> &lt;b&gt;<mark>Nüfus</mark>&lt;/b&gt;"
    )


@given(st.text(max_size=80), st.lists(st.from_regex("[a-z0-9]{1,4}", fullmatch=True), max_size=4))
def test_marking_adds_nothing_but_marks(text, lexemes):
    from django.utils.html import escape

    marked = Highlighter(Word(lexeme, begins=True) for lexeme in lexemes)(text)
    assert re.sub("</?mark>", "", marked) == escape(text)


def test_words_that_begin_words():
    assert begins_words("İl Nüfus Müdürlüğü", ["mud", "nufus"])
    assert not begins_words("İl Nüfus Müdürlüğü", ["nufus", "ankara"])


@pytest.mark.parametrize(
    ("known", "typed", "near"),
    [
        ("igdir", "igdr", True),
        ("igdir", "igddir", True),
        ("igdir", "igdar", True),
        ("igdir", "idgir", True),
        ("igdir", "gidir", True),
        ("igdir", "igdri", True),
        ("igdir", "igdir", True),
        ("igdir", "igd", False),
        ("igdir", "agdar", False),
        ("van", "vn", True),
        ("ab", "as", False),
        ("ab", "a", False),
        ("a", "ab", False),
    ],
)
def test_words_that_are_one_slip_apart(known, typed, near):
    assert is_near(known, typed) == near
