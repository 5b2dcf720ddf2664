"""What a change must satisfy. Each refusal is a `RuleViolation` on the field it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from detsis.models import ChangeKind, Unit
from detsis.models.change import ENDING_KINDS, SUCCESSORS
from detsis.models.codes import (
    BudgetType,
    Category,
    Country,
    District,
    LegalPersonality,
    Province,
    Status,
)
from detsis.timeline import ASSIGNABLE, KEP, Version
from kaysis.common.errors import KaysisError, RuleViolation

if TYPE_CHECKING:
    from detsis.services.record import Wanted

CODE_TABLES = {
    "category": Category,
    "status": Status,
    "budget_type": BudgetType,
    "legal_personality": LegalPersonality,
    "province": Province,
    "district": District,
    "country": Country,
}
# The facts each kind of change may set; None: any.
_MAY_SET: dict[str, frozenset[str] | None] = {
    ChangeKind.REGISTERED: None,
    ChangeKind.FOUNDED: None,
    ChangeKind.RENAMED: frozenset(
        ["name", "name_en", "addressee_suffix", "addressee_cut", "letterhead"]
    ),
    ChangeKind.MOVED: frozenset(
        ["parent", "civil_authority", "organisation_type", "province", "district", "country"]
    ),
    ChangeKind.AMENDED: ASSIGNABLE - {"name", "parent", "active"},
    ChangeKind.MERGED: frozenset(["active"]),
    ChangeKind.SPLIT: frozenset(["active"]),
    ChangeKind.DEVOLVED: frozenset(["active"]),
    ChangeKind.CLOSED: frozenset(["active"]),
    ChangeKind.REOPENED: frozenset(["active", "name", "parent", "civil_authority"]),
    ChangeKind.VOIDED: frozenset(),
}
_MUST_SET: dict[str, str] = {ChangeKind.RENAMED: "name"}


@contextmanager
def about(subject: Any) -> Iterator[None]:
    """Lets a refusal say what of a batch it is about; the innermost one counts (`subject_of`)."""
    try:
        yield
    except KaysisError as error:
        error.__dict__.setdefault("subject", subject)
        raise


def subject_of(error: Exception) -> Any:
    """A `Wanted`, a `ChangeItem` or the number of a unit; None where nobody said."""
    return error.__dict__.get("subject")


def check_values(wanted: Sequence[Wanted], founded: Collection[int]) -> None:
    """Known facts only, each with a code that exists, and the right number of successors."""
    check_shape(wanted, founded)
    _check_codes(wanted)


def check_shape(wanted: Sequence[Wanted], founded: Collection[int]) -> None:
    """What needs no look into the database: known facts, and the right number of successors."""
    if sum(w.creates for w in wanted) != len(founded):
        raise RuleViolation(_("Aynı numara iki birime verilemez."), field="detsis_no")
    for w in wanted:
        with about(w):
            _check_one(w)


def _check_one(w: Wanted) -> None:
    allowed = _MAY_SET[w.kind]
    for key in w.assignments:
        if key not in ASSIGNABLE or (allowed is not None and key not in allowed):
            raise RuleViolation(_("Bu değişiklik türüyle bu alan değiştirilemez."), field=key)
    least, most = SUCCESSORS.get(w.kind, (0, 0))
    number = len(set(w.successors))
    if number < least or (most is not None and number > most):
        raise RuleViolation(_successor_message(w.kind), field="successors")
    if w.unit in w.successors:
        raise RuleViolation(_("Bir birim kendisinin halefi olamaz."), field="successors")


def _successor_message(kind: str) -> str:
    return {
        ChangeKind.MERGED: _("Birleşmede tam bir halef gösterilir."),
        ChangeKind.DEVOLVED: _("Devirde tam bir halef gösterilir."),
        ChangeKind.SPLIT: _("Bölünmede en az iki halef gösterilir."),
    }.get(ChangeKind(kind), _("Bu değişiklik türünde halef gösterilmez."))


def _check_codes(wanted: Sequence[Wanted]) -> None:
    """One query for all codes named, whatever their number."""
    named = {
        (key, w.assignments[key])
        for w in wanted
        for key in CODE_TABLES
        if w.assignments.get(key) is not None
    }
    if not named:
        return
    parts, params = [], []
    for key, model in CODE_TABLES.items():
        values = [str(value) for name, value in named if name == key]
        if values:
            parts.append(
                f"SELECT '{key}', code::text FROM {model._meta.db_table} WHERE code::text = ANY(%s)"
            )
            params.append(values)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        known = set(cursor.fetchall())
    for key, value in sorted(named, key=str):
        if (key, str(value)) not in known:
            with about(next(w for w in wanted if w.assignments.get(key) == value)):
                raise RuleViolation(_("%(code)s kodu yok.") % {"code": value}, field=key)


def check_kind(w: Wanted, state: Version | None) -> None:
    """The change makes sense for the state of the unit on its day (None: not founded yet)."""
    if w.kind in (ChangeKind.FOUNDED, ChangeKind.REGISTERED):
        if not str(w.assignments.get("name", "")).strip():
            raise RuleViolation(_("Birimin adı boş olamaz."), field="name")
        return
    if state is None:
        raise RuleViolation(_("Bu tarihte birim henüz kurulmamış."), field="effective_on")
    active = bool(state.facts["active"])
    if w.kind == ChangeKind.REOPENED:
        if active:
            raise RuleViolation(_("Birim bu tarihte zaten faal."), field="effective_on")
        return
    if not active:
        raise RuleViolation(_("Birim bu tarihte kapalı."), field="effective_on")
    if w.kind in ENDING_KINDS:
        return
    must = _MUST_SET.get(w.kind)
    if must and must not in w.assignments:
        raise RuleViolation(_("Bu alan doldurulmalıdır."), field=must)
    if all(key != KEP and state.facts[key] == value for key, value in w.assignments.items()):
        raise RuleViolation(
            _("Yeni bilgiler eskisiyle aynı: değişen bir şey yok."),
            field=next(iter(w.assignments), None),
        )


def clean_fields(unit: Unit) -> None:
    """The model's field validation, with the first message as a RuleViolation on its field."""
    keys = [f.name for f in unit._meta.fields if f.is_relation]
    try:
        unit.clean_fields(exclude=[*keys, "name_folded", "name_sort"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise RuleViolation(messages[0], field=name) from error


def check_result(
    affected: Sequence[int],
    old: Mapping[int, list[Version]],
    new: Mapping[int, list[Version]],
) -> None:
    """No unit is ever below itself, and no active unit ever hangs below an inactive one."""
    moved = [u for u in affected if _fact(old[u], "parent") != _fact(new[u], "parent")]
    if any(old[u] for u in moved):
        _check_no_circle(moved)
    known = [u for u in affected if old[u]]
    activity = [u for u in known if _fact(old[u], "active") != _fact(new[u], "active")]
    _check_parents_active(sorted({*moved, *activity}), activity)


def _fact(versions: list[Version], key: str) -> list[tuple[Any, ...]]:
    return [(v.valid_from, v.valid_to, v.facts[key]) for v in versions]


def _check_no_circle(moved: Sequence[int]) -> None:
    """Walk upwards over time: a unit that meets itself on any day is refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE up(start, detsis_no, during) AS (
                SELECT v.unit_id, v.parent_id, v.validity FROM detsis_unitversion v
                WHERE v.unit_id = ANY(%(moved)s) AND v.parent_id IS NOT NULL
                UNION
                SELECT up.start, v.parent_id, up.during * v.validity
                FROM up JOIN detsis_unitversion v
                    ON v.unit_id = up.detsis_no AND v.validity && up.during
                WHERE v.parent_id IS NOT NULL AND up.detsis_no <> up.start
            )
            SELECT start, lower(during) FROM up WHERE detsis_no = start LIMIT 1
            """,
            {"moved": list(moved)},
        )
        found = cursor.fetchone()
    if not found:
        return
    with about(found[0]):
        raise RuleViolation(
            _("%(no)s numaralı birim, %(day)s tarihinde kendi altındaki bir birime bağlanmış olur.")
            % {"no": found[0], "day": found[1].strftime("%d.%m.%Y")},
            field="parent",
        )


def _check_parents_active(units: Sequence[int], parents: Sequence[int]) -> None:
    """While a unit is active its parent is, too, and while it is closed its parent exists.

    Checked for `units`, and for the children of `parents`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.unit_id, v.parent_id, lower(v.validity) FROM detsis_unitversion v
            WHERE v.parent_id IS NOT NULL
                AND (v.unit_id = ANY(%(units)s) OR v.parent_id = ANY(%(parents)s))
                AND NOT v.validity <@ coalesce(
                    (SELECT range_agg(p.validity) FROM detsis_unitversion p
                     WHERE p.unit_id = v.parent_id AND (p.active OR NOT v.active)),
                    '{}'::datemultirange)
            ORDER BY v.unit_id LIMIT 1
            """,
            {"units": list(units), "parents": list(parents)},
        )
        found = cursor.fetchone()
    if not found:
        return
    unit, parent, _day = found
    if unit in units:
        with about(unit):
            raise RuleViolation(
                _("Bağlanacağı %(no)s numaralı birim bu tarihlerde faal değil.") % {"no": parent},
                field="parent",
            )
    name = Unit.objects.filter(pk=unit).values_list("name", flat=True).first() or ""
    with about(parent):
        raise RuleViolation(
            _(
                "Altında faal birim varken kapatılamaz: %(name)s (%(no)s). Önce onu taşıyın ya da "
                "kapatın."
            )
            % {"name": name, "no": unit},
            field="unit",
        )
