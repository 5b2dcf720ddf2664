"""What a statement of a note says: the part meant, and the amending act."""

import re
from dataclasses import replace

from .letters import (
    DASH,
    DATE_PATTERN,
    LAST,
    NUMBER_WORD,
    ORDINAL,
    make_date,
    number_word,
    pattern,
)
from .model import InstrumentKind, Note, TargetPart

_PARTS = (
    ("altbe", TargetPart.SUBITEM),  # "alt bent", not "altıncı fıkra"
    ("başlı", TargetPart.TITLE),
    ("cüm", TargetPart.SENTENCE),
    ("para", TargetPart.SUBPARAGRAPH),
    ("ibare", TargetPart.PHRASE),
    ("ifade", TargetPart.PHRASE),
    ("tanım", TargetPart.DEFINITION),
    ("hük", TargetPart.PROVISION),
    ("parantez", TargetPart.PROVISION),
    ("ben", TargetPart.ITEM),
    ("fık", TargetPart.PARAGRAPH),
    ("fırka", TargetPart.PARAGRAPH),
    ("fikra", TargetPart.PARAGRAPH),
    ("fkra", TargetPart.PARAGRAPH),
    ("cetvel", TargetPart.TABLE),
    ("tarife", TargetPart.TABLE),
    ("tablo", TargetPart.TABLE),
    ("liste", TargetPart.TABLE),
    ("bölüm", TargetPart.DIVISION),
    ("kısım", TargetPart.DIVISION),
    ("madde", TargetPart.ARTICLE),
)
_NUMBER_OR_WORD = pattern(
    rf"(?<![a-zçğıöşü])(?:(?P<word>{NUMBER_WORD})(?![a-zçğıöşü])|(?P<digits>[0-9]{{1,3}}))"
)
_ORDINAL_OR_DIGITS = pattern(rf"(?<![a-zçğıöşü]){ORDINAL}(?![a-zçğıöşü])|[0-9]")
_D = rf"[{DASH}/.\s,]"
INSTRUMENT = pattern(
    rf"{_D}{{0,6}}(?:(?:itibar[ıi]?\s?[ıi]le|tarih(?:li)?|gün(?:lü)?)?\s{{0,3}}(?:ve\s{{0,3}})?)"
    rf"{_D}{{0,6}}(?:[0-9]{{4,5}}{_D}{{1,3}}(?=cb?k))?(?:(?P<khk>k\.?\s?h\.?\s?k\.?)(?:'?[a-zı]{{0,4}}){_D}{{0,5}}|(?P<cbk>cb?k){_D}{{0,3}})?"
    rf"(?P<number>(?:19|20)?[0-9]{{2}}/[0-9]{{3,5}}(?=\s{{0,4}}sayılı)|[0-9]{{1,5}})"
    rf"(?:{_D}{{0,4}}(?P<khk2>k\.?h\.?k\.?)|{_D}{{0,3}}(?P<cbk2>cb?k))?"
    rf"(?:\s{{0,4}}sayılı\s{{0,4}}(?P<word>kanun\s+hükmünde\s+kararname|khk|kanun|k\.h\.k|"
    r"cumhurbaşkanlığı\s+kararnamesi|bakanlar\s+kurulu\s+karar|cumhurbaşkanı\s+karar)[a-zçğıöşü']{0,8})?"
    rf"(?:{_D}{{0,4}}(?P<article>(?:ek|geçici|mükerrer)?\s{{0,2}}(?:madde)?\s{{0,2}}[0-9]{{1,4}}"
    rf"(?:\s?[/{DASH}]\s?[a-zçğıöşü0-9]{{1,2}}(?![a-zçğıöşü0-9]))?))?"
)
_TAIL = pattern(r"(?:khk\W{0,5})?[0-9]{2,5}\s?/\s?[0-9]{1,4}(?:\s?[-/]\s?\w)?\W{0,3}md")
CASE = pattern(
    r"\b(?:e|esas)\s?(?:no)?\s?[.:;,]{0,2}\s?[:.]?\s?(?P<case>[0-9]{4}\s?/\s?[0-9]{1,5})"
)
_RULING = pattern(
    rf"\b(?:k|karar)\s?(?:no)?\s?[.:;,]{{0,2}}\s?[:.]?\s?(?P<ruling>[0-9]{{4}}\s?/\s?[0-9]{{1,5}}(?:\s?[{DASH}]\s?[0-9]{{1,3}})?)"
)


