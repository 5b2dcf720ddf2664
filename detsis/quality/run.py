"""Applying the catalogue to the register."""

from __future__ import annotations

import io
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from detsis.quality.catalogue import Rule, rules
from kaysis.common.locks import advisory_lock
from kaysis.common.pagecache import bump_data_version

_CHUNK = 5000


@transaction.atomic
def refresh() -> dict[str, int]:
    """Look at every active unit and replace what the last look had found.

    Returns rule → number of findings. One transaction: readers see the old findings or the new.
    """
    advisory_lock("detsis.quality")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE found_quality (rule text, unit_id integer, detail text)"
            " ON COMMIT DROP"
        )
        for rule in rules():
            if rule.sql:
                cursor.execute(
                    f"INSERT INTO found_quality SELECT %s, f.* FROM ({rule.sql}) AS f", [rule.key]
                )
        _check_names(cursor, [rule for rule in rules() if rule.check])
        cursor.execute(_OWNERS)
        cursor.execute("CREATE INDEX ON unit_owners (unit_id)")
        cursor.execute("ANALYZE unit_owners")
        cursor.execute("DELETE FROM detsis_qualityscore")
        cursor.execute("DELETE FROM detsis_qualityfinding")
        cursor.execute(
            """INSERT INTO detsis_qualityfinding (rule, unit_id, detail, institution_id)
               SELECT f.rule, f.unit_id, left(f.detail, 500), o.institution_id
               FROM found_quality f LEFT JOIN unit_owners o USING (unit_id)"""
        )
        cursor.execute(_SCORES, [timezone.now()])
        cursor.execute("SELECT rule, count(*) FROM detsis_qualityfinding GROUP BY rule")
        counts = dict(cursor.fetchall())
        cursor.execute("DROP TABLE found_quality, unit_owners")
    bump_data_version()
    return {rule.key: counts.get(rule.key, 0) for rule in rules()}


def _check_names(cursor, checks: list[Rule]) -> None:
    """One pass over all names for all rules about names."""
    with connection.cursor() as reader:
        reader.execute("SELECT detsis_no, name FROM detsis_unit WHERE active")
        while rows := reader.fetchmany(_CHUNK):
            lines = io.StringIO()
            for line in _found(rows, checks):
                lines.write(line)
            lines.seek(0)
            cursor.copy_expert("COPY found_quality FROM STDIN", lines)


def _found(rows: list[tuple[int, str]], checks: list[Rule]) -> Iterator[str]:
    for number, name in rows:
        for rule in checks:
            detail = rule.check(name) if rule.check else None
            if detail is not None:
                safe = detail.replace("\\", "\\\\").replace("\t", "␣").replace("\n", " ")
                yield f"{rule.key}\t{number}\t{safe}\n"


# The nearest institution at or above each active unit, from the roots down.
_OWNERS = """
    CREATE TEMP TABLE unit_owners ON COMMIT DROP AS
    WITH RECURSIVE down(unit_id, institution_id, active) AS (
        SELECT detsis_no, CASE WHEN is_institution THEN detsis_no END, active
        FROM detsis_unit WHERE parent_id IS NULL
        UNION ALL
        SELECT u.detsis_no, CASE WHEN u.is_institution THEN u.detsis_no ELSE d.institution_id END,
               u.active
        FROM detsis_unit u JOIN down d ON u.parent_id = d.unit_id
    ) SELECT unit_id, institution_id FROM down WHERE active
"""
_SCORES = """
    INSERT INTO detsis_qualityscore (institution_id, units, faulty, score, computed_at)
    SELECT o.institution_id, count(*), count(f.unit_id),
           round(100.0 * (count(*) - count(f.unit_id)) / count(*), 1), %s
    FROM unit_owners o
    LEFT JOIN (SELECT DISTINCT unit_id FROM detsis_qualityfinding) f USING (unit_id)
    WHERE o.institution_id IS NOT NULL GROUP BY o.institution_id
"""
