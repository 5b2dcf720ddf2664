"""Rows of units that are there already: the same, different, or recorded as changes.

A row is compared with what the register says on the day the import takes effect, and only in what
it states. Differences become ordinary changes (renamed, moved, amended, closed, reopened) through
the services, so everything that holds for a change made by hand holds for these.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from detsis.importers.checks import KNOWN, published
from detsis.importers.cleaning import BIT
from detsis.importers.report import Issue, Issues, Outcome
from detsis.loading import STAGED_FACTS, column_of
from detsis.models import ChangeKind, KepAddress
from detsis.services import Wanted, record_changes
from detsis.timeline import KEP
from kaysis.accounts.models import Person
from kaysis.common.errors import KaysisError
from kaysis.common.validity import contains

_BATCH = 500
_NAMING = frozenset(["name", "name_en", "addressee_suffix", "addressee_cut", "letterhead"])
_PLACING = frozenset(
    ["parent", "civil_authority", "organisation_type", "province", "district", "country"]
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row whose unit is recorded differently. `facts` are what the row wants."""

    line: int
    unit: int
    facts: Mapping[str, Any]
    recorded_from: dt.date | None = None
    closes_on: dt.date | None = None
    other_closing: dt.date | None = None
    reopens: bool = False
    kep: Sequence[Mapping[str, Any]] | None = None

    def fields(self) -> list[str]:
        names = [published(fact) for fact in self.facts]
        names += [KEP] if self.kep is not None else []
        names += ["valid_to"] if self.closes_on else []
        return names + (["active"] if self.reopens else [])


# A difference with the changes it asks for.
Group = tuple[Difference, list[Wanted]]


def handle(issues: Issues, *, day: dt.date, update: bool, actor: Person | None, source: str) -> int:
    """Compare every known row; record the differences if asked to. Returns how many are the same.

    `day` is the day on which changes take effect.
    """
    same = _count_known()
    groups: list[Group] = []
    told: list[Issue] = []
    for difference in _differences(day):
        same -= 1
        told += _cannot_change(difference)
        if not difference.fields():
            continue
        if not update:
            told.append(_issue(difference, Outcome.DIFFERS, "not_as_recorded"))
            continue
        groups.append((difference, _wanted(difference, day)))
        if len(groups) >= _BATCH:
            told += _record(groups, actor, source)
            groups = []
        if len(told) >= _BATCH:
            issues.add_many(told)
            told = []
    told += _record(groups, actor, source)
    issues.add_many(told)
    return same


def _count_known() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {KNOWN}")
        return cursor.fetchone()[0]


def _changed(fact: str) -> str:
    """The value the row states where it is not the recorded one; else NULL."""
    column = column_of(fact)
    return f"""'{fact}', CASE WHEN k.stated & {BIT[fact]} <> 0
        AND k.{column} IS DISTINCT FROM v.{column} THEN to_jsonb(k.{column}) END"""


_CHANGED = ", ".join(map(_changed, STAGED_FACTS))
_DIFFERENCES = f"""
    SELECT * FROM (
        SELECT k.line, k.detsis_no,
            jsonb_strip_nulls(jsonb_build_object({_CHANGED})) AS facts,
            CASE WHEN k.stated & {BIT["valid_from"]} <> 0 AND k.valid_from <> u.valid_from
                THEN u.valid_from END AS recorded_from,
            CASE WHEN k.valid_to IS NOT NULL AND u.valid_to IS NULL THEN k.valid_to END
                AS closes_on,
            CASE WHEN k.stated & {BIT["valid_to"]} <> 0 AND k.valid_to <> u.valid_to
                THEN u.valid_to END AS other_closing,
            k.stated & {BIT["active"]} <> 0 AND k.valid_to IS NULL AND u.valid_to IS NOT NULL
                AS reopens,
            CASE WHEN k.kep_addresses IS NOT NULL AND
                (SELECT array_agg(e ->> 'address' ORDER BY e ->> 'address')
                 FROM jsonb_array_elements(k.kep_addresses) e) IS DISTINCT FROM
                (SELECT array_agg(a.address::text ORDER BY a.address::text)
                 FROM detsis_kepaddress a
                 WHERE a.unit_id = k.detsis_no AND a.validity @> %(day)s::date)
                THEN k.kep_addresses END AS kep
        FROM {KNOWN} k JOIN detsis_unit u USING (detsis_no)
        LEFT JOIN LATERAL (
            SELECT * FROM detsis_unitversion w WHERE w.unit_id = k.detsis_no
            ORDER BY w.validity @> %(day)s::date DESC, w.validity LIMIT 1) v ON true
    ) d
    WHERE facts <> '{{}}' OR recorded_from IS NOT NULL OR closes_on IS NOT NULL
        OR other_closing IS NOT NULL OR reopens OR kep IS NOT NULL
    ORDER BY line
"""


