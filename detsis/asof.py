"""Units as they stand on a day, read for pages: the unit, what is above it, what is below it.

A `day` of None means today, read from the current rows (`Unit`); any other day is read from the
versions. Both kinds of row carry the same facts, so callers need not tell them apart.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, QuerySet

from detsis.models import Unit, UnitVersion
from detsis.querysets import central_first
from kaysis.common.functions import Fold, SortKey
from kaysis.common.turkish import fold

Facts: TypeAlias = Unit | UnitVersion


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit on a day. `chain` runs from the root to the unit itself.

    `authorities` holds the civil authorities named anywhere on the chain, by number, as they were
    on that day.
    """

    chain: Sequence[Facts]
    authorities: Mapping[int, Facts]
    day: dt.date | None = None

    @property
    def unit(self) -> Facts:
        return self.chain[-1]

    @property
    def institution(self) -> Facts | None:
        """The nearest institution at or above the unit."""
        return next((facts for facts in reversed(self.chain) if facts.is_institution), None)


def standing_of(
    detsis_no: int, day: dt.date | None = None, *, user: Any = None, codes: bool = False
) -> Standing | None:
    """The unit with everything above it; None when `user` may not see it or it did not exist.

    One query for today, two for any other day. `codes` adds the code rows an identity card shows.
    """
    if day is not None:
        return _standing_on(detsis_no, day, codes)
    units = Unit.objects.visible_to(user or AnonymousUser()).chain_of(detsis_no)
    now = list(units.select_related("civil_authority", *(CODES if codes else ())))
    if not now or now[-1].pk != detsis_no:
        return None
    found = {u.civil_authority_id: u.civil_authority for u in now if u.civil_authority_id}
    return Standing(now, found)


CODES = (
    "category",
    "status",
    "budget_type",
    "legal_personality",
    "province",
    "district",
    "country",
)


def _standing_on(detsis_no: int, day: dt.date, codes: bool) -> Standing | None:
    # A unit whose founding was taken back has no version, so every version may be seen.
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN_ON, {"start": detsis_no, "day": day})
        rows = cursor.fetchall()
    numbers = [number for number, _ in rows]
    authorities = {authority for _, authority in rows if authority}
    found = UnitVersion.objects.at(day).filter(unit_id__in={*numbers, *authorities})
    if codes:
        found = found.select_related(*CODES)
    versions = {version.unit_id: version for version in found}
    chain = [versions[number] for number in numbers]
    named = {number: versions[number] for number in authorities if number in versions}
    return Standing(chain, named, day) if chain else None


# A chain can be broken on a past day in imported data: the height stops a circle, too.
_CHAIN_ON = """
    WITH RECURSIVE up(unit_id, parent_id, civil_authority_id, height) AS (
        SELECT unit_id, parent_id, civil_authority_id, 0 FROM detsis_unitversion
        WHERE unit_id = %(start)s AND validity @> %(day)s::date
        UNION ALL
        SELECT v.unit_id, v.parent_id, v.civil_authority_id, up.height + 1
        FROM up JOIN detsis_unitversion v
            ON v.unit_id = up.parent_id AND v.validity @> %(day)s::date
        WHERE up.height < 50
    ) SELECT unit_id, civil_authority_id FROM up ORDER BY height DESC
"""


def children_of(
    parent: int | None,
    user: Any,
    day: dt.date | None = None,
    *,
    text: str = "",
    closed: bool = False,
) -> QuerySet[Any]:
    """The units directly below `parent` (None: the roots): central ones first, then by name.

    `text` keeps those whose name holds all its words; `closed` adds those no longer active.
    """
    rows = _rows_on(user, day)
    rows = rows.filter(parent__isnull=True) if parent is None else rows.filter(parent_id=parent)
    if not closed:
        rows = rows.filter(active=True)
    for word in fold(text).split():
        rows = rows.filter(name_folded__contains=word)
    return rows


def under_authority(authority: int, user: Any, day: dt.date | None = None) -> QuerySet[Any]:
    """Active units whose civil authority is `authority`, in the order of `children_of`."""
    return _rows_on(user, day).filter(civil_authority_id=authority, active=True)


def _rows_on(user: Any, day: dt.date | None) -> QuerySet[Any]:
    if day is None:
        return Unit.objects.visible_to(user).order_by(central_first(), "name_sort", "detsis_no")
    return (
        UnitVersion.objects.at(day)
        .annotate(name_folded=Fold(F("name")), name_sort=SortKey(F("name")))
        .order_by(central_first(), "name_sort", "unit_id")
    )


def first_children(
    parents: Iterable[int], user: Any, day: dt.date | None = None, *, limit: int
) -> dict[int, list[Any]]:
    """The first `limit` active units below each of `parents`, ordered as by `children_of`.

    Two queries; however many there are below one parent, no more than `limit` of them are read.
    """
    wanted = list(parents)
    if not wanted:
        return {}
    sql = _FIRST_NOW if day is None else _FIRST_ON
    with connection.cursor() as cursor:
        cursor.execute(sql, {"parents": wanted, "limit": limit, "day": day})
        order = cursor.fetchall()
    rows = rows_by_number([number for _, number in order], user, day)
    result: dict[int, list[Any]] = defaultdict(list)
    for parent, number in order:
        if number in rows:
            result[parent].append(rows[number])
    return dict(result)


def rows_by_number(
    numbers: Collection[int], user: Any, day: dt.date | None = None
) -> dict[int, Any]:
    """Number → the unit as it is on the day; what did not exist is missing. One query."""
    if not numbers:
        return {}
    if day is None:
        return Unit.objects.visible_to(user).in_bulk(list(numbers))
    found = UnitVersion.objects.at(day).filter(unit_id__in=numbers)
    return {version.unit_id: version for version in found}


# The order of `central_first`, in the words of its index.
_CENTRAL_FIRST = "CASE WHEN organisation_type = 'central' THEN 0 ELSE 1 END"
_FIRST_NOW = f"""
    SELECT p.no, c.detsis_no FROM unnest(%(parents)s::int[]) AS p(no)
    CROSS JOIN LATERAL (
        SELECT detsis_no, {_CENTRAL_FIRST} AS rank, name_sort FROM detsis_unit
        WHERE parent_id = p.no AND active
        ORDER BY {_CENTRAL_FIRST}, name_sort, detsis_no LIMIT %(limit)s
    ) c ORDER BY p.no, c.rank, c.name_sort, c.detsis_no
"""
_FIRST_ON = f"""
    SELECT p.no, c.unit_id FROM unnest(%(parents)s::int[]) AS p(no)
    CROSS JOIN LATERAL (
        SELECT unit_id, {_CENTRAL_FIRST} AS rank, kaysis_sort_key(name) COLLATE "C" AS key
        FROM detsis_unitversion
        WHERE parent_id = p.no AND active AND validity @> %(day)s::date
        ORDER BY rank, key, unit_id LIMIT %(limit)s
    ) c ORDER BY p.no, c.rank, c.key, c.unit_id
"""
