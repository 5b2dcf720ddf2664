"""Writing changes, and everything that follows from them, in one transaction.

Order of work, all under the tree lock: check what can be known beforehand → write units, changes
and successions → fold the versions anew → check what only the result can tell (no circle, no active
unit below a closed one, on any day) → carry the counts → bring today's rows and the tree to it →
index. A failed check leaves nothing behind.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from detsis import counts, rules, tree
from detsis.models import ChangeKind, ChangeSet, Succession, Unit, UnitChange, UnitVersion
from detsis.services import projection
from detsis.services.founding import record_plain
from detsis.timeline import Step, Version, fold, state_at
from kaysis.accounts.audit.context import current as current_audit_context
from kaysis.accounts.models import Person
from kaysis.common import indexing
from kaysis.common.errors import NotFound, RuleViolation, friendly_integrity
from kaysis.common.pagecache import bump_data_version
from kaysis.common.validity import day_range

_FOUNDING = (ChangeKind.FOUNDED, ChangeKind.REGISTERED)
# Numbers beyond every cursor keep the order of a batch.
_PROVISIONAL = 2**62


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change somebody wants recorded.

    For `VOIDED` `voids` is the change taken back; `replaces` marks a correcting entry.
    """

    kind: str
    unit: int
    effective_on: dt.date
    assignments: Mapping[str, Any] = field(default_factory=dict)
    successors: Sequence[int] = ()
    reason: str = ""
    legal_reference: str = ""
    voids: int | None = None
    replaces: int | None = None

    @property
    def creates(self) -> bool:
        """Whether the unit comes into being with it (a corrected founding is of one that is)."""
        return self.kind in _FOUNDING and self.replaces is None


@transaction.atomic
def record_changes(
    wanted: Sequence[Wanted],
    *,
    actor: Person | None,
    source: str = "web",
    change_set: ChangeSet | None = None,
    today: dt.date | None = None,
) -> list[UnitChange]:
    """Record `wanted` in the given order. Returns the rows, in that order.

    Raises RuleViolation (with the field it concerns) or NotFound; then nothing is written.
    """
    today = today or timezone.localdate()
    if len(wanted) == 1 and wanted[0].creates:
        plain = record_plain(
            wanted[0], actor=actor, source=source, change_set=change_set, today=today
        )
        if plain:
            return [plain]
    tree.lock()
    founded = {w.unit for w in wanted if w.creates}
    existing = _existing_units(wanted, founded)
    rules.check_values(wanted, founded)
    old_steps = _steps([n for n in existing if n in {w.unit for w in wanted}])
    expected = _check_against_past(wanted, old_steps)

    with friendly_integrity(Unit):
        _create_units({number: fold(expected[number].values()) for number in founded}, today)
    affected = sorted({w.unit for w in wanted})
    old_versions = {unit: fold(old_steps.get(unit, {}).values()) for unit in affected}
    ledger = counts.Ledger(
        counts.hangings_above({*affected, *_new_parents(wanted)}),
        counts.steps_of([unit for unit in affected if unit not in founded]),
    )
    common = {"change_set": change_set, "recorded_by": actor, "source": source}
    with friendly_integrity(UnitChange):
        changes = _write_changes(wanted, old_versions, today, common)
    steps = _steps_after(old_steps, changes)
    versions = {unit: fold(steps[unit].values()) for unit in affected}
    for unit in affected:
        _write_versions(unit, old_versions[unit], versions[unit])
    # Before the counts: carried up a circle, they would never arrive.
    rules.check_result(affected, old_versions, versions)
    _check_successors(wanted)
    _carry_counts(ledger, old_versions, versions)
    projection.project([u for u in affected if u not in founded], versions, today=today)
    projection.write_kep_addresses(steps, fresh=founded)
    indexing.reindex("unit", projection.dependants(affected, old_versions, versions, founded))
    bump_data_version()
    return changes


def _existing_units(wanted: Sequence[Wanted], founded: set[int]) -> set[int]:
    """The existing numbers among all that `wanted` names; refuses unknown and doubled ones."""
    named = {w.unit for w in wanted} | {s for w in wanted for s in w.successors}
    named |= set(_new_parents(wanted))
    named |= {a for w in wanted if (a := w.assignments.get("civil_authority"))}
    existing = set(Unit.objects.filter(pk__in=named).values_list("pk", flat=True))
    for w in wanted:
        with rules.about(w):
            _check_numbers(w, existing, founded)
    return existing


