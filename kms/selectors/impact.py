"""If this falls, what rests on it: instruments to any depth, the units they found, and what upper
subsystems register. A fixed number of queries, whatever the size of the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kaysis.common.types import Text
from kms.models import Instrument

MAX_DEPTH = 12
SHOWN = 200

#: (label, instruments → number of objects that rest on them) of an upper subsystem.
Counter = Callable[[Sequence[int]], int]
_counters: list[tuple[str, Text, Counter]] = []


def register_counter(key: str, label: Text, count: Counter) -> None:
    """An upper subsystem counts what of its own rests on instruments (ids): services, documents."""
    _counters[:] = [entry for entry in _counters if entry[0] != key]
    _counters.append((key, label, count))


@dataclass(frozen=True, slots=True)
class Node:
    """An instrument below the root: `depth` steps away, reached through `via`."""

    instrument: Instrument
    depth: int
    via: int
    kind: str


@dataclass(frozen=True, slots=True)
class Impact:
    """`total` instruments rest on the root; `nodes` are the nearest of them."""

    total: int
    by_depth: list[tuple[int, int]]
    by_type: list[tuple[str, int]]
    nodes: list[Node]
    units: int
    others: list[tuple[Text, int]]


# What rests on something: what is based on it and what implements it. With a place, the first step
# takes only relations to that place, or to the whole.
_BELOW = """
    WITH RECURSIVE below(id, depth, via, kind) AS (
        SELECT %(id)s::bigint, 0, NULL::bigint, ''
        UNION
        SELECT DISTINCT r.source_id, b.depth + 1, b.id, r.kind::text
        FROM below b JOIN kms_relation r ON r.target_id = b.id
            AND r.kind IN ('based_on', 'implements') AND r.source_id IS NOT NULL
            AND r.undone_on IS NULL AND r.violation = ''
        WHERE b.depth < %(depth)s
            AND (b.depth > 0 OR %(place)s = '' OR r.target_place = ''
                 OR r.target_place = %(place)s OR starts_with(r.target_place, %(place)s || '/'))
    ), nearest AS (
        SELECT DISTINCT ON (b.id) b.id, b.depth, b.via, b.kind
        FROM below b JOIN kms_instrument i ON i.id = b.id AND i.published
        WHERE b.depth > 0 AND b.id <> %(id)s
        ORDER BY b.id, b.depth
    )
"""


def impact_of(instrument: Instrument, *, place: str = "", depth: int = MAX_DEPTH) -> Impact:
    """What rests on an instrument or, with `place` ("m. 3"), on one of its provisions."""
    given: dict[str, Any] = {
        "id": instrument.pk,
        "depth": max(1, min(depth, MAX_DEPTH)),
        "place": place,
        "most": SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _BELOW
            + """SELECT n.depth, i.type, count(*), array_agg(n.id) FROM nearest n
                 JOIN kms_instrument i ON i.id = n.id GROUP BY 1, 2""",
            given,
        )
        counted = cursor.fetchall()
        cursor.execute(
            _BELOW + "SELECT id, depth, via, kind FROM nearest ORDER BY depth, id LIMIT %(most)s",
            given,
        )
        rows = cursor.fetchall()
    ids = [pk for _depth, _type, _count, keys in counted for pk in keys]
    shown = Instrument.objects.in_bulk([row[0] for row in rows])
    return Impact(
        total=len(ids),
        by_depth=_sum(counted, 0),
        by_type=sorted(_sum(counted, 1), key=lambda pair: -pair[1]),
        nodes=[Node(shown[pk], depth, via, kind) for pk, depth, via, kind in rows if pk in shown],
        units=_units([instrument.pk, *ids]) if not place else 0,
        others=[(label, count([instrument.pk, *ids])) for _key, label, count in _counters],
    )


def _sum(rows: Sequence[tuple], place: int) -> list[tuple]:
    found: dict = {}
    for row in rows:
        found[row[place]] = found.get(row[place], 0) + row[2]
    return sorted(found.items())


def _units(instruments: Sequence[int]) -> int:
    """Active units that any of these instruments founds, by number and date."""
    with connection.cursor() as cursor:
        cursor.execute(
            # By the index of what founds units: of a million of them, these found a few.
            """SELECT count(DISTINCT u.detsis_no) FROM (
                   SELECT DISTINCT number, accepted_on, gazette_date FROM kms_instrument
                   WHERE id = ANY(%s) AND number <> '') i
               CROSS JOIN LATERAL (
                   SELECT detsis_no FROM detsis_unit
                   WHERE active AND founding_legislation
                           @> jsonb_build_array(jsonb_build_object('number', i.number))
                       AND EXISTS (
                           SELECT FROM jsonb_array_elements(founding_legislation) e
                           WHERE e ->> 'number' = i.number AND (e ->> 'date' IS NULL
                               OR e ->> 'date' IN (i.accepted_on::text, i.gazette_date::text)))
               ) u""",
            [list(instruments)],
        )
        return int(cursor.fetchone()[0])
