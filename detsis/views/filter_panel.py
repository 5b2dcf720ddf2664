"""The fields of the filter panel.

Eighteen fields, two of them with some eighty choices, take longer to draw than the rest of the page
together. They are drawn empty once for many readers; a list of choices is then filled in here, and
Django draws anew only what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from detsis.filters import PAGE_NAMES, UnitPageFilter, district_choices
from detsis.kept import Kept

# From here on the filters are folded away.
ADVANCED = list(PAGE_NAMES.values())[list(PAGE_NAMES).index("budget_type") :]
_DISTRICT = PAGE_NAMES["district"]


class Fields(NamedTuple):
    """HTML of the fields that are always shown, and of those folded away."""

    main: SafeString
    more: SafeString


class _Empty(NamedTuple):
    """A field without a value: what stands before and after its options, and these.

    What one types into has no options, and all of it stands in `before`.
    """

    before: str
    options: str | None
    after: str

    def filled(self, options: str, value: str) -> str:
        option = _option(value)
        chosen = f"{option.removesuffix('>')} selected>"
        return f"{self.before}{options.replace(option, chosen, 1)}{self.after}"


def _option(key: str) -> str:
    return f'<option value="{escape(key)}">'


def _options(choices: Iterable[tuple[str, str]]) -> str:
    return "".join(f"\n  {_option(key)}{escape(label)}</option>" for key, label in choices)


_kept: Kept[dict[str, _Empty]] = Kept(most=10)


def fields(filters: UnitPageFilter, version: str | None) -> Fields:
    """The fields, filled in with what the list is filtered by."""
    if filters.is_valid():
        drawn = _filled(filters, version)
    else:
        form = _form(filters)
        drawn = {name: form[name].as_field_group() for name in PAGE_NAMES.values()}
    return Fields(
        SafeString("".join(html for name, html in drawn.items() if name not in ADVANCED)),
        SafeString("".join(html for name, html in drawn.items() if name in ADVANCED)),
    )


def _form(filters: UnitPageFilter, *names: str) -> forms.BaseForm:
    """The form of some filters, or of all, with what was asked for."""
    form = UnitPageFilter(filters.data, filters.queryset, names=names or PAGE_NAMES.values()).form
    form.is_valid()
    return form


def _filled(filters: UnitPageFilter, version: str | None) -> dict[str, str]:
    empty = _kept.get(version, get_language(), lambda: _empty(filters, version))
    drawn = {}
    for name, field in empty.items():
        value = filters.data.get(name) or ""
        if field.options is None:
            drawn[name] = _form(filters, name)[name].as_field_group() if value else field.before
            continue
        options = field.options
        if name == _DISTRICT:
            options += _options(district_choices(*filters.place(), version))
        drawn[name] = field.filled(options, value)
    return drawn


def _empty(filters: UnitPageFilter, version: str | None) -> dict[str, _Empty]:
    form = UnitPageFilter({}, filters.queryset, names=PAGE_NAMES.values(), version=version).form
    return {field.name: _taken_apart(field) for field in form}


def _taken_apart(field: forms.BoundField) -> _Empty:
    html = field.as_field_group()
    offered: Any = getattr(field.field, "choices", None)
    if offered is None:
        return _Empty(html, None, "")
    before, _, rest = html.partition("\n  <option")
    options = _options((str(key), str(label)) for key, label in offered)
    return _Empty(before, options, rest.rpartition("</option>")[2])
