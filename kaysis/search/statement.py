"""The statements behind a search, kept in the database as functions.

Parsing and planning them anew for each query would take longer than running them; a function keeps
its plan in the session, also behind a pooler. The plan is the generic one: it always looks words up
in the indexes, whatever the planner believes about their number.

A change here needs a migration that creates the function again (docs/decisions/0201-search.md).
"""

from kaysis.search.models import TIERS

FUNCTION = "search_find"
#: What the function takes, in this order.
PARAMETERS = {
    "folded": "text",
    "kinds": "text[]",
    "sought": "tsquery",
    "condition": "tsquery",
    "condition_title": "tsquery",
    "literal_title": "tsquery",
    "literal_head": "tsquery",
    "forms": "tsquery",
    "forms_title": "tsquery",
    "forms_head": "tsquery",
    "number": "tsquery",
    "number_score": "float8",
    "candidates": "int",
    "skip": "int",
    "most": "int",
}
_P = {name: f"${place}::{kind}" for place, (name, kind) in enumerate(PARAMETERS.items(), 1)}

#: The columns that show an entry `e`.
SHOWN = """e.kind::text, e.object_id, e.title, e.subtitle, coalesce(e.numbers[1], ''), e.url,
    e.active, coalesce(e.facets ->> 'place', ''),
    ARRAY(SELECT jsonb_array_elements_text(e.facets -> 'former'))"""

# What the query names comes first; then titles before what stands beside them, and what was typed
# before other endings of it. Well-known objects rise, but never above one that the query names.
# What is closed comes after all whose titles fit, unless the query names it.
_SCORE = f"""
    CASE WHEN vector @@ {_P["number"]} THEN {_P["number_score"]}
         WHEN folded = {_P["folded"]} THEN 95
         WHEN starts_with(folded, {_P["folded"]} || ' ') THEN 60
         WHEN vector @@ {_P["literal_title"]} THEN 50
         WHEN starts_with(folded, {_P["folded"]}) THEN 45
         WHEN vector @@ {_P["forms_title"]} THEN 40
         WHEN vector @@ {_P["literal_head"]} THEN 20
         WHEN vector @@ {_P["forms_head"]} THEN 15
         WHEN vector @@ {_P["forms"]} THEN 10
         WHEN vector @@ {_P["condition_title"]} THEN -20
         ELSE -40 END
    + least(24, 8.66 * ln(weight)) - CASE WHEN active THEN 0 ELSE 25 END
"""
_CANDIDATE = "SELECT id, folded, weight, active, vector FROM search_searchentry"

# Each tier is a materialized CTE, so that it is read only as far as candidates are still wanted.
# IS TRUE keeps the condition out of the index: it is for the entries that `sought` has found.
# Titles that begin with the query are candidates in any case.
QUERY = f"""
WITH titled AS MATERIALIZED (
    SELECT t.* FROM unnest({_P["kinds"]}) AS k(kind) CROSS JOIN LATERAL (
        {_CANDIDATE} WHERE kind = k.kind
            AND folded >= {_P["folded"]} AND folded < {_P["folded"]} || '{{'
        ORDER BY folded LIMIT 50
    ) t
), {
    ", ".join(
        f"tier{tier} AS MATERIALIZED ({_CANDIDATE} WHERE tier = {tier}"
        f" AND vector @@ {_P['sought']} AND kind = ANY({_P['kinds']})"
        f" AND (vector @@ {_P['condition']}) IS TRUE)"
        for tier in TIERS
    )
}, tiered AS MATERIALIZED (
    {" UNION ALL ".join(f"SELECT * FROM tier{tier}" for tier in TIERS)} LIMIT {_P["candidates"]}
), hit AS MATERIALIZED (
    SELECT DISTINCT ON (id) id, {_SCORE} AS score, length(folded) AS length
    FROM (SELECT * FROM titled UNION ALL SELECT * FROM tiered) c ORDER BY id
), page AS (
    SELECT * FROM hit ORDER BY score DESC, length, id OFFSET {_P["skip"]} LIMIT {_P["most"]}
)
SELECT (SELECT count(*) FROM tiered), (SELECT count(*) FROM hit),
    {SHOWN}
FROM (VALUES (1)) AS one(row)
LEFT JOIN (page p JOIN search_searchentry e USING (id)) ON TRUE
ORDER BY p.score DESC, p.length, p.id
"""

# The first two columns count; the others are NULL when the page is empty.
CREATE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}({", ".join(PARAMETERS.values())})
RETURNS TABLE (tiered bigint, total bigint, kind text, object_id bigint, title text, subtitle text,
    number text, url text, active boolean, place text, former text[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY {QUERY};
END
$body$
"""
DROP_FUNCTION = f"DROP FUNCTION IF EXISTS {FUNCTION}({', '.join(PARAMETERS.values())})"

COUNT_FUNCTION = "search_count"
#: Kinds, for each what to look up in the index, the condition, how far to count.
COUNT_PARAMETERS = "text[], tsquery[], tsquery, int"
_TIERS_OF_KIND = " UNION ALL ".join(
    f"SELECT 1 FROM search_searchentry WHERE tier = {tier}"
    " AND vector @@ k.sought AND kind = k.kind AND (vector @@ $3) IS TRUE"
    for tier in TIERS
)
CREATE_COUNT_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {COUNT_FUNCTION}({COUNT_PARAMETERS})
RETURNS TABLE (kind text, found bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT k.kind, (SELECT count(*) FROM ({_TIERS_OF_KIND} LIMIT $4) t)
    FROM unnest($1, $2) AS k(kind, sought);
END
$body$
"""
DROP_COUNT_FUNCTION = f"DROP FUNCTION IF EXISTS {COUNT_FUNCTION}({COUNT_PARAMETERS})"
