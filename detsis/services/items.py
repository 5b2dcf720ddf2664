"""The items of a file of changes: written, added, replaced and taken out, under the file's lock."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from detsis.models import ChangeItem, ChangeKind, ChangeSet, ChangeSetStatus
from detsis.permissions import may_decide, outside_scope
from kaysis.accounts.models import Person
from kaysis.common.errors import Conflict, NotAllowed, RuleViolation, friendly_integrity

EDITABLE = (ChangeSetStatus.DRAFT, ChangeSetStatus.RETURNED)
# A reorganisation is decided, previewed and put into force in one transaction.
MOST_ITEMS = 5000


@dataclass(frozen=True, slots=True)
class ItemInput:
    """One wanted change as a form or a sheet gives it; see `ChangeItem` for keys."""

    kind: str
    unit: int | None = None
    key: str = ""
    assignments: Mapping[str, Any] = field(default_factory=dict)
    successors: Sequence[int | str] = ()
    effective_on: dt.date | None = None
    corrects: int | None = None


@transaction.atomic
def write_items(*, actor: Person, change_set: ChangeSet, items: Iterable[ItemInput]) -> None:
    """Replace all items of a draft or returned file."""
    held = hold_editable(actor, change_set)
    held.items.all().delete()
    _insert(actor, held, items, first=1)


@transaction.atomic
def add_items(*, actor: Person, change_set: ChangeSet, items: Iterable[ItemInput]) -> None:
    """Add to a draft or returned file. A founding without a key gets the next free `yeni-…`.

    What the file holds already is not added again: a second click changes nothing.
    """
    held = hold_editable(actor, change_set)
    present = list(held.items.all())
    known = [_said(item.unit_id, item) for item in present]
    fresh = [item for item in items if _said(item.unit, item) not in known]
    last = max((item.position for item in present), default=0)
    _insert(actor, held, fresh, first=last + 1)


@transaction.atomic
def replace_item(*, actor: Person, change_set: ChangeSet, item: int, by: ItemInput) -> None:
    """Put `by` in the place of the item with the id `item`; a founding keeps its key."""
    held = hold_editable(actor, change_set)
    old = _item(held, item)
    if old.key:
        by = replace(by, key=old.key)
    row = _row(held, by, old.position)
    row.pk = old.pk
    require_scope(actor, [row], _keys(held))
    with friendly_integrity(ChangeItem):
        row.save(force_update=True)


@transaction.atomic
def remove_item(*, actor: Person, change_set: ChangeSet, item: int) -> None:
    """Take an item out. Conflict when it is gone already; the others keep their positions."""
    held = hold_editable(actor, change_set)
    _item(held, item).delete()


def hold(change_set: ChangeSet, allowed: Sequence[str]) -> ChangeSet:
    """The file as it is now, locked; Conflict when somebody has decided it in the meantime."""
    held = ChangeSet.objects.select_for_update(of=("self",)).get(pk=change_set.pk)
    if held.status not in allowed:
        raise Conflict(
            _("Bu dosyanın durumu değişmiş: %(status)s. Sayfayı yenileyin.")
            % {"status": held.get_status_display()}
        )
    return held


def hold_editable(actor: Person, change_set: ChangeSet) -> ChangeSet:
    """The locked file, if it may still be edited, and by the actor."""
    held = hold(change_set, EDITABLE)
    require_owner(actor, held)
    return held


def require_owner(actor: Person, held: ChangeSet) -> None:
    if held.created_by_id != actor.pk and not may_decide(actor):
        raise NotAllowed


def require_scope(actor: Person, rows: Sequence[ChangeItem], keys: set[str]) -> None:
    """An officer proposes inside the own scope only: the unit, and where it is to hang.

    `keys` are the units the file itself founds. One query, however many rows.
    """
    if may_decide(actor):
        return
    outside = outside_scope(actor, {number for row in rows for number in _touched(row, keys)})
    if outside:
        raise NotAllowed(_("%(no)s numaralı birim yetki alanınızda değil.") % {"no": min(outside)})


def _touched(row: ChangeItem, keys: set[str]) -> list[int]:
    parent = row.assignments.get("parent")
    if parent is None and row.kind == ChangeKind.FOUNDED:
        raise NotAllowed(_("En üst düzeyde birim kurulmasını yalnız merkez önerebilir."))
    touched = [row.unit_id] if row.unit_id else []
    if parent is not None and parent not in keys and str(parent).isdecimal():
        touched.append(int(parent))
    return touched


def _said(unit: int | None, item: ItemInput | ChangeItem) -> tuple[Any, ...]:
    """What an item wants, whatever the new unit is called in the file."""
    corrects = item.corrects if isinstance(item, ItemInput) else item.corrects_id
    said = (dict(item.assignments), list(item.successors), item.effective_on)
    return (str(item.kind), unit, corrects, *said)


def _item(held: ChangeSet, item: int) -> ChangeItem:
    found = held.items.filter(pk=item).first()
    if found is None:
        raise Conflict(_("Bu satır dosyadan çıkarılmış. Sayfayı yenileyin."))
    return found


def _keys(held: ChangeSet) -> set[str]:
    return set(held.items.exclude(key="").values_list("key", flat=True))


def _insert(actor: Person, held: ChangeSet, items: Iterable[ItemInput], first: int) -> None:
    items = list(items)
    if first - 1 + len(items) > MOST_ITEMS:
        raise RuleViolation(_("Bir dosyada en çok %(n)d değişiklik olabilir.") % {"n": MOST_ITEMS})
    taken = _keys(held) | {item.key for item in items if item.key}
    free = (key for number in itertools.count(1) if (key := f"yeni-{number}") not in taken)
    rows = []
    for position, item in enumerate(items, start=first):
        founding = item.kind == ChangeKind.FOUNDED and not item.corrects
        named = replace(item, key=next(free)) if founding and not item.key else item
        rows.append(_row(held, named, position))
    require_scope(actor, rows, taken | {row.key for row in rows})
    with friendly_integrity(ChangeItem):
        ChangeItem.objects.bulk_create(rows)


def _row(held: ChangeSet, item: ItemInput, position: int) -> ChangeItem:
    return ChangeItem(
        change_set=held,
        position=position,
        kind=item.kind,
        unit_id=item.unit,
        key=item.key,
        assignments=dict(item.assignments),
        successors=list(item.successors),
        effective_on=item.effective_on,
        corrects_id=item.corrects,
    )
