"""Set-based loads: what `detsis.services.record` does for one unit, done for all rows at once.

`stage` fills a temporary table by COPY, `insert_staged` turns it into units, versions, changes,
counts, KEP addresses and search entries, in a number of statements that does not depend on the
number of rows. Both run inside the caller's transaction: a load happens as a whole or not at all.
Checks belong to the importer, which works on the staged table between the two.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import psycopg2
from django.db import connection

from detsis import counts, numbering
from detsis.timeline import FACTS, KEYS
from kaysis.common import indexing
from kaysis.common.pagecache import bump_data_version

STAGED = "staged_units"
# Whether a unit is active follows from its dates.
STAGED_FACTS = tuple(fact for fact in FACTS if fact != "active")
_BOOLEAN = frozenset(["is_institution", "corresponds_externally"])
_NUMBER = KEYS - {"country"}
# From this share of the register on, a load has the search index rebuilt as a whole …
_MOST = 0.5
# … and from this one on the planner must hear of it before anything else is asked.
_MANY = 0.1
_ANALYZE = "ANALYZE detsis_unit, detsis_unitversion, detsis_unitchange, detsis_unitcount"


def column_of(fact: str) -> str:
    return f"{fact}_id" if fact in KEYS else fact


def _type_of(fact: str) -> str:
    if fact in _NUMBER:
        return "integer"
    if fact in _BOOLEAN:
        return "boolean NOT NULL"
    if fact == "letterhead":
        return "varchar(300)[] NOT NULL"
    if fact == "founding_legislation":
        return "jsonb NOT NULL"
    return "text" if fact in KEYS else "text NOT NULL"


# The facts' columns, then when the unit exists, what founded it, its KEP addresses and its place in
# the file; `extra` columns are an importer's own.
_FACT_COLUMNS = [column_of(fact) for fact in STAGED_FACTS]
_OTHER_COLUMNS = {
    "valid_from": "date",
    "valid_to": "date",
    "legal_reference": "text NOT NULL",
    "kep_addresses": "jsonb",
    "line": "integer",
}


def stage(rows: Iterable[Mapping[str, Any]], extra: Mapping[str, str] | None = None) -> int:
    """COPY rows into the temporary table. Returns how many.

    A row holds `detsis_no`, any of the facts, `valid_from`, `valid_to`, `legal_reference`,
    `kep_addresses` (a list as in the change feed) and `line`; what is missing takes the fact's
    default. `extra` names further columns with their SQL type. What `rows` raises is raised here.
    """
    extra = dict(extra or {})
    columns = dict(zip(_FACT_COLUMNS, map(_type_of, STAGED_FACTS), strict=True))
    columns |= _OTHER_COLUMNS | extra
    source = _Lines(rows, extra)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        cursor.execute(
            f"CREATE TEMP TABLE {STAGED} (detsis_no integer,"
            f" {', '.join(f'{name} {kind}' for name, kind in columns.items())},"
            " lft bigint, rght bigint, level smallint) ON COMMIT DROP"
        )
        try:
            cursor.copy_expert(
                f"COPY {STAGED} (detsis_no, {', '.join(columns)}) FROM STDIN (FORMAT csv)", source
            )
        except psycopg2.Error as error:
            # What went wrong in `rows` reaches the database only as text.
            raise source.error or error from None
        cursor.execute(f"CREATE INDEX ON {STAGED} (detsis_no)")
        cursor.execute(f"ANALYZE {STAGED}")
    return source.count


class _Lines(io.TextIOBase):
    """Rows as a readable file of CSV, made while it is read: memory stays flat."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], extra: Iterable[str]) -> None:
        self.count = 0
        self.error: Exception | None = None
        self._chunks = self._write(rows, list(extra))

    def _write(self, rows: Iterable[Mapping[str, Any]], extra: list[str]) -> Iterator[str]:
        defaults: dict[str, Any] = {fact: FACTS[fact] for fact in STAGED_FACTS}
        defaults |= dict.fromkeys([*_OTHER_COLUMNS, *extra]) | {"legal_reference": ""}
        cells: list[tuple[str, str, Callable[[Any], str]]] = [
            (name, _WRITERS.get(name, _cell)(value), _WRITERS.get(name, _cell))
            for name, value in defaults.items()
        ]
        buffer = io.StringIO()
        for row in rows:
            self.count += 1
            line = [str(row["detsis_no"])]
            line += [write(row[name]) if name in row else default for name, default, write in cells]
            buffer.write(",".join(line) + "\n")
            if buffer.tell() > 1 << 16:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue()

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        try:
            return next(self._chunks, "")
        except Exception as error:
            self.error = error
            raise


