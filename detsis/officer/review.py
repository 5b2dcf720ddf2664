"""A file as its page shows it: every row in words, what stands in its way, the tree before, after.

The preview records the whole file on trial; it is kept until the file or the register changes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language, gettext

from detsis.models import ChangeItem, ChangeKind, ChangeSet, ChangeSetStatus, Unit, UnitChange
from detsis.selectors import Crumb, paths
from detsis.services.items import EDITABLE
from detsis.services.preview import CountEffect, Preview, UnitPreview, describe, preview_change_set
from detsis.services.trial import Problem
from detsis.timeline import KEP
from detsis.wording import (
    CODE_TABLES,
    FUTURE_TITLES,
    TITLES,
    Difference,
    Lexicon,
    Side,
    label_of,
    text_of,
    tone_of,
)
from kaysis.common.types import Text

KEEP_SECONDS = 600
UNDECIDED = (*EDITABLE, ChangeSetStatus.SUBMITTED)
_UNITS = ("parent", "civil_authority")


@dataclass(slots=True)
class Row:
    """A change of a file. `item` is None once it is recorded."""

    position: int
    title: Text
    tone: str
    name: str
    day: dt.date
    number: int | None = None
    key: str = ""
    item: ChangeItem | None = None
    path_before: list[Crumb] = field(default_factory=list)
    path_after: list[Crumb] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    successors: list[Side] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def moves(self) -> bool:
        """Whether the path is another one afterwards."""
        above = [crumb.detsis_no for crumb in self.path_before[:-1]]
        return bool(self.path_before) and above != [c.detsis_no for c in self.path_after[:-1]]


@dataclass(slots=True)
class Node:
    """A unit in one of the two trees. `mark`: what happens to it, and in which tone."""

    number: int
    name: str
    mark: Text = ""
    tone: str = ""
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Review:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: list[CountEffect] = field(default_factory=list)
    before: list[Node] = field(default_factory=list)
    after: list[Node] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        return not self.problems

    @property
    def summary(self) -> list[tuple[Text, str, int]]:
        """(what, tone, how many), the most frequent first."""
        counted = Counter((str(row.title), row.tone) for row in self.rows)
        return [(title, tone, number) for (title, tone), number in counted.most_common()]

    @property
    def warned(self) -> int:
        return sum(bool(row.warnings) for row in self.rows)


def review(file: ChangeSet, items: Sequence[ChangeItem]) -> Review:
    """What the file does, or did. Without items or changes: nothing."""
    if file.status in (ChangeSetStatus.SCHEDULED, ChangeSetStatus.IN_FORCE):
        return _recorded(file)
    if file.status not in UNDECIDED:
        return Review(rows=_plain_rows(file, items))
    if not items:
        return Review()
    preview = kept_preview(file, items)
    if preview.fine:
        return _previewed(preview, items)
    rows = _plain_rows(file, items)
    by_position: dict[int | None, list[Problem]] = defaultdict(list)
    for problem in preview.problems:
        by_position[problem.position].append(problem)
    for row in rows:
        row.problems = by_position[row.position]
    return Review(rows=rows, problems=preview.problems)


def kept_preview(file: ChangeSet, items: Sequence[ChangeItem]) -> Preview:
    """The preview, made once for this state of the file and the register."""
    said = [
        [
            *(item.position, item.kind, item.unit_id, item.key, item.assignments),
            *(item.successors, str(item.effective_on), item.corrects_id),
        ]
        for item in items
    ]
    last = UnitChange.objects.aggregate(last=Max("pk"))["last"]
    state = [said, str(file.effective_on), last, str(timezone.localdate()), get_language()]
    digest = hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()
    key = f"detsis-preview:{file.pk}:{digest}"
    preview: Preview | None = cache.get(key)
    if preview is None:
        preview = preview_change_set(file)
        cache.set(key, preview, KEEP_SECONDS)
    return preview


def _previewed(preview: Preview, items: Sequence[ChangeItem]) -> Review:
    by_position = {item.position: item for item in items}
    rows = []
    for unit in preview.units:
        row = _row(unit)
        row.title = FUTURE_TITLES.get(unit.kind, row.title)
        row.item = item = by_position.get(unit.position)
        if item is not None and item.key:
            row.key, row.number = item.key, None
        rows.append(row)
    shown = {row.position for row in rows}
    if shown != set(by_position):
        rows += [row for row in _plain_rows_of(items) if row.position not in shown]
    before, after = trees(preview.units, FUTURE_TITLES)
    return Review(
        rows=sorted(rows, key=lambda row: row.position),
        counts=preview.counts,
        before=before,
        after=after,
    )


def _recorded(file: ChangeSet) -> Review:
    changes = list(file.changes.filter(voids__isnull=True).order_by("pk"))
    units = describe(changes, range(1, len(changes) + 1))
    before, after = trees(units, {})
    return Review(rows=[_row(unit) for unit in units], before=before, after=after)


def _row(unit: UnitPreview) -> Row:
    """Without the facts that the heading and the paths of the row say already."""
    said = {str(label_of("parent"))}
    if unit.kind in (ChangeKind.FOUNDED, ChangeKind.REGISTERED):
        said.add(str(label_of("name")))
    return Row(
        position=unit.position,
        title=unit.told.title,
        tone=unit.told.tone,
        name=unit.name_after or unit.name_before,
        day=unit.effective_on,
        number=unit.detsis_no,
        path_before=unit.path_before,
        path_after=unit.path_after,
        differences=[each for each in unit.told.differences if str(each.label) not in said],
        successors=unit.told.successors,
        warnings=unit.warnings,
    )


# --- Rows that are not recorded, not even on trial ------------------------------------------------


def _plain_rows(file: ChangeSet, items: Sequence[ChangeItem]) -> list[Row]:
    for item in items:
        item.change_set = file
    return _plain_rows_of(items)


def _plain_rows_of(items: Sequence[ChangeItem]) -> list[Row]:
    """The items as they were asked for. Constant queries."""
    keys = {item.key: str(item.assignments.get("name", "")) for item in items if item.key}
    numbers = {n for item in items for n in _named(item) if str(n).isdecimal()}
    names = dict(Unit.objects.filter(pk__in=numbers).values_list("pk", "name"))
    trails = paths({number for item in items for number in (item.unit_id, _below(item)) if number})
    lexicon = Lexicon.of(
        UnitChange(
            assignments={k: v for k, v in item.assignments.items() if k in CODE_TABLES}, before={}
        )
        for item in items
    )

    def side(reference: Any) -> Side:
        if str(reference).isdecimal():
            number = int(reference)
            return Side(names.get(number, str(number)), number)
        return Side(f"{keys.get(reference, '')} ({reference})") if reference else Side("")

    def trail(item: ChangeItem) -> list[Crumb]:
        if item.unit_id:
            return trails.get(item.unit_id, [])
        return [*trails.get(_below(item), []), Crumb(0, keys.get(item.key, ""))]

    rows = []
    for item in items:
        day = item.effective_on or item.change_set.effective_on
        rows.append(
            Row(
                position=item.position,
                title=FUTURE_TITLES.get(item.kind, TITLES[item.kind]),
                tone=tone_of(item.kind),
                name=item.unit.name if item.unit else keys.get(item.key, ""),
                number=item.unit_id,
                key=item.key,
                day=day,
                item=item,
                path_before=trail(item),
                path_after=trail(item),
                differences=[
                    Difference(
                        label_of(name),
                        None,
                        side(value) if name in _UNITS else Side(text_of(name, value, lexicon)),
                    )
                    for name, value in item.assignments.items()
                    if name != "active" and (name == KEP or value not in (None, "", []))
                ],
                successors=[side(reference) for reference in item.successors],
            )
        )
    return rows


def _below(item: ChangeItem) -> int:
    """The unit of the register that a new unit shall hang below; 0 if it is a new one, too."""
    parent = item.assignments.get("parent") if not item.unit_id else None
    return parent if isinstance(parent, int) else 0


def _named(item: ChangeItem) -> Iterable[Any]:
    return [n for n in (*(item.assignments.get(key) for key in _UNITS), *item.successors) if n]


# --- Before and after -----------------------------------------------------------------------------


def trees(
    units: Sequence[UnitPreview], titles: Mapping[str, Text]
) -> tuple[list[Node], list[Node]]:
    """The changed units with all above them, as they stand before and as they stand after.

    `titles` (kind → text) say what happens where a change has not been recorded yet.
    """
    closing = {unit.detsis_no for unit in units if _closes(unit)}
    first: dict[int, UnitPreview] = {}
    last: dict[int, UnitPreview] = {}
    for unit in units:
        first.setdefault(unit.detsis_no, unit)
        last[unit.detsis_no] = unit
    marks = {
        number: (titles.get(unit.kind, unit.told.title), unit.told.tone)
        for number, unit in last.items()
    }
    before = _tree([unit.path_before for unit in first.values()], marks)
    after = _tree(
        [unit.path_after for number, unit in last.items() if number not in closing], marks
    )
    return before, after


def _closes(unit: UnitPreview) -> bool:
    return unit.kind in (
        ChangeKind.CLOSED,
        ChangeKind.MERGED,
        ChangeKind.SPLIT,
        ChangeKind.DEVOLVED,
    )


def _tree(trails: Iterable[list[Crumb]], marks: dict[int, tuple[Text, str]]) -> list[Node]:
    roots: list[Node] = []
    nodes: dict[int, Node] = {}
    for path in trails:
        above: Node | None = None
        for crumb in path:
            node = nodes.get(crumb.detsis_no)
            if node is None:
                node = Node(crumb.detsis_no, crumb.name, *marks.get(crumb.detsis_no, ("", "")))
                nodes[crumb.detsis_no] = node
                (above.children if above else roots).append(node)
            above = node
    return roots


def first_line(problem: Problem) -> str:
    """A problem of the whole file, or of a row, as one line."""
    if problem.position is None:
        return problem.message
    return gettext("%(n)d. satır: %(message)s") % {
        "n": problem.position,
        "message": problem.message,
    }
