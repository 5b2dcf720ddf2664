"""The history of a unit: every entry, also those that were wrong, and those still to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from detsis.models import ChangeKind, UnitChange
from detsis.wording import Lexicon, Told, tell_one
from kaysis.common.types import Text


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the history. `taken_back` is the entry that voided it."""

    told: Told
    badge: Text
    tone: str
    taken_back: UnitChange | None = None
    corrected: bool = False
    corrects: bool = False
    scheduled: bool = False


def changes_of(detsis_no: int, *, audit: bool) -> list[UnitChange]:
    """All entries of a unit, latest day first; with who recorded them when `audit`. One query."""
    rows = UnitChange.objects.raw(_CHANGES, [detsis_no])
    if audit:
        rows = rows.prefetch_related("recorded_by", "change_set")
    return list(rows)


_CHANGES = """
    SELECT * FROM detsis_unitchange WHERE unit_id = %s ORDER BY effective_on DESC, id DESC
"""


def events_of(changes: Sequence[UnitChange], lexicon: Lexicon, today: dt.date) -> list[Event]:
    """The entries in words. What voids an entry is told with the entry it voids."""
    voiding = {change.voids_id: change for change in changes if change.voids_id}
    replaced = {change.replaces_id for change in changes if change.replaces_id}
    shown = [change for change in changes if change.kind != ChangeKind.VOIDED]
    events = []
    for change in shown:
        told = tell_one(change, lexicon)
        taken_back = voiding.get(change.pk)
        corrected = change.pk in replaced
        scheduled = taken_back is None and change.effective_on > today
        badge, tone = _badge(told, taken_back is not None, corrected, scheduled)
        events.append(
            Event(
                told=told,
                badge=badge,
                tone=tone,
                taken_back=taken_back,
                corrected=corrected,
                corrects=change.replaces_id is not None,
                scheduled=scheduled,
            )
        )
    return events


def _badge(told: Told, taken_back: bool, corrected: bool, scheduled: bool) -> tuple[Text, str]:
    if corrected:
        return _("Düzeltildi"), "warning"
    if taken_back:
        return _("Geri alındı"), "warning"
    if scheduled:
        return _("Günü gelmedi"), "info"
    return ChangeKind(told.change.kind).label, told.tone
