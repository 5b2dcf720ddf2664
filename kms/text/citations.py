"""Citations: from a node to "4982 s. Kanun m. 3/1-b", and from what people write to a place."""

import datetime as dt
import re
from dataclasses import dataclass, replace

from .letters import DATE, fold, make_date, pattern, squeeze
from .model import ArticleType, Document, InstrumentKind, Kind, Locator, Node
from .places import named, series_of, suffix_of
from .references import find_references

_SHORT = {
    InstrumentKind.LAW: "Kanun",
    InstrumentKind.DECREE_LAW: "KHK",
    InstrumentKind.PRESIDENTIAL_DECREE: "CBK",
    InstrumentKind.PRESIDENTIAL_DECISION: "Cumhurbaşkanı Kararı",
    InstrumentKind.MINISTERS_DECISION: "BKK",
    InstrumentKind.REGULATION: "Yönetmelik",
    InstrumentKind.BYLAW: "Tüzük",
    InstrumentKind.COMMUNIQUE: "Tebliğ",
    InstrumentKind.TREATY: "Andlaşma",
    InstrumentKind.DECREE: "Kararname",
}
_SERIES = {
    ArticleType.ORDINARY: "m.",
    ArticleType.ADDITIONAL: "ek m.",
    ArticleType.PROVISIONAL: "geçici m.",
    ArticleType.REPEATED: "mükerrer m.",
    ArticleType.ADDITIONAL_PROVISIONAL: "ek geçici m.",
    ArticleType.ADDITIONAL_REPEATED: "ek mükerrer m.",
}
#: Laws that lawyers call by letters; the numbers are facts of the legislation.
_ABBREVIATIONS = {
    "anayasa": ("2709", InstrumentKind.CONSTITUTION),
    "ay": ("2709", InstrumentKind.CONSTITUTION),
    "tck": ("5237", InstrumentKind.LAW),
    "tmk": ("4721", InstrumentKind.LAW),
    "tbk": ("6098", InstrumentKind.LAW),
    "ttk": ("6102", InstrumentKind.LAW),
    "cmk": ("5271", InstrumentKind.LAW),
    "hmk": ("6100", InstrumentKind.LAW),
    "iik": ("2004", InstrumentKind.LAW),
    "iyuk": ("2577", InstrumentKind.LAW),
    "vuk": ("213", InstrumentKind.LAW),
    "gvk": ("193", InstrumentKind.LAW),
    "kdvk": ("3065", InstrumentKind.LAW),
    "kvkk": ("6698", InstrumentKind.LAW),
    "dmk": ("657", InstrumentKind.LAW),
}
_WORD = (
    r"(?:kanun\s+hükmünde\s+kararname|khk|cbk|bkk|cumhurbaşkanlığı\s+kararname"
    r"|cumhurbaşkanı\s+karar|kanun|yönetmeli[kğ]|tüzü[kğ]|tebliğ|kararname|k\.)"
)
_DATED = pattern(DATE + r"\s*(?:tarih(?:li)?|günlü)?\s*(?:ve)?\s*")
_KIND_FIRST = pattern(r"(?P<word>khk|cbk|bkk)\s*[-/. ]\s*(?P<number>[0-9]{1,5})(?![0-9])")
_NUMBER_FIRST = pattern(
    rf"(?P<number>[0-9]{{2,5}})(?![0-9/.]|\s*(?:[ıiuü]?n?c[ıiuü]\b|fıkra|bent|bend|madde))\s*"
    rf"(?:(?P<said>s\.|sayılı|say\.|nolu|no'lu)\s*)?(?:(?P<word>{_WORD})[a-zçğıöşü']{{0,12}})?"
)
_SMALL_NUMBER = pattern(
    rf"(?P<number>[0-9]{{1,5}})\s*(?:s\.|sayılı|say\.)\s*(?P<word>{_WORD})?[a-zçğıöşü']{{0,12}}"
)
_LETTERS = pattern(r"(?P<letters>[a-zçğıöşü]{2,7})(?:'?n?[ıiuü]n)?(?![a-zçğıöşü])")
_LETTER_SUFFIX = pattern(r"\s?/\s?(?P<letter>[a-zçğıöşü]{1,2})(?![a-zçğıöşü])")
_TAIL_PARAGRAPH = pattern(r"\s?/\s?(?P<paragraph>[0-9]{1,2})(?![0-9])")
_TAIL_ITEM = pattern(r"\s?[-/.]\s?\(?(?P<item>[a-zçğıöşü]{1,2}|[0-9]{1,3})\)?(?![a-zçğıöşü0-9])")
_BETWEEN = re.compile(r"[\s,;:'.-]*(?:n?[ıiuü]n\b)?\s*")
_PLACE_START = pattern(
    r"(?P<series>(?:(?:ek|geçici|gecici|mükerrer)\s*){1,2})?(?P<m>(?:maddesi|madde|md|m)\b\.?\s*)?"
    r"(?P<article>[0-9]{1,4})(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation names; each part may be missing, but not all of them."""

    number: str = ""
    instrument: InstrumentKind | None = None
    date: dt.date | None = None
    place: Locator | None = None


def instrument_name(number: str, instrument: InstrumentKind) -> str:
    """The short name: "4982 s. Kanun", "375 s. KHK", "Anayasa"."""
    if instrument is InstrumentKind.CONSTITUTION:
        return "Anayasa"
    word = _SHORT.get(instrument, "")
    return f"{number} s. {word}".strip() if number else word


def place_text(place: Locator) -> str:
    """A place in short: "m. 3/1-b", "ek m. 2", "m. 28/A"."""
    number = "" if place.article is None else str(place.article)
    suffix = f"/{place.suffix}" if place.suffix else ""
    last = "" if place.last is None else f"-{place.last}"
    text = f"{_SERIES[place.type]} {number}{suffix}{last}".strip()
    if place.paragraph is not None:
        text += "/son" if place.paragraph < 0 else f"/{place.paragraph}"
    if place.item:
        text += f"-{place.item}"
    if place.subitem:
        text += f"-{place.subitem}"
    return text


def citation(number: str, instrument: InstrumentKind, node: Node) -> str:
    """Citation of an article, paragraph or item; of anything else, the instrument's name."""
    name = instrument_name(number, instrument)
    return f"{name} {place_text(node.place)}" if node.place else name


def parse_citation(text: str) -> Citation | None:
    """Read a citation as people write it; None when nothing in it names a place or a law.

    Understood are "4982 m. 3", "657 sayılı Kanunun 4/B maddesi", "4982 s. Kanun m. 3/1-b",
    "375 sayılı KHK", "TCK 53", "Anayasa m. 10/2", "ek 2", "geçici madde 5" and the like.
    """
    line = squeeze(text[:500])
    folded = fold(line)
    if not folded:
        return None
    for reference in find_references(line, folded):
        if reference.start < 3 and not reference.own:
            place = reference.places[0] if reference.places else _place(folded, reference.end)
            return Citation(reference.number, reference.instrument, reference.date, place)
    head, position = _instrument(folded)
    place = _place(folded, position)
    if head is None:
        return Citation(place=place) if place else None
    return replace(head, place=place)


def _instrument(folded: str) -> tuple[Citation | None, int]:
    """The instrument at the beginning, and where the place may begin."""
    when: dt.date | None = None
    start = 0
    if dated := _DATED.match(folded):
        when, start = make_date(dated), dated.end()
    for shape in (_KIND_FIRST, _SMALL_NUMBER):
        if found := shape.match(folded, start):
            return Citation(found["number"], _kind(found["word"]), when), found.end()
    found = _LETTERS.match(folded, start)
    if found and found["letters"] in _ABBREVIATIONS:
        number, instrument = _ABBREVIATIONS[found["letters"]]
        return Citation(number, instrument, when), found.end()
    if found := _NUMBER_FIRST.match(folded, start):
        return Citation(found["number"], _kind(found["word"]), when), found.end()
    return None, start


def _kind(word: str | None) -> InstrumentKind | None:
    flat = " ".join((word or "").split())
    if not flat:
        return None
    starts = (
        ("kanun hük", InstrumentKind.DECREE_LAW),
        ("khk", InstrumentKind.DECREE_LAW),
        ("cbk", InstrumentKind.PRESIDENTIAL_DECREE),
        ("cumhurbaşkanlığı", InstrumentKind.PRESIDENTIAL_DECREE),
        ("cumhurbaşkanı", InstrumentKind.PRESIDENTIAL_DECISION),
        ("bkk", InstrumentKind.MINISTERS_DECISION),
        ("yönet", InstrumentKind.REGULATION),
        ("tüz", InstrumentKind.BYLAW),
        ("tebl", InstrumentKind.COMMUNIQUE),
        ("karar", InstrumentKind.DECREE),
        ("k", InstrumentKind.LAW),
    )
    return next((kind for start, kind in starts if flat.startswith(start)), None)


def _place(folded: str, position: int) -> Locator | None:
    """The place from ``position`` on, in words ("4/B maddesi") or in short ("m. 3/1-b")."""
    between = _BETWEEN.match(folded, position)
    position = between.end() if between else position
    places, _ = named(folded, position, len(folded))
    if places:
        return places[0]
    found = _PLACE_START.match(folded, position)
    if not found:
        return None
    series = series_of((found["series"] or "").replace("gecici", "geçici"))
    place = Locator(series, int(found["article"]))
    return _short_tail(folded, found.end(), place)


def _short_tail(folded: str, position: int, place: Locator) -> Locator:
    """Read "/A" (a letter of the article), "/1" (a paragraph), "-b" and "-1" (items)."""
    if found := _LETTER_SUFFIX.match(folded, position):
        place, position = replace(place, suffix=suffix_of(found["letter"])), found.end()
    if found := _TAIL_PARAGRAPH.match(folded, position):
        place, position = replace(place, paragraph=int(found["paragraph"])), found.end()
    if found := _TAIL_ITEM.match(folded, position):
        place, position = replace(place, item=found["item"]), found.end()
        if found := _TAIL_ITEM.match(folded, position):
            place = replace(place, subitem=found["item"])
    return place


def locate(document: Document, place: Locator) -> Node | None:
    """The node a place names, as deep as the document has it; None if the article is missing.

    "4/B" may be an article of its own or item B of article 4; the article is looked for first.
    Provisions of companions and of other acts printed in the document are left out.
    """
    article = _article(document, place)
    if article is None and place.suffix:
        inner = fold(place.suffix)
        article = _article(document, replace(place, suffix=""))
        if article is None:
            return None
        return _item(article, inner)
    if article is None:
        return None
    node = article
    if place.paragraph is not None:
        paragraphs = [child for child in article.children if child.kind is Kind.PARAGRAPH]
        wanted = [p for p in paragraphs if p.label == str(place.paragraph)]
        if place.paragraph < 0:
            wanted = paragraphs[-1:]
        if not wanted:
            return article
        node = wanted[0]
    for label in (place.item, *place.subitem.split("-")):
        deeper = _item(node, label) if label else None
        node = deeper or node
    return node


def _article(document: Document, place: Locator) -> Node | None:
    for node in document.articles():
        name = node.designation
        if name is None or name.type is not place.type or not node.anchor.startswith(name.type):
            continue
        if name.number == place.article and name.suffix == place.suffix:
            return node
        covered = range(name.number or 0, (name.last or -1) + 1)
        if place.article in covered and not place.suffix:
            return node
    return None


def _item(node: Node, label: str) -> Node | None:
    wanted = fold(label)
    return next((n for n in node.walk() if n.kind is Kind.ITEM and fold(n.label) == wanted), None)
