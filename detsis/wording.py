"""Recorded changes in words, before → after, for timelines, feeds and exports."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from detsis import queries
from detsis.models import ChangeKind, OrganisationType, Succession, Unit, UnitChange
from detsis.models.change import ENDING_KINDS
from detsis.rules import CODE_TABLES
from detsis.timeline import KEP
from kaysis.common.casing import capital
from kaysis.common.types import Text

UNITS = ("parent", "civil_authority")
# What a founding says of itself; everything else is on the identity card.
_FOUNDING = ("name", "parent", "civil_authority")

TITLES: dict[str, Text] = {
    ChangeKind.REGISTERED: gettext_lazy("Kayda alındı"),
    ChangeKind.FOUNDED: gettext_lazy("Kuruldu"),
    ChangeKind.RENAMED: gettext_lazy("Adı değişti"),
    ChangeKind.MOVED: gettext_lazy("Bağlı olduğu yer değişti"),
    ChangeKind.AMENDED: gettext_lazy("Bilgileri güncellendi"),
    ChangeKind.MERGED: gettext_lazy("Birleştirilerek kapatıldı"),
    ChangeKind.SPLIT: gettext_lazy("Bölünerek kapatıldı"),
    ChangeKind.DEVOLVED: gettext_lazy("Görevleri devredilerek kapatıldı"),
    ChangeKind.CLOSED: gettext_lazy("Kapatıldı"),
    ChangeKind.REOPENED: gettext_lazy("Yeniden açıldı"),
    ChangeKind.VOIDED: gettext_lazy("Önceki bir kayıt geri alındı"),
}


# Of what is recorded ahead of its day.
FUTURE_TITLES: dict[str, Text] = {
    ChangeKind.REGISTERED: gettext_lazy("Kayda alınacak"),
    ChangeKind.FOUNDED: gettext_lazy("Kurulacak"),
    ChangeKind.RENAMED: gettext_lazy("Adı değişecek"),
    ChangeKind.MOVED: gettext_lazy("Bağlı olduğu yer değişecek"),
    ChangeKind.AMENDED: gettext_lazy("Bilgileri güncellenecek"),
    ChangeKind.MERGED: gettext_lazy("Birleştirilerek kapatılacak"),
    ChangeKind.SPLIT: gettext_lazy("Bölünerek kapatılacak"),
    ChangeKind.DEVOLVED: gettext_lazy("Görevleri devredilerek kapatılacak"),
    ChangeKind.CLOSED: gettext_lazy("Kapatılacak"),
    ChangeKind.REOPENED: gettext_lazy("Yeniden açılacak"),
}


def title_of(change: UnitChange, today: dt.date) -> Text:
    """What happened, or what will happen on a day still to come."""
    if change.effective_on > today:
        return FUTURE_TITLES.get(change.kind, TITLES[change.kind])
    return TITLES[change.kind]


def tone_of(kind: str) -> str:
    """The badge tone of a kind of change."""
    if kind in (ChangeKind.FOUNDED, ChangeKind.REGISTERED, ChangeKind.REOPENED):
        return "success"
    if kind in ENDING_KINDS:
        return "danger"
    if kind == ChangeKind.VOIDED:
        return "warning"
    return "neutral" if kind == ChangeKind.AMENDED else "info"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference; `number` when it is a unit, which has a page."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that changed. `before` is None where there was nothing to compare with."""

    label: Text
    before: Side | None
    after: Side


@dataclass(frozen=True, slots=True)
class Told:
    """A change ready to be shown; `change` may be a row of `tellable`."""

    change: UnitChange
    title: str
    tone: str
    differences: list[Difference]
    successors: list[Side]
    # Of an entry that takes another one back: what that one was.
    voided: str = ""

    @property
    def unit_name(self) -> str:
        """The name of the unit today."""
        read_along: str | None = getattr(self.change, "unit_name", None)
        return self.change.unit.name if read_along is None else read_along

    @property
    def summary(self) -> str:
        """The differences in one line of text."""
        parts = [
            f"{capital(item.label)}: {item.before.text} → {item.after.text}"
            if item.before is not None
            else f"{capital(item.label)}: {item.after.text}"
            for item in self.differences
        ]
        if self.successors:
            names = ", ".join(f"{side.text} ({side.number})" for side in self.successors)
            parts.append(_("Halef: %(names)s") % {"names": names})
        if self.voided:
            parts.append(self.voided)
        return "; ".join(parts)


