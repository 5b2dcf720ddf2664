"""Finding entries: candidates from the tiers, scored and cut to a page, in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from kaysis.search.query import Condition, Word, every, some
from kaysis.search.statement import COUNT_FUNCTION, FUNCTION, PARAMETERS, SHOWN

#: At most so many candidates are ranked; of what is found more often, nobody reads the rest.
CANDIDATES = 200
_FIND = f"SELECT * FROM {FUNCTION}({', '.join(f'%({p})s::{t}' for p, t in PARAMETERS.items())})"
_COUNT = f"SELECT * FROM {COUNT_FUNCTION}(%s::text[], %s::tsquery[], %s::tsquery, %s)"
# So many entries can be read and thrown away before it is better to ask the index more precisely.
_ROUGH = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for.

    An entry must fulfil `condition`; how well it does beyond that decides its place. `literal` is
    the query as it was typed, `forms` the same with other endings allowed; `condition` may be
    weaker than both. `folded` is the folded query, compared with whole titles.

    `sought` is the part of `condition` to be looked up in the index, which about `expected`
    entries fulfil; the entries themselves are checked for the rest.
    """

    folded: str
    literal: Condition
    forms: Condition
    condition: Condition
    sought: Condition
    expected: int


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
    given = {
        "folded": wanted.folded,
        "kinds": sorted(kinds),
        "sought": _sought(wanted, kinds if narrowed else ()),
        "condition": wanted.condition.tsquery(),
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
        "skip": offset,
        "most": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, given)
        rows = cursor.fetchall()
    tiered, total = rows[0][:2]
    return Found([Hit(*row[2:]) for row in rows if row[2] is not None], total, tiered > candidates)


def look_up(kind: str, object_id: int) -> Hit | None:
    """The entry of one object."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {SHOWN} FROM search_searchentry e WHERE kind = %s AND object_id = %s",
            [kind, object_id],
        )
        row = cursor.fetchone()
    return Hit(*row) if row else None


def count_kinds(wanted: Wanted, kinds: Sequence[str]) -> dict[str, int]:
    """Kind → number of entries found, CANDIDATES + 1 meaning more than that."""
    sought = [_sought(wanted, [kind]) for kind in kinds]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(kinds), sought, wanted.condition.tsquery(), CANDIDATES + 1])
        return {kind: count for kind, count in cursor.fetchall() if count}


def _sought(wanted: Wanted, kinds: Collection[str]) -> str:
    """What to look up in the index, narrowed to `kinds` if they can matter for its size."""
    if not kinds or wanted.expected < _ROUGH:
        return wanted.sought.tsquery()
    return every([wanted.sought, some(Word(f"@{kind}") for kind in sorted(kinds))]).tsquery()
