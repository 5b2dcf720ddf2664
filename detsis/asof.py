"""Units as they stand on a day, read for pages: the unit, what is above it, what is below it.

A `day` of None means today, read from the current rows; any other day is read from the versions.
Written in SQL: pages are to be quick when nothing is cached, and building such statements anew for
each page takes longer than PostgreSQL takes to answer them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from django.db import connection

from detsis.models import Unit, UnitVersion
from detsis.querysets import visible_sql
from kaysis.common.turkish import fold

Facts: TypeAlias = Unit | UnitVersion


class Row(NamedTuple):
    """A unit as lists show it."""

    detsis_no: int
    name: str
    active: bool
    is_institution: bool
    organisation_type: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit on a day. `chain` runs from the root to the unit itself.

    `authorities` holds the civil authorities named anywhere on the chain, by number, as they were
    on that day. Most units have no KEP address and took over from no other: what has none is not
    asked for them again.
    """

    chain: Sequence[Facts]
    authorities: Mapping[int, Facts]
    day: dt.date | None = None
    has_kep: bool = True
    has_predecessors: bool = True

    @property
    def unit(self) -> Facts:
        return self.chain[-1]

    @property
    def institution(self) -> Facts | None:
        """The nearest institution at or above the unit."""
        return next((facts for facts in reversed(self.chain) if facts.is_institution), None)


def standing_of(detsis_no: int, day: dt.date | None = None, *, user: Any = None) -> Standing | None:
    """The unit with everything above it; None when `user` may not see it or it did not exist.

    One query.
    """
    params = {"start": detsis_no, "day": day}
    rows: list[Any]
    if day is None:
        rows = list(Unit.objects.raw(_STANDING_NOW.format(visible=visible_sql(user)), params))
    else:
        # A unit whose founding was taken back has no version, so every version may be seen.
        rows = list(UnitVersion.objects.raw(_STANDING_ON, params))
    chain: list[Any] = [row for row in rows if row.height is not None]
    authorities = {row.detsis_no: row for row in rows if row.height is None}
    if not chain or chain[-1].detsis_no != detsis_no:
        return None
    unit = chain[-1]
    return Standing(chain, authorities, day, bool(unit.has_kep), bool(unit.has_predecessors))


# The chain first, root to unit, then the civil authorities on it (no height). A chain can be broken
# on a past day in imported data: the height stops a circle, too.
#
# Values, not EXISTS: that PostgreSQL answers by reading all addresses, for rows it expects many of.
#
# Begins with SELECT: so it is known to be a read, and the audit trail adds no statement to it.
_STANDING = """
    SELECT * FROM (
    WITH RECURSIVE up(no, parent_id, civil_authority_id, height) AS (
        SELECT {no}, parent_id, civil_authority_id, 0 FROM {table} u
        WHERE {no} = %(start)s {at}
        UNION ALL
        SELECT u.{no}, u.parent_id, u.civil_authority_id, up.height + 1
        FROM up JOIN {table} u ON u.{no} = up.parent_id {at} WHERE up.height < 50
    ), wanted(no, height) AS (
        SELECT no, height FROM up
        UNION
        SELECT civil_authority_id, NULL FROM up WHERE civil_authority_id IS NOT NULL
    )
    SELECT u.*, w.height,
        w.height = 0 AND (SELECT true FROM detsis_kepaddress WHERE unit_id = no LIMIT 1) AS has_kep,
        w.height = 0 AND (SELECT true FROM detsis_succession
            WHERE successor_id = no LIMIT 1) AS has_predecessors
    FROM wanted w JOIN {table} u ON u.{no} = w.no {at} {{visible}}
    ) AS standing ORDER BY height DESC NULLS LAST
"""
_STANDING_NOW = _STANDING.format(table="detsis_unit", no="detsis_no", at="").replace(
    "{visible}", "AND {visible}"
)
_STANDING_ON = _STANDING.format(
    table="detsis_unitversion", no="unit_id", at="AND u.validity @> %(day)s::date"
).replace("{visible}", "")


