"""The items of a file as changes to record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from detsis import tree
from detsis.models import ChangeItem, ChangeKind, ChangeSet, UnitChange
from detsis.rules import about
from detsis.services.record import Wanted
from detsis.services.units import new_numbers
from kaysis.common.errors import NotFound, RuleViolation

Pairs = list[tuple[ChangeItem, list[Wanted]]]


def wanted_of(change_set: ChangeSet, items: Sequence[ChangeItem]) -> list[Wanted]:
    """All of them in order; see `wanted_by_item`."""
    return [wanted for _item, each in wanted_by_item(change_set, items) for wanted in each]


def wanted_by_item(change_set: ChangeSet, items: Sequence[ChangeItem]) -> Pairs:
    """Each item with what is to be recorded for it; new units get their numbers here.

    An item that corrects an entry becomes two: the entry's voiding and the right entry.
    """
    tree.lock()
    keys = [item.key for item in items if item.key]
    numbers: dict[str, int] = dict(zip(keys, new_numbers(len(keys)), strict=True))
    corrected = [item.corrects_id for item in items if item.corrects_id]
    days = dict(UnitChange.objects.filter(pk__in=corrected).values_list("pk", "effective_on"))
    pairs = []
    for item in items:
        with about(item):
            pairs.append((item, _wanted(change_set, item, numbers, days)))
    return pairs


def _wanted(
    change_set: ChangeSet,
    item: ChangeItem,
    numbers: Mapping[str, int],
    days: Mapping[int, dt.date],
) -> list[Wanted]:
    given = dict(item.assignments)
    for name in ("parent", "civil_authority"):
        if name in given:
            given[name] = _number(given[name], numbers, name)
    unit = numbers[item.key] if item.key else int(item.unit_id or 0)
    wanted = []
    if item.corrects_id:
        if item.corrects_id not in days:
            raise NotFound(_("Düzeltilecek kayıt bulunamadı."), field="corrects")
        voiding = Wanted(
            kind=ChangeKind.VOIDED,
            unit=unit,
            effective_on=days[item.corrects_id],
            reason=change_set.reason,
            voids=item.corrects_id,
        )
        wanted.append(voiding)
        if item.kind == ChangeKind.VOIDED:
            return wanted
    wanted.append(
        Wanted(
            kind=item.kind,
            unit=unit,
            effective_on=item.effective_on or change_set.effective_on,
            reason=change_set.reason,
            assignments=given,
            successors=[_number(each, numbers, "successors") for each in item.successors],
            legal_reference=change_set.legal_reference,
            replaces=item.corrects_id,
        )
    )
    return wanted


def _number(reference: Any, numbers: Mapping[str, int], field: str) -> Any:
    """The number of a unit that may be named by its key in the file."""
    if isinstance(reference, str) and not reference.isdecimal():
        if reference not in numbers:
            raise RuleViolation(
                _("Dosyada “%(key)s” adlı yeni birim yok.") % {"key": reference}, field=field
            )
        return numbers[reference]
    return int(reference) if reference is not None else None
