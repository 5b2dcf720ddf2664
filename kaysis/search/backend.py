"""Writing the index: set-based, from the sources' own SELECTs, in the caller's transaction."""

import hashlib
from functools import lru_cache
from typing import Any

from django.db import connection

from kaysis.common import indexing
from kaysis.common.indexing import Source
from kaysis.common.locks import advisory_lock
from kaysis.search import words

LOCK = "search-index"
# Enough to tell titles apart, and small enough for a B-tree.
TITLE_CHARS = 1000
# A tsvector holds at most 1 MB, and no lexeme of more than 2 kB.
BODY_CHARS = 200_000
# From so many new entries on, the counts of words are kept up to date at once; for less they wait
# for the next `recount_words`, so that single changes do not queue for the rows of common words.
MANY = 50
# Up to so many objects are written by a function with a plan of its own.
FEW = 20


class PostgresIndex:
    """Keeps `SearchEntry` and `SearchWord`; `kaysis.common.indexing` calls it.

    Changes of single objects share a lock that a rebuild takes alone: what a rebuild has read
    before a change is committed must not be written after it.
    """

    def reindex(self, source: Source, ids: list[int]) -> None:
        if len(ids) <= FEW and connection.in_atomic_block and _is_kept(source):
            _write_few(source, ids)
            return
        advisory_lock(LOCK, shared=True)
        _write(source, restricted=True, given={"ids": ids})

    def reindex_all(self, source: Source) -> None:
        advisory_lock(LOCK)
        _write(source, restricted=False, given={})


def forget_kind(kind: str) -> int:
    """Remove the entries of a kind that no source gives any longer. Returns how many."""
    advisory_lock(LOCK)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_searchentry WHERE kind = %s", [kind])
        return cursor.rowcount


def recount_words() -> None:
    """Count the words of the vocabulary anew. Nightly: changes of single objects do not count."""
    advisory_lock(LOCK)
    words.recount()


def keep_statements() -> None:
    """Make the functions by which few objects are written; after each migration, by the owner.

    Planning that statement takes longer than running it, and a function keeps its plan in the
    session, also behind a pooler. Its name tells what it does, so that the release before this one
    goes on with its own.
    """
    for source in indexing.sources():
        if not _exists(_function_of(source)):
            with connection.cursor() as cursor:
                cursor.execute(_create_function(source))


_kept: dict[tuple[str, str], bool] = {}


def _is_kept(source: Source) -> bool:
    """Whether there is a function for the source as it is here and now; asked once per process."""
    key = (connection.settings_dict["NAME"], _function_of(source))
    if key not in _kept:
        _kept[key] = _exists(key[1])
    return _kept[key]


def _exists(function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [f"{function}(bigint[])"])
        return cursor.fetchone()[0]


@lru_cache
def _function_of(source: Source) -> str:
    digest = hashlib.blake2b(_statement_of(source).encode(), digest_size=8).hexdigest()
    return f"search_write_{source.kind}_{digest}"


def _statement_of(source: Source) -> str:
    """What `_write` runs, with the ids as the parameter of a function."""
    text = _WRITE.format(select=source.select(restricted=True), scope="e.object_id = ANY(%(ids)s)")
    return text % {"ids": "$1", "kind": f"'{source.kind}'::text"}


def _create_function(source: Source) -> str:
    return f"""
        CREATE FUNCTION {_function_of(source)}(bigint[])
        RETURNS TABLE (word text, known boolean, entries bigint, example bigint)
        LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $body$
        #variable_conflict use_column
        BEGIN
            PERFORM pg_advisory_xact_lock_shared(hashtextextended('{LOCK}', 0));
            RETURN QUERY {_statement_of(source)};
        END
        $body$
    """


def _write_few(source: Source, ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_function_of(source)}(%s::bigint[])", [ids])
        _learn(source, cursor.fetchall())


def _write(source: Source, *, restricted: bool, given: dict[str, Any]) -> None:
    select = source.select(restricted=restricted)
    scope = "e.object_id = ANY(%(ids)s)" if restricted else "TRUE"
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(select=select, scope=scope), {**given, "kind": source.kind})
        _learn(source, cursor.fetchall())