def _cell(value: Any) -> str:
    """A CSV cell in which empty text stays text and only None is NULL."""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if '"' in value else f'"{value}"'
    return "" if value is None else str(value)


def _array(lines: Iterable[str]) -> str:
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return _cell("{" + ",".join(f'"{line}"' for line in escaped) + "}")


def _json(entries: Iterable[Mapping[str, Any]] | None) -> str:
    """A list of objects without their empty members, as the change feed writes them."""
    if entries is None:
        return ""
    kept = [{k: v for k, v in entry.items() if v is not None} for entry in entries]
    return _cell(json.dumps(kept, ensure_ascii=False, default=str))


_WRITERS: dict[str, Callable[[Any], str]] = {
    "letterhead": _array,
    "founding_legislation": _json,
    "kep_addresses": _json,
}


def insert_staged(*, actor_id: int | None, source: str, today: dt.date, reason: str = "") -> int:
    """Insert every staged row as a new unit. Returns how many.

    The staged rows are known to be sound: new numbers, parents that exist or are staged, no
    circle, existing codes, `valid_from` set and inside the time in which the parent is active.
    """
    parameters = {"actor": actor_id, "source": source, "today": today, "reason": reason}
    before = _rows_in("detsis_unit")
    numbering.place(STAGED)
    with connection.cursor() as cursor:
        for sql in (_UNITS, _VERSIONS, _CLOSED_VERSIONS, _CHANGES, _CLOSINGS, _KEP):
            cursor.execute(sql, parameters)
        _count(cursor)
        number = _rows_in(STAGED)
        if number > _MANY * before:
            # Where statistics say that the tables are empty (an import that was tried and taken
            # back leaves them so), PostgreSQL 18 looks a unit up by skipping through the index of
            # names: the checks of foreign keys at the commit would take hours.
            cursor.execute(_ANALYZE)
    bump_data_version()
    if number > _MOST * before:
        indexing.reindex_all("unit")
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT detsis_no FROM {STAGED}")
            indexing.reindex("unit", [row[0] for row in cursor])
    return number


