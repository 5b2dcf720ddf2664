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

from detsis import queries
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


def standing_of(detsis_no: int, day: dt.date | None = None) -> Standing | None:
    """The unit with everything above it; None when it may not be seen or did not exist.

    One query.
    """
    rows: list[Any]
    if day is None:
        rows = list(Unit.objects.raw(_STANDING_NOW, {"p_start": detsis_no}))
    else:
        rows = list(UnitVersion.objects.raw(_STANDING_ON, {"p_start": detsis_no, "p_day": day}))
    chain: list[Any] = [row for row in rows if row.height is not None]
    authorities = {row.detsis_no: row for row in rows if row.height is None}
    if not chain or chain[-1].detsis_no != detsis_no:
        return None
    unit = chain[-1]
    return Standing(chain, authorities, day, bool(unit.has_kep), bool(unit.has_predecessors))


_STANDING_NOW, _STANDING_ON = (
    f"SELECT (s.facts).*, height, has_kep, has_predecessors FROM {query.call} s"
    for query in (queries.STANDING_NOW, queries.STANDING_ON)
)


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
        if not self.text and (self.parent is not None or self.day is None):
            found = self._kept(offset, limit)
        else:
            where, params = self._where()
            total = f"(SELECT count(*) {where})" if counted else "0"
            columns, order = (
                (queries.COLUMNS_NOW, queries.ORDER_NOW)
                if self.day is None
                else (queries.COLUMNS_ON, queries.ORDER_ON)
            )
            with connection.cursor() as cursor:
                cursor.execute(
                    f"""SELECT {total}, {columns} {where}
                        ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s""",
                    {**params, "offset": offset, "limit": limit},
                )
                found = cursor.fetchall()
        return [Row(*row[1:]) for row in found], found[0][0] if found else 0

    def _kept(self, offset: int, limit: int) -> list[tuple[Any, ...]]:
        part = {"p_offset": offset, "p_most": limit}
        if self.parent is None:
            return queries.ROOTS_NOW.fetch(**part)
        asked = {"p_parent": self.parent, **part}
        if self.day is None:
            return queries.CHILDREN_NOW.fetch(**asked)
        return queries.CHILDREN_ON.fetch(**asked, p_day=self.day)

    def count(self) -> int:
        where, params = self._where()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {where}", params)
            return cursor.fetchone()[0]

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
    asked = {"p_parents": wanted, "p_most": limit}
    found = (
        queries.FIRST_NOW.fetch(**asked)
        if day is None
        else queries.FIRST_ON.fetch(**asked, p_day=day)
    )
    result: dict[int, list[Row]] = defaultdict(list)
    for parent, *row in found:
        result[parent].append(Row(*row))
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
            f"""SELECT {queries.COLUMNS_NOW} FROM detsis_unit u {where} {visible_sql(user)}
                ORDER BY {queries.ORDER_NOW} LIMIT %(limit)s""",
            params,
        )
    return _rows(
        f"""SELECT {queries.COLUMNS_ON} FROM detsis_unitversion u
            {where} u.validity @> %(day)s::date
            ORDER BY {queries.ORDER_ON} LIMIT %(limit)s""",
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
        sql = f"""SELECT {direct}, {queries.COLUMNS_NOW} FROM detsis_unit u
            WHERE u.active AND u.detsis_no = ANY(%(numbers)s) AND {visible_sql(user)}
            ORDER BY {queries.ORDER_NOW}"""
    else:
        sql = f"""SELECT {direct}, {queries.COLUMNS_ON} FROM detsis_unitversion u
            WHERE u.active AND u.unit_id = ANY(%(numbers)s) AND u.validity @> %(day)s::date
            ORDER BY {queries.ORDER_ON}"""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {found[0]: (Row(*found), below) for below, *found in cursor.fetchall()}


def _rows(sql: str, params: Mapping[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Row(*found) for found in cursor.fetchall()]
