"""What only the whole file and the register can tell: set by set, on the staged rows.

Each step leaves the staged table sounder than it found it and tells what it did. After `run` the
rows that are left fulfil what `loading.insert_staged` asks for; rows of units that are there
already stand in the table KNOWN.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from detsis import numbering
from detsis.importers.cleaning import BIT
from detsis.importers.report import Issue, Issues, Outcome
from detsis.loading import STAGED, STAGED_FACTS, column_of
from detsis.timeline import KEP

KNOWN = "known_units"
EXTRA = {"stated": "bigint", "above": "integer[]"}
_COMPARED = {fact: column_of(fact) for fact in STAGED_FACTS} | {
    name: name for name in ("valid_from", "valid_to", KEP)
}


def run(issues: Issues) -> None:
    _refuse_doubles()
    _set_known_aside()
    _ignore_unknown_units_in_known()
    _hang_detached()
    _break_circles(issues)
    _check_authorities()
    _fit_days_into_parents()
    _tell_assumed_days()
    _check_kep()


def published(fact: str) -> str:
    """The name a field has in files."""
    return "parent_detsis_no" if fact == "parent" else fact


def _run(sql: str, params: Any = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def _rows(sql: str, params: Any = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _tell(select: str) -> str:
    """An INSERT of issues from a SELECT of (line, detsis_no, outcome, field, message, value)."""
    return f"INSERT INTO {Issues.TABLE} (line, detsis_no, outcome, field, message, value) {select}"


_DIFFERING = "concat_ws(', ', {})".format(
    ", ".join(
        f"CASE WHEN d.{column} IS DISTINCT FROM f.{column} THEN '{published(name)}' END"
        for name, column in _COMPARED.items()
    )
)


def _refuse_doubles() -> None:
    """The first row of a number counts. A later one is the same, or it contradicts."""
    _run("DROP TABLE IF EXISTS doubles")
    _run(
        f"""
        CREATE TEMP TABLE doubles ON COMMIT DROP AS
        SELECT detsis_no, line, first FROM (
            SELECT detsis_no, line, min(line) OVER (PARTITION BY detsis_no) AS first
            FROM {STAGED}) s WHERE line <> first
        """
    )
    _run(
        _tell(
            f"""
            SELECT d.line, d.detsis_no, CASE x.fields WHEN '' THEN 'duplicate' ELSE 'refused' END,
                x.fields, CASE x.fields WHEN '' THEN 'same_as_line' ELSE 'contradicts_line' END,
                f.line
            FROM doubles b JOIN {STAGED} d USING (detsis_no, line)
            JOIN {STAGED} f ON f.detsis_no = b.detsis_no AND f.line = b.first
            CROSS JOIN LATERAL (SELECT {_DIFFERING} AS fields) x
            """
        )
    )
    _run(
        f"DELETE FROM {STAGED} s USING doubles b"
        " WHERE s.detsis_no = b.detsis_no AND s.line = b.line"
    )


def _set_known_aside() -> None:
    _run(f"DROP TABLE IF EXISTS {KNOWN}")
    _run(
        f"""CREATE TEMP TABLE {KNOWN} ON COMMIT DROP AS
            SELECT s.* FROM {STAGED} s JOIN detsis_unit u USING (detsis_no)"""
    )
    _run(f"DELETE FROM {STAGED} s USING detsis_unit u WHERE u.detsis_no = s.detsis_no")


# A unit whose founding was taken back has no day on which something could hang below it.
_EXISTS = f"""(EXISTS (SELECT 1 FROM {STAGED} p WHERE p.detsis_no = {{0}})
    OR EXISTS (SELECT 1 FROM detsis_unit p WHERE p.detsis_no = {{0}} AND p.valid_from IS NOT NULL))
