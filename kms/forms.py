"""Forms of the editors' area."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis.filters.fields import UnitNumberField
from detsis.models import Unit
from kaysis.common.casing import capital_labels
from kaysis.common.errors import RuleViolation
from kaysis.common.plain import PlainForm, plain_line
from kaysis.common.widgets import DateInput
from kms.models import Instrument, RelationKind, VersionKind
from kms.selectors.citations import find_cited
from kms.selectors.detected import Detected
from kms.services import Decision
from kms.services.decisions import check_rank
from kms.uploads import text_of

#: So many citations can be pasted at once.
MAX_LINES = 5000


class InstrumentForm(PlainForm, forms.ModelForm):
    """The facts of an instrument; the issuer by its number."""

    issuer_no = UnitNumberField(
        label=_("Çıkaran kurumun Devlet Teşkilatı Numarası"),
        required=False,
        help_text=_("Kayıtlı bir kurumsa. Değilse makamın adını aşağıya yazın."),
    )
    commencements = forms.CharField(
        label=_("Ayrı yürürlük tarihleri"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Her satıra bir hüküm ve tarih: “m. 5: 01.01.2027”."),
    )
    reason = forms.CharField(label=_("Gerekçe"), max_length=300)

    class Meta:
        model = Instrument
        formfield_callback = capital_labels
        fields = (
            "type",
            "number",
            "series",
            "title",
            "abbreviation",
            "accepted_on",
            "scope",
            "gazette_date",
            "gazette_number",
            "gazette_repeat",
            "effective_from",
            "lapsed_on",
            "without_effect_from",
            "without_effect_reason",
            "issuer_name",
        )
        widgets = dict.fromkeys(
            ("accepted_on", "gazette_date", "effective_from", "lapsed_on", "without_effect_from"),
            DateInput,
        )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        # The hint at the issuer's number points to the field below it.
        first = [name for name in self.Meta.fields if name != "issuer_name"]
        self.order_fields([*first, "issuer_no", "issuer_name", "commencements", "reason"])
        if self.instance.pk is None:
            del self.fields["reason"]
        else:
            self.initial["issuer_no"] = self.instance.issuer_id
            self.initial["commencements"] = "\n".join(
                f"{each.place}: {each.date:%d.%m.%Y}"
                for each in self.instance.commencements.order_by("date", "place")
            )

    def clean_issuer_no(self) -> Unit | None:
        number = self.cleaned_data["issuer_no"]
        if not number:
            return None
        unit = Unit.objects.filter(pk=number, valid_from__isnull=False).first()
        if unit is None:
            raise ValidationError(_("Bu numarayla kayıtlı bir birim yok."))
        return unit

    def clean_commencements(self) -> dict[str, dt.date]:
        found: dict[str, dt.date] = {}
        for line in self.cleaned_data["commencements"].splitlines():
            if not line.strip():
                continue
            match = re.fullmatch(
                r"\s*(.{1,100}?)\s*[:;]\s*(\d{1,2})[./](\d{1,2})[./](\d{4})\s*", line
            )
            try:
                day = dt.date(int(match[4]), int(match[3]), int(match[2])) if match else None
            except ValueError:
                day = None
            if match is None or day is None:
                raise ValidationError(
                    gettext("“%(line)s” okunamadı: “m. 5: 01.01.2027” gibi yazın.")
                    % {"line": line[:60]}
                )
            found[match[1]] = day
        return found

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**facts, "issuer": self.cleaned_data["issuer_no"]}


class TextForm(forms.Form):
    """A text, pasted or uploaded."""

    kind = forms.ChoiceField(label=_("Metin türü"), choices=VersionKind.choices)
    valid_from = forms.DateField(
        label=_("Geçerlilik başlangıcı"),
        required=False,
        widget=DateInput,
        help_text=_("İlk metinde yürürlük günü, işlenmiş metinde son değişikliğin yürürlük günü."),
    )
    file = forms.FileField(
        label=_("Dosya"),
        required=False,
        help_text=_("DOCX, metin içeren PDF ya da düz metin; en çok 20 MB."),
    )
    text = forms.CharField(
        label=_("Ya da metni yapıştırın"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=_("Açıklama"), required=False, max_length=500, validators=[plain_line]
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("file")
        if upload is not None:
            try:
                data["text"] = text_of(upload, upload.size)
            except ValidationError as error:
                self.add_error("file", error)
                return data
        if not (data.get("text") or "").strip() and "file" not in self.errors:
            self.add_error("text", _("Bir dosya seçin ya da metni yapıştırın."))
        if data.get("kind") == VersionKind.CONSOLIDATED and not data.get("valid_from"):
            self.add_error("valid_from", _("İşlenmiş metnin geçerlilik başlangıcını yazın."))
        return data


class ReasonForm(PlainForm, forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Gerekçe"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class RelationsForm(PlainForm, forms.Form):
    """One instrument acts on all that a pasted list cites."""

    kind = forms.ChoiceField(
        label=_("Bu mevzuat, listedekileri"),
        choices=[
            (RelationKind.REPEALS, _("yürürlükten kaldırır")),
            (RelationKind.AMENDS, _("değiştirir")),
            (RelationKind.BASED_ON, _("dayanak alır")),
            (RelationKind.IMPLEMENTS, _("uygular")),
        ],
    )
    on = forms.DateField(label=_("Etki tarihi"), required=False, widget=DateInput)
    place = forms.CharField(
        label=_("Hangi maddesiyle"), required=False, max_length=60, help_text=_("Örneğin “m. 25”.")
    )
    lines = forms.CharField(
        label=_("Atıflar, her satırda bir tane"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("“657 sayılı Kanun”, “13/12/1983 tarihli ve 190 sayılı KHK” gibi."),
    )

    def clean_lines(self) -> list[str]:
        lines = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MAX_LINES:
            raise ValidationError(_("Bir seferde en çok 5.000 satır yapıştırılabilir."))
        return lines


class UndoForm(PlainForm, forms.Form):
    """A relation that no longer holds."""

    on = forms.DateField(label=_("Hükümsüz kaldığı tarih"), widget=DateInput)
    reason = forms.CharField(label=_("Neden"), max_length=500)


class DecisionsForm(PlainForm, forms.Form):
    """Yes or no to each of some detected relations, and another target where one is meant."""

    def __init__(self, *args: Any, rows: Sequence[Detected], own: Instrument, **given: Any) -> None:
        super().__init__(*args, **given)
        self.rows, self.own = rows, own
        for row in rows:
            self.fields[f"karar-{row.key}"] = forms.ChoiceField(
                label=_("Karar"),
                choices=[("kabul", _("Kabul")), ("ret", _("Ret"))],
                required=False,
                widget=forms.RadioSelect,
                initial=_initial(row),
            )
            self.fields[row.key] = self._target_field(row)

    def _target_field(self, row: Detected) -> forms.Field:
        chosen = row.chosen
        if len(row.candidates) > 1:
            options = [(str(each.pk), str(each)[:160]) for each in row.candidates[:20]]
            return forms.ChoiceField(
                label=_("Hangisi?"),
                choices=[("", _("Belirsiz kalsın")), *options],
                required=False,
                initial=str(chosen.pk) if chosen else "",
            )
        return forms.CharField(
            label=_("Başka hedef"),
            required=False,
            max_length=200,
            initial=chosen.short_citation if chosen else "",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._targets: dict[str, Instrument] = {}
        for row in self.rows:
            wanted = data.get(row.key) or ""
            if not wanted:
                continue
            found = self._named(row, wanted)
            if not found:
                self.add_error(row.key, _("Kayıtta böyle bir mevzuat yok."))
            elif len(found) > 1:
                self.add_error(row.key, _("Birden çok mevzuat bu atfa uyuyor: tarihini de yazın."))
            else:
                self._choose(row, found[0])
        if not self.errors and not self._targets and not any(data.values()):
            self.add_error(None, _("Hiçbir ilişki için karar vermediniz."))
        return data

    def _named(self, row: Detected, wanted: str) -> list[Instrument]:
        if row.chosen is not None and wanted in (row.chosen.short_citation, str(row.chosen.pk)):
            return [row.chosen]
        if len(row.candidates) > 1:
            return [each for each in row.candidates if str(each.pk) == wanted]
        return find_cited(wanted)

    def _choose(self, row: Detected, target: Instrument) -> None:
        try:
            check_rank(row.claim, self.own, target)
        except RuleViolation as error:
            self.add_error(row.key, error.message)
        else:
            self._targets[row.key] = target

    def decisions(self) -> dict[str, Decision]:
        """What was decided; nothing for what was left open."""
        found: dict[str, Decision] = {}
        for row in self.rows:
            said = self.cleaned_data.get(f"karar-{row.key}")
            target = self._targets.get(row.key)
            if said or target:
                found[row.key] = Decision(accepted=said != "ret", target=target)
        return found

    def listed(self) -> list[tuple[Detected, BoundField, BoundField]]:
        """Each relation with its two fields."""
        return [(row, self[f"karar-{row.key}"], self[row.key]) for row in self.rows]


def _initial(row: Detected) -> str:
    """What is marked before anybody decides: yes, except for what ends another instrument."""
    if row.accepted is None:
        return "" if row.ends else "kabul"
    return "kabul" if row.accepted else "ret"
