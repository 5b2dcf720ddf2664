"""The queries of public pages that are kept in the database (`kaysis.common.kept`).

The register is public: what a page may show is the same for everybody, `querysets.visible_sql`.
"""

from django.db.models import CharField

from detsis.querysets import visible_sql
from detsis.rules import CODE_TABLES
from kaysis.common.kept import KeptQuery

_VISIBLE = visible_sql(None)

# ── A unit with everything above it ──────────────────────────────────────────────────────────────

# The chain first, root to unit, then the civil authorities on it (no height). A chain can be broken
# on a past day in imported data: the height stops a circle, too.
#
# Values, not EXISTS: that PostgreSQL answers by reading all addresses, for rows it expects many of.
_STANDING = """
    WITH RECURSIVE up(no, parent_id, civil_authority_id, height) AS (
        SELECT {no}, parent_id, civil_authority_id, 0 FROM {table} u WHERE {no} = p_start {at}
        UNION ALL
        SELECT u.{no}, u.parent_id, u.civil_authority_id, up.height + 1
        FROM up JOIN {table} u ON u.{no} = up.parent_id {at} WHERE up.height < 50
    ), wanted(no, height) AS (
        SELECT no, height FROM up
        UNION
        SELECT civil_authority_id, NULL FROM up WHERE civil_authority_id IS NOT NULL
    )
    SELECT u, w.height,
        w.height = 0 AND (SELECT true FROM detsis_kepaddress WHERE unit_id = w.no LIMIT 1),
        w.height = 0 AND (SELECT true FROM detsis_succession WHERE successor_id = w.no LIMIT 1)
    FROM wanted w JOIN {table} u ON u.{no} = w.no {at} {visible}
    ORDER BY w.height DESC NULLS LAST
"""
_FLAGS = {"height": "int", "has_kep": "boolean", "has_predecessors": "boolean"}
STANDING_NOW = KeptQuery(
    "detsis_standing",
    {"p_start": "int"},
    {"facts": "detsis_unit", **_FLAGS},
    _STANDING.format(table="detsis_unit", no="detsis_no", at="", visible=f"AND {_VISIBLE}"),
)
# A unit whose founding was taken back has no version, so every version may be seen.
STANDING_ON = KeptQuery(
    "detsis_standing_on",
    {"p_start": "int", "p_day": "date"},
    {"facts": "detsis_unitversion", **_FLAGS},
    _STANDING.format(
        table="detsis_unitversion", no="unit_id", at="AND u.validity @> p_day", visible=""
    ),
)

# ── Paths ────────────────────────────────────────────────────────────────────────────────────────

_PATHS = """
    WITH RECURSIVE up(start, no, name, parent_id, height) AS (
        SELECT {no}, {no}, name, parent_id, 0 FROM {table} u WHERE {no} = ANY(p_units) {at}
        UNION ALL
        SELECT up.start, u.{no}, u.name, u.parent_id, up.height + 1
        FROM up JOIN {table} u ON u.{no} = up.parent_id {at} WHERE up.height < 50
    ) SELECT start, no, name::text FROM up ORDER BY start, height DESC
"""
_CRUMB = {"start": "int", "detsis_no": "int", "name": "text"}
PATHS_NOW = KeptQuery(
    "detsis_paths",
    {"p_units": "int[]"},
    _CRUMB,
    _PATHS.format(table="detsis_unit", no="detsis_no", at=""),
    rows=100,
)
PATHS_ON = KeptQuery(
    "detsis_paths_on",
    {"p_units": "int[]", "p_day": "date"},
    _CRUMB,
    _PATHS.format(table="detsis_unitversion", no="unit_id", at="AND u.validity @> p_day"),
    rows=100,
)

# ── Units below another one ──────────────────────────────────────────────────────────────────────