"""


def _ignore_unknown_units_in_known() -> None:
    """What is recorded stays where the file names a unit that does not exist."""
    for name in ("parent", "civil_authority"):
        column, bit = column_of(name), BIT[name]
        wrong = f"""k.stated & {bit} <> 0 AND (k.{column} = k.detsis_no
            OR NOT {_EXISTS.format(f"k.{column}")})"""
        _run(
            _tell(
                f"""SELECT line, detsis_no, 'mended', '{published(name)}', 'unit_ignored', {column}
                    FROM {KNOWN} k WHERE {wrong}"""
            )
        )
        _run(f"UPDATE {KNOWN} k SET stated = stated & ~{bit}::bigint WHERE {wrong}")


def _hang_detached() -> None:
    """A parent that is the row itself or unknown: the nearest known unit of the path, or none."""
    _run("DROP TABLE IF EXISTS detached")
    _run(
        f"""
        CREATE TEMP TABLE detached ON COMMIT DROP AS
        SELECT s.detsis_no, s.line, s.parent_id AS wanted, (
            SELECT a.number FROM unnest(s.above) WITH ORDINALITY AS a(number, position)
            WHERE a.number <> s.detsis_no AND {_EXISTS.format("a.number")}
            ORDER BY a.position DESC LIMIT 1) AS nearest
        FROM {STAGED} s
        WHERE (s.parent_id IS NULL AND s.above IS NOT NULL) OR s.parent_id = s.detsis_no
            OR (s.parent_id IS NOT NULL AND NOT {_EXISTS.format("s.parent_id")})
        """
    )
    _run(
        _tell(
            """SELECT line, detsis_no, 'mended', 'parent_detsis_no',
                   CASE WHEN nearest IS NOT NULL THEN 'parent_skipped'
                        WHEN wanted = detsis_no THEN 'own_parent' ELSE 'parent_unknown' END,
                   coalesce(nearest, wanted)
               FROM detached WHERE coalesce(nearest, wanted) IS NOT NULL"""
        )
    )
    _run(
        f"UPDATE {STAGED} s SET parent_id = d.nearest FROM detached d"
        " WHERE d.detsis_no = s.detsis_no"
    )


def _break_circles(issues: Issues) -> None:
    """Of every circle, the row that comes first in the file becomes a root."""
    rows = _rows(
        f"""
        WITH RECURSIVE hung(detsis_no) AS (
            SELECT s.detsis_no FROM {STAGED} s LEFT JOIN {STAGED} p ON p.detsis_no = s.parent_id
            WHERE p.detsis_no IS NULL
            UNION ALL
            SELECT s.detsis_no FROM {STAGED} s JOIN hung h ON s.parent_id = h.detsis_no
        )
        SELECT s.detsis_no, s.parent_id, s.line FROM {STAGED} s
        LEFT JOIN hung h USING (detsis_no) WHERE h.detsis_no IS NULL
        """
    )
    parent = {number: above for number, above, _ in rows}
    line = {number: at for number, _, at in rows}
    broken = [min(circle, key=lambda number: line[number]) for circle in circles(parent)]
    issues.add_many(
        [
            Issue(
                line[number], number, Outcome.MENDED, "parent_detsis_no", "circle",
                str(parent[number]),
            )
            for number in broken
        ]
    )  # fmt: skip
    _run(f"UPDATE {STAGED} SET parent_id = NULL WHERE detsis_no = ANY(%s)", [broken])


def circles(parent: dict[int, int]) -> list[list[int]]:
    """The circles among nodes that each have one parent."""
    seen: dict[int, int] = {}
    found = []
    for start in parent:
        walked = []
        node = start
        while node in parent and node not in seen:
            seen[node] = start
            walked.append(node)
            node = parent[node]
        if walked and seen.get(node) == start:
            found.append(walked[walked.index(node) :])
    return found


def _check_authorities() -> None:
    wrong = f"""s.civil_authority_id IS NOT NULL AND (s.civil_authority_id = s.detsis_no
        OR NOT {_EXISTS.format("s.civil_authority_id")})"""
    _run(
        _tell(
            f"""SELECT line, detsis_no, 'mended', 'civil_authority', 'authority_unknown',
                    civil_authority_id FROM {STAGED} s WHERE {wrong}"""
        )
    )
    _run(f"UPDATE {STAGED} s SET civil_authority_id = NULL WHERE {wrong}")


def _fit_days_into_parents() -> None:
    """A unit exists only while its parent does, and is active only while its parent is.

    Where a row states no founding day, its units below may say that it is older. Then from the top
    down: who would begin before the parent begins with it; who would outlive it becomes a root.
    """
    depth = _depth()
    _run("DROP TABLE IF EXISTS levels")
    _run("CREATE TEMP TABLE levels ON COMMIT DROP AS SELECT detsis_no, level FROM numbering")
    _run("CREATE INDEX ON levels (level)")
    for level in range(depth, 0, -1):
        _run(
            f"""
            UPDATE {STAGED} p SET valid_from = c.first FROM (
                SELECT s.parent_id, min(s.valid_from) AS first
                FROM {STAGED} s JOIN levels l USING (detsis_no) WHERE l.level = %s GROUP BY 1) c
            WHERE c.parent_id = p.detsis_no AND c.first < p.valid_from
                AND p.stated & {BIT["valid_from"]} = 0
            """,
            [level],
        )
    for level in range(depth + 1):
        _fit(_SPAN_OF_EXISTING if level == 0 else _SPAN_OF_STAGED, level)


def _depth() -> int:
    numbering.number(f"SELECT detsis_no, parent_id, line AS lft FROM {STAGED}")
    return _rows("SELECT coalesce(max(level), 0) FROM numbering")[0][0]


# The parent's days: when it begins, and when it ends. Of several periods of activity of a unit
# that was there before, the last counts.
_SPAN_OF_STAGED = f"SELECT valid_from AS first, valid_to AS last FROM {STAGED} p"
_SPAN_OF_EXISTING = """
    SELECT lower(r) AS first, upper(r) AS last FROM (
        SELECT unnest(range_agg(v.validity)) AS r FROM detsis_unitversion v
        WHERE v.unit_id = s.parent_id AND v.active ORDER BY 1 DESC LIMIT 1) p
