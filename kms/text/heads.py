"""Recognisers for what begins a block: article heads, division heads, labels, page numbers.

All work on folded text (see ``letters.fold``) with positions of the original. Every repetition
in a pattern is bounded, so that no input makes one of them slow.
"""

import re
from dataclasses import dataclass, replace

from .letters import (
    DASH,
    NUMBER_WORD,
    ORDINAL,
    fold,
    letter_ordinal,
    number_word,
    pattern,
    roman,
    squeeze,
)
from .model import ArticleType, Designation, DivisionType

_MADDE = r"m ?a ?d ?d ?e"
_PREFIX = r"(?:ek|geçici|gecici|g ?e ?ç ?i ?c ?i|muvakkat|mükerr?er)"
_PLACE_WORD = r"(?:fıkra|bent|bend|paragraf|cümle|başlı|alt |son |numaralı)"
_RANGE_WORD = r"(?:il[aâ]|ile|ve)"
_HEAD = pattern(
    rf"(?P<prefix>(?:{_PREFIX}\s+){{0,3}}){_MADDE}(?=[\s(0-9{DASH}/.:]|\Z)\s*"
    rf"(?P<repeated>mükerr?er\s+)?"
    rf"(?:\(?(?P<number>[0-9]{{1,4}})(?:\s?/\s?(?P<suffix>[a-zçğıöşü]{{1,2}}(?![a-zçğıöşü])|[0-9]))?"
    rf"(?![0-9/]))?"
)
_SPELLED = pattern(
    rf"(?P<prefix>(?:{_PREFIX}\s+){{0,2}})(?P<ordinal>{ORDINAL})\s+{_MADDE}\s*[.:]?\s*[{DASH}]"
)
_SEPARATOR = pattern(rf"(?:\s*\[[0-9]{{1,3}}\]){{0,4}}\s*[.:]?\s*[{DASH}]+|\s*[.:](?=\s|\Z)")
_MORE_NUMBERS = pattern(
    rf"(?:\s*[0-9]{{1,4}}\)?\s*[{DASH},]+){{0,40}}\s*(?P<last>[0-9]{{1,4}})(?:/[a-z])?\)?"
    rf"(?:\s*[{DASH},]+(?=\s*(?:\(|\Z))"
    r"|(?=\s*\(\s*(?:mülga|iptal|değişik|ek\b|[0-9]{1,2}\s?[./])))"
)
_RANGE = pattern(
    rf"\s*(?:{_RANGE_WORD}|,)\s*(?:(?:[0-9]{{1,4}})\s*(?:{_RANGE_WORD}|,)\s*){{0,40}}"
    rf"(?:{_MADDE}\s+)?(?P<last>[0-9]{{1,4}})(?:\s?/\s?[a-z])?\)?\s*(?:[.:]?\s*[{DASH}]+|\Z|(?=\())"
)
_SCOPE = pattern(
    rf"[\s,{DASH}]*(?P<scope>(?:\((?:[0-9]{{1,2}}|[a-zçğıöşü])\)|{NUMBER_WORD}\s|fıkra|bent|bend|bölüm|ve\s|ile\s"
    rf"|alt\s|[0-9]{{1,3}}\s|[a-zçğıöşü]\s)(?:[^.;:\n]|\n(?!\s*\n)){{0,140}}?)"
    rf"(?:\s*[{DASH}:]+\s*(?=\(|\Z)|\s*(?=\(\s*[0-9]{{1,2}}\s?[./]\s?[0-9]{{1,2}}\s?[./]))"
)
_AFTER_BARE = pattern(r"\s*\(\s*(?:1\s*\)|(?:ek|değişik|mülga|iptal|yeniden)\b)")

