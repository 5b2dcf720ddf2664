"""Full text: articles in which the words of a query stand, stemmed, as begun, or as a phrase.

What a common word costs does not grow with the legislation: see decision 0401.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString

from kaysis.common.turkish import fold, lower
from kms.models import Instrument, Status, TextVersion
from kms.models.instrument import cite_instrument

#: So many articles are ranked and counted; of what more often occurs, nobody reads the rest. The
#: function of migration 0005 knows the number, too.
CANDIDATES = 100
PAGE = 10
# A word of so few letters is looked up as typed: half the language begins like it.
_SHORT = 3
_WORDS = 12
_FEW = 500
#: What stands around the words of a hit; control characters, so that no text can hold them.
_OPEN, _CLOSE = "\x02", "\x03"
_PIECES = re.compile(r'(-?)"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Found:
    """An article that fits: `snippet` is marked-up text, `status` that of its instrument today."""

    url: str
    citation: str
    instrument_title: str
    status: Status | None
    title: str
    snippet: SafeString


@dataclass(slots=True)
class Results:
    """A page of hits; `more`: beyond counting."""

    hits: list[Found]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase: as `websearch` of stems, and as `tsquery` of folded, begun words."""

    stems: str
    folded: str
    left_out: bool = False


def terms(text: str) -> list[Term]:
    """The words and phrases of a query. Quotes make phrases, a minus leaves a word out.

    A word finds whatever begins like it, unless it is too short to say anything by that.
    """
    found = []
    for minus, phrase, word in _PIECES.findall(text[:300])[:_WORDS]:
        piece = phrase or word.lstrip("-")
        words = fold(piece).split()
        if not words:
            continue
        left_out = bool(minus) or (not phrase and word.startswith("-") and len(word) > 1)
        if phrase:
            found.append(Term(f'"{lower(piece)}"', " <-> ".join(words), left_out))
        else:
            begun = " & ".join(each if len(each) <= _SHORT else f"{each}:*" for each in words)
            found.append(Term(lower(piece), begun, left_out))
    return found


def _query(number: int) -> str:
    return (
        f"(websearch_to_tsquery('pg_catalog.turkish', %(stems_{number})s)"
        f" || to_tsquery('pg_catalog.simple', %(folded_{number})s))"
    )


def _parameters(asked: Sequence[Term]) -> dict[str, Any]:
    return {
        key: value
        for number, term in enumerate(asked)
        for key, value in ((f"stems_{number}", term.stems), (f"folded_{number}", term.folded))
    }


def _all(asked: Sequence[Term], numbers: Sequence[int]) -> str:
    """The query that all of these terms make, with its parameters of `_parameters`."""
    pieces = [f"!!{_query(n)}" if asked[n].left_out else _query(n) for n in numbers]
    return f"({' && '.join(pieces)})"