"""


def _fit(span: str, level: int) -> None:
    where = " WHERE p.detsis_no = s.parent_id" if span is _SPAN_OF_STAGED else ""
    _run("DROP TABLE IF EXISTS unfit")
    _run(
        f"""
        CREATE TEMP TABLE unfit ON COMMIT DROP AS
        SELECT s.detsis_no, s.line, s.parent_id, p.first, s.stated & {BIT["valid_from"]} <> 0
            AS stated, p.first IS NULL OR coalesce(s.valid_to, 'infinity') <= p.first
            OR coalesce(s.valid_to, 'infinity') > coalesce(p.last, 'infinity') AS outlives
        FROM {STAGED} s JOIN levels l USING (detsis_no)
        LEFT JOIN LATERAL ({span}{where}) p ON true
        WHERE l.level = %s AND s.parent_id IS NOT NULL
            AND (p.first IS NULL OR s.valid_from < p.first
                 OR coalesce(s.valid_to, 'infinity') > coalesce(p.last, 'infinity'))
        """,
        [level],
    )
    _run(
        _tell(
            """SELECT line, detsis_no, 'mended',
                   CASE WHEN outlives THEN 'parent_detsis_no' ELSE 'valid_from' END,
                   CASE WHEN outlives THEN 'parent_closed' ELSE 'parent_younger' END,
                   CASE WHEN outlives THEN parent_id::text ELSE first::text END
               FROM unfit WHERE outlives OR stated"""
        )
    )
    _run(
        f"""
        UPDATE {STAGED} s SET parent_id = CASE WHEN u.outlives THEN NULL ELSE s.parent_id END,
            valid_from = CASE WHEN u.outlives THEN s.valid_from ELSE u.first END
        FROM unfit u WHERE u.detsis_no = s.detsis_no
        """
    )


def _tell_assumed_days() -> None:
    """Of closed units, the founding and closing days that the file does not know."""
    for name, message in (("valid_from", "founding_unknown"), ("valid_to", "closing_unknown")):
        _run(
            _tell(
                f"""SELECT line, detsis_no, 'mended', '{name}', '{message}', {name}
                    FROM {STAGED} WHERE valid_to IS NOT NULL AND stated & {BIT[name]} = 0"""
            )
        )


def _check_kep() -> None:
    """An address that on the same days is recorded elsewhere, or stands in an earlier row."""
    _run("DROP TABLE IF EXISTS staged_kep")
    _run(
        f"""
        CREATE TEMP TABLE staged_kep ON COMMIT DROP AS
        SELECT s.detsis_no, s.line, k.position, k.entry, k.entry ->> 'address' AS address,
            CASE WHEN (k.entry ->> 'valid_from')::date >= (k.entry ->> 'valid_to')::date
                THEN 'empty'::daterange
                ELSE daterange((k.entry ->> 'valid_from')::date, (k.entry ->> 'valid_to')::date)
            END AS validity
        FROM {STAGED} s
        CROSS JOIN LATERAL jsonb_array_elements(s.kep_addresses) WITH ORDINALITY
            AS k(entry, position)
        """
    )
    _run("CREATE INDEX ON staged_kep (address)")
    _run("DROP TABLE IF EXISTS taken_kep")
    _run(
        """
        CREATE TEMP TABLE taken_kep ON COMMIT DROP AS
        SELECT detsis_no, line, position, address FROM staged_kep k
        WHERE isempty(k.validity)
            OR EXISTS (SELECT 1 FROM detsis_kepaddress a
                       WHERE a.address = k.address AND a.validity && k.validity)
            OR EXISTS (SELECT 1 FROM staged_kep o
                       WHERE o.address = k.address AND o.validity && k.validity
                           AND (o.line, o.position) < (k.line, k.position))
        """
    )
    _run(
        _tell(f"""SELECT line, detsis_no, 'mended', '{KEP}', 'kep_taken', address FROM taken_kep""")
    )
    _run(
        f"""
        UPDATE {STAGED} s SET kep_addresses = (
            SELECT jsonb_agg(k.entry ORDER BY k.position) FROM staged_kep k
            WHERE k.detsis_no = s.detsis_no
                AND (k.detsis_no, k.position) NOT IN (SELECT detsis_no, position FROM taken_kep))
        WHERE detsis_no IN (SELECT detsis_no FROM taken_kep)
        """
    )