_SHARED = "u.name::text, u.active, u.is_institution, u.organisation_type::text"
_ROW = {
    "detsis_no": "int",
    "name": "text",
    "active": "boolean",
    "is_institution": "boolean",
    "organisation_type": "text",
}
# The order of `querysets.central_first`, in the words of its index.
_CENTRAL_FIRST = "CASE WHEN u.organisation_type = 'central' THEN 0 ELSE 1 END"
COLUMNS_NOW, COLUMNS_ON = f"u.detsis_no, {_SHARED}", f"u.unit_id, {_SHARED}"
ORDER_NOW = f"{_CENTRAL_FIRST}, u.name_sort, u.detsis_no"
ORDER_ON = f'{_CENTRAL_FIRST}, kaysis_sort_key(u.name) COLLATE "C", u.unit_id'

_CHILDREN = """
    SELECT (SELECT count(*) FROM {table} u WHERE u.active AND u.parent_id = p_parent AND {which}),
        {columns}
    FROM {table} u WHERE u.active AND u.parent_id = p_parent AND {which}
    ORDER BY {order} OFFSET p_offset LIMIT p_most
"""
_PART = {"p_offset": "int", "p_most": "int"}
CHILDREN_NOW = KeptQuery(
    "detsis_children",
    {"p_parent": "int", **_PART},
    {"total": "bigint", **_ROW},
    _CHILDREN.format(table="detsis_unit", which=_VISIBLE, columns=COLUMNS_NOW, order=ORDER_NOW),
    rows=25,
)
CHILDREN_ON = KeptQuery(
    "detsis_children_on",
    {"p_parent": "int", "p_day": "date", **_PART},
    {"total": "bigint", **_ROW},
    _CHILDREN.format(
        table="detsis_unitversion",
        which="u.validity @> p_day",
        columns=COLUMNS_ON,
        order=ORDER_ON,
    ),
    rows=25,
)

ROOTS_NOW = KeptQuery(
    "detsis_roots",
    _PART,
    {"total": "bigint", **_ROW},
    _CHILDREN.format(
        table="detsis_unit", which=_VISIBLE, columns=COLUMNS_NOW, order=ORDER_NOW
    ).replace("u.parent_id = p_parent", "u.parent_id IS NULL"),
    rows=25,
)

_FIRST = """
    SELECT p.no, c.* FROM unnest(p_parents) WITH ORDINALITY AS p(no, at)
    CROSS JOIN LATERAL (
        SELECT {columns} FROM {table} u
        WHERE u.parent_id = p.no AND u.active AND {which} ORDER BY {order} LIMIT p_most
    ) c
"""
FIRST_NOW = KeptQuery(
    "detsis_first_children",
    {"p_parents": "int[]", "p_most": "int"},
    {"parent": "int", **_ROW},
    _FIRST.format(columns=COLUMNS_NOW, table="detsis_unit", which=_VISIBLE, order=ORDER_NOW),
    rows=100,
)
FIRST_ON = KeptQuery(
    "detsis_first_children_on",
    {"p_parents": "int[]", "p_most": "int", "p_day": "date"},
    {"parent": "int", **_ROW},
    _FIRST.format(
        columns=COLUMNS_ON,
        table="detsis_unitversion",
        which="u.validity @> p_day",
        order=ORDER_ON,
    ),
    rows=100,
)

# ── Names of units and codes ─────────────────────────────────────────────────────────────────────

#: All names a unit has had, and codes as text; a parameter for each code table.
NAMES = KeptQuery(
    "detsis_names",
    {"p_units": "int[]", **{f"p_{key}": "text[]" for key in CODE_TABLES}},
    {"kind": "text", "key": "text", "until": "date", "name": "text", "name_en": "text"},
    "SELECT 'unit', unit_id::text, upper(validity), name::text, '' FROM detsis_unitversion"
    " WHERE unit_id = ANY(p_units)"
    + "".join(
        f" UNION ALL SELECT '{key}', code::text, NULL::date, name::text, name_en::text"
        f" FROM {table._meta.db_table}"
        f" WHERE code = ANY(p_{key}{'' if isinstance(table._meta.pk, CharField) else '::int[]'})"
        for key, table in CODE_TABLES.items()
    ),
)
