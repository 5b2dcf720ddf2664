"""Finding entries: candidates from the tiers, scored and cut to a page, in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kaysis.search.models import TIERS
from kaysis.search.query import Condition, Word, every, some

#: At most so many candidates are ranked; of what is found more often, nobody reads the rest.
CANDIDATES = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for.

    An entry must fulfil `condition`; how well it does beyond that decides its place. `literal` is
    the query as it was typed, `forms` the same with other endings allowed; `condition` may be
    weaker than both. `folded` is the folded query, compared with whole titles.
    """

    folded: str
    literal: Condition
    forms: Condition
    condition: Condition


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry as a list of results shows it: `number` is the first of its numbers, `place` where
    it lies, `former` its earlier names."""

    kind: str
    object_id: int
    title: str
    subtitle: str
    number: str
    url: str
    active: bool
    place: str
    former: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. `total` counts all hits; `more` says that there are more than counted."""

    hits: list[Hit]
    total: int = 0
    more: bool = False


def look_for(
    wanted: Wanted,
    kinds: Collection[str],
    *,
    narrowed: bool = False,
    offset: int = 0,
    limit: int = 20,
    candidates: int = CANDIDATES,
) -> Found:
    """The best entries of `kinds`, the best first. `narrowed`: other kinds than these exist."""
    if not kinds:
        return Found([])
    condition = _of_kinds(wanted.condition, kinds) if narrowed else wanted.condition
    given = {
        "folded": wanted.folded,
        "kinds": sorted(kinds),
        "condition": condition.tsquery(),
        "condition_title": wanted.condition.tsquery("A"),
        "literal_title": wanted.literal.tsquery("A"),
        "literal_head": wanted.literal.tsquery("AB"),
        "forms": wanted.forms.tsquery(),
        "forms_title": wanted.forms.tsquery("A"),
        "forms_head": wanted.forms.tsquery("AB"),
        "number": wanted.literal.tsquery("C"),
        # A word that is the abbreviation of something may be an ordinary word as well.
        "number_score": 100 if any(map(str.isdigit, wanted.folded)) else 70,
        "candidates": candidates + 1,
        "offset": offset,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, given)
        rows = cursor.fetchall()
    tiered, total = rows[0][:2]
    return Found([Hit(*row[2:]) for row in rows if row[2] is not None], total, tiered > candidates)


def look_up(kind: str, object_id: int) -> Hit | None:
    """The entry of one object."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_SHOWN} FROM search_searchentry e WHERE kind = %s AND object_id = %s",
            [kind, object_id],
        )
        row = cursor.fetchone()
    return Hit(*row) if row else None


def count_kinds(condition: Condition, kinds: Sequence[str]) -> dict[str, int]:
    """Kind → number of entries that fulfil `condition`, CANDIDATES + 1 meaning more than that."""
    given: dict[str, Any] = {"candidates": CANDIDATES + 1}
    selects = []
    for number, kind in enumerate(kinds):
        given |= {f"k{number}": kind, f"q{number}": _of_kinds(condition, [kind]).tsquery()}
        tiers = " UNION ALL ".join(
            f"SELECT 1 FROM search_searchentry WHERE tier = {tier} AND kind = %(k{number})s"
            f" AND vector @@ %(q{number})s::tsquery"
            for tier in TIERS
        )
        selects.append(
            f"SELECT %(k{number})s, (SELECT count(*) FROM ({tiers} LIMIT %(candidates)s) t)"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), given)
        return {kind: count for kind, count in cursor.fetchall() if count}


def _of_kinds(condition: Condition, kinds: Collection[str]) -> Condition:
    return every([condition, some(Word(f"@{kind}") for kind in sorted(kinds))])


_SHOWN = """e.kind, e.object_id, e.title, e.subtitle, coalesce(e.numbers[1], ''), e.url, e.active,
    coalesce(e.facets ->> 'place', ''),
    ARRAY(SELECT jsonb_array_elements_text(e.facets -> 'former'))"""

# What the query names comes first; then titles before what stands beside them, and what was typed
# before other endings of it. Well-known objects rise, but never above one that the query names.
# What is closed comes after all whose titles fit, unless the query names it.
_SCORE = """
    CASE WHEN vector @@ %(number)s::tsquery THEN %(number_score)s
         WHEN folded = %(folded)s THEN 95
         WHEN starts_with(folded, %(folded)s || ' ') THEN 60
         WHEN vector @@ %(literal_title)s::tsquery THEN 50
         WHEN starts_with(folded, %(folded)s) THEN 45
         WHEN vector @@ %(forms_title)s::tsquery THEN 40
         WHEN vector @@ %(literal_head)s::tsquery THEN 20
         WHEN vector @@ %(forms_head)s::tsquery THEN 15
         WHEN vector @@ %(forms)s::tsquery THEN 10
         WHEN vector @@ %(condition_title)s::tsquery THEN -20
         ELSE -40 END
    + least(20, 5.77 * ln(weight)) - CASE WHEN active THEN 0 ELSE 25 END
"""
_CANDIDATE = f"SELECT id, {_SCORE} AS score, length(folded) AS length FROM search_searchentry"

# Each tier is a materialized CTE: it is then read only as far as candidates are still wanted, and
# planned as if all of it were, so that the planner never bets on a sequential scan ending early.
# Titles that begin with the query are candidates in any case.
_STATEMENT = f"""
WITH titled AS MATERIALIZED (
    SELECT t.* FROM unnest(%(kinds)s::text[]) AS k(kind) CROSS JOIN LATERAL (
        {_CANDIDATE} WHERE kind = k.kind
            AND folded >= %(folded)s AND folded < %(folded)s || '{{'
        ORDER BY folded LIMIT 100
    ) t
), {
    ", ".join(
        f"tier{tier} AS MATERIALIZED ({_CANDIDATE} WHERE tier = {tier}"
        " AND vector @@ %(condition)s::tsquery AND kind = ANY(%(kinds)s))"
        for tier in TIERS
    )
}, tiered AS MATERIALIZED (
    {" UNION ALL ".join(f"SELECT * FROM tier{tier}" for tier in TIERS)} LIMIT %(candidates)s
), hit AS MATERIALIZED (
    SELECT DISTINCT ON (id) id, score, length
    FROM (SELECT * FROM titled UNION ALL SELECT * FROM tiered) c ORDER BY id
), page AS (
    SELECT * FROM hit ORDER BY score DESC, length, id OFFSET %(offset)s LIMIT %(limit)s
)
SELECT (SELECT count(*) FROM tiered), (SELECT count(*) FROM hit),
    {_SHOWN}
FROM (VALUES (1)) AS one(row)
LEFT JOIN (page p JOIN search_searchentry e USING (id)) ON TRUE
ORDER BY p.score DESC, p.length, p.id
"""