def _sought(asked: Sequence[Term]) -> list[int]:
    """The terms to look up in the index; rows are checked for the others.

    Among these the rare words: what the index says of a common one is long, and the rows say it
    sooner. How common they are, one in 64 passages tells. One query, none for a single word.
    """
    wanted = [number for number, term in enumerate(asked) if not term.left_out]
    if len(wanted) < 2:
        return wanted
    counts = ", ".join(f"kms_passages_having({_query(number)})" for number in wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", _parameters(asked))
        found = cursor.fetchone()
    least = max(4 * min(found), 8)
    return [number for number, count in zip(wanted, found, strict=True) if count <= least]


# Candidates are what the function of migration 0005 finds: fifty whose heading fits, and
# CANDIDATES others and one more, a sample where there are more. Among these the best come first.
_FIND = """
    SELECT page.total, page.instrument, p.anchor, p.title, page.type, page.number, page.name,
        page.ended, ts_headline('pg_catalog.turkish', left(p.body, 6000), {marked},
            'MaxFragments=2, MaxWords=24, MinWords=8, StartSel={open}, StopSel={close}')
    FROM (
        SELECT h.id, count(*) OVER () AS total, i.id AS instrument, i.type, i.number,
            i.title AS name, i.ended, h.rank * CASE WHEN i.rank <= 2 THEN 1.5 ELSE 1 END
                * CASE WHEN i.ended THEN 0.5 ELSE 1 END AS weight
        FROM {found} h JOIN kms_textversion v ON v.id = h.version_id
        JOIN kms_instrument i ON i.id = v.instrument_id AND i.published
        ORDER BY weight DESC, h.id OFFSET %(skip)s LIMIT %(page)s
    ) page JOIN kms_passage p ON p.id = page.id
    ORDER BY page.weight DESC, p.id
"""
# Few texts: the planner knows best whether their passages or the words are fewer.
_AMONG_FEW = """(
    SELECT p.id, p.version_id, ts_rank('{{0.1, 0.3, 0.6, 1.0}}', p.vector, {query}, 1) AS rank
    FROM kms_passage p WHERE p.searched AND p.anchor <> '' AND p.version_id = ANY(%(versions)s)
        AND p.vector @@ {query} LIMIT %(most)s
)"""
# Many: each passage that has the words is asked for its instrument, again the sample first.
_AMONG_MANY = """(
    SELECT c.id, c.version_id, ts_rank('{{0.1, 0.3, 0.6, 1.0}}', c.vector, {query}, 1) AS rank
    FROM ({branches} LIMIT %(most)s) c
)"""
_BRANCH = """
    SELECT p.id, p.version_id, p.vector FROM kms_passage p WHERE p.searched AND p.anchor <> ''
        AND {tier} AND p.vector @@ {sought} AND (p.vector @@ {query}) IS TRUE
        AND (SELECT v.instrument_id FROM kms_textversion v WHERE v.id = p.version_id)
            = ANY(%(instruments)s)
"""
_TIERS = ("p.id %% 64 = 0", "p.id %% 8 = 0 AND p.id %% 64 <> 0", "p.id %% 8 <> 0")


def full_text(
    text: str, instruments: QuerySet[Instrument], *, narrowed: bool, page: int = 1
) -> Results:
    """Articles in which `text` stands. `instruments` are those that may be found, where the list
    is `narrowed` by filters; else all that is published. At most four queries.
    """
    asked = terms(text)
    sought = _sought(asked)
    if not sought:
        return Results([], 0, more=False)
    given: dict[str, Any] = {
        **_parameters(asked),
        "most": CANDIDATES + 1,
        "skip": (page - 1) * PAGE,
        "page": PAGE,
    }
    query, looked_up = _all(asked, range(len(asked))), _all(asked, sought)
    found = f"kms_passages_found({looked_up}, {query})"
    if narrowed:
        ids = list(instruments.order_by().values_list("pk", flat=True))
        if len(ids) <= _FEW:
            versions = TextVersion.objects.published().filter(instrument__in=ids)
            given["versions"] = list(versions.values_list("pk", flat=True))
            found = _AMONG_FEW.format(query=query)
        else:
            given["instruments"] = ids
            branches = (_BRANCH.format(tier=tier, sought=looked_up, query=query) for tier in _TIERS)
            found = _AMONG_MANY.format(query=query, branches=" UNION ALL ".join(branches))
    marked = " || ".join(_query(n) for n, term in enumerate(asked) if not term.left_out)
    statement = _FIND.format(open=_OPEN, close=_CLOSE, marked=f"({marked})", found=found)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = cursor.fetchall()
    total = rows[0][0] if rows else 0
    return Results(
        [_found(row[1:]) for row in rows], min(total, CANDIDATES), more=total > CANDIDATES
    )


def _found(row: tuple[Any, ...]) -> Found:
    pk, anchor, title, type_, number, name, ended, snippet = row
    return Found(
        url=f"/mevzuat/{pk}/?madde={anchor}#{anchor}",
        citation=cite_instrument(type_, number, name),
        instrument_title=name,
        status=Status.REPEALED if ended else None,
        title=title,
        snippet=_marked(snippet),
    )


def _marked(snippet: str) -> SafeString:
    safe = escape(snippet)
    return SafeString(safe.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))
