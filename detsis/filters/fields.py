"""The kinds of filters DETSİS lists are made of."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from detsis.models.unit import DETSIS_NO_MAX, DETSIS_NO_MIN
from kaysis.common.types import Text
from kaysis.common.widgets import DateInput

ALL = _("Tümü")


class UnitNumberField(forms.IntegerField):
    default_error_messages = {
        "invalid": _("Devlet Teşkilatı Numarası sekiz rakamdan oluşur."),
        "min_value": _("Devlet Teşkilatı Numarası sekiz rakamdan oluşur."),
        "max_value": _("Devlet Teşkilatı Numarası sekiz rakamdan oluşur."),
    }

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8}))
        super().__init__(**{"min_value": DETSIS_NO_MIN, "max_value": DETSIS_NO_MAX, **given})
        # The bounds are for us; a person sees one sentence about eight digits.
        messages = self.error_messages
        for validator in self.validators:
            validator.message = messages["invalid"]  # type: ignore[attr-defined]


def unit_above(detsis_no: int) -> Unit | None:
    """The unit with its bounds and nothing else. As text: lists ask this before anything else."""
    sql = "SELECT detsis_no, lft, rght FROM detsis_unit WHERE detsis_no = %s"
    return next(iter(Unit.objects.raw(sql, [detsis_no])), None)


class UnitNumberFilter(django_filters.Filter):
    field_class = UnitNumberField


class YesNoFilter(django_filters.ChoiceFilter):
    """true or false; `yes` and `no` are how people read them. A method is given the text."""

    def __init__(self, *args: Any, yes: Text, no: Text, **given: Any) -> None:
        choices = [("true", yes), ("false", no)]
        super().__init__(*args, choices=choices, empty_label=ALL, **given)

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, value == "true" if value else value)


def day_filter(label: Text, field_name: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        field_name=field_name, lookup_expr=lookup, label=label, widget=DateInput
    )


class CodeField(django_filters.fields.ChoiceField):
    """Looks among the choices as they were read; its parent first puts all of them in Django's
    form, for each question anew."""

    def valid_value(self, value: Any) -> bool:
        return any(str(value) == code for code, _name in self.choices.choices)


class CodeFilter(django_filters.ChoiceFilter):
    field_class = CodeField


def code_filter(label: Text, field_name: str, **attrs: Any) -> django_filters.ChoiceFilter:
    """By code; the choices are read when the filters are made."""
    return CodeFilter(
        field_name=field_name,
        label=label,
        choices=[],
        empty_label=ALL,
        widget=forms.Select(attrs=attrs),
    )
