"""Full text: articles in which the words of a query stand, stemmed, as typed, or as a phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString

from kaysis.common.turkish import fold, lower
from kms.models import Instrument

#: So many articles are ranked and counted; of what more often occurs, nobody reads the rest.
CANDIDATES = 400
PAGE = 20
#: What stands around the words of a hit; control characters, so that no text can hold them.
_OPEN, _CLOSE = "\x02", "\x03"
_PIECES = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Found:
    """An article that fits: `snippet` is marked-up text."""

    instrument: Instrument
    anchor: str
    title: str
    snippet: SafeString


@dataclass(slots=True)
class Results:
    """A page of hits; `more`: beyond counting."""

    hits: list[Found]
    total: int
    more: bool


def queries(text: str) -> tuple[str, str]:
    """The query for stems (Turkish small letters, `websearch`) and for folded words (`tsquery`).

    Quotes make phrases, a minus leaves a word out; folded words are begun words.
    """
    stems, folded = [], []
    for phrase, word in _PIECES.findall(text[:300]):
        left_out = not phrase and word.startswith("-") and len(word) > 1
        piece = phrase or word.lstrip("-")
        words = fold(piece).split()
        if not words:
            continue
        quoted = '"' if phrase else ""
        stems.append(f"{'-' if left_out else ''}{quoted}{lower(piece)}{quoted}")
        together = " <-> ".join(words if phrase else [f"{each}:*" for each in words])
        folded.append(f"{'!' if left_out else ''}({together})")
    return " ".join(stems), " & ".join(folded)


# Candidates come from the index in any order; only they are ranked. The title of an article and of
# its law weighs more than the text.
_FIND = """
    WITH asked AS (
        SELECT websearch_to_tsquery('pg_catalog.turkish', %(stems)s)
            || to_tsquery('pg_catalog.simple', %(folded)s) AS query
    ), hit AS MATERIALIZED (
        SELECT p.id, p.version_id, ts_rank('{{0.1, 0.3, 0.6, 1.0}}', p.vector, a.query, 1) AS rank
        FROM asked a CROSS JOIN kms_passage p {join}
        WHERE p.searched AND p.vector @@ a.query AND p.anchor <> '' {where}
        LIMIT %(most)s
    )
    SELECT h.id, count(*) OVER () AS total FROM hit h
    JOIN kms_textversion v ON v.id = h.version_id
    JOIN kms_instrument i ON i.id = v.instrument_id
    ORDER BY h.rank * CASE WHEN i.rank <= 2 THEN 1.5 ELSE 1 END
        * CASE WHEN i.ended THEN 0.5 ELSE 1 END DESC, h.id
    OFFSET %(skip)s LIMIT %(page)s
"""
_SHOW = """
    SELECT p.id, v.instrument_id, p.anchor, p.title,
        ts_headline('pg_catalog.turkish', left(p.body, 20000),
            websearch_to_tsquery('pg_catalog.turkish', %(stems)s)
                || to_tsquery('pg_catalog.simple', %(folded)s),
            'MaxFragments=2, MaxWords=24, MinWords=8, StartSel={open}, StopSel={close}')
    FROM kms_passage p JOIN kms_textversion v ON v.id = p.version_id WHERE p.id = ANY(%(ids)s)
"""


def full_text(text: str, instruments: QuerySet[Instrument], *, page: int = 1) -> Results:
    """Articles of `instruments` (filtered, visible) in which `text` stands. Few queries, always."""
    stems, folded = queries(text)
    if not folded:
        return Results([], 0, more=False)
    narrowed = bool(instruments.query.where)
    given: dict[str, Any] = {
        "stems": stems,
        "folded": folded,
        "most": CANDIDATES + 1,
        "skip": (page - 1) * PAGE,
        "page": PAGE,
    }
    join = where = ""
    params: dict[str, Any] = dict(given)
    if narrowed:
        ids = list(instruments.order_by().values_list("pk", flat=True)[:200_000])
        join = "JOIN kms_textversion w ON w.id = p.version_id"
        where = "AND w.instrument_id = ANY(%(instruments)s)"
        params["instruments"] = ids
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(join=join, where=where), params)
        rows = cursor.fetchall()
        order = [row[0] for row in rows]
        total = rows[0][1] if rows else 0
        cursor.execute(_SHOW.format(open=_OPEN, close=_CLOSE), {**given, "ids": order})
        shown = {row[0]: row[1:] for row in cursor.fetchall()}
    laws = Instrument.objects.select_related("issuer").in_bulk({row[0] for row in shown.values()})
    hits = [
        Found(laws[law], anchor, title, _marked(snippet))
        for pk in order
        for law, anchor, title, snippet in [shown[pk]]
    ]
    return Results(hits, min(total, CANDIDATES), more=total > CANDIDATES)


def _marked(snippet: str) -> SafeString:
    safe = escape(snippet)
    return SafeString(safe.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))