@dataclass(frozen=True, slots=True)
class Children:
    """The units directly below `parent` (None: the roots), central ones first, then by name.

    `text` keeps those whose name holds all its words. Only active units.
    """

    parent: int | None
    user: Any
    day: dt.date | None = None
    text: str = ""

    def rows(self, *, limit: int, offset: int = 0) -> list[Row]:
        """One query; no more than `offset + limit` units are read."""
        return self.part(offset=offset, limit=limit, counted=False)[0]

    def part(self, *, offset: int, limit: int, counted: bool = True) -> tuple[list[Row], int]:
        """Some rows, and how many there are in all (0 beyond the end). One query."""
        where, params = self._where()
        order = _ORDER_NOW if self.day is None else _ORDER_ON
        total = f"(SELECT count(*) {where})" if counted else "0"
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT {total}, {self._columns} {where}
                    ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s""",
                {**params, "offset": offset, "limit": limit},
            )
            found = cursor.fetchall()
        return [Row(*row[1:]) for row in found], found[0][0] if found else 0

    def count(self) -> int:
        where, params = self._where()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {where}", params)
            return cursor.fetchone()[0]

    @property
    def _columns(self) -> str:
        return _COLUMNS_NOW if self.day is None else _COLUMNS_ON

    def _where(self) -> tuple[str, dict[str, Any]]:
        params: dict[str, Any] = {"parent": self.parent, "day": self.day}
        parts = ["u.active"]
        parts.append("u.parent_id IS NULL" if self.parent is None else "u.parent_id = %(parent)s")
        folded = "u.name_folded"
        if self.day is None:
            table = "detsis_unit u"
            parts.append(visible_sql(self.user))
        else:
            table, folded = "detsis_unitversion u", "kaysis_fold(u.name)"
            parts.append("u.validity @> %(day)s::date")
        # Folded words are letters and digits: nothing in them means something to LIKE.
        for number, word in enumerate(fold(self.text).split()):
            parts.append(f"{folded} LIKE %(word{number})s")
            params[f"word{number}"] = f"%{word}%"
        return f"FROM {table} WHERE {' AND '.join(parts)}", params


def first_children(
    parents: Iterable[int], user: Any, day: dt.date | None = None, *, limit: int
) -> dict[int, list[Row]]:
    """The first `limit` active units below each of `parents`, ordered as `Children`.

    One query; however many there are below one parent, no more than `limit` of them are read.
    """
    wanted = list(parents)
    if not wanted:
        return {}
    if day is None:
        sql = _FIRST.format(
            columns=_COLUMNS_NOW, table="detsis_unit", more=visible_sql(user), order=_ORDER_NOW
        )
    else:
        sql = _FIRST.format(
            columns=_COLUMNS_ON,
            table="detsis_unitversion",
            more="u.validity @> %(day)s::date",
            order=_ORDER_ON,
        )
    result: dict[int, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"parents": wanted, "limit": limit, "day": day})
        for parent, *found in cursor.fetchall():
            result[parent].append(Row(*found))
    return dict(result)


def under_authority(
    authority: int, user: Any, day: dt.date | None = None, *, limit: int
) -> list[Row]:
    """Active units elsewhere in the tree whose civil authority is `authority`. One query.

    Ordered as `Children`; those directly below it are its children and are left out.
    """
    params = {"authority": authority, "day": day, "limit": limit}
    where = """WHERE u.active AND u.civil_authority_id = %(authority)s
        AND u.parent_id IS DISTINCT FROM %(authority)s AND"""
    if day is None:
        return _rows(
            f"""SELECT {_COLUMNS_NOW} FROM detsis_unit u {where} {visible_sql(user)}
                ORDER BY {_ORDER_NOW} LIMIT %(limit)s""",
            params,
        )
    return _rows(
        f"""SELECT {_COLUMNS_ON} FROM detsis_unitversion u {where} u.validity @> %(day)s::date
            ORDER BY {_ORDER_ON} LIMIT %(limit)s""",
        params,
    )


def linked(
    numbers: Iterable[int], parent: int, user: Any, day: dt.date | None = None
) -> dict[int, tuple[Row, bool]]:
    """Those of `numbers` that are active, and whether each hangs directly below `parent`.

    One query, or none for no numbers. Ordered as `Children`.
    """
    wanted = list(numbers)
    if not wanted:
        return {}
    params: dict[str, Any] = {"numbers": wanted, "parent": parent, "day": day}
    direct = "u.parent_id IS NOT DISTINCT FROM %(parent)s"
    if day is None:
        sql = f"""SELECT {direct}, {_COLUMNS_NOW} FROM detsis_unit u
            WHERE u.active AND u.detsis_no = ANY(%(numbers)s) AND {visible_sql(user)}
            ORDER BY {_ORDER_NOW}"""
    else:
        sql = f"""SELECT {direct}, {_COLUMNS_ON} FROM detsis_unitversion u
            WHERE u.active AND u.unit_id = ANY(%(numbers)s) AND u.validity @> %(day)s::date
            ORDER BY {_ORDER_ON}"""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {found[0]: (Row(*found), below) for below, *found in cursor.fetchall()}


def _rows(sql: str, params: Mapping[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Row(*found) for found in cursor.fetchall()]


_SHARED = "u.name, u.active, u.is_institution, u.organisation_type"
_COLUMNS_NOW, _COLUMNS_ON = f"u.detsis_no, {_SHARED}", f"u.unit_id, {_SHARED}"
# The order of `querysets.central_first`, in the words of its index.
_CENTRAL_FIRST = "CASE WHEN u.organisation_type = 'central' THEN 0 ELSE 1 END"
_ORDER_NOW = f"{_CENTRAL_FIRST}, u.name_sort, u.detsis_no"
_ORDER_ON = f'{_CENTRAL_FIRST}, kaysis_sort_key(u.name) COLLATE "C", u.unit_id'
_FIRST = """
    SELECT p.no, c.* FROM unnest(%(parents)s::int[]) WITH ORDINALITY AS p(no, at)
    CROSS JOIN LATERAL (
        SELECT {columns} FROM {table} u
        WHERE u.parent_id = p.no AND u.active AND {more} ORDER BY {order} LIMIT %(limit)s
    ) c
"""
