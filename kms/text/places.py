"""Places inside an instrument: "3, 7, Ek Madde 4", "4/B maddesi", "5 inci maddenin (b) bendi"."""

import re

from .heads import fold_upper
from .letters import NUMBER_WORD, ORDINAL, fold, number_word, pattern
from .model import ArticleType, Locator

_SERIES = {
    "ek": ArticleType.ADDITIONAL,
    "geçici": ArticleType.PROVISIONAL,
    "muvakkat": ArticleType.PROVISIONAL,
    "mükerrer": ArticleType.REPEATED,
    "mükerer": ArticleType.REPEATED,
    "ekgeçici": ArticleType.ADDITIONAL_PROVISIONAL,
    "geçiciek": ArticleType.ADDITIONAL_PROVISIONAL,
    "ekmükerrer": ArticleType.ADDITIONAL_REPEATED,
}
_SERIES_WORDS = r"(?:(?:ek|geçici|muvakkat|mükerr?er)\s*){1,2}"
SUFFIX = r"(?:\s?/\s?[a-zçğıöşü]{1,2}(?![a-zçğıöşü])|\s?/\s?[0-9](?![0-9/]))"
_LISTED = pattern(
    rf"(?P<series>{_SERIES_WORDS})?(?P<madde>maddeler|madde)?\s*(?P<number>[0-9]{{1,4}})(?![0-9])"
    rf"(?P<suffix>{SUFFIX})?(?:\s*(?P<range>il[aâ]|-|–)\s*(?P<last>[0-9]{{1,4}})(?![0-9/]))?"
)
_IGNORED = pattern(
    r"\([^()]{0,40}\)\s*(?:sayılı|numaralı)|[0-9]{1,4}\s+sayılı|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}"
    r"|\([^()]{0,80}\)|(?:ek\s*-?\s*)?[0-9]{1,3}\s+(?:sayılı|nolu|numaralı)\s+\w+"
)

#: "inci", "üncü" and their misspellings after a number.
_TH = r"(?:\s?[.']?\s?(?:[ıiuü]?n?[cç][ıiuü]))?"
_ARTICLE_NUMBER = rf"[0-9]{{1,4}}(?![0-9])(?:{SUFFIX})?"
#: "3, 5 ve 7 nci madde…" after an instrument; spelled numbers ("birinci maddesi") too.
ARTICLES_NAMED = pattern(
    rf"(?P<series>{_SERIES_WORDS})?"
    rf"(?:(?P<list>{_ARTICLE_NUMBER}{_TH}(?:\s*(?:,|ve|ile|veya|il[aâ]|-|–)\s*(?:{_SERIES_WORDS})?"
    rf"{_ARTICLE_NUMBER}{_TH}){{0,30}})|(?P<word>{ORDINAL}))\s+madde"
)
_AFTER_ARTICLE = pattern(
    r"madde(?:\s*başlığı)?[a-zçğıöşü']{0,8}\s*"
    rf"(?:(?:(?P<paragraph>{ORDINAL}|\(\s?[0-9]{{1,2}}\s?\)|[0-9]{{1,2}}{_TH})\s+(?:numaralı\s+)?"
    r"fıkra[a-zçğıöşü']{0,8})\s*)?"
    r"(?:[“\"'(]?\s?(?P<item>[a-zçğıöşü]{1,2}|[0-9]{1,2})\s?[)”\"']\s*(?:numaralı\s+)?"
    r"(?:bend|bent)[a-zçğıöşü']{0,8}\s*)?"
    r"(?:[“\"'(]?\s?(?P<subitem>[a-zçğıöşü0-9]{1,2})\s?[)”\"']\s*(?:numaralı\s+)?alt\s+"
    r"(?:bend|bent)[a-zçğıöşü']{0,8}\s*)?"
    rf"(?:(?P<sentence>{NUMBER_WORD})\s+cümle)?"
)


def series_of(words: str) -> ArticleType:
    """The series named by folded words before an article number."""
    return _SERIES.get("".join(words.split()), ArticleType.ORDINARY)


def suffix_of(raw: str | None) -> str:
    """The letter of "/A", in capitals."""
    return fold_upper(fold(raw or "").strip(" /"))


def listed(text: str) -> tuple[Locator, ...]:
    """The articles of a cell such as "3, 7, Ek Madde 4, 5, Geçici Madde 11 ve 12, 16/A"."""
    folded = _IGNORED.sub(lambda found: " " * len(found[0]), fold(text[:4000]))
    found_places: list[Locator] = []
    series = ArticleType.ORDINARY
    previous = 0
    stop = 0
    for found in _LISTED.finditer(folded):
        number = int(found["number"])
        joined = re.fullmatch(r"\s*(?:ve|ile|il[aâ])\s*", folded[stop : found.start()])
        stop = found.end()
        if found["series"]:
            series = series_of(found["series"])
        elif found["madde"] or not (joined or number == previous + 1):
            series = ArticleType.ORDINARY
        previous = int(found["last"]) if found["last"] else number
        last = previous if found["last"] and previous > number else None
        found_places.append(Locator(series, number, suffix_of(found["suffix"]), last))
    return tuple(found_places)


def named(folded: str, position: int, end: int) -> tuple[tuple[Locator, ...], int]:
    """Articles named at ``position`` ("3, 5 ve 7 nci maddeleri") and where the naming ends."""
    found = ARTICLES_NAMED.match(folded, position, end)
    if not found:
        return (), position
    series = series_of(found["series"] or "")
    if found["word"]:
        value = number_word(found["word"])
        places = [Locator(series, value)] if value and value > 0 else []
    else:
        places = list(listed(f"{found['series'] or ''}{found['list']}"))
        places = [
            place
            if place.type is not ArticleType.ORDINARY
            else Locator(series, place.article, place.suffix, place.last)
            for place in places
        ]
    close = found.end()
    detail = _AFTER_ARTICLE.match(folded, found.end() - len("madde"), end)
    if detail and places:
        places[-1] = _detailed(places[-1], detail)
        close = detail.end()
    return tuple(places), close


def _detailed(place: Locator, detail: re.Match[str]) -> Locator:
    sentence = number_word(detail["sentence"]) if detail["sentence"] else None
    return Locator(
        place.type,
        place.article,
        place.suffix,
        place.last,
        _paragraph_number(detail["paragraph"]),
        detail["item"] or "",
        detail["subitem"] or "",
        sentence,
    )


def _paragraph_number(raw: str | None) -> int | None:
    if not raw:
        return None
    value = number_word(raw)
    if value is not None:
        return value
    digits = re.search(r"[0-9]{1,2}", raw)
    return int(digits[0]) if digits else None
