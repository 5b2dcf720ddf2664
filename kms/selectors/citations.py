"""From what people cite to what is recorded: "657", "4982 m. 3", "1983 tarihli 190 s. KHK"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kaysis.common.turkish import fold
from kms.models import Instrument, Passage
from kms.naming import TYPE_OF_KIND
from kms.querysets import visible_sql
from kms.text import ArticleType, Citation, Locator, parse_citation


@dataclass(frozen=True, slots=True)
class Matched:
    """A line of a pasted list: what it cites, and the instruments it may mean."""

    line: str
    citation: Citation | None
    candidates: tuple[Instrument, ...]

    @property
    def state(self) -> str:
        """ "matched", "ambiguous" or "missing"."""
        if len(self.candidates) == 1:
            return "matched"
        return "ambiguous" if self.candidates else "missing"


def _kinds(citation: Citation) -> list[str]:
    """A bare number means a law first of all."""
    if citation.instrument is None:
        return ["law", "constitution"]
    kind = TYPE_OF_KIND.get(citation.instrument, "")
    if kind == "regulation":
        return ["regulation", "presidential_regulation"]
    return [kind]


def _fitting(rows: Iterable[Instrument], citation: Citation) -> tuple[Instrument, ...]:
    """Those of the cited kind; of several, those of the cited day."""
    kinds = _kinds(citation)
    found = [row for row in rows if row.type in kinds]
    if not found and citation.instrument is None:
        found = list(rows)
    if citation.date is not None:
        dated = [row for row in found if citation.date in (row.accepted_on, row.gazette_date)]
        if dated:
            return tuple(dated)
        found = [row for row in found if row.accepted_on is None or _near(row, citation.date)]
    return tuple(found)


def _near(row: Instrument, day: dt.date) -> bool:
    return row.accepted_on is not None and abs(row.accepted_on.year - day.year) <= 1


def match_citations(lines: Iterable[str]) -> list[Matched]:
    """What each line cites, a thousand lines in one query. Blank lines are left out."""
    read = [(line, parse_citation(line)) for raw in lines if (line := " ".join(raw.split())[:500])]
    numbers = {citation.number for _line, citation in read if citation and citation.number}
    by_number: dict[str, list[Instrument]] = {}
    rows = Instrument.objects.filter(published=True, number__in=numbers).order_by("-year", "pk")
    for row in rows:
        by_number.setdefault(row.number, []).append(row)
    return [
        Matched(
            line,
            citation,
            _fitting(by_number.get(citation.number, []), citation) if citation else (),
        )
        for line, citation in read
    ]


def find_cited(text: str) -> list[Instrument]:
    """The published instruments that a citation may mean; of a bare number, those in force first.

    "657" means two laws: where one of them is looked for by its number alone, both are candidates.
    """
    citation = parse_citation(text)
    if citation is None or not citation.number:
        digits = text.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) < 7):
            return []
        citation = Citation(number=digits)
    rows = Instrument.objects.filter(published=True, number=citation.number)
    return list(_fitting(list(rows.order_by("ended", "-year", "pk")), citation))


# Written in SQL, so that each half has its index: names by their trigrams where words are rare, in
# the order of the answer where they are common.
_NAMED = """
    SELECT * FROM (
        (SELECT i.* FROM kms_instrument i WHERE {visible} AND i.abbreviation <> ''
            AND upper(i.abbreviation) = upper(%(text)s) ORDER BY i.rank, i.ended, i.id)
        UNION ALL
        (SELECT i.* FROM kms_instrument i WHERE {visible} AND {words}
            AND NOT (i.abbreviation <> '' AND upper(i.abbreviation) = upper(%(text)s))
         ORDER BY i.rank, i.ended, i.id LIMIT %(most)s)
    ) named LIMIT %(most)s
"""


def find_named(text: str, user: Any, *, most: int) -> list[Instrument]:
    """The first instruments whose abbreviation is `text`, or whose name has all its words."""
    words = fold(text).split()[:12]
    if not words:
        return []
    visible, given = visible_sql(user)
    given |= {f"word_{n}": f"%{word}%" for n, word in enumerate(words)}
    fits = " AND ".join(f"i.title_folded LIKE %(word_{n})s" for n in range(len(words)))
    given |= {"text": text.strip(), "most": most}
    return list(Instrument.objects.raw(_NAMED.format(visible=visible, words=fits), given))


def find_place(text: str) -> Locator | None:
    """A place as people type it: "3", "ek 2", "geçici 5", "m. 3/1-b"."""
    text = text.strip()[:60]
    citation = parse_citation(text)
    if citation is not None and citation.place is not None:
        return citation.place
    if text.isascii() and text.isdigit():
        return Locator(ArticleType.ORDINARY, int(text))
    return None


def anchor_for(place: Locator, *, suffix: bool = True) -> str:
    """The anchor of the article of a place, in a text's own articles: "m3", "ek-m2", "m61a"."""
    return f"{place.type}{place.article}{place.suffix.lower() if suffix else ''}"


def passage_of(instrument: Instrument, place: Locator) -> Passage | None:
    """The article of a place in the text that is read today; of "4/B", article 4 if need be."""
    rows = Passage.objects.filter(
        anchor__in=[anchor_for(place), anchor_for(place, suffix=False)],
        version__instrument=instrument,
        version__last=True,
    )
    return rows.defer("body", "html", "vector").order_by("-anchor").first()
