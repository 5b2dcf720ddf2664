"""What a file of changes would do, exactly: it is recorded, looked at, and rolled back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from detsis import counts, selectors
from detsis.models import ChangeKind, ChangeSet, Unit, UnitChange, UnitVersion
from detsis.models.change import ENDING_KINDS
from detsis.quality import rules as quality_rules
from detsis.selectors import Crumb
from detsis.services.trial import Problem, attempt, problems_of
from detsis.wording import Told, tell
from kaysis.common.turkish import fold

# The counts of so many units are shown, those nearest to the changes first.
MOST_COUNTS = 8


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
    # What is allowed but looks wrong.
    warnings: list[str]
    # The item it comes from.
    position: int


@dataclass(frozen=True, slots=True)
class CountEffect:
    """Active units at or below an institution on the last day of the file, before and after."""

    detsis_no: int
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Preview:
    units: list[UnitPreview] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: list[CountEffect] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        return not self.problems


def preview_change_set(change_set: ChangeSet) -> Preview:
    """Try the whole file; where it is refused, name every row that stands in the way.

    New units appear under numbers that are not kept: the real ones are issued on approval.
    """
    items = list(change_set.items.all())
    preview = Preview()
    counted: dict[int, tuple[str, int]] = {}
    last = max([item.effective_on or change_set.effective_on for item in items], default=None)

    def look(changes: list[UnitChange]) -> None:
        positions = [item.position for item in items if item.kind != ChangeKind.VOIDED]
        preview.units.extend(describe(changes, positions))
        if last is not None:
            counted.update(_counted(preview.units, last))

    trial = attempt(change_set, items, look)
    if trial.refusal is not None:
        preview.problems.extend(problems_of(change_set, items, trial))
    elif last is not None:
        before = counts.of_many(counted, last)
        preview.counts.extend(
            CountEffect(number, name, _units(before.get(number, {})), after)
            for number, (name, after) in counted.items()
        )
    return preview


def describe(changes: Sequence[UnitChange], positions: Sequence[int]) -> list[UnitPreview]:
    """What recorded changes make of their units; `positions` are those of their items.

    Voiding entries among them are passed over.
    """
    shown = [change for change in changes if change.voids_id is None]
    prefetch_related_objects(shown, "successions")
    words = {told.change.id: told for told in tell(shown, whole=True)}
    days = sorted({change.effective_on for change in shown})
    after: dict[tuple[int, dt.date], list[Crumb]] = {}
    before: dict[tuple[int, dt.date], list[Crumb]] = {}
    for day in days:
        numbers = [change.unit_id for change in shown if change.effective_on == day]
        eve = day - dt.timedelta(days=1)
        after |= {(n, day): path for n, path in selectors.paths(numbers, day).items()}
        before |= {(n, day): path for n, path in selectors.paths(numbers, eve).items()}
    warnings = _warnings(shown)
    result = []
    for change, position in zip(shown, positions, strict=True):
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
                warnings=warnings[change.pk],
                position=position,
            )
        )
    return result


# --- What is allowed but looks wrong ------------------------------------------------------------


def _warnings(changes: Sequence[UnitChange]) -> dict[int, list[str]]:
    """Change → warnings: a name that another unit beside it bears, and the rules about names."""
    found: dict[int, list[str]] = defaultdict(list)
    naming = [c for c in changes if {"name", "parent"} & set(c.assignments)]
    doubled = _doubled(naming)
    checks = [rule for rule in quality_rules() if rule.check]
    for change in naming:
        if change.pk in doubled:
            found[change.pk].append(_("Aynı birimin altında aynı adı taşıyan başka bir birim var."))
        name = str(change.assignments.get("name", ""))
        for rule in checks:
            detail = rule.check(name) if name and rule.check else None
            if detail is not None:
                found[change.pk].append(f"{rule.title}: {detail}")
    return found


def _doubled(changes: Sequence[UnitChange]) -> set[int]:
    """Changes after which a sibling bears the same name on that day. Two queries for each day."""
    by_day: dict[dt.date, dict[int, int]] = defaultdict(dict)
    for change in changes:
        by_day[change.effective_on][change.unit_id] = change.pk
    doubled = set()
    for day, units in by_day.items():
        versions = UnitVersion.objects.at(day).active().filter(parent__isnull=False)
        own = versions.filter(unit__in=units).values_list("unit_id", "parent_id", "name")
        mine = {unit: (parent, fold(name)) for unit, parent, name in own}
        beside = versions.filter(parent__in={parent for parent, _name in mine.values()})
        bearers: dict[tuple[int, str], set[int]] = defaultdict(set)
        names = {name for _parent, name in mine.values()}
        for unit, parent, name in beside.values_list("unit_id", "parent_id", "name"):
            if (folded := fold(name)) in names:
                bearers[parent, folded].add(unit)
        doubled |= {units[unit] for unit, place in mine.items() if bearers[place] - {unit}}
    return doubled


# --- Counts -------------------------------------------------------------------------------------


def _counted(units: Sequence[UnitPreview], day: dt.date) -> dict[int, tuple[str, int]]:
    """Unit → (name, active units at or below it on `day`), for those the changes touch.

    The institutions above the changed units; where there are none, the tops of the trees.
    """
    if not any(unit.kind in _COUNTED_KINDS for unit in units):
        return {}
    names: dict[int, str] = {}
    tops: dict[int, str] = {}
    for unit in units:
        for path in (unit.path_before, unit.path_after):
            tops |= {crumb.detsis_no: crumb.name for crumb in path[:1]}
            names |= {crumb.detsis_no: crumb.name for crumb in reversed(path[:-1])}
    institutions = Unit.objects.filter(pk__in=names, is_institution=True).order_by("-level")
    chosen = list(institutions.values_list("pk", flat=True)[:MOST_COUNTS]) or list(tops)
    after = counts.of_many(chosen, day)
    names |= tops
    return {number: (names[number], _units(after.get(number, {}))) for number in chosen}


_COUNTED_KINDS = (
    ChangeKind.FOUNDED,
    ChangeKind.REGISTERED,
    ChangeKind.MOVED,
    ChangeKind.REOPENED,
    *ENDING_KINDS,
)


def _units(figures: dict[str, int]) -> int:
    return sum(figures.get(f"units.{kind}", 0) for kind in ("central", "provincial", "abroad"))
