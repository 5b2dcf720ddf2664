"""The fields of the filter panel, drawn once for many readers.

Eighteen fields, two of them with some eighty choices, take longer to draw than the rest of the page
together, and for the same filters they are the same until a code changes.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from detsis.filters import PAGE_NAMES, UnitPageFilter
from detsis.kept import Kept

# From here on the filters are folded away.
ADVANCED = list(PAGE_NAMES.values())[list(PAGE_NAMES).index("budget_type") :]


class Fields(NamedTuple):
    """HTML of the fields that are always shown, and of those folded away."""

    main: SafeString
    more: SafeString


_kept: Kept[Fields] = Kept(most=500)


def fields(filters: UnitPageFilter, version: str | None) -> Fields:
    """The fields, filled in with what the list is filtered by."""
    if not filters.is_valid():
        return _draw(filters)
    given = ((name, filters.data.get(name)) for name in PAGE_NAMES.values())
    key = (get_language(), *(pair for pair in given if pair[1]))
    return _kept.get(version, key, lambda: _draw(filters))


def _draw(filters: UnitPageFilter) -> Fields:
    form = UnitPageFilter(filters.data, filters.queryset, whole=True).form
    form.is_valid()
    drawn = {field.name: field.as_field_group() for field in form}
    return Fields(
        SafeString("".join(html for name, html in drawn.items() if name not in ADVANCED)),
        SafeString("".join(html for name, html in drawn.items() if name in ADVANCED)),
    )
