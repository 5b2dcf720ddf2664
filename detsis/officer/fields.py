"""Form fields that name units by number or by name, and fields of several rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from detsis.officer.picking import Candidate, Purpose, candidates, choosable, find, key_in
from kaysis.accounts.models import Person
from kaysis.common.types import Text


class UnitPicker(forms.TextInput):
    """A text input with suggestions; below it the choice, where what was typed is not one unit."""

    template_name = "detsis/officer/unit_picker.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.purpose = Purpose.SUBJECT
        self.file: int | None = None
        # Set by the field when the form is checked; each form has its own copy of the widget.
        self.choices: list[Candidate] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = data.get(name)
        chosen = data.get(f"{name}-secilen")
        # A choice counts for the text it was offered for.
        return chosen if chosen and data.get(f"{name}-icin") == text else text

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "choices": self.choices,
            "purpose": self.purpose,
            "file": self.file,
            "labels": {
                "label": gettext("Bulunan birimler"),
                "none": gettext("Bu sözcüklerle birim bulunamadı."),
                "some": gettext("birim bulundu; ok tuşlarıyla seçin."),
            },
        }
        return context


class UnitField(forms.CharField):
    """A unit by number or name; gives its number. Several candidates are offered to choose from.

    `keys` (temporary name → name) are units that the same file founds; they are taken, too.
    """

    def __init__(
        self,
        *,
        purpose: Purpose,
        person: Person | None = None,
        keys: Mapping[str, str] | None = None,
        file: int | None = None,
        **given: Any,
    ) -> None:
        given.setdefault(
            "help_text",
            _("Adını yazıp listeden seçin ya da sekiz haneli numarasını yazın."),
        )
        super().__init__(max_length=500, widget=UnitPicker(), **given)
        self.purpose, self.person, self.keys = purpose, person, dict(keys or {})
        self.widget.purpose, self.widget.file = purpose, file

    def prepare_value(self, value: Any) -> Any:
        """A number or temporary name with the name of its unit before it."""
        text = str(value) if value is not None else ""
        if text in self.keys:
            return f"{self.keys[text]} ({text})"
        if len(text) == 8 and text.isdecimal():
            name = Unit.objects.filter(pk=int(text)).values_list("name", flat=True).first()
            return f"{name} ({text})" if name else text
        return value

    def clean(self, value: Any) -> int | str | None:
        text = super().clean(value)
        if not text:
            return None
        key = key_in(text, self.keys)
        if key is not None:
            return key
        found = find(text, choosable(self.purpose, self.person))
        if len(found) == 1:
            return found[0].pk
        if found:
            self.widget.choices = candidates(found)
            raise ValidationError(
                _("Bu ada uyan birden çok birim var. Aşağıdan birini seçin."), code="several"
            )
        raise ValidationError(self._why_none(text), code="none")

    def _why_none(self, text: str) -> str:
        elsewhere = find(text, Unit.objects.visible_to(self.person), most=1)
        if not elsewhere:
            return gettext("“%(text)s” diye bir birim bulunamadı.") % {"text": text}
        reasons = {
            Purpose.AUTHORITY: gettext("“%(name)s” bir valilik ya da kaymakamlık değil."),
            Purpose.SUCCESSOR: gettext("“%(name)s” faal değil."),
        }
        default = gettext("“%(name)s” yetki alanınızda değil ya da faal değil.")
        return reasons.get(self.purpose, default) % {"name": elsewhere[0].name}


# --- Several rows of the same columns ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a field of rows. `kind`: the type of its inputs, text or date."""

    name: str
    label: Text
    kind: str = "text"
    needed: bool = False


class RowsWidget(forms.Widget):
    """The rows that are there and some empty ones. Its value: a list of {column: text}."""

    template_name = "detsis/officer/rows.html"
    use_fieldset = True

    def __init__(self, columns: Sequence[Column], spare: int = 2) -> None:
        super().__init__()
        self.columns, self.spare = columns, spare

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = []
        while f"{name}-{len(rows)}-{self.columns[0].name}" in data and len(rows) < 100:
            rows.append(
                {c.name: data.get(f"{name}-{len(rows)}-{c.name}", "") for c in self.columns}
            )
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0-{self.columns[0].name}" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{self.columns[0].name}" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        filled = [row for row in value or [] if any(row.values())]
        rows = [*filled, *({} for _ in range(self.spare))]
        start = context["widget"]["attrs"].get("id", name)
        context["widget"]["rows"] = [
            [
                {
                    "name": f"{name}-{number}-{column.name}",
                    "id": f"{start}-{number}-{column.name}",
                    "label": column.label,
                    "kind": column.kind,
                    "value": row.get(column.name) or "",
                }
                for column in self.columns
            ]
            for number, row in enumerate(rows)
        ]
        return context


class RowsField(forms.Field):
    """Gives the filled rows as {column: value}; dates as ISO text, empty cells as ""."""

    def __init__(self, columns: Sequence[Column], *, spare: int = 2, **given: Any) -> None:
        super().__init__(widget=RowsWidget(columns, spare), required=False, **given)
        self.columns = columns

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows = [{name: str(text or "").strip() for name, text in row.items()} for row in value]
        rows = [row for row in rows if any(row.values())]
        for number, row in enumerate(rows, start=1):
            for column in self.columns:
                self._check(column, row, number)
        return rows

    def _check(self, column: Column, row: dict[str, str], number: int) -> None:
        text = row[column.name]
        told = {"n": number, "column": column.label, "text": text}
        if not text and column.needed:
            raise ValidationError(_("%(n)s. satır: %(column)s boş bırakılamaz.") % told)
        if text and column.kind == "date":
            try:
                # As a date field takes it: 24.11.2026 as well as ISO.
                day = forms.DateField().to_python(text)
            except ValidationError:
                day = None
            if day is None:
                raise ValidationError(_("%(n)s. satır: “%(text)s” bir tarih değil.") % told)
            row[column.name] = day.isoformat()


def day_after(text: str) -> str | None:
    """The exclusive end that stands for a last day."""
    day = parse_date(text) if text else None
    return (day + dt.timedelta(days=1)).isoformat() if day else None


def day_before(text: str | None) -> str:
    """The last day that an exclusive end stands for."""
    day = parse_date(text) if text else None
    return (day - dt.timedelta(days=1)).isoformat() if day else ""
