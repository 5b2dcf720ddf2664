"""The base of every set of filters: `class UnitFilter(FilterSet)`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import django_filters
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class FilterSet(django_filters.FilterSet):
    """Makes only the filters that are asked for.

    A list is narrowed by few things at a time, and making all filters takes longer than asking the
    database: without `names` these are the filters that `data` names. A form to be drawn names all.
    """

    # Whether what the fields offer depends on neither data nor reader: they are then drawn once.
    fixed = False

    def __init__(
        self, data: Any = None, *args: Any, names: Collection[str] | None = None, **given: Any
    ) -> None:
        kind: Any = type(self)
        if names is None:
            names = [
                name
                for name, each in kind.base_filters.items()
                if any(_asked(data, parameter) for parameter in _parameters(name, each))
            ]
        self.base_filters: dict[str, django_filters.Filter] = {
            name: each for name, each in kind.base_filters.items() if name in names
        }
        self._made_with = (args, given)
        super().__init__(data, *args, **given)
        # A filter keeps its field; that of the class, once the description of the API has asked
        # for it, would come along with the copy.
        for each in self.filters.values():
            each.__dict__.pop("_field", None)

    @property
    def form(self) -> forms.BaseForm:
        """The form of these filters. Its fields belong to this set alone: unlike those of a class
        that is made anew each time, they need not be copied."""
        if not hasattr(self, "_form"):
            form = self._meta.form(self.data if self.is_bound else None, prefix=self.form_prefix)
            form.fields = {name: each.field for name, each in self.filters.items()}
            self._form = form
        return self._form

    @property
    def drawn(self) -> SafeString:
        """The fields of all filters, filled in with what was asked for."""
        return SafeString("".join(self.drawn_fields.values()))

    @property
    def drawn_fields(self) -> dict[str, SafeString]:
        """The same, field by field."""
        if not self.fixed:
            return _each_drawn(self._whole(self.data).form)
        key = type(self), get_language()
        if key not in _drawn:
            _drawn[key] = _each_drawn(self._whole({}).form)
        return _drawn[key] | _each_drawn(self.form)

    def _whole(self, data: Any) -> FilterSet:
        args, given = self._made_with
        kind: Any = type(self)
        return kind(data or None, *args, names=kind.base_filters, **given)


def _parameters(name: str, each: django_filters.Filter) -> list[str]:
    """The parameters of a filter in the query string: a range has several."""
    suffixes = getattr(each.field_class.widget, "suffixes", None)
    return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]


def _asked(data: Any, parameter: str) -> bool:
    """Whether the parameter has a value; of several, the last may be the empty one."""
    if not data:
        return False
    values = data.getlist(parameter) if hasattr(data, "getlist") else [data.get(parameter)]
    return any(values)


def _each_drawn(form: forms.BaseForm) -> dict[str, SafeString]:
    return {field.name: field.as_field_group() for field in form}


# By class and language.
_drawn: dict[tuple[type[FilterSet], str | None], dict[str, SafeString]] = {}
