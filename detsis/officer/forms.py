"""The forms of the officers' area. Each kind of change asks only for what it needs."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from detsis.models import ChangeKind, ChangeSet, OrganisationType, Unit
from detsis.models.unit import UnitFacts
from detsis.officer.fields import UnitField, UnitListField
from detsis.rules import CODE_TABLES
from detsis.services import ItemInput
from kaysis.common.errors import RuleViolation
from kaysis.common.forms import UploadField
from kaysis.common.turkish import sort_key
from kaysis.common.widgets import DateInput

# What can be proposed for a unit that exists, in plain words.
KINDS: list[tuple[str, Any, Any]] = [
    (
        ChangeKind.RENAMED,
        _("Adı değişiyor"),
        _("Yeni ad, gösterdiğiniz günden başlayarak geçerlidir."),
    ),
    (
        ChangeKind.AMENDED,
        _("Bilgileri güncelleniyor"),
        _("İletişim, yer, kategori, statü, KEP adresi ve diğer künye bilgileri."),
    ),
    (
        ChangeKind.MOVED,
        _("Başka bir birime bağlanıyor"),
        _("Altındaki birimler de onunla birlikte taşınır."),
    ),
    (
        ChangeKind.FOUNDED,
        _("Altında yeni bir birim kuruluyor"),
        _("Numarası onayla birlikte verilir."),
    ),
    (ChangeKind.CLOSED, _("Kapanıyor"), _("Görevini sürdüren bir birim yok.")),
    (ChangeKind.MERGED, _("Başka bir birimle birleşiyor"), _("Görevini tek bir birim sürdürür.")),
    (ChangeKind.SPLIT, _("Bölünüyor"), _("Görevini en az iki birim paylaşır.")),
    (ChangeKind.DEVOLVED, _("Görevlerini devrediyor"), _("Görevlerini tek bir birim devralır.")),
    (ChangeKind.REOPENED, _("Yeniden açılıyor"), _("Eski numarasıyla yeniden faal olur.")),
]
_CONTACT = ("phone", "phone_extension", "fax", "email", "website", "address", "postal_code")
_FLAGS = ("is_institution", "corresponds_externally")


class FileForm(forms.ModelForm):
    """What every file of changes says of itself. Sent twice, it makes one file."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = ChangeSet
        fields = ["title", "effective_on", "reason", "legal_reference"]
        widgets = {"effective_on": DateInput, "reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "effective_on": _(
                "Geçmiş bir gün geç bildirilen, ileri bir gün zamanı gelince yürürlüğe girecek "
                "değişiklik demektir."
            ),
            "legal_reference": _("Kanun, kararname ya da onayın tarihi ve sayısı."),
        }

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["key"].initial = uuid.uuid4

    def header(self) -> dict[str, Any]:
        """The cleaned fields of the file, for the services."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ChangeForm(forms.Form):
    """The fields of one kind of change of `unit`, filled with what holds today."""

    def __init__(
        self, *args: Any, unit: Unit, kind: str, keys: tuple[str, ...] = (), **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.unit, self.kind, self.keys = unit, kind, keys
        build = {
            ChangeKind.RENAMED: self._names,
            ChangeKind.MOVED: self._place,
            ChangeKind.AMENDED: self._facts,
            ChangeKind.FOUNDED: self._new,
            ChangeKind.MERGED: self._successor,
            ChangeKind.DEVOLVED: self._successor,
            ChangeKind.SPLIT: self._successors,
        }.get(ChangeKind(kind))
        if build:
            build()

    def _model_field(self, name: str, **given: Any) -> None:
        model_field: Any = UnitFacts._meta.get_field(name)
        self.fields[name] = model_field.formfield(**given)

    def _names(self) -> None:
        self._model_field("name", initial=self.unit.name)
        self._model_field("name_en", initial=self.unit.name_en)

    def _place(self) -> None:
        self.fields["parent"] = UnitField(
            label=_("Bağlanacağı birim"), initial=self.unit.parent_id, keys=self.keys
        )
        self.fields["civil_authority"] = UnitField(
            label=_("Mülki idare amirliği"), initial=self.unit.civil_authority_id, required=False
        )

    def _facts(self) -> None:
        self._model_field("name_en", initial=self.unit.name_en)
        for name in CODE_TABLES:
            self._code(name, getattr(self.unit, f"{name}_id"))
        for name in (*_CONTACT, "addressee_suffix", "addressee_cut"):
            more = {"assume_scheme": "https"} if name == "website" else {}
            self._model_field(name, initial=getattr(self.unit, name), **more)
        for name in _FLAGS:
            self._model_field(name, initial=getattr(self.unit, name), required=False)

    def _code(self, name: str, initial: Any) -> None:
        model = CODE_TABLES[name]
        rows = sorted(
            model._default_manager.filter(active=True), key=lambda row: sort_key(str(row))
        )
        self.fields[name] = forms.ChoiceField(
            label=str(model._meta.verbose_name).capitalize(),
            choices=[("", "—"), *((str(row.pk), str(row)) for row in rows)],
            initial="" if initial is None else str(initial),
            required=False,
        )

    def _new(self) -> None:
        self._model_field("name")
        self._model_field("name_en")
        self.fields["organisation_type"] = forms.ChoiceField(
            label=_("Teşkilat türü"),
            choices=OrganisationType.choices,
            initial=self.unit.organisation_type,
        )
        for name in ("category", "status", "province", "district", "country"):
            initial = getattr(self.unit, f"{name}_id") if name in ("province", "district") else None
            self._code(name, initial)
        self.fields["civil_authority"] = UnitField(
            label=_("Mülki idare amirliği"), initial=self.unit.civil_authority_id, required=False
        )

    def _successor(self) -> None:
        self.fields["successors"] = UnitField(label=_("Halef birim"), keys=self.keys)

    def _successors(self) -> None:
        self.fields["successors"] = UnitListField(label=_("Halef birimler"), keys=self.keys)

    def item(self, key: str = "") -> ItemInput:
        """The change as the services take it: only what differs from today."""
        given = dict(self.cleaned_data)
        successors = given.pop("successors", ())
        if not isinstance(successors, list | tuple):
            successors = [successors]
        kind = ChangeKind(self.kind)
        if kind in (ChangeKind.CLOSED, ChangeKind.MERGED, ChangeKind.SPLIT, ChangeKind.DEVOLVED):
            return ItemInput(
                kind=kind, unit=self.unit.pk, assignments={"active": False}, successors=successors
            )
        if kind == ChangeKind.REOPENED:
            return ItemInput(kind=kind, unit=self.unit.pk, assignments={"active": True})
        facts = {name: _value(name, value) for name, value in given.items()}
        if kind == ChangeKind.FOUNDED:
            said = {name: value for name, value in facts.items() if value not in (None, "")}
            return ItemInput(kind=kind, key=key, assignments={**said, "parent": self.unit.pk})
        changed = {name: value for name, value in facts.items() if value != self._today(name)}
        if not changed:
            raise RuleViolation(str(_("Yeni bilgiler eskisiyle aynı: değişen bir şey yok.")))
        return ItemInput(kind=kind, unit=self.unit.pk, assignments=changed)

    def _today(self, name: str) -> Any:
        column = f"{name}_id" if hasattr(self.unit, f"{name}_id") else name
        return getattr(self.unit, column)


def _value(name: str, value: Any) -> Any:
    """As the change log holds it: numbers for codes, None for none."""
    if name in CODE_TABLES:
        if not value:
            return None
        return value if name == "country" else int(value)
    if name in ("parent", "civil_authority"):
        return value
    return value.strip() if isinstance(value, str) else value


class DecisionForm(forms.Form):
    """A decision with its reason."""

    reason = forms.CharField(label=_("Gerekçe"), widget=forms.Textarea(attrs={"rows": 3}))


class UploadForm(forms.Form):
    """A sheet of changes."""

    file = UploadField(label=_("Excel dosyası"), kinds=("xlsx",), max_size=5 << 20)


class CodeForm(forms.Form):
    """A row of a code table."""

    name = forms.CharField(label=_("Ad"), max_length=200)
    name_en = forms.CharField(label=_("İngilizce adı"), max_length=200, required=False)
    active = forms.BooleanField(label=_("Kullanımda"), required=False, initial=True)
    reason = forms.CharField(label=_("Gerekçe"), widget=forms.Textarea(attrs={"rows": 2}))


class NewCodeForm(CodeForm):
    """A new row: its code is given once and never changes."""

    code = forms.CharField(label=_("Kod"), max_length=10)
    field_order = ("code", "name", "name_en", "active", "reason")
