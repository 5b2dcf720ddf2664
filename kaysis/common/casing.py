"""Casing in the language of the reader; what is always Turkish is in `kaysis.common.turkish`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Field
from django.utils.functional import lazy
from django.utils.translation import get_language

from kaysis.common import turkish
from kaysis.common.types import Text


def capital(text: Text) -> str:
    """`text` with a capital first letter: iller → İller for Turkish readers, items → Items."""
    written = str(text)
    first = written[:1]
    english = (get_language() or "").startswith("en")
    return (first.upper() if english else turkish.upper(first)) + written[1:]


capital_lazy = lazy(capital, str)


def capital_labels(field: Field[Any, Any], **options: Any) -> forms.Field | None:
    """`formfield_callback` of a ModelForm: Django's own label would write iş telefonu as Iş …"""
    options.setdefault("label", capital_lazy(field.verbose_name))
    return field.formfield(**options)