_DIVISIONS = {
    "kitap": DivisionType.BOOK,
    "bap": DivisionType.CHAPTER_OLD,
    "bab": DivisionType.CHAPTER_OLD,
    "kısım": DivisionType.PART,
    "fasıl": DivisionType.TITLE_OLD,
    "bölüm": DivisionType.SECTION,
    "ayırım": DivisionType.SUBSECTION,
    "ayrım": DivisionType.SUBSECTION,
    "kesim": DivisionType.SEGMENT,
}
_DIVISION_WORD = "|".join(_DIVISIONS)
_ROMAN_LETTERS = "[ıivx]{1,6}"
_DIVISION = pattern(
    rf"(?:(?P<repeated>mükerr?er)\s+)?"
    rf"(?:(?P<before>{ORDINAL}|[0-9]{{1,2}}|{_ROMAN_LETTERS})(?:\s+[ıiuü]?n?c[ıiuü])?"
    rf"\s*[.{DASH}]?\s*(?P<word>{_DIVISION_WORD})\b"
    rf"|(?P<word2>{_DIVISION_WORD})\s*[{DASH}:.]*\s*(?P<after>[0-9]{{1,2}}|{_ROMAN_LETTERS})\b)"
    rf"\s*[:.{DASH}]?"
)
_INTRODUCTION = pattern(r"(?:b\s?a\s?ş\s?l\s?a\s?n\s?g\s?ı\s?ç|giriş)\Z")
_NOT_TITLE = pattern(r"[.;,]\Z")

_PARAGRAPH = pattern(
    r"\(\s?(?P<number>[0-9]{1,3})\s?\)(?!\s*(?:numaralı|sayılı|no|inci|nci|işaretli|üncü|ncü|uncu"
    r"|ncı|ıncı))\s*"
)
_ITEM = pattern(
    rf"(?:(?P<open>\()\s?(?P<inner>[a-zçğıöşü]|{_ROMAN_LETTERS})\s?\)"
    r"(?!\s*(?:bend|bent|fıkra|harf|numara|sayılı|işaretli|grub|sütun|ve|ile|veya|,|cetvel|liste))"
    rf"|(?P<letters>[a-zçğıöşü]{{1,2}}|{_ROMAN_LETTERS})\s?(?P<mark>[).])(?=\s|\Z|\(|[^\s.)0-9])"
    rf"|(?P<letters2>[a-zçğıöşü]|{_ROMAN_LETTERS})\s?(?P<mark2>[{DASH}])(?=\s|\Z)"
    rf"|(?P<digits>[0-9]{{1,3}})\s?(?P<mark3>[).]|[{DASH}])(?=\s|\Z|\(|[^\s.)0-9,/{DASH}])"
    r"(?!\s*(?:madde|fıkra|bent|bend|sayılı|[0-9](?![0-9]{0,3}\s?[ıiuü]?n?c[ıiuü]\b)))"
    rf"|(?P<bullet>[{DASH}•·\uf0b7\uf0b2*])(?=\s+\S))\s*"
)
_PAGE = pattern(r"[0-9]{2,5}(?:\s?[-–]\s?[0-9]{1,3}(?:/[0-9a-z]{1,3})?)?\Z")
_RULE = pattern(rf"(?:[{DASH}_=━*]\s?){{3,200}}\Z")
_ACT_LISTED = (
    r"[0-9]{1,3}(?:(?:\s*[-–.)]{1,2}\s*|\s+)[0-9]{1,2}\s?[./]\s?[0-9]{1,2}\s?[./]\s?[0-9]{4}"
    r"\s*(?:tarih|gün|[-–])|\s*[-–.)]{1,2}\s*anayasa\s+mahkemesi(?=[^.;]{0,60}[0-9]))"
)
_BATCH = pattern(
    _ACT_LISTED + r"[^;]{1,500}?(?:hükümlerin(?:in)?\s+met|hükmün\s+met|hüküm\s+met|metinleri"
    r"|yürürlükten\s+kaldırıl[a-zçğıöşü]{1,4}\s+(?:veya|ve)\s+değiştiril"
    r"|(?:madde(?:si|leri)|hükmü|hükümleri)\s*:?\s*\Z|(?:hükmüdür|hükümleridir)\s*[:.]?\s*\Z)"
)
_LISTED_ACT = pattern(_ACT_LISTED)


@dataclass(slots=True)
class ArticleHead:
    """An article head: its name and where the label ends. ``closed``: a separator was seen."""

    designation: Designation
    end: int
    closed: bool


@dataclass(slots=True)
class DivisionHead:
    """A division head; ``end`` is where the title may begin."""

    division: DivisionType
    number: str
    end: int


@dataclass(slots=True)
class Label:
    """A label before a paragraph ("(1)") or an item ("a)")."""

    text: str
    style: str
    ordinal: int | None
    end: int


