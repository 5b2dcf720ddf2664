"""Mentions of instruments in running text: "5018 sayılı Kanunun 3 üncü maddesi"."""

import re
from collections.abc import Iterator

from .letters import DATE, make_date, pattern, squeeze
from .model import InstrumentKind, Locator, Reference
from .places import named

#: How far after "sayılı" the kind of the instrument is looked for.
_REACH = 260

_KIND = pattern(
    r"kanun\s+hükm[üu]nde\s+kararname|khk\b|k\.\s?h\.\s?k\.?|cumhurbaşkanlığı\s+kararname"
    r"|cumhurbaşkanı\s+karar|bakanlar\s+kurulu\s+karar|kanun|yönetmeli[kğ]|tüzü[kğ]|tebliğ|kararname"
    r"|genelge"
)
_KINDS = {
    "khk": InstrumentKind.DECREE_LAW,
    "kanun": InstrumentKind.LAW,
    "kararname": InstrumentKind.DECREE,
    "tebliğ": InstrumentKind.COMMUNIQUE,
}
_STARTS = (
    ("kanun hük", InstrumentKind.DECREE_LAW),
    ("k.", InstrumentKind.DECREE_LAW),
    ("cumhurbaşkanlığı", InstrumentKind.PRESIDENTIAL_DECREE),
    ("cumhurbaşkanı", InstrumentKind.PRESIDENTIAL_DECISION),
    ("bakanlar", InstrumentKind.MINISTERS_DECISION),
    ("yönetmel", InstrumentKind.REGULATION),
    ("tüz", InstrumentKind.BYLAW),
)
_NUMBERED = pattern(r"(?<![0-9/.])(?P<number>(?:[0-9]{2,4}/)?[0-9]{1,5})\s+sayılı\b")
_BEFORE = pattern(DATE + r"\s*(?:tarih(?:li)?|gün(?:lü)?)?\s*(?:ve\s*)?\Z")
_ABOUT = pattern(
    r"(?:hakk[ıi]nda(?:ki)?|dair|dâir|ilişkin)\s+(?=kanun|cumhurbaşkanlığı\s+kar|tüzük|yönetmelik)"
)
_POSSESSIVE = re.compile(r"u(?:n(?:un|a|u|da|dan|ca|daki)|yla|dur)?(?![a-zçğıöşü])")
_ENDING = pattern(
    r"(?P<own>(?:[a-zçğıöşü]{1,9}|'[a-zçğıöşü]{1,6})?)\s*(?:\((?P<paren>[^()]{1,40})\)\s*)?"
)
_STOP = re.compile(r"[;:]|\.\s|\n\s*\n|\bsayılı\b|\bmadde|[“”\"]")
_OWN = pattern(
    r"\bbu\s+(?P<kind>kanun\s+hükmünde\s+kararname|kanun|cumhurbaşkanlığı\s+kararname)[a-zçğıöşü]{1,6}\s+"
    r"(?=(?:ek|geçici|mükerrer|[0-9]))"
)
_CONSTITUTION = pattern(r"\banayasa(?:'?[nd][ıi]n|s[ıi]n[ıi]n)\s+(?=(?:geçici\s+)?[0-9]{1,3})")


def find_references(text: str, folded: str) -> Iterator[Reference]:
    """All mentions of numbered instruments, of the Constitution's articles and of own articles."""
    found_all = [*_numbered(text, folded), *_own(text, folded), *_constitution(text, folded)]
    found_all.sort(key=lambda reference: reference.start)
    yield from found_all


def _numbered(text: str, folded: str) -> Iterator[Reference]:
    for found in _NUMBERED.finditer(folded):
        end = min(len(folded), found.end() + _REACH)
        kind_at = kind_after(folded, found.end(), end)
        if kind_at is None:
            continue
        start = found.start()
        before = folded[max(0, start - 40) : start]
        dated = _BEFORE.search(before)
        if dated:
            start -= len(before) - dated.start()
        close, places = _ending(folded, kind_at.end())
        yield Reference(
            start,
            close,
            text[start:close],
            instrument_kind(kind_at[0]),
            found["number"],
            date=make_date(dated) if dated else None,
            name=_name(text, folded, found.end(), kind_at),
            places=places,
        )


def kind_after(folded: str, start: int, end: int) -> re.Match[str] | None:
    """The word that says what the instrument is, in the same clause as "sayılı".

    A name may hold the word twice ("Türk Medenî Kanununun Yürürlüğü … Hakkında Kanun"): what
    follows "hakkında" or "dair" decides.
    """
    stop = _STOP.search(folded, start, end)
    limit = stop.start() if stop else end
    first = _KIND.search(folded, start, limit)
    if first is None:
        return None
    about = _ABOUT.search(folded, first.end(), limit)
    return (_KIND.match(folded, about.end(), limit) if about else None) or first


def _name(text: str, folded: str, start: int, kind: re.Match[str]) -> str:
    """The name without its case ending: "Devlet Memurları Kanununun" → "… Kanunu"."""
    end = kind.end()
    if kind[0] == "kanun" and _POSSESSIVE.match(folded, end):
        about = folded[start : kind.start()].rstrip().endswith(("hakkında", "dair", "ilişkin"))
        bare = not folded[start : kind.start()].strip()
        end += not (about or bare)
    return squeeze(text[start:end])


def _ending(folded: str, position: int) -> tuple[int, tuple[Locator, ...]]:
    """Swallow the case ending of the instrument and read the articles named after it."""
    limit = min(len(folded), position + 400)
    ending = _ENDING.match(folded, position, limit)
    after = ending.end() if ending else position
    places, close = named(folded, after, limit)
    if places:
        return close, places
    return (ending.end("own") if ending else position), ()


def _own(text: str, folded: str) -> Iterator[Reference]:
    for found in _OWN.finditer(folded):
        places, close = named(folded, found.end(), min(len(folded), found.end() + 300))
        if places:
            yield Reference(
                found.start(),
                close,
                text[found.start() : close],
                instrument_kind(found["kind"]),
                own=True,
                places=places,
            )


def _constitution(text: str, folded: str) -> Iterator[Reference]:
    for found in _CONSTITUTION.finditer(folded):
        places, close = named(folded, found.end(), min(len(folded), found.end() + 300))
        if places:
            yield Reference(
                found.start(),
                close,
                text[found.start() : close],
                InstrumentKind.CONSTITUTION,
                "2709",
                places=places,
            )


def instrument_kind(words: str) -> InstrumentKind:
    """Kind of the instrument named by folded words."""
    flat = " ".join(words.split())
    for start, kind in _STARTS:
        if flat.startswith(start):
            return kind
    return _KINDS.get(flat, InstrumentKind.OTHER)
