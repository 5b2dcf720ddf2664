"""Bringing today's rows and the tree to what the versions say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from detsis import rules, tree
from detsis.models import ChangeSet, ChangeSetStatus, KepAddress, Unit, UnitChange, UnitVersion
from detsis.timeline import FACTS, KEYS, Step, Version, active_range, fold, kep_addresses, state_at
from kaysis.common import indexing
from kaysis.common.errors import friendly_integrity
from kaysis.common.pagecache import bump_data_version
from kaysis.common.validity import day_range

# Facts that stand in the search entries of units below or beside, not only in the unit's own.
_SHOWN_ELSEWHERE = ("name", "province", "district")


def unit_columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Column names and values for the facts, without `parent` and `active` (they move the tree)."""
    return {
        (f"{key}_id" if key in KEYS else key): value
        for key, value in facts.items()
        if key in FACTS and key not in ("parent", "active")
    }


def set_facts(unit: Unit, versions: list[Version], today: dt.date) -> int | None:
    """Set on `unit` what is true today; returns the parent it hangs below.

    A unit that begins later stands where it will begin, and is not active; one whose founding was
    taken back stays where it was.
    """
    parent = unit.parent_id
    unit.active = False
    if versions:
        state = state_at(versions, today) or versions[0]
        for column, value in unit_columns(state.facts).items():
            setattr(unit, column, value)
        unit.active = bool(state.facts["active"]) and state.covers(today)
        parent = state.facts["parent"]
    unit.valid_from, unit.valid_to = active_range(versions)
    with rules.about(unit.pk):
        rules.clean_fields(unit)
    return parent


def project(
    numbers: Collection[int], versions: Mapping[int, list[Version]], *, today: dt.date
) -> None:
    """Write what is true of existing units today: facts, active range, place in the tree."""
    moves: list[tuple[int, int | None]] = []
    for unit in Unit.objects.filter(pk__in=numbers):
        parent = set_facts(unit, versions[unit.pk], today)
        with friendly_integrity(Unit):
            unit.save(update_fields=_WRITTEN)
        if parent != unit.parent_id:
            moves.append((unit.pk, parent))
    _move_all(moves)


_WRITTEN = [
    *(key for key in FACTS if key != "parent"),
    "valid_from",
    "valid_to",
]


def _move_all(moves: list[tuple[int, int | None]]) -> None:
    """Hang each unit below its new parent, those first whose new parent is not below themselves.

    One of the rest can always go first, since the wanted tree has no circle.
    """
    waiting = list(moves)
    while waiting:
        for move in waiting:
            number, parent = move
            own, target = tree.bounds_of(number), tree.bounds_of(parent)
            if not own.lft <= target.lft < own.rght:
                tree.move(number, parent)
                waiting.remove(move)
                break
        else:
            raise RuntimeError(f"circle among {waiting}: rules.check_result should have refused it")


def write_kep_addresses(
    steps: Mapping[int, Mapping[int, Step]], *, fresh: Collection[int] = ()
) -> None:
    """Bring the rows of the units' KEP addresses to the list that stands after `steps`."""
    said = {unit: kep_addresses(mine.values()) for unit, mine in steps.items()}
    present: dict[int, list[KepAddress]] = {unit: [] for unit in said}
    for row in KepAddress.objects.filter(unit__in=[unit for unit in said if unit not in fresh]):
        present[row.unit_id].append(row)
    for unit, addresses in said.items():
        wanted = [
            (a["address"], day_range(_day(a.get("valid_from")), _day(a.get("valid_to"))))
            for a in addresses or []
        ]
        if [(row.address, row.validity) for row in present[unit]] == wanted:
            continue
        KepAddress.objects.filter(pk__in=[row.pk for row in present[unit]]).delete()
        with friendly_integrity(KepAddress):
            KepAddress.objects.bulk_create(
                KepAddress(unit_id=unit, address=address, validity=validity)
                for address, validity in wanted
            )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def dependants(
    units: Collection[int],
    old: Mapping[int, list[Version]],
    new: Mapping[int, list[Version]],
    fresh: Collection[int] = (),
) -> list[int]:
    """The units whose search entries are to be written anew: these, and those that name them."""
    shown = [u for u in units if u not in fresh and _shown(old[u]) != _shown(new[u])]
    others = (
        Unit.objects.filter(Q(parent__in=shown) | Q(civil_authority__in=shown)).values_list(
            "pk", flat=True
        )
        if shown
        else ()
    )
    return sorted({*units, *others})


def _shown(versions: list[Version]) -> list[tuple[Any, ...]]:
    return [(v.valid_from, *(v.facts[key] for key in _SHOWN_ELSEWHERE)) for v in versions]


@transaction.atomic
def put_into_force(*, today: dt.date | None = None) -> list[int]:
    """Bring every unit whose day has come to its new state, all in one transaction.

    Returns the numbers of the units that changed. Run daily at midnight, and safe at any time:
    it finds by itself what is due, however long it has not run.
    """
    today = today or timezone.localdate()
    tree.lock()
    due = _due_units(today)
    if due:
        steps: dict[int, dict[int, Step]] = {number: {} for number in due}
        rows = UnitChange.objects.filter(
            unit__in=due, voided_by__isnull=True, voids__isnull=True
        ).values_list("unit_id", "id", "effective_on", "assignments")
        for number, cursor, day, assignments in rows:
            steps[number][cursor] = Step(cursor, day, assignments)
        versions = {number: fold(steps[number].values()) for number in due}
        project(due, versions, today=today)
        indexing.reindex("unit", dependants(due, {u: [] for u in due}, versions))
        bump_data_version()
    ChangeSet.objects.filter(status=ChangeSetStatus.SCHEDULED, effective_on__lte=today).update(
        status=ChangeSetStatus.IN_FORCE
    )
    return due


def _due_units(today: dt.date) -> list[int]:
    """Units with a change recorded ahead of its day, whose row does not yet say what is true."""
    columns = [f"{key}_id" if key in KEYS else key for key in FACTS]
    differs = " OR ".join(f"u.{c} IS DISTINCT FROM v.{c}" for c in columns)
    return [
        row.unit_id
        for row in UnitVersion.objects.raw(
            f"""SELECT v.id, v.unit_id FROM detsis_unitversion v
                JOIN detsis_unit u ON u.detsis_no = v.unit_id
                WHERE v.unit_id IN (SELECT unit_id FROM detsis_unitchange
                                    WHERE scheduled AND effective_on <= %s)
                    AND v.validity @> %s::date AND ({differs})
                ORDER BY v.unit_id""",
            [today, today],
        )
    ]