def article_head(folded: str, start: int, end: int) -> ArticleHead | None:
    """Recognise an article head at the beginning of the block ``[start, end)``."""
    found = _HEAD.match(folded, start, end)
    if not found:
        return _spelled_head(folded, start, end)
    series = _series(found["prefix"] or "", bool(found["repeated"]))
    number = int(found["number"]) if found["number"] else None
    if number is None and series is ArticleType.ORDINARY:
        return None
    name = Designation(series, number, fold_upper(found["suffix"] or ""))
    return (
        _range_head(folded, found.end(), end, name)
        or _separated_head(folded, found.end(), end, name)
        or _bare_head(folded, found.end(), end, name)
    )


def _range_head(folded: str, position: int, end: int, name: Designation) -> ArticleHead | None:
    """A head of several articles: "3 ilâ 10 –", "1, 2 ve 4 –"."""
    found = _RANGE.match(folded, position, end)
    if not found or name.number is None or int(found["last"]) <= name.number:
        return None
    return ArticleHead(replace(name, last=int(found["last"])), found.end(), closed=True)


def _separated_head(folded: str, position: int, end: int, name: Designation) -> ArticleHead | None:
    """A head with its dash or full stop: "5 –", "5.", "119 – 132 – (", "23 – fıkra beş –"."""
    separator = _SEPARATOR.match(folded, position, end)
    if not separator:
        return None
    position = separator.end()
    more = _MORE_NUMBERS.match(folded, position, end)
    if name.number is not None and more and int(more["last"]) > name.number:
        position, name = more.end(), replace(name, last=int(more["last"]))
    scope, position = _scope(folded, position, end)
    return ArticleHead(replace(name, scope=scope), position, closed=True)


def _bare_head(folded: str, position: int, end: int, name: Designation) -> ArticleHead | None:
    """A head without a separator: "67 fıkra üç (18/10/1982 …", a number alone, "5 (Ek: …"."""
    scope, after = _scope(folded, position, end)
    if scope:
        return ArticleHead(replace(name, scope=scope), after, closed=True)
    if not folded[position:end].strip():
        return ArticleHead(name, end, closed=False)
    if name.number is not None and _AFTER_BARE.match(folded, position, end):
        return ArticleHead(name, position, closed=True)
    return None


def _spelled_head(folded: str, start: int, end: int) -> ArticleHead | None:
    found = _SPELLED.match(folded, start, end)
    if not found:
        return None
    number = number_word(found["ordinal"])
    if number is None or number < 0:
        return None
    return ArticleHead(Designation(_series(found["prefix"], False), number), found.end(), True)


def _scope(folded: str, position: int, end: int) -> tuple[str, int]:
    found = _SCOPE.match(folded, position, end)
    if found and re.search(_PLACE_WORD, found["scope"]):
        return squeeze(found["scope"]).strip(" " + DASH), found.end()
    return "", position


def _series(prefix: str, repeated: bool) -> ArticleType:
    compact = "".join(prefix.split())
    additional = "ek" in compact.replace("mükerrer", "").replace("mükerer", "")
    provisional = any(word in compact for word in ("geçici", "gecici", "muvakkat"))
    repeated = repeated or "mük" in compact
    if additional and provisional:
        return ArticleType.ADDITIONAL_PROVISIONAL
    if additional and repeated:
        return ArticleType.ADDITIONAL_REPEATED
    if additional:
        return ArticleType.ADDITIONAL
    if provisional:
        return ArticleType.PROVISIONAL
    return ArticleType.REPEATED if repeated else ArticleType.ORDINARY


def division_head(text: str, folded: str, start: int, end: int) -> DivisionHead | None:
    """Recognise a division head ("BİRİNCİ KISIM", "BÖLÜM: 2", "II. KİTAP") of a short block."""
    if end - start > 300:
        return None
    found = _DIVISION.match(folded, start, end)
    if not found:
        if end - start < 20 and _INTRODUCTION.match(folded, start, end):
            return DivisionHead(DivisionType.INTRODUCTION, "", end)
        return None
    word = found["word"] or found["word2"]
    rest = text[found.end() : end].strip()
    if rest and not rest.startswith(("[", "(")):
        at = found.start("word") if found["word"] else found.start("word2")
        broken = "\n" in text[found.end() - 1 : found.end() + 2]
        shouted = text[at:].startswith(fold_upper(word))
        if not (shouted or (broken and text[at].isupper())) or _NOT_TITLE.search(rest):
            return None
        if rest[0].islower() or rest[0].isdigit():
            return None
    raw = (found["before"] or found["after"]).strip()
    value = number_word(raw) or roman(raw) or (int(raw) if raw.isdigit() else None)
    number = raw if value is None else ("son" if value < 0 else str(value))
    if found["repeated"]:
        number += "-mukerrer"
    return DivisionHead(_DIVISIONS[word], number, found.end())


