"""Set-based loads: what `detsis.services.record` does for one unit, done for all rows at once.

`stage` fills a temporary table by COPY, `insert_staged` turns it into units, versions, changes,
counts, KEP addresses and search entries, in a fixed number of statements. Both run inside the
caller's transaction: a load happens as a whole or not at all. Checks belong to the importer, which
works on the staged table between the two.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from detsis import counts, tree
from detsis.timeline import FACTS, KEYS
from kaysis.common import indexing

STAGED = "staged_units"
_JSON = ("letterhead", "founding_legislation")
_BOOLEAN = ("is_institution", "corresponds_externally", "active")
_NUMBER = KEYS - {"country"}


def column_of(fact: str) -> str:
    return f"{fact}_id" if fact in KEYS else fact


def _type_of(fact: str) -> str:
    if fact in _NUMBER:
        return "integer"
    if fact in _BOOLEAN:
        return "boolean NOT NULL"
    if fact == "letterhead":
        return "varchar(300)[]"
    if fact == "founding_legislation":
        return "jsonb"
    return "text"


# The facts' columns, then when the unit exists, its KEP addresses and its line in the file.
_COLUMNS = [column_of(fact) for fact in FACTS]
_STAGED_COLUMNS = ["detsis_no", *_COLUMNS, "valid_from", "valid_to", "kep_addresses", "line"]


def stage(rows: Iterable[Mapping[str, Any]]) -> int:
    """COPY rows into the temporary table. Returns how many.

    A row holds `detsis_no`, any of the facts, `valid_from`, `valid_to`, `kep_addresses` (a list as
    in the change feed) and `line`; what is missing takes the fact's default.
    """
    types = [f"{column_of(fact)} {_type_of(fact)}" for fact in FACTS]
    source = _Lines(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        cursor.execute(
            f"CREATE TEMP TABLE {STAGED} (detsis_no integer, {', '.join(types)}, valid_from date,"
            " valid_to date, kep_addresses jsonb, line integer, lft bigint, rght bigint,"
            " level smallint) ON COMMIT DROP"
        )
        cursor.copy_expert(
            f"COPY {STAGED} ({', '.join(_STAGED_COLUMNS)}) FROM STDIN (FORMAT csv)", source
        )
        cursor.execute(f"CREATE INDEX ON {STAGED} (detsis_no)")
        cursor.execute(f"ANALYZE {STAGED}")
    return source.count


class _Lines(io.TextIOBase):
    """Rows as a readable file of CSV, made while it is read: memory stays flat."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.count = 0
        self._chunks = self._write(rows)

    def _write(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        buffer = io.StringIO()
        for row in rows:
            self.count += 1
            values = [row["detsis_no"], *(self._fact(row, fact) for fact in FACTS)]
            values += [row.get("valid_from"), row.get("valid_to")]
            kep = row.get("kep_addresses")
            values += [json.dumps(kep) if kep else None, row.get("line")]
            buffer.write(",".join(map(_quote, values)) + "\n")
            if buffer.tell() > 1 << 16:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue()

    @staticmethod
    def _fact(row: Mapping[str, Any], fact: str) -> Any:
        value = row.get(fact, FACTS[fact])
        if fact == "letterhead":
            return "{" + ",".join(json.dumps(line, ensure_ascii=False) for line in value) + "}"
        if fact == "founding_legislation":
            return json.dumps(value, ensure_ascii=False)
        return value

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        return next(self._chunks, "")


def _quote(value: Any) -> str:
    """A CSV cell in which empty text stays text and only None is NULL."""
    if value is None:
        return ""
    if value is True or value is False:
        return str(value)
    if isinstance(value, int | dt.date):
        return str(value)
    return '"' + str(value).replace('"', '""') + '"'


def insert_staged(*, actor_id: int | None, source: str, today: dt.date) -> int:
    """Insert every staged row as a new unit. Returns how many.

    The staged rows are known to be sound: new numbers, parents that exist or are staged, no
    circle, existing codes, `valid_from` set.
    """
    tree.lock()
    tree.renumber("detsis_unit", also=STAGED)
    with connection.cursor() as cursor:
        for sql in (_UNITS, _VERSIONS, _CLOSED_VERSIONS, _CHANGES, _CLOSINGS, _KEP):
            cursor.execute(sql, {"actor": actor_id, "source": source, "today": today})
        cursor.execute(f"SELECT count(*) FROM {STAGED}")
        number = cursor.fetchone()[0]
        _count(cursor)
        cursor.execute(f"SELECT detsis_no FROM {STAGED}")
        indexing.reindex("unit", [row[0] for row in cursor.fetchall()])
    return number


_FACT_COLUMNS = ", ".join(c for c in _COLUMNS if c != "active")
_UNITS = f"""
    INSERT INTO detsis_unit (detsis_no, {_FACT_COLUMNS}, active, valid_from, valid_to,
                             lft, rght, level, tree_id)
    SELECT detsis_no, {_FACT_COLUMNS},
           active AND valid_from <= %(today)s AND (valid_to IS NULL OR valid_to > %(today)s),
           valid_from, valid_to, lft, rght, level, 1
    FROM {STAGED} ORDER BY lft
"""  # noqa: S608
_VERSIONS = f"""
    INSERT INTO detsis_unitversion (unit_id, {_FACT_COLUMNS}, active, validity)
    SELECT detsis_no, {_FACT_COLUMNS}, active, daterange(valid_from, valid_to)
    FROM {STAGED} ORDER BY detsis_no
"""  # noqa: S608
_CLOSED_VERSIONS = f"""
    INSERT INTO detsis_unitversion (unit_id, {_FACT_COLUMNS}, active, validity)
    SELECT detsis_no, {_FACT_COLUMNS}, false, daterange(valid_to, NULL)
    FROM {STAGED} WHERE valid_to IS NOT NULL
"""  # noqa: S608


def _assignment(fact: str) -> str:
    """The value as the change feed gives it; NULL where it is the default and can be left out."""
    column = column_of(fact)
    if fact == "letterhead":
        return f"nullif(to_jsonb({column}), '[]')"
    if fact == "founding_legislation":
        return f"nullif({column}, '[]')"
    if fact in _BOOLEAN:
        default = str(FACTS[fact]).lower()
        return f"nullif({column}, {default})"
    if fact in KEYS:
        return column
    return f"nullif({column}, '')"


_ASSIGNMENTS = ", ".join(f"'{fact}', {_assignment(fact)}" for fact in FACTS)
_CHANGES = f"""
    INSERT INTO detsis_unitchange (unit_id, kind, effective_on, assignments, before, reason,
        legal_reference, recorded_by_id, source, scheduled, request_id)
    SELECT detsis_no, 'registered', valid_from,
           jsonb_strip_nulls(jsonb_build_object({_ASSIGNMENTS}, 'kep_addresses', kep_addresses)),
           '{{}}', '', '', %(actor)s, %(source)s, valid_from > %(today)s, ''
    FROM {STAGED} ORDER BY lft
"""  # noqa: S608
_CLOSINGS = f"""
    INSERT INTO detsis_unitchange (unit_id, kind, effective_on, assignments, before, reason,
        legal_reference, recorded_by_id, source, scheduled, request_id)
    SELECT detsis_no, 'closed', valid_to, '{{"active": false}}', '{{"active": true}}', '', '',
           %(actor)s, %(source)s, valid_to > %(today)s, ''
    FROM {STAGED} WHERE valid_to IS NOT NULL ORDER BY lft
"""  # noqa: S608
_KEP = f"""
    INSERT INTO detsis_kepaddress (unit_id, address, validity)
    SELECT s.detsis_no, k.address, daterange(k.valid_from, k.valid_to)
    FROM {STAGED} s CROSS JOIN LATERAL jsonb_to_recordset(s.kep_addresses)
        AS k(address text, valid_from date, valid_to date)
"""  # noqa: S608


def _count(cursor: Any) -> None:
    """Sum the new units up the staged subtrees level by level, then carry their tops further."""
    cursor.execute("DROP TABLE IF EXISTS staged_counts")
    cursor.execute(
        f"""
        CREATE TEMP TABLE staged_counts ON COMMIT DROP AS
        SELECT s.detsis_no, s.level, f.figure, d.day, d.delta
        FROM {STAGED} s
        CROSS JOIN LATERAL (VALUES ('units.' || s.organisation_type, s.active),
                                   ('units.institution', s.active AND s.is_institution))
            AS f(figure, counted)
        CROSS JOIN LATERAL (VALUES (s.valid_from, 1), (s.valid_to, -1)) AS d(day, delta)
        WHERE f.counted AND d.day IS NOT NULL
        """  # noqa: S608
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
            """,  # noqa: S608
            [level],
        )
    cursor.execute(
        """INSERT INTO detsis_unitcount (unit_id, figure, effective_on, delta)
           SELECT detsis_no, figure, day, sum(delta) FROM staged_counts GROUP BY 1, 2, 3
           HAVING sum(delta) <> 0"""
    )
    # What hangs below units that were there before goes on upwards, over their own history.
    cursor.execute(
        f"""
        SELECT s.parent_id, c.figure, c.day, sum(c.delta)
        FROM staged_counts c JOIN {STAGED} s USING (detsis_no)
        WHERE s.parent_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM {STAGED} p WHERE p.detsis_no = s.parent_id)
        GROUP BY 1, 2, 3
        """  # noqa: S608
    )
    below: dict[int, dict[tuple[str, dt.date], int]] = {}
    for parent, figure, day, delta in cursor.fetchall():
        below.setdefault(parent, {})[figure, day] = delta
    if below:
        ledger = counts.Ledger(counts.hangings_above(below), {})
        for parent, steps in below.items():
            ledger.count_here(parent, steps)
        counts.store(ledger.changes())