def _rows_in(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


_COLUMNS = ", ".join(_FACT_COLUMNS)
_UNITS = f"""
    INSERT INTO detsis_unit (detsis_no, {_COLUMNS}, active, valid_from, valid_to,
                             lft, rght, level, tree_id)
    SELECT detsis_no, {_COLUMNS},
           valid_from <= %(today)s AND (valid_to IS NULL OR valid_to > %(today)s),
           valid_from, valid_to, lft, rght, level, 1
    FROM {STAGED} ORDER BY lft
"""
_VERSIONS = f"""
    INSERT INTO detsis_unitversion (unit_id, {_COLUMNS}, active, validity)
    SELECT detsis_no, {_COLUMNS}, true, daterange(valid_from, valid_to)
    FROM {STAGED} ORDER BY detsis_no
"""
_CLOSED_VERSIONS = f"""
    INSERT INTO detsis_unitversion (unit_id, {_COLUMNS}, active, validity)
    SELECT detsis_no, {_COLUMNS}, false, daterange(valid_to, NULL)
    FROM {STAGED} WHERE valid_to IS NOT NULL
"""


def _assignment(fact: str) -> str:
    """The value as the change feed gives it; NULL where it is the default and can be left out."""
    column = column_of(fact)
    if fact == "name" or fact in KEYS:
        return column
    if fact == "letterhead":
        return f"nullif(to_jsonb({column}), '[]')"
    if fact == "founding_legislation":
        return f"nullif({column}, '[]')"
    default = str(FACTS[fact]).lower() if fact in _BOOLEAN else f"'{FACTS[fact]}'"
    return f"nullif({column}, {default})"


_ASSIGNMENTS = ", ".join(f"'{fact}', {_assignment(fact)}" for fact in STAGED_FACTS)
_CHANGE_COLUMNS = """unit_id, kind, effective_on, assignments, before, reason, legal_reference,
        recorded_by_id, source, scheduled, request_id"""
_CHANGES = f"""
    INSERT INTO detsis_unitchange ({_CHANGE_COLUMNS})
    SELECT detsis_no, 'registered', valid_from,
           jsonb_strip_nulls(jsonb_build_object({_ASSIGNMENTS}, 'kep_addresses', kep_addresses)),
           '{{}}', %(reason)s, legal_reference, %(actor)s, %(source)s, valid_from > %(today)s, ''
    FROM {STAGED} ORDER BY lft
"""
_CLOSINGS = f"""
    INSERT INTO detsis_unitchange ({_CHANGE_COLUMNS})
    SELECT detsis_no, 'closed', valid_to, '{{"active": false}}', '{{"active": true}}',
           %(reason)s, '', %(actor)s, %(source)s, valid_to > %(today)s, ''
    FROM {STAGED} WHERE valid_to IS NOT NULL ORDER BY lft
"""
_KEP = f"""
    INSERT INTO detsis_kepaddress (unit_id, address, validity)
    SELECT s.detsis_no, k.address, daterange(k.valid_from, k.valid_to)
    FROM {STAGED} s CROSS JOIN LATERAL jsonb_to_recordset(s.kep_addresses)
        AS k(address text, valid_from date, valid_to date)
"""


def _count(cursor: Any) -> None:
    """Sum the new units up the staged subtrees level by level, then carry their tops further."""
    cursor.execute("DROP TABLE IF EXISTS staged_counts")
    cursor.execute(
        f"""
        CREATE TEMP TABLE staged_counts ON COMMIT DROP AS
        SELECT s.detsis_no, s.level, f.figure, d.day, d.delta
        FROM {STAGED} s
        CROSS JOIN LATERAL (VALUES ('units.' || s.organisation_type, true),
                                   ('{counts.INSTITUTIONS}', s.is_institution))
            AS f(figure, counted)
        CROSS JOIN LATERAL (VALUES (s.valid_from, 1), (s.valid_to, -1)) AS d(day, delta)
        WHERE f.counted AND d.day IS NOT NULL
        """
    )
    cursor.execute("CREATE INDEX ON staged_counts (level)")
    cursor.execute("SELECT max(level), min(level) FROM staged_counts")
    deepest, highest = cursor.fetchone()
    if deepest is None:
        return
    for level in range(deepest, highest, -1):
        cursor.execute(
            f"""
            INSERT INTO staged_counts
            SELECT p.detsis_no, p.level, c.figure, c.day, sum(c.delta)
            FROM staged_counts c JOIN {STAGED} s USING (detsis_no)
            JOIN {STAGED} p ON p.detsis_no = s.parent_id
            WHERE c.level = %s GROUP BY p.detsis_no, p.level, c.figure, c.day
            """,
            [level],
        )
    cursor.execute(
        """INSERT INTO detsis_unitcount (unit_id, figure, effective_on, delta)
           SELECT detsis_no, figure, day, sum(delta) FROM staged_counts GROUP BY 1, 2, 3
           HAVING sum(delta) <> 0"""
    )
    _count_above(cursor)


def _count_above(cursor: Any) -> None:
    """What hangs below units that were there before goes on upwards, over their own history."""
    cursor.execute(
        f"""
        SELECT s.parent_id, c.figure, c.day, sum(c.delta)
        FROM staged_counts c JOIN {STAGED} s USING (detsis_no)
        JOIN detsis_unit u ON u.detsis_no = s.parent_id
        LEFT JOIN {STAGED} p ON p.detsis_no = s.parent_id
        WHERE p.detsis_no IS NULL GROUP BY 1, 2, 3
        """
    )
    below: dict[int, dict[tuple[str, dt.date], int]] = {}
    for parent, figure, day, delta in cursor.fetchall():
        below.setdefault(parent, {})[figure, day] = int(delta)
    if below:
        ledger = counts.Ledger(counts.hangings_above(below), {})
        for parent, steps in below.items():
            ledger.count_here(parent, steps)
        counts.store(ledger.changes())
