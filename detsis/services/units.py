"""What can happen to a unit: one function per kind of change.

All take effect on `effective_on` (past: a late entry; future: scheduled), are keyword-only and
return the recorded change. Whether `actor` may do it is checked by the callers at the edge
(`detsis.permissions`), so that an approved proposal and a decree use the same functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from detsis import tree
from detsis.models import ChangeKind, Unit, UnitChange
from detsis.services.founding import record_plain
from detsis.services.record import Wanted, record_changes
from kaysis.accounts.models import Person
from kaysis.common.numbers import issue_numbers, random_number


@transaction.atomic
def found_unit(
    *,
    actor: Person | None,
    name: str,
    parent: int | None,
    effective_on: dt.date,
    reason: str = "",
    legal_reference: str = "",
    detsis_no: int | None = None,
    source: str = "web",
    **facts: Any,
) -> UnitChange:
    """Found a unit. Without `detsis_no` it gets a number: random, eight digits, never reused."""
    wanted = Wanted(
        kind=ChangeKind.FOUNDED,
        unit=detsis_no or random_number(),
        effective_on=effective_on,
        assignments={"name": name, "parent": parent, **facts},
        reason=reason,
        legal_reference=legal_reference,
    )
    plain = record_plain(
        wanted, actor=actor, source=source, change_set=None, today=timezone.localdate()
    )
    if plain:
        return plain
    # Before the number's own lock: everybody takes the two in this order.
    tree.lock()
    wanted = replace(wanted, unit=detsis_no or new_numbers(1)[0])
    return record_changes([wanted], actor=actor, source=source)[0]


def new_numbers(count: int) -> list[int]:
    """Numbers no unit has ever had, for units recorded in this transaction.

    Units are never deleted, so no number comes back.
    """
    return issue_numbers(Unit, "detsis_no", count) if count else []


def _one(kind: ChangeKind, **given: Any) -> UnitChange:
    actor = given.pop("actor")
    source = given.pop("source", "web")
    return record_changes([Wanted(kind=kind, **given)], actor=actor, source=source)[0]


def rename_unit(*, unit: int, name: str, effective_on: dt.date, **rest: Any) -> UnitChange:
    """Give the unit another name from `effective_on` on."""
    return _one(
        ChangeKind.RENAMED,
        unit=unit,
        effective_on=effective_on,
        assignments={"name": name, **rest.pop("facts", {})},
        **rest,
    )


def move_unit(*, unit: int, parent: int | None, effective_on: dt.date, **rest: Any) -> UnitChange:
    """Hang the unit, with all below it, elsewhere in the tree."""
    return _one(
        ChangeKind.MOVED,
        unit=unit,
        effective_on=effective_on,
        assignments={"parent": parent, **rest.pop("facts", {})},
        **rest,
    )


def amend_unit(
    *, unit: int, facts: dict[str, Any], effective_on: dt.date, **rest: Any
) -> UnitChange:
    """Change facts other than name, place in the tree and activity."""
    return _one(ChangeKind.AMENDED, unit=unit, effective_on=effective_on, assignments=facts, **rest)


def close_unit(*, unit: int, effective_on: dt.date, **rest: Any) -> UnitChange:
    """Close the unit without a successor. It keeps its page and its number."""
    return _one(
        ChangeKind.CLOSED,
        unit=unit,
        effective_on=effective_on,
        assignments={"active": False},
        **rest,
    )


def reopen_unit(*, unit: int, effective_on: dt.date, **rest: Any) -> UnitChange:
    """Open a closed unit again, under its old number."""
    return _one(
        ChangeKind.REOPENED,
        unit=unit,
        effective_on=effective_on,
        assignments={"active": True, **rest.pop("facts", {})},
        **rest,
    )


def merge_units(
    *,
    units: Sequence[int],
    successor: int,
    effective_on: dt.date,
    actor: Person | None,
    source: str = "web",
    **rest: Any,
) -> list[UnitChange]:
    """End `units`; `successor` (existing on that day) carries on the work of all of them."""
    return record_changes(
        [
            Wanted(
                kind=ChangeKind.MERGED,
                unit=unit,
                effective_on=effective_on,
                assignments={"active": False},
                successors=[successor],
                **rest,
            )
            for unit in units
        ],
        actor=actor,
        source=source,
    )


def split_unit(
    *, unit: int, successors: Sequence[int], effective_on: dt.date, **rest: Any
) -> UnitChange:
    """End the unit; at least two successors share its work."""
    return _one(
        ChangeKind.SPLIT,
        unit=unit,
        effective_on=effective_on,
        assignments={"active": False},
        successors=list(successors),
        **rest,
    )


def devolve_unit(*, unit: int, successor: int, effective_on: dt.date, **rest: Any) -> UnitChange:
    """End the unit; its duties go to one other unit."""
    return _one(
        ChangeKind.DEVOLVED,
        unit=unit,
        effective_on=effective_on,
        assignments={"active": False},
        successors=[successor],
        **rest,
    )


def void_change(*, change: UnitChange, actor: Person | None, reason: str) -> UnitChange:
    """Take back a recorded change. Both rows stay visible in the unit's history."""
    return record_changes([_voiding(change, reason)], actor=actor)[0]


@transaction.atomic
def correct_change(
    *,
    change: UnitChange,
    actor: Person | None,
    reason: str,
    effective_on: dt.date | None = None,
    assignments: dict[str, Any] | None = None,
    successors: Sequence[int] | None = None,
) -> UnitChange:
    """Replace a wrong past entry by a right one; the wrong one stays visible as corrected."""
    kept = [row.successor_id for row in change.successions.all()]
    right = Wanted(
        # A founding is corrected by a registration of the same unit: it exists already.
        kind=change.kind,
        unit=change.unit_id,
        effective_on=effective_on or change.effective_on,
        assignments=change.assignments if assignments is None else assignments,
        successors=kept if successors is None else list(successors),
        reason=reason,
        legal_reference=change.legal_reference,
        replaces=change.pk,
    )
    return record_changes([_voiding(change, reason), right], actor=actor)[1]


def _voiding(change: UnitChange, reason: str) -> Wanted:
    return Wanted(
        kind=ChangeKind.VOIDED,
        unit=change.unit_id,
        effective_on=change.effective_on,
        reason=reason,
        voids=change.pk,
    )