def _learn(source: Source, found: list[tuple[str, bool, int, int]]) -> None:
    """Keep the vocabulary: the words of what was written that are new, or occur in many entries."""
    words.learn(
        source, [(word, count, example) for word, known, count, example in found if not known]
    )
    words.count_more([(word, count) for word, known, count, _ in found if known])


def _weighted(text: str, mark: str) -> str:
    """Folded `text` as a piece of a tsvector in which each word carries `mark`."""
    return f"CASE WHEN {text} = '' THEN '' ELSE replace({text}, ' ', ':{mark} ') || ':{mark} ' END"


def _sane(text: str) -> str:
    """`text` without what a tsvector refuses; short text cannot hold any of it."""
    return (
        f"CASE WHEN length({text}) < 2000 THEN {text}"
        f" ELSE regexp_replace(left({text}, {BODY_CHARS}), '[[:alnum:]]{{{{255,}}}}', ' ', 'g') END"
    )


# Rows that say the same as before are not written again. OFFSET 0 keeps the planner from computing
# the folded text once for each place where it is used. Rows of low weight are spread over the tiers
# by chance, so that the upper tiers are samples of the whole (see the decision).
_WRITE = f"""
WITH fresh AS MATERIALIZED ({{select}}), written AS (
    INSERT INTO search_searchentry AS e (kind, object_id, title, subtitle, numbers, url, weight,
                                         active, facets, folded, vector, tier)
    SELECT %(kind)s, s.object_id, s.title, s.subtitle, s.numbers, s.url, s.weight, s.active,
        s.facets, left(f.title, {TITLE_CHARS}),
        ({_weighted("f.title", "1A")} || {_weighted("f.subtitle", "2B")}
            || {_weighted("f.numbers", "3C")} || {_weighted("f.body", "4")}
            || '@' || %(kind)s)::tsvector,
        CASE WHEN s.weight >= 8 OR hashint8(s.object_id) & 511 = 0 THEN 0
             WHEN s.weight >= 4 OR hashint8(s.object_id) & 63 = 0 THEN 1
             WHEN hashint8(s.object_id) & 7 = 0 THEN 2
             ELSE 3 END
    FROM fresh s CROSS JOIN LATERAL (
        SELECT kaysis_fold({_sane("s.title")}) AS title,
               kaysis_fold(replace({_sane("s.subtitle")}, ', ', ' ')) AS subtitle,
               kaysis_fold({_sane("array_to_string(s.numbers, ' ')")}) AS numbers,
               kaysis_fold({_sane("s.body")}) AS body
        OFFSET 0
    ) f
    ON CONFLICT (kind, object_id) DO UPDATE SET
        title = EXCLUDED.title, subtitle = EXCLUDED.subtitle, numbers = EXCLUDED.numbers,
        url = EXCLUDED.url, weight = EXCLUDED.weight, active = EXCLUDED.active,
        facets = EXCLUDED.facets, folded = EXCLUDED.folded, vector = EXCLUDED.vector,
        tier = EXCLUDED.tier
    WHERE (e.title, e.subtitle, e.numbers, e.url, e.weight, e.active, e.facets, e.vector, e.tier)
        IS DISTINCT FROM (EXCLUDED.title, EXCLUDED.subtitle, EXCLUDED.numbers, EXCLUDED.url,
            EXCLUDED.weight, EXCLUDED.active, EXCLUDED.facets, EXCLUDED.vector, EXCLUDED.tier)
    RETURNING object_id, vector, xmax = 0 AS new
), gone AS (
    DELETE FROM search_searchentry e
    WHERE e.kind = %(kind)s AND {{scope}} AND NOT EXISTS (
        SELECT 1 FROM fresh s WHERE s.object_id = e.object_id)
)
SELECT n.word, k.word IS NOT NULL, n.entries, n.example
FROM (SELECT u.word, count(*) AS entries, count(*) FILTER (WHERE w.new) AS more,
             min(w.object_id) AS example
      FROM written w CROSS JOIN LATERAL unnest(tsvector_to_array(w.vector)) AS u(word)
      WHERE u.word >= 'a' GROUP BY u.word) n
LEFT JOIN search_searchword k ON k.word = n.word
WHERE k.word IS NULL OR n.more >= {MANY}
ORDER BY n.word COLLATE "C"
"""