def fold_upper(word: str) -> str:
    """Upper-case a folded Turkish word."""
    return word.replace("i", "İ").replace("ı", "I").upper()


def paragraph_label(folded: str, start: int, end: int) -> Label | None:
    """Recognise "(1)" before a paragraph."""
    found = _PARAGRAPH.match(folded, start, end)
    if not found:
        return None
    return Label(found["number"], "paragraph", int(found["number"]), found.end())


def item_label(text: str, folded: str, start: int, end: int) -> Label | None:
    """Recognise the label of an item: a) A) 1. 1) i) I - aa) (a) or a bullet."""
    found = _ITEM.match(folded, start, end)
    if not found:
        return None
    if found["bullet"]:
        return Label(found["bullet"], "bullet", None, found.end())
    if found["digits"]:
        return Label(
            found["digits"], "digit" + found["mark3"][0], int(found["digits"]), found.end()
        )
    group = "inner" if found["open"] else "letters" if found["letters"] else "letters2"
    mark = "(" if found["open"] else found["mark"] or found["mark2"]
    raw = text[found.start(group) : found.end(group)]
    style, ordinal = _letter_style(raw, found[group])
    if not style or (style == "alpha" and mark == "." and not text[found.end() : end].strip()):
        return None
    return Label(raw, style + mark, ordinal, found.end())


def _letter_style(raw: str, letters: str) -> tuple[str, int | None]:
    """Style and ordinal of a label of letters; no style for what is no label ("ab)")."""
    upper = raw[0].isupper()
    value = roman(letters)
    if upper and value is not None and not set(letters) - set("ıivx"):
        return "ROMAN", value
    if len(letters) == 1:
        return "ALPHA" if upper else "alpha", letter_ordinal(letters)
    if value is not None:
        return "roman", value
    if len(letters) == 2 and letters[0] == letters[1]:
        return "double", letter_ordinal(letters[0])
    return "", None


def settle_style(label: Label, before: dict[str, int | None]) -> None:
    """Decide between a letter and a roman numeral by what came before in the same article.

    ``before`` holds the last ordinal of each style and is brought up to date.
    """
    name, mark = label.style[:-1], label.style[-1:]
    letter, numeral = fold(label.text), roman(fold(label.text))
    if len(letter) == 1 and numeral is not None and letter in "ıivx":
        upper = name.isupper()
        alpha, roman_style = ("ALPHA", "ROMAN") if upper else ("alpha", "roman")
        place = letter_ordinal(letter) or 0
        last_letter = before.get(alpha + mark) or 0
        last_numeral = before.get(roman_style + mark) or 0
        if 0 < place - last_letter <= 2 and last_letter:
            label.style, label.ordinal = alpha + mark, place
        elif numeral == 1 or numeral == last_numeral + 1 or upper:
            label.style, label.ordinal = roman_style + mark, numeral
    before[label.style] = label.ordinal


def is_page_number(folded: str, start: int, end: int) -> bool:
    """Whether the block is the page number of the printed collection ("3959", "330-18")."""
    return end - start < 14 and bool(_PAGE.match(folded, start, end))


def is_rule(folded: str, start: int, end: int) -> bool:
    """Whether the block is a drawn line."""
    return end - start < 400 and bool(_RULE.match(folded, start, end))


def is_batch_head(folded: str, start: int, end: int) -> bool:
    """Whether the block opens a batch of a companion document.

    "1- 17/5/1987 tarih ve 3361 sayılı Kanun ile yürürlükten kaldırılmış … metinleri"
    """
    return end - start < 900 and bool(_BATCH.match(folded, start, end))


def is_listed_act(folded: str, start: int, end: int) -> bool:
    """Whether the block names an act in a list: "1) 4/8/1999 tarih ve 4432 sayılı Kanunun …:"."""
    return end - start < 400 and bool(_LISTED_ACT.match(folded, start, end))
