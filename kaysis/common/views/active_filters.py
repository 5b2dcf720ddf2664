"""What a list is narrowed by, in words, each with the address that takes it away."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django_filters import FilterSet


def _shown(field: forms.Field, value: str) -> str:
    """The value as the form shows it: the label of a choice, not its key."""
    if isinstance(field, forms.ModelChoiceField):
        queryset = field.queryset
        name = field.to_field_name or "pk"
        found = queryset.filter(**{name: value}).first() if queryset is not None else None
        return field.label_from_instance(found) if found is not None else value
    for key, label in getattr(field, "choices", ()):
        if isinstance(label, list | tuple):
            for inner_key, inner_label in label:
                if str(inner_key) == value:
                    return str(inner_label)
        elif str(key) == value:
            return str(label)
    return value


def _without(request: HttpRequest, name: str, value: str) -> str:
    kept = [
        (key, given)
        for key, values in request.GET.lists()
        if key != "sayfa"
        for given in values
        if (key, given) != (name, value)
    ]
    return f"?{urlencode(kept)}" if kept else request.path


def active_filters(filterset: FilterSet | None, request: HttpRequest) -> list[dict[str, Any]]:
    """[{label, value, url}] of every filter in the query string that is valid and not empty."""
    if filterset is None or not filterset.is_bound:
        return []
    form = filterset.form
    form.is_valid()
    shown = []
    for name, field in form.fields.items():
        if name in form.errors:
            continue
        # A range filter has several inputs under one field: name_min, name_max.
        widget_names = getattr(field.widget, "widgets_names", None)
        names = [f"{name}{suffix}" for suffix in widget_names] if widget_names else [name]
        for parameter in names:
            for value in request.GET.getlist(parameter):
                if value.strip():
                    shown.append(
                        {
                            "label": field.label or name,
                            "value": _shown(field, value),
                            "url": _without(request, parameter, value),
                        }
                    )
    return shown
