"""What a file of changes would do, exactly: it is recorded, looked at, and rolled back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects

from detsis import selectors
from detsis.models import ChangeItem, ChangeSet, UnitChange
from detsis.selectors import Crumb
from detsis.services.changesets import wanted_of
from detsis.services.record import record_changes
from detsis.wording import Told, tell
from kaysis.common.errors import KaysisError


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact of one unit, before → after, as the change feed gives values."""

    fact: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class UnitPreview:
    """What becomes of one unit on the day of the change."""

    detsis_no: int
    kind: str
    effective_on: dt.date
    name_before: str
    name_after: str
    path_before: list[Crumb]
    path_after: list[Crumb]
    facts: list[FactChange]
    successors: list[int]
    # The same in words, for people.
    told: Told


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an item cannot be recorded. `position` None: the file as a whole."""

    position: int | None
    field: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Preview:
    units: list[UnitPreview] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        return not self.problems


class _Enough(Exception):
    """Ends the trial transaction."""


def preview_change_set(change_set: ChangeSet) -> Preview:
    """Try the whole file; if it fails, each item for itself, to name every row that is wrong.

    New units appear under numbers that are not kept: the real ones are issued on approval.
    """
    items = list(change_set.items.all())
    preview = Preview()
    try:
        with transaction.atomic():
            changes = record_changes(
                wanted_of(change_set, items), actor=None, source="preview", change_set=change_set
            )
            preview.units.extend(_describe(changes))
            raise _Enough
    except _Enough:
        return preview
    except (KaysisError, ValidationError) as error:
        preview.problems.extend(_problems(change_set, items) or [_problem(None, error)])
    return preview


def _problems(change_set: ChangeSet, items: Sequence[ChangeItem]) -> list[Problem]:
    """Record what can be recorded, one item after the other, and note what cannot.

    Units to be founded are tried together: others of the file may hang below them.
    """
    found: list[Problem] = []
    founded = [item for item in items if item.key]
    try:
        with transaction.atomic():
            kept: list[ChangeItem] = []
            for item in founded + [item for item in items if not item.key]:
                try:
                    with transaction.atomic():
                        record_changes(
                            wanted_of(change_set, [*kept, item]),
                            actor=None,
                            source="preview",
                            change_set=change_set,
                        )
                        raise _Enough
                except _Enough:
                    if item.key:
                        kept.append(item)
                except (KaysisError, ValidationError) as error:
                    found.append(_problem(item.position, error))
            raise _Enough
    except _Enough:
        return sorted(found, key=lambda problem: problem.position or 0)


def _problem(position: int | None, error: KaysisError | ValidationError) -> Problem:
    if isinstance(error, KaysisError):
        return Problem(position, error.field, str(error))
    if hasattr(error, "error_dict"):
        name, messages = next(iter(error.message_dict.items()))
        return Problem(position, None if name == "__all__" else name, messages[0])
    return Problem(position, None, error.messages[0])


def _describe(changes: Sequence[UnitChange]) -> list[UnitPreview]:
    shown = [change for change in changes if change.voids_id is None]
    prefetch_related_objects(shown, "successions")
    words = {told.change.pk: told for told in tell(shown)}
    days = sorted({change.effective_on for change in shown})
    after: dict[tuple[int, dt.date], list[Crumb]] = {}
    before: dict[tuple[int, dt.date], list[Crumb]] = {}
    for day in days:
        numbers = [change.unit_id for change in shown if change.effective_on == day]
        eve = day - dt.timedelta(days=1)
        after |= {(n, day): path for n, path in selectors.paths(numbers, day).items()}
        before |= {(n, day): path for n, path in selectors.paths(numbers, eve).items()}
    result = []
    for change in shown:
        old = before.get((change.unit_id, change.effective_on), [])
        new = after.get((change.unit_id, change.effective_on), [])
        result.append(
            UnitPreview(
                detsis_no=change.unit_id,
                kind=change.kind,
                effective_on=change.effective_on,
                name_before=old[-1].name if old else "",
                name_after=new[-1].name if new else "",
                path_before=old,
                path_after=new,
                facts=[
                    FactChange(fact, change.before.get(fact), value)
                    for fact, value in change.assignments.items()
                    if change.before.get(fact) != value
                ],
                successors=[row.successor_id for row in change.successions.all()],
                told=words[change.pk],
            )
        )
    return result