def mend_digits(body: str) -> str:
    """Letters that were read for digits in a date: "12/5/l988", "26/1O/1988", "27/6//1989"."""
    body = re.sub(r"(?<=[0-9/])[lı](?=[0-9])|(?<![a-zçğıöşü])l(?=[0-9]/)", "1", body)
    body = re.sub(r"(?<=[0-9])o(?=[0-9/])", "0", body)
    return body.replace("//", "/")


def court_numbers(folded: str) -> tuple[str, str]:
    """The E. and K. numbers of a ruling of the Constitutional Court, "" where missing."""
    case, ruling = CASE.search(folded), _RULING.search(folded)
    return (
        "".join(case["case"].split()) if case else "",
        "".join(ruling["ruling"].split()) if ruling else "",
    )


def with_court(note: Note, body: str) -> Note:
    """The note with date and numbers of the ruling named in its folded ``body``."""
    case, ruling = court_numbers(body)
    found = DATE_PATTERN.search(body)
    return replace(
        note,
        date=make_date(found) if found else None,
        instrument=InstrumentKind.COURT,
        case=case,
        ruling=ruling,
    )


def with_instrument(note: Note, body: str) -> Note:
    """The note with date, number and article of the act named in its folded ``body``."""
    found = DATE_PATTERN.search(body)
    position = found.end() if found else 0
    if found and (later := DATE_PATTERN.search(body, position)) and "ile değişik" not in body:
        # "Mülga: 9/7/2018 tarih itibarı ile; 2/7/2018-KHK-703/…": the act's own date comes last
        found, position = later, later.end()
    when = make_date(found) if found else None
    instrument = INSTRUMENT.match(body, position) if found else None
    if not instrument and (tail := _TAIL.search(body, position)):
        # the date is misprinted ("23/1/20008"): the end still tells number and article
        instrument = INSTRUMENT.match(body, tail.start())
    if not instrument:
        return replace(note, date=when)
    return replace(
        note,
        date=when,
        instrument=instrument_kind(instrument),
        number=instrument["number"],
        article=tidy_article(instrument["article"] or ""),
    )


def instrument_kind(found: re.Match[str]) -> InstrumentKind:
    """Kind of the act of an ``INSTRUMENT`` match."""
    word = " ".join((found["word"] or "").split())
    if found["khk"] or found["khk2"] or word.startswith(("kanun hük", "khk", "k.h.k")):
        return InstrumentKind.DECREE_LAW
    if found["cbk"] or found["cbk2"] or word.startswith("cumhurbaşkanlığı"):
        return InstrumentKind.PRESIDENTIAL_DECREE
    if word.startswith("bakanlar"):
        return InstrumentKind.MINISTERS_DECISION
    if word.startswith("cumhurbaşkanı "):
        return InstrumentKind.PRESIDENTIAL_DECISION
    return InstrumentKind.LAW


def tidy_article(raw: str) -> str:
    """The article of an act without blanks ("12-a"); the word "madde" is dropped."""
    return re.sub(rf"\s*([/{DASH}])\s*", r"\1", " ".join(raw.split())).replace("madde ", "")


def target_part(raw: str) -> tuple[TargetPart, tuple[int, ...]]:
    """What "ikinci ve üçüncü fıkra" means; counts ("iki cümle") are not places."""
    compact = "".join(raw.split())
    part = next((part for words, part in _PARTS if words in compact), TargetPart.UNSPECIFIED)
    if not _ORDINAL_OR_DIGITS.search(raw):
        return part, ()
    ordinals: list[int] = []
    for found in _NUMBER_OR_WORD.finditer(raw):
        value = number_word(found["word"]) if found["word"] else int(found["digits"])
        if value is not None:
            ordinals.append(value)
    if LAST in ordinals:
        return part, (LAST,)
    if len(ordinals) == 2 and re.search(r"\bil[aâ]\b", raw) and 0 < ordinals[0] < ordinals[1] < 99:
        ordinals = list(range(ordinals[0], ordinals[1] + 1))
    return part, tuple(ordinals)
