"""Trying a file without keeping anything, and naming the rows that stand in the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from detsis.models import ChangeItem, ChangeSet, UnitChange
from detsis.rules import subject_of
from detsis.services.batch import Pairs, wanted_by_item
from detsis.services.record import Wanted, record_changes
from kaysis.common.errors import KaysisError

# More are not looked for: these are mended and the file is looked at again.
MOST_PROBLEMS = 50
MOST_SECONDS = 15

Refusal = KaysisError | ValidationError


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an item cannot be recorded. `position` None: the file as a whole."""

    position: int | None
    field: str | None
    message: str


@dataclass(slots=True)
class Trial:
    """How it went: the refusal, if there was one, and what each item wanted."""

    refusal: Refusal | None = None
    pairs: Pairs = field(default_factory=list)


class _Enough(Exception):
    """Ends the trial transaction."""


def attempt(
    change_set: ChangeSet,
    items: Sequence[ChangeItem],
    look: Callable[[list[UnitChange]], Any] | None = None,
) -> Trial:
    """Record the items, let `look` see the register as it then is, and roll everything back."""
    trial = Trial()
    stored = change_set if change_set.pk else None
    try:
        with transaction.atomic():
            trial.pairs = wanted_by_item(change_set, items)
            wanted = [each for _item, several in trial.pairs for each in several]
            changes = record_changes(wanted, actor=None, source="preview", change_set=stored)
            if look:
                look(changes)
            raise _Enough
    except _Enough:
        pass
    except (KaysisError, ValidationError) as error:
        trial.refusal = error
    return trial


def problems_of(change_set: ChangeSet, items: Sequence[ChangeItem], first: Trial) -> list[Problem]:
    """What stands in the way: the refused row is noted and left out, and the rest tried again.

    One trial for each problem. A row that names a unit which a left-out row founds is left out
    with it, since nothing is known of it yet.
    """
    found: list[Problem] = []
    left, trial = list(items), first
    until = time.monotonic() + MOST_SECONDS
    while trial.refusal is not None and len(found) < MOST_PROBLEMS and time.monotonic() < until:
        culprit = _culprit(trial, left) or _first_refused(change_set, left)
        found.append(_problem(culprit.position if culprit else None, trial.refusal))
        if culprit is None:
            break
        left = _without(left, culprit)
        trial = attempt(change_set, left)
    return sorted(found, key=lambda problem: problem.position or 0)


def _culprit(trial: Trial, left: Sequence[ChangeItem]) -> ChangeItem | None:
    """The row the refusal says it is about."""
    subject = subject_of(trial.refusal) if trial.refusal else None
    if isinstance(subject, ChangeItem):
        return next((item for item in left if item.position == subject.position), None)
    if isinstance(subject, Wanted):
        named = [item for item, wanted in trial.pairs if any(each is subject for each in wanted)]
    else:
        named = [item for item, wanted in trial.pairs if any(e.unit == subject for e in wanted)]
    # Of several rows about one unit, the one that sets what was refused.
    fact = getattr(trial.refusal, "field", None)
    fact = "active" if fact == "unit" else fact
    return next((item for item in named if fact in item.assignments), next(iter(named), None))


def _first_refused(change_set: ChangeSet, left: Sequence[ChangeItem]) -> ChangeItem | None:
    """The row with which the rows up to it are first refused, found by halving.

    For what the database refuses: it names no row.
    """
    fine, refused = 0, len(left)
    while refused - fine > 1:
        middle = (fine + refused) // 2
        if attempt(change_set, left[:middle]).refusal is None:
            fine = middle
        else:
            refused = middle
    return left[refused - 1] if left else None


def _without(items: Sequence[ChangeItem], culprit: ChangeItem) -> list[ChangeItem]:
    left = [item for item in items if item is not culprit]
    lost = {culprit.key} if culprit.key else set()
    while lost:
        gone = [item for item in left if _names(item) & lost]
        left = [item for item in left if item not in gone]
        lost = {item.key for item in gone if item.key}
    return left


def _names(item: ChangeItem) -> set[Any]:
    """The keys and numbers an item refers to."""
    given = item.assignments
    return {given.get("parent"), given.get("civil_authority"), *item.successors}


def _problem(position: int | None, error: Refusal) -> Problem:
    if isinstance(error, KaysisError):
        return Problem(position, error.field, str(error))
    if hasattr(error, "error_dict"):
        name, messages = next(iter(error.message_dict.items()))
        return Problem(position, None if name == "__all__" else name, messages[0])
    return Problem(position, None, error.messages[0])
