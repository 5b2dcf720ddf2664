"""What is different between two days: founded, reopened, closed, renamed, moved.

Only units with a version that begins between the two days can differ, so the work grows with what
changed and not with the register. Corrections count as they stand now: the comparison is of what
is known today about both days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

CHUNK = 2000


class DifferenceKind(models.TextChoices):
    FOUNDED = "founded", _("Kurulan")
    REOPENED = "reopened", _("Yeniden açılan")
    CLOSED = "closed", _("Kapanan")
    RENAMED = "renamed", _("Adı değişen")
    MOVED = "moved", _("Bağlılığı değişen")


@dataclass(frozen=True, slots=True)
class Row:
    """One unit in one respect. `old_…` is of the earlier day; None where there was nothing."""

    kind: str
    detsis_no: int
    old_name: str | None
    name: str
    old_parent: int | None
    old_parent_name: str | None
    parent: int | None
    parent_name: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The question: `earlier` < `later`, in the whole register or at and below one unit."""

    earlier: dt.date
    later: dt.date
    below: int | None = None

    def __post_init__(self) -> None:
        if not self.earlier < self.later:
            raise ValueError("the earlier day must come first")

    def numbers(self) -> dict[str, int]:
        """How many units differ in each respect. One query."""
        sql = f"{self._with} SELECT kind, count(*) FROM difference GROUP BY kind"
        with connection.cursor() as cursor:
            cursor.execute(sql, self._params)
            found = dict(cursor.fetchall())
        return {kind: found.get(kind, 0) for kind in DifferenceKind.values}

    def rows(self, kind: str | None = None, *, offset: int, limit: int) -> list[Row]:
        """Rows of one kind, or of all, in Turkish order of the names. One query."""
        sql, params = self._select(kind)
        with connection.cursor() as cursor:
            cursor.execute(
                f"{sql} OFFSET %(offset)s LIMIT %(limit)s",
                {**params, "offset": offset, "limit": limit},
            )
            return [Row(*found) for found in cursor.fetchall()]

    def stream(self, kind: str | None = None) -> Iterator[Row]:
        """All rows with flat memory, through a server-side cursor."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(*self._select(kind))
            while found := cursor.fetchmany(CHUNK):
                for row in found:
                    yield Row(*row)

    def _select(self, kind: str | None) -> tuple[str, dict[str, Any]]:
        where = "" if kind is None else "WHERE d.kind = %(kind)s"
        return f"{self._with} {_ROWS.format(where=where)}", {**self._params, "kind": kind}

    @property
    def _with(self) -> str:
        return _DIFFERENCE.format(
            within="" if self.below is None else _WITHIN,
            only="" if self.below is None else "WHERE unit_id IN (SELECT unit_id FROM within)",
        )

    @property
    def _params(self) -> dict[str, Any]:
        return {"earlier": self.earlier, "later": self.later, "below": self.below}


# `within` walks up from each candidate on both days; a height stops circles of imported data.
_WITHIN = """
    , up(unit_id, day, at, parent_id, height) AS (
        SELECT v.unit_id, d.day, v.unit_id, v.parent_id, 0
        FROM (VALUES (%(earlier)s::date), (%(later)s::date)) AS d(day)
        CROSS JOIN candidate c
        JOIN detsis_unitversion v ON v.unit_id = c.unit_id AND v.validity @> d.day
        UNION ALL
        SELECT up.unit_id, up.day, p.unit_id, p.parent_id, up.height + 1
        FROM up JOIN detsis_unitversion p ON p.unit_id = up.parent_id AND p.validity @> up.day
        WHERE up.at <> %(below)s AND up.height < 50
    ), within AS (
        SELECT DISTINCT unit_id FROM up WHERE at = %(below)s
    )
"""
_DIFFERENCE = """
    WITH RECURSIVE candidate AS (
        SELECT DISTINCT unit_id FROM detsis_unitversion
        WHERE lower(validity) > %(earlier)s AND lower(validity) <= %(later)s
    ) {within}, pair AS (
        SELECT c.unit_id, o.unit_id IS NOT NULL AS existed,
               coalesce(o.active, false) AS was_active, coalesce(n.active, false) AS is_active,
               o.name AS old_name, coalesce(n.name, o.name) AS name,
               o.parent_id AS old_parent_id, n.parent_id
        FROM candidate c
        LEFT JOIN detsis_unitversion o
            ON o.unit_id = c.unit_id AND o.validity @> %(earlier)s::date
        LEFT JOIN detsis_unitversion n
            ON n.unit_id = c.unit_id AND n.validity @> %(later)s::date
    ), difference AS (
        SELECT k.kind, p.* FROM pair p CROSS JOIN LATERAL (
            SELECT 'founded' AS kind WHERE is_active AND NOT was_active AND NOT existed
            UNION ALL SELECT 'reopened' WHERE is_active AND NOT was_active AND existed
            UNION ALL SELECT 'closed' WHERE was_active AND NOT is_active
            UNION ALL SELECT 'renamed' WHERE was_active AND is_active AND old_name <> name
            UNION ALL SELECT 'moved' WHERE was_active AND is_active
                AND old_parent_id IS DISTINCT FROM parent_id
        ) k {only}
    )
"""
_ROWS = """
    SELECT d.kind, d.unit_id, d.old_name, d.name, d.old_parent_id, o.name, d.parent_id, n.name
    FROM difference d
    LEFT JOIN detsis_unitversion o
        ON o.unit_id = d.old_parent_id AND o.validity @> %(earlier)s::date
    LEFT JOIN detsis_unitversion n
        ON n.unit_id = d.parent_id AND n.validity @> %(later)s::date
    {where}
    ORDER BY d.kind, kaysis_sort_key(d.name) COLLATE "C", d.unit_id
"""
