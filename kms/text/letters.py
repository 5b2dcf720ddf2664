"""Turkish letters, number words, roman numerals and dates, as they occur in laws.

Everything here keeps offsets: ``fold`` returns a string of exactly the same length, so that
a position found in the folded text is the position in the original.
"""

import re
from datetime import date

#: What lower-casing does not do as Turkish does, and what is written in several ways.
_BEFORE = (("I", "ı"), ("İ", "i"))
_AFTER = (("ȃ", "â"), ("ȗ", "û"), ("’", "'"), ("‘", "'"), ("`", "'"), ("´", "'"))

ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_ASCII = {"ç": "c_", "ğ": "g_", "ı": "i_", "ö": "o_", "ş": "s_", "ü": "u_"}

#: Dashes, for use inside a character class.
DASH = r"\-–—‒−" + "\u00ad"

_UNITS = (
    ("bir", "birinci"),
    ("iki", "ikinci"),
    ("üç", "üçüncü"),
    ("dört", "dördüncü"),
    ("beş", "beşinci"),
    ("altı", "altıncı"),
    ("yedi", "yedinci"),
    ("sekiz", "sekizinci"),
    ("dokuz", "dokuzuncu"),
)
_TENS = (
    ("on", "onuncu"),
    ("yirmi", "yirminci"),
    ("otuz", "otuzuncu"),
    ("kırk", "kırkıncı"),
    ("elli", "ellinci"),
    ("altmış", "altmışıncı"),
    ("yetmiş", "yetmişinci"),
    ("seksen", "sekseninci"),
    ("doksan", "doksanıncı"),
)
LAST = -1


def _number_words() -> dict[str, int]:
    words = {"ilk": 1, "son": LAST, "yüzüncü": 100, "yüz": 100}
    for value, forms in enumerate(_UNITS, 1):
        words.update(dict.fromkeys(forms, value))
    for step, forms in enumerate(_TENS, 1):
        words.update(dict.fromkeys(forms, step * 10))
        for value, units in enumerate(_UNITS, 1):
            for unit in units:
                words[forms[0] + unit] = step * 10 + value
    return words


_WORDS = _number_words()
_TENS_ALTERNATION = "|".join(forms[0] for forms in _TENS)
_ORDINAL_UNITS = "|".join(forms[1] for forms in _UNITS)
#: An ordinal number word in folded text ("onbirinci", "on birinci", "son").
ORDINAL = (
    rf"(?:(?:{_TENS_ALTERNATION})?\s?(?:{_ORDINAL_UNITS})"
    rf"|{'|'.join(forms[1] for forms in _TENS)}|yüzüncü|son|ilk)"
)
#: A cardinal or ordinal number word in folded text.
NUMBER_WORD = (
    rf"(?:{ORDINAL}|(?:(?:{_TENS_ALTERNATION})\s?)?(?:{'|'.join(f[0] for f in _UNITS)})"
    rf"|{_TENS_ALTERNATION})"
)
#: The suffix that makes a digit ordinal: "3 üncü", "10 uncu", "2 nci".
ORDINAL_SUFFIX = r"(?:['.]?\s*(?:[ıiuü]?n?[cç][ıiuü])\b|\.)"

DATE = r"(?P<day>[0-9]{1,2})\s?[./]\s?(?P<month>[0-9]{1,2})\s?[./]\s?(?P<year>[0-9]{4}|[0-9]{2})"

_ROMAN = re.compile(r"(?=[ıiıvxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:[ıi]x|[ıi]v|v?[ıi]{0,3})\Z")
_ROMAN_VALUES = {"ı": 1, "i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern with every run of white space bounded.

    Two neighbouring unbounded runs take quadratic time on a text of blanks.
    """
    return re.compile(source.replace(r"\s*", r"\s{0,9}").replace(r"\s+", r"\s{1,9}"))


DATE_PATTERN = pattern(DATE + r"(?![0-9])")


def fold(text: str) -> str:
    """Lower-case Turkish text without changing its length; apostrophes become one kind.

    A translation table takes ten times as long. İ is the only letter whose small form is longer.
    """
    for large, small in _BEFORE:
        text = text.replace(large, small)
    text = text.lower()
    for other, usual in _AFTER:
        text = text.replace(other, usual)
    return text


def number_word(word: str) -> int | None:
    """Value of a folded number word; ``LAST`` for "son"; None when it is no number word."""
    return _WORDS.get("".join(word.split()))


def roman(text: str) -> int | None:
    """Value of a folded roman numeral below 400, or None."""
    if not _ROMAN.match(text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text]
    total = 0
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total


def letter_ordinal(letter: str) -> int | None:
    """Place of a folded letter in the Turkish alphabet, from 1; None for anything else."""
    place = ALPHABET.find(letter)
    return place + 1 if len(letter) == 1 and place >= 0 else None


def anchor_part(label: str) -> str:
    """ASCII form of a label for anchors; Turkish letters stay apart (ç → ``c_``, IV → ``iv``)."""
    if label and not set(label) - set("IVXL"):
        return label.lower()
    folded = fold(label).replace("â", "a").replace("î", "i").replace("û", "u")
    ascii_only = "".join(_ASCII.get(letter, letter) for letter in folded)
    return re.sub(r"[^a-z0-9_]+", "", ascii_only)


def make_date(match: re.Match[str]) -> date | None:
    """Date of a ``DATE`` match; two-digit years are of the twentieth century; None if no date.

    "28/9/19" is a year that was not printed to its end.
    """
    year = int(match["year"])
    if year in (19, 20):
        return None
    try:
        return date(year + 1900 if year < 100 else year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def squeeze(text: str) -> str:
    """One line of text: white space collapsed, soft hyphens with their line break removed."""
    if "\u00ad" in text:
        text = re.sub(r"\u00ad\s*", "", text)
    return " ".join(text.split())