def _check_numbers(w: Wanted, existing: set[int], founded: set[int]) -> None:
    for key in ("parent", "civil_authority"):
        number = w.assignments.get(key)
        if number and number not in existing and number not in founded:
            raise NotFound(_("%(no)s numaralı birim yok.") % {"no": number}, field=key)
    for number in w.successors:
        if number not in existing and number not in founded:
            raise NotFound(_("%(no)s numaralı birim yok.") % {"no": number}, field="successors")
    if w.unit in founded and w.unit in existing:
        raise RuleViolation(
            _("%(no)s numarası daha önce verilmiş.") % {"no": w.unit}, field="detsis_no"
        )
    if w.unit not in founded and w.unit not in existing:
        raise NotFound(_("%(no)s numaralı birim yok.") % {"no": w.unit}, field="unit")


def _new_parents(wanted: Iterable[Wanted]) -> set[int]:
    return {p for w in wanted if (p := w.assignments.get("parent"))}


def _steps(units: Iterable[int]) -> dict[int, dict[int, Step]]:
    """Unit → cursor → step, without voided changes and without the voiding ones."""
    result: dict[int, dict[int, Step]] = defaultdict(dict)
    rows = UnitChange.objects.filter(
        unit__in=list(units), voided_by__isnull=True, voids__isnull=True
    ).values_list("unit_id", "id", "effective_on", "assignments")
    for unit, cursor, day, assignments in rows:
        result[unit][cursor] = Step(cursor, day, assignments)
    return result


def _check_against_past(
    wanted: Sequence[Wanted], old: Mapping[int, Mapping[int, Step]]
) -> dict[int, dict[int, Step]]:
    """Each change must make sense on its day, after those recorded before it in this batch.

    Returns the steps as they will be, under provisional cursors.
    """
    steps = {unit: dict(by_cursor) for unit, by_cursor in old.items()}
    for number, w in enumerate(wanted):
        mine = steps.setdefault(w.unit, {})
        if w.kind == ChangeKind.VOIDED:
            if w.voids not in mine:
                with rules.about(w):
                    raise RuleViolation(
                        _("Geri alınacak kayıt bulunamadı ya da daha önce geri alınmış."),
                        field="voids",
                    )
            del mine[w.voids]
            continue
        with rules.about(w):
            rules.check_kind(w, state_at(fold(mine.values()), w.effective_on))
        cursor = _PROVISIONAL + number
        mine[cursor] = Step(cursor, w.effective_on, w.assignments)
    _check_foundings_stand(wanted, steps)
    return steps


def _check_foundings_stand(
    wanted: Sequence[Wanted], steps: Mapping[int, Mapping[int, Step]]
) -> None:
    """Of a unit whose entries were taken back nothing is left, or it begins with its founding."""
    voided = [w for w in wanted if w.kind == ChangeKind.VOIDED and steps[w.unit]]
    if not voided:
        return
    recorded = UnitChange.objects.filter(unit__in=[w.unit for w in voided], kind__in=_FOUNDING)
    foundings = set(recorded.values_list("id", flat=True))
    foundings |= {_PROVISIONAL + n for n, w in enumerate(wanted) if w.kind in _FOUNDING}
    for w in voided:
        first = min(steps[w.unit].values(), key=lambda step: (step.effective_on, step.cursor))
        if first.cursor not in foundings:
            with rules.about(w):
                raise RuleViolation(
                    _("Birimin kuruluş kaydı, öteki kayıtları geri alınmadan geri alınamaz."),
                    field="voids",
                )


def _create_units(versions: Mapping[int, list[Version]], today: dt.date) -> None:
    """Rows for new units as they are today, parents before children."""
    waiting: dict[int, Unit] = {}
    for number, mine in versions.items():
        waiting[number] = Unit(detsis_no=number)
        waiting[number].parent_id = projection.set_facts(waiting[number], mine, today)
    while waiting:
        ready = [unit for unit in waiting.values() if unit.parent_id not in waiting]
        if not ready:
            raise RuleViolation(_("Yeni birimler birbirine döngüsel bağlanmış."), field="parent")
        for unit in ready:
            bounds = tree.place_leaf(unit.parent_id)
            unit.lft, unit.rght, unit.level = bounds.lft, bounds.rght, bounds.level
            unit.save(force_insert=True)
            del waiting[unit.pk]


