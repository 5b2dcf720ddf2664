"""Letters, number words, numerals, dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms.text.letters import (
    DATE_PATTERN,
    LAST,
    anchor_part,
    fold,
    letter_ordinal,
    make_date,
    number_word,
    roman,
    squeeze,
)


@given(st.text())
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_folding_is_turkish() -> None:
    assert fold("IĞDIR İLİ ÂLÎM") == "ığdır ili âlîm"
    assert fold("Mahkemesi’nin") == "mahkemesi'nin"


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("birinci", 1),
        ("onbirinci", 11),
        ("on birinci", 11),
        ("yirmi üçüncü", 23),
        ("doksandokuzuncu", 99),
        ("iki", 2),
        ("son", LAST),
        ("sonra", None),
    ],
)
def test_number_words(word: str, value: int | None) -> None:
    assert number_word(word) == value


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("ı", 1),
        ("iv", 4),
        ("ıx", 9),
        ("xıı", 12),
        ("xl", 40),
        ("ıııı", None),
        ("", None),
        ("a", None),
    ],
)
def test_roman_numerals(numeral: str, value: int | None) -> None:
    assert roman(numeral) == value


def test_letters_follow_the_turkish_alphabet() -> None:
    assert [letter_ordinal(letter) for letter in "abcçd"] == [1, 2, 3, 4, 5]
    assert letter_ordinal("1") is None


def test_anchor_parts_keep_turkish_letters_apart() -> None:
    labels = ["c", "ç", "g", "ğ", "i", "ı", "o", "ö", "s", "ş", "u", "ü", "IV", "28/A"]
    parts = [anchor_part(label) for label in labels]
    assert len(set(parts)) == len(parts)
    assert all(part.isascii() for part in parts)
    assert anchor_part("IV") == "iv"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/7/2013", date(2013, 7, 12)),
        ("1.11.1984", date(1984, 11, 1)),
        ("3/5/64", date(1964, 5, 3)),
        ("31/2/2000", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    found = DATE_PATTERN.match(text)
    assert found is not None
    assert make_date(found) == day


def test_squeezing_joins_words_cut_by_a_soft_hyphen() -> None:
    assert squeeze("Ka\u00ad\nrarı  ile\n") == "Kararı ile"