@dataclass(slots=True)
class Lexicon:
    """Names of the units and codes that changes mention. One query for all of them, and one more
    where a unit ended."""

    _names: dict[int, list[tuple[dt.date | None, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _codes: dict[tuple[str, str], str] = field(default_factory=dict)
    _labels: dict[str, str] = field(default_factory=dict)
    _titles: dict[tuple[str, bool], str] = field(default_factory=dict)
    # Of changes that end a unit: the numbers of who carries on.
    successors: dict[int, list[int]] = field(default_factory=dict)
    today: dt.date = field(default_factory=timezone.localdate)

    @classmethod
    def of(cls, changes: Iterable[UnitChange], facts: Any = None) -> Lexicon:
        """Reads what the changes mention.

        `facts` (a Unit or UnitVersion) adds the codes of a unit.
        """
        changes = list(changes)
        endings = [change.id for change in changes if change.kind in ENDING_KINDS]
        self = cls(successors=_successors(endings))
        units = {number for numbers in self.successors.values() for number in numbers}
        codes: dict[str, set[Any]] = defaultdict(set)
        for change in changes:
            shown = [change.assignments, change.before]
            units |= {n for facts in shown for key in UNITS if (n := facts.get(key))}
            for key in CODE_TABLES:
                codes[key] |= {facts[key] for facts in shown if facts.get(key) is not None}
        for key in CODE_TABLES:
            code = getattr(facts, f"{key}_id", None)
            if code is not None:
                codes[key].add(code)
        self._read(units, codes)
        return self

    def _read(self, units: set[int], codes: Mapping[str, set[Any]]) -> None:
        if not units and not any(codes.values()):
            return
        english = (get_language() or "").startswith("en")
        asked = {f"p_{key}": [str(code) for code in codes.get(key, ())] for key in CODE_TABLES}
        for kind, key, until, name, name_en in queries.NAMES.fetch(p_units=list(units), **asked):
            if kind == "unit":
                self._names[int(key)].append((until, name))
            else:
                self._codes[kind, key] = name_en if english and name_en else name
        for names in self._names.values():
            names.sort(key=lambda each: each[0] or dt.date.max)

    def unit(self, number: int, day: dt.date) -> Side:
        """The unit with the name it had on `day` (or as near to it as is known)."""
        names = self._names.get(number, [])
        for until, name in names:
            if until is None or day < until:
                return Side(name, number)
        return Side(names[-1][1] if names else str(number), number)

    def title(self, change: UnitChange) -> str:
        """What happened, in the reader's language, translated once."""
        key = change.kind, change.effective_on > self.today
        if key not in self._titles:
            self._titles[key] = str(title_of(change, self.today))
        return self._titles[key]

    def label(self, key: str) -> str:
        """The name of a fact in the reader's language, translated once."""
        if key not in self._labels:
            self._labels[key] = str(label_of(key))
        return self._labels[key]

    def code(self, key: str, value: Any) -> str:
        """The name of a code; empty for none."""
        if value is None:
            return ""
        return self._codes.get((key, str(value)), str(value))


def _successors(endings: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    if endings:
        rows = Succession.objects.filter(change__in=endings).order_by("id")
        for change, successor in rows.values_list("change_id", "successor_id"):
            found[change].append(successor)
    return found


def tellable(changes: QuerySet[UnitChange], *, named: bool = True) -> QuerySet[Any]:
    """Rows with what is needed to tell the changes, and what they are annotated with.

    `named`: with the name of the unit today, for whoever does not read its path anyway.
    """
    if named:
        changes = changes.annotate(unit_name=F("unit__name"))
    shown = changes.annotate(
        wrong_kind=F("voids__kind"),
        wrong_on=F("voids__effective_on"),
        taken_back=F("voided_by__kind"),
    )
    return shown.values_list(*_TOLD, *shown.query.annotations, named=True)


_TOLD = (
    "id",
    "unit_id",
    "kind",
    "effective_on",
    "assignments",
    "before",
    "reason",
    "legal_reference",
    "recorded_at",
)


def tell(changes: Sequence[UnitChange], *, whole: bool = False) -> list[Told]:
    """The changes in words, in the given order. `whole`: of a founding every fact that it states,
    not only its name and place."""
    lexicon = Lexicon.of(changes)
    return [tell_one(change, lexicon, whole=whole) for change in changes]


def tell_one(change: UnitChange, lexicon: Lexicon, *, whole: bool = False) -> Told:
    day = change.effective_on
    return Told(
        change=change,
        title=lexicon.title(change),
        tone=tone_of(change.kind),
        differences=_differences(change, lexicon, whole),
        successors=[lexicon.unit(number, day) for number in lexicon.successors.get(change.id, ())],
        voided=_voided(change),
    )


def _voided(change: UnitChange) -> str:
    """The entry that is taken back; empty unless the change came from `tellable`."""
    wrong: Any = change
    if getattr(wrong, "wrong_kind", None) is None:
        return ""
    return _("Geri alınan: %(day)s, %(what)s") % {
        "day": date_format(wrong.wrong_on, "d.m.Y"),
        "what": TITLES[wrong.wrong_kind],
    }


def _differences(change: UnitChange, lexicon: Lexicon, whole: bool) -> list[Difference]:
    founding = change.kind in (ChangeKind.FOUNDED, ChangeKind.REGISTERED)
    if change.kind in ENDING_KINDS or change.kind == ChangeKind.VOIDED:
        return []
    day = change.effective_on
    differences = []
    for key, value in change.assignments.items():
        if key == "active" or (founding and not (value and (whole or key in _FOUNDING))):
            continue
        before = None
        if not founding and key in change.before:
            if change.before[key] == value:
                continue
            before = _side(key, change.before[key], day - dt.timedelta(days=1), lexicon)
        differences.append(Difference(lexicon.label(key), before, _side(key, value, day, lexicon)))
    return differences


@cache
def label_of(key: str) -> Text:
    """The name of a fact as people know it."""
    if key == KEP:
        return gettext_lazy("KEP adresleri")
    names: dict[str, Text] = {field.name: field.verbose_name for field in Unit._meta.fields}
    return names[key]


def _side(key: str, value: Any, day: dt.date, lexicon: Lexicon) -> Side:
    if key in UNITS and value:
        return lexicon.unit(int(value), day)
    return Side(text_of(key, value, lexicon))


def text_of(key: str, value: Any, lexicon: Lexicon) -> str:
    """The value of a fact in words; of facts that name units, the name comes from `unit`."""
    if isinstance(value, bool):
        return _("Evet") if value else _("Hayır")
    if value in (None, "", []):
        return _("(boş)")
    if key in CODE_TABLES:
        return lexicon.code(key, value)
    writer = _WRITERS.get(key, str)
    return str(writer(value))


def _kep(item: Mapping[str, Any]) -> str:
    until = item.get("valid_to")
    if not until:
        return str(item["address"])
    day = dt.date.fromisoformat(until) - dt.timedelta(days=1)
    return _("%(address)s (son gün %(day)s)") % {
        "address": item["address"],
        "day": date_format(day, "d.m.Y"),
    }


def legislation_text(item: Any) -> str:
    """One founding instrument in a line: number, date and name, as far as they are known."""
    if not isinstance(item, Mapping):
        return str(item)
    number, day, name = (str(item.get(key) or "") for key in ("number", "date", "name"))
    with suppress(ValueError):  # what is no ISO date is shown as it was recorded
        day = date_format(dt.date.fromisoformat(day), "d.m.Y")
    if number and day:
        return _("%(day)s tarihli ve %(number)s sayılı %(name)s") % {
            "day": day,
            "number": number,
            "name": name,
        }
    if number:
        return _("%(number)s sayılı %(name)s") % {"number": number, "name": name}
    return " ".join(part for part in (day, name) if part)


_WRITERS: dict[str, Callable[[Any], str]] = {
    "organisation_type": lambda value: str(OrganisationType(value).label),
    "letterhead": " / ".join,
    "founding_legislation": lambda items: "; ".join(legislation_text(item) for item in items),
    KEP: lambda items: ", ".join(_kep(item) for item in items),
}
