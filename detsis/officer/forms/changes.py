"""The form of one change. Each kind asks only for what it needs, filled with what holds today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from detsis.models import ChangeKind, District, KepAddress, OrganisationType, Unit, UnitVersion
from detsis.models.change import ENDING_KINDS
from detsis.models.unit import UnitFacts
from detsis.officer.fields import Column, RowsField, UnitField, day_after, day_before
from detsis.officer.picking import Purpose
from detsis.rules import CODE_TABLES
from detsis.services import ItemInput
from detsis.timeline import FACTS, KEP, KEYS
from kaysis.accounts.models import Person
from kaysis.common.casing import capital
from kaysis.common.errors import RuleViolation
from kaysis.common.turkish import sort_key
from kaysis.common.types import Text

_CONTACT = ("phone", "phone_extension", "fax", "email", "website", "address", "postal_code")
_PLACE = ("organisation_type", "province", "district", "country")
_NATURE = ("category", "status", "budget_type", "legal_personality")
_LETTERS = ("corresponds_externally", "addressee_suffix", "addressee_cut", "letterhead")
_KEP_COLUMNS = (
    Column("address", _("KEP adresi"), needed=True),
    Column("valid_from", _("İlk gün"), "date"),
    Column("last_day", _("Son gün"), "date"),
)
_LAW_COLUMNS = (
    Column("name", _("Mevzuatın adı"), needed=True),
    Column("date", _("Tarihi"), "date"),
    Column("number", _("Sayısı")),
)
FEWEST_SUCCESSORS, MOST_SUCCESSORS = 2, 20


def facts_of(unit: Unit | UnitVersion) -> dict[str, Any]:
    """The facts of a unit as the change log names them: codes and units by number."""
    facts = {key: getattr(unit, f"{key}_id" if key in KEYS else key) for key in FACTS}
    addresses = KepAddress.objects.filter(unit=unit.detsis_no).order_by("validity")
    facts[KEP] = [
        {
            "address": row.address,
            "valid_from": row.validity.lower.isoformat() if row.validity.lower else None,
            "valid_to": row.validity.upper.isoformat() if row.validity.upper else None,
        }
        for row in addresses
    ]
    return facts


def facts_on(version: UnitVersion | None, before: Mapping[str, Any]) -> dict[str, Any]:
    """The facts under an entry that is to be corrected: those of its day, without the entry."""
    known = facts_of(version) if version else {**FACTS, KEP: []}
    return {**known, **before}


class ChangeForm(forms.Form):
    """One change: its fields in sections, and the item they make.

    `facts` is what holds without the change, `given` what an earlier version of it says; `keys`
    (temporary name → name) are the units its file founds.
    """

    def __init__(
        self,
        *args: Any,
        kind: str,
        unit: int | None,
        facts: Mapping[str, Any],
        given: Mapping[str, Any] | None = None,
        successors: list[Any] | None = None,
        person: Person | None = None,
        keys: Mapping[str, str] | None = None,
        file: int | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.kind, self.unit, self.facts = ChangeKind(kind), unit, facts
        self.said, self.successors = dict(given or {}), successors or []
        self.picks: dict[str, Any] = {"person": person, "keys": keys or {}, "file": file}
        self._sections: list[tuple[Text, list[str]]] = []
        build = {
            ChangeKind.RENAMED: self._names,
            ChangeKind.MOVED: self._moved,
            ChangeKind.AMENDED: self._amended,
            ChangeKind.FOUNDED: self._founded,
            ChangeKind.REGISTERED: self._founded,
            ChangeKind.REOPENED: self._reopened,
            ChangeKind.MERGED: self._successor,
            ChangeKind.DEVOLVED: self._successor,
            ChangeKind.SPLIT: self._split,
        }.get(self.kind)
        if build:
            build()
        if self.is_bound and not self.wants_more:
            self._leave_out_unsent()

    def _leave_out_unsent(self) -> None:
        """What was not sent at all is no wish to empty it."""
        for name, field in list(self.fields.items()):
            unsent = field.widget.value_omitted_from_data(self.data, self.files, name)
            if unsent and (field.initial or not field.required):
                del self.fields[name]
        self._sections = [
            (legend, [name for name in names if name in self.fields])
            for legend, names in self._sections
        ]

    def sections(self) -> Iterator[tuple[Text, list[BoundField]]]:
        """(legend, fields) for the page."""
        for legend, names in self._sections:
            yield legend, [self[name] for name in names]

    @property
    def is_long(self) -> bool:
        """Whether the form needs links to its sections."""
        return len(self._sections) > 2

    # --- Which fields -------------------------------------------------------------------------

    def _names(self) -> None:
        self._section(_("Yeni ad"), "name", "name_en")

    def _moved(self) -> None:
        self._section(_("Yeni yeri"), "parent", "civil_authority", *_PLACE)

    def _amended(self) -> None:
        self._section(_("Niteliği"), *_NATURE, "is_institution", "name_en")
        self._section(_("Yeri"), *_PLACE, "civil_authority")
        self._section(_("İletişim"), *_CONTACT)
        self._section(_("KEP adresleri"), KEP)
        self._section(_("Yazışma"), *_LETTERS)
        self._section(_("Dayanak"), "founding_legislation")

    def _founded(self) -> None:
        self._section(_("Yeni birim"), "name", "name_en", "parent")
        self._section(_("Niteliği"), *_NATURE, "is_institution")
        self._section(_("Yeri"), *_PLACE, "civil_authority")
        self._section(_("İletişim"), *_CONTACT)

    def _reopened(self) -> None:
        self._section(_("Açıldığında"), "name", "parent", "civil_authority")

    def _successor(self) -> None:
        label = _("Birleştiği birim") if self.kind == ChangeKind.MERGED else _("Devralan birim")
        self.fields["successors"] = UnitField(
            label=label,
            purpose=Purpose.SUCCESSOR,
            initial=self.successors[0] if self.successors else None,
            **self.picks,
        )
        self._sections.append((_("Halef"), ["successors"]))

    def _split(self) -> None:
        try:
            shown = int(self.data.get("alan", 0)) if self.is_bound else len(self.successors)
        except ValueError:
            shown = 0
        if self.wants_more:
            shown += 2
        names = []
        for number in range(min(max(shown, 4), MOST_SUCCESSORS)):
            names.append(f"successors_{number + 1}")
            known = self.successors[number] if number < len(self.successors) else None
            self.fields[names[-1]] = UnitField(
                label=_("%(n)d. halef birim") % {"n": number + 1},
                purpose=Purpose.SUCCESSOR,
                initial=known,
                required=number < FEWEST_SUCCESSORS,
                **self.picks,
            )
            if number:
                self.fields[names[-1]].help_text = ""
        self._sections.append((_("Görevini paylaşan birimler"), names))

    @property
    def wants_more(self) -> bool:
        """Whether the button for further successors was pressed: nothing is checked then."""
        return self.is_bound and "daha" in self.data

    @property
    def successor_fields(self) -> int:
        return sum(name.startswith("successors_") for name in self.fields)

    # --- How each field looks -----------------------------------------------------------------

    def _section(self, legend: Text, *names: str) -> None:
        for name in names:
            self.fields[name] = self._field(name)
        self._sections.append((legend, list(names)))

    def _field(self, name: str) -> forms.Field:
        value = self.said.get(name, self.facts.get(name))
        if name in CODE_TABLES:
            return self._code(name, value)
        special = {
            "parent": self._parent,
            "civil_authority": self._authority,
            "letterhead": self._letterhead,
            "founding_legislation": self._legislation,
            KEP: self._kep,
        }.get(name)
        if special:
            return special(value)
        model_field: Any = UnitFacts._meta.get_field(name)
        more: dict[str, Any] = {"label": capital(model_field.verbose_name)}
        if name == "website":
            more["assume_scheme"] = "https"
        if name in ("is_institution", "corresponds_externally"):
            more["required"] = False
        made: forms.Field = model_field.formfield(initial=value, **more)
        return made

    def _code(self, name: str, value: Any) -> forms.Field:
        model = CODE_TABLES[name]
        rows = [row for row in model._default_manager.all() if row.active or row.pk == value]
        rows.sort(key=lambda row: sort_key(str(row)))
        choices: list[Any] = [(str(row.pk), str(row)) for row in rows]
        if model is District:
            choices = _by_province(rows)
        return forms.ChoiceField(
            label=capital(str(model._meta.verbose_name)),
            choices=[("", "—"), *choices],
            initial="" if value is None else str(value),
            required=False,
        )

    def _parent(self, value: Any) -> forms.Field:
        return UnitField(
            label=_("Bağlı olacağı birim"), purpose=Purpose.PARENT, initial=value, **self.picks
        )

    def _authority(self, value: Any) -> forms.Field:
        return UnitField(
            label=_("Mülki idare amirliği"),
            purpose=Purpose.AUTHORITY,
            initial=value,
            required=False,
            help_text=_("Taşra birimlerinde valilik ya da kaymakamlık."),
            **self.picks,
        )

    def _letterhead(self, value: Any) -> forms.Field:
        return forms.CharField(
            label=_("Antet satırları"),
            required=False,
            initial="\n".join(value or []),
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Her satır antette bir satırdır, en çok altı. Boşsa kurala göre oluşur."),
        )

    def _legislation(self, value: Any) -> forms.Field:
        rows = [{c.name: item.get(c.name, "") for c in _LAW_COLUMNS} for item in value or []]
        return RowsField(_LAW_COLUMNS, label=_("Kuruluş mevzuatı"), initial=rows)

    def _kep(self, value: Any) -> forms.Field:
        rows = [
            {
                "address": item["address"],
                "valid_from": item.get("valid_from") or "",
                "last_day": day_before(item.get("valid_to")),
            }
            for item in value or []
        ]
        return RowsField(
            _KEP_COLUMNS,
            label=_("KEP adresleri"),
            initial=rows,
            help_text=_("Kullanımdan kalkan adresin son gününü yazın; satırı silmeyin."),
        )

    # --- What they make -----------------------------------------------------------------------

    def clean_letterhead(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["letterhead"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > 6:
            raise ValidationError(_("Antet en çok altı satırdır."))
        return lines

    def clean_kep_addresses(self) -> list[dict[str, Any]]:
        return [
            {
                "address": row["address"],
                "valid_from": row["valid_from"] or None,
                "valid_to": day_after(row["last_day"]),
            }
            for row in self.cleaned_data[KEP]
        ]

    def clean_founding_legislation(self) -> list[dict[str, str]]:
        rows = self.cleaned_data["founding_legislation"]
        return [{name: text for name, text in row.items() if text} for row in rows]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in [name for name in CODE_TABLES if name in cleaned]:
            text = cleaned[name]
            cleaned[name] = (text if name == "country" else int(text)) if text else None
        district = cleaned.get("district")
        if district:
            province = District.objects.values_list("province_id", flat=True).get(pk=district)
            if cleaned.get("province") is None:
                cleaned["province"] = province
            elif cleaned["province"] != province:
                self.add_error("district", _("Seçilen ilçe bu ilde değil."))
        if cleaned.get("country") and cleaned.get("organisation_type") != OrganisationType.ABROAD:
            self.add_error("country", _("Ülke yalnız yurt dışı birimleri için girilir."))
        return cleaned

    def item(self, **more: Any) -> ItemInput:
        """The change as the services take it: only what differs from what holds without it."""
        cleaned = dict(self.cleaned_data)
        successors = [
            number
            for name in [name for name in cleaned if name.startswith("successors")]
            if (number := cleaned.pop(name)) is not None
        ]
        facts = {name: v.strip() if isinstance(v, str) else v for name, v in cleaned.items()}
        for name in ("name", "name_en"):
            if facts.get(name):
                # Blanks that nobody sees would part two equal names.
                facts[name] = " ".join(facts[name].split())
        item: dict[str, Any] = {"kind": self.kind, "unit": self.unit, **more}
        if self.kind in ENDING_KINDS:
            return ItemInput(assignments={"active": False}, successors=successors, **item)
        if self.kind in (ChangeKind.FOUNDED, ChangeKind.REGISTERED):
            said = {n: v for n, v in facts.items() if v != FACTS.get(n) or n in ("name", "parent")}
            # What the form does not ask, or was not sent, stays as it was said or inherited.
            known = {**self.facts, **self.said}
            kept = {
                n: v
                for n, v in known.items()
                if n not in self.fields and not _same(v, FACTS.get(n))
            }
            return ItemInput(assignments={**kept, **said}, **item)
        changed = {name: v for name, v in facts.items() if not _same(v, self.facts.get(name))}
        if self.kind == ChangeKind.REOPENED:
            return ItemInput(assignments={"active": True, **changed}, **item)
        if not changed:
            raise RuleViolation(str(_("Yeni bilgiler eskisiyle aynı: değişen bir şey yok.")))
        return ItemInput(assignments=changed, **item)


def _same(new: Any, old: Any) -> bool:
    return new == old or (new in (None, "", []) and old in (None, "", []))


def _by_province(rows: list[Any]) -> list[Any]:
    """Districts below the name of their province."""
    names = {row.pk: str(row) for row in CODE_TABLES["province"]._default_manager.all()}
    groups: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        groups.setdefault(row.province_id, []).append((str(row.pk), str(row)))
    ordered = sorted(groups, key=lambda plate: sort_key(names[plate]))
    return [(names[plate], groups[plate]) for plate in ordered]