def _differences(day: dt.date) -> Iterator[Difference]:
    """In the order of the file. Kept in a table: recording changes what is compared."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS differences")
        cursor.execute(
            f"CREATE TEMP TABLE differences ON COMMIT DROP AS {_DIFFERENCES}", {"day": day}
        )
        after = 0
        while True:
            cursor.execute(
                "SELECT line, detsis_no, facts::text, recorded_from, closes_on, other_closing,"
                " reopens, kep::text FROM differences WHERE line > %s ORDER BY line LIMIT 1000",
                [after],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            after = rows[-1][0]
            for line, unit, facts, recorded, closes, closed, reopens, kep in rows:
                yield Difference(
                    line=line,
                    unit=unit,
                    facts=json.loads(facts),
                    recorded_from=recorded,
                    closes_on=closes,
                    other_closing=closed,
                    reopens=reopens,
                    kep=json.loads(kep) if kep else None,
                )


def _issue(difference: Difference, outcome: Outcome, message: str, value: str = "") -> Issue:
    names = ", ".join(difference.fields())
    return Issue(difference.line, difference.unit, outcome, names, message, value or names)


def _cannot_change(difference: Difference) -> list[Issue]:
    """Days that are recorded otherwise: only a correction may change the past."""
    found = []
    for name, recorded in (
        ("valid_from", difference.recorded_from),
        ("valid_to", difference.other_closing),
    ):
        if recorded:
            found.append(
                Issue(
                    difference.line, difference.unit, Outcome.DIFFERS, name, "needs_correction",
                    recorded.strftime("%d.%m.%Y"),
                )
            )  # fmt: skip
    return found


def _wanted(difference: Difference, day: dt.date) -> list[Wanted]:
    """The changes that make the record say what the row says, in the order they must be made."""
    facts = dict(difference.facts)
    changes: list[tuple[str, dt.date, dict[str, Any]]] = []
    if difference.reopens:
        changes.append((ChangeKind.REOPENED, day, {"active": True}))
    if "name" in facts:
        changes.append((ChangeKind.RENAMED, day, _taken(facts, _NAMING)))
    if "parent" in facts:
        changes.append((ChangeKind.MOVED, day, _taken(facts, _PLACING)))
    if difference.kep is not None:
        facts[KEP] = _new_kep(difference, day)
    if facts:
        changes.append((ChangeKind.AMENDED, day, facts))
    if difference.closes_on:
        changes.append((ChangeKind.CLOSED, difference.closes_on, {"active": False}))
    return [Wanted(kind, difference.unit, when, given) for kind, when, given in changes]


def _taken(facts: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: facts.pop(name) for name in list(facts) if name in names}


def _new_kep(difference: Difference, day: dt.date) -> list[dict[str, Any]]:
    """Past addresses stay; those in use that the row does not name end on `day`."""
    stated = {entry["address"]: dict(entry) for entry in difference.kep or ()}
    result = []
    for address in KepAddress.objects.filter(unit=difference.unit).order_by("pk"):
        entry = {"address": address.address}
        start, end = address.validity.lower, address.validity.upper
        if contains(address.validity, day):
            if address.address not in stated:
                end = day
            stated.pop(address.address, None)
        if start and end and start >= end:
            continue
        entry |= {"valid_from": start.isoformat()} if start else {}
        entry |= {"valid_to": end.isoformat()} if end else {}
        result.append(entry)
    for entry in stated.values():
        entry.setdefault("valid_from", day.isoformat())
        result.append(entry)
    return result


def _record(groups: Sequence[Group], actor: Person | None, source: str) -> list[Issue]:
    """Record all; where that is refused, halve until those remain that are at fault."""
    if not groups:
        return []
    try:
        with transaction.atomic():
            record_changes([w for _, wanted in groups for w in wanted], actor=actor, source=source)
    except (KaysisError, ValidationError) as error:
        if len(groups) > 1:
            middle = len(groups) // 2
            return _record(groups[:middle], actor, source) + _record(groups[middle:], actor, source)
        text = str(error) if isinstance(error, KaysisError) else " ".join(error.messages)
        return [_issue(groups[0][0], Outcome.REFUSED, "rule", text)]
    return [_issue(difference, Outcome.UPDATED, "recorded") for difference, _ in groups]