def _write_changes(
    wanted: Sequence[Wanted],
    old_versions: Mapping[int, list[Version]],
    today: dt.date,
    common: Mapping[str, Any],
) -> list[UnitChange]:
    origin = current_audit_context()
    changes = UnitChange.objects.bulk_create(
        UnitChange(
            unit_id=w.unit,
            kind=w.kind,
            effective_on=w.effective_on,
            assignments=dict(w.assignments),
            before=_before(w, old_versions[w.unit]),
            reason=w.reason,
            legal_reference=w.legal_reference,
            voids_id=w.voids,
            replaces_id=w.replaces,
            scheduled=w.effective_on > today,
            ip_address=origin.get("ip"),
            request_id=origin.get("request_id", ""),
            **common,
        )
        for w in wanted
    )
    Succession.objects.bulk_create(
        Succession(change=change, predecessor_id=w.unit, successor_id=successor)
        for change, w in zip(changes, wanted, strict=True)
        for successor in w.successors
    )
    return changes


def _before(w: Wanted, versions: list[Version]) -> dict[str, Any]:
    state = state_at(versions, w.effective_on)
    if state is None:
        return {}
    return {key: state.facts[key] for key in w.assignments if key in state.facts}


def _steps_after(
    old: Mapping[int, Mapping[int, Step]], changes: Iterable[UnitChange]
) -> dict[int, dict[int, Step]]:
    steps = {unit: dict(by_cursor) for unit, by_cursor in old.items()}
    for change in changes:
        mine = steps.setdefault(change.unit_id, {})
        if change.voids_id:
            del mine[change.voids_id]
        else:
            mine[change.pk] = Step(change.pk, change.effective_on, change.assignments)
    return steps


def _write_versions(unit: int, old: list[Version], new: list[Version]) -> None:
    """Replace the versions that differ; those that stay are not touched."""
    gone = [v for v in old if v not in new]
    fresh = [v for v in new if v not in old]
    if gone:
        UnitVersion.objects.filter(
            unit_id=unit, validity__startswith__in=[v.valid_from for v in gone]
        ).delete()
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit_id=unit,
            validity=day_range(v.valid_from, v.valid_to),
            parent_id=v.facts["parent"],
            active=v.facts["active"],
            **projection.unit_columns(v.facts),
        )
        for v in fresh
    )


def _carry_counts(
    ledger: counts.Ledger,
    old: Mapping[int, list[Version]],
    new: Mapping[int, list[Version]],
) -> None:
    moved = [unit for unit in new if _places(old[unit]) != _places(new[unit])]
    changed = [unit for unit in new if unit not in moved and _own(old[unit]) != _own(new[unit])]
    for unit in moved + changed:
        ledger.take_out(unit)
    for unit in moved + changed:
        difference: dict[tuple[str, dt.date], int] = defaultdict(int)
        for sign, versions in ((-1, old[unit]), (1, new[unit])):
            for key, delta in _own(versions).items():
                difference[key] += sign * delta
        ledger.add_own(unit, {key: delta for key, delta in difference.items() if delta})
    for unit in moved + changed:
        ledger.put_in(unit, _places(new[unit]))
    counts.store(ledger.changes())


def _places(versions: list[Version]) -> list[counts.Hanging]:
    return [counts.Hanging(v.valid_from, v.valid_to, v.facts["parent"]) for v in versions]


def _own(versions: list[Version]) -> counts.Steps:
    return counts.own_steps((v.valid_from, v.valid_to, v.facts) for v in versions)


def _check_successors(wanted: Sequence[Wanted]) -> None:
    """A successor exists and is active on the day it takes over."""
    named = {(s, w.effective_on): w for w in wanted for s in w.successors}
    if not named:
        return
    versions = UnitVersion.objects.filter(unit__in={s for s, _day in named}, active=True)
    active: dict[int, list[Any]] = defaultdict(list)
    for unit, validity in versions.values_list("unit_id", "validity"):
        active[unit].append(validity)
    for (successor, day), w in sorted(named.items(), key=lambda entry: entry[0]):
        if not any(day in validity for validity in active[successor]):
            with rules.about(w):
                raise RuleViolation(
                    _("Halef %(no)s, %(day)s tarihinde faal değil.")
                    % {"no": successor, "day": day.strftime("%d.%m.%Y")},
                    field="successors",
                )
