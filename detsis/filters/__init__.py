"""What lists of units are narrowed by: one set of filters for pages, API and exports.

`UnitFilter` has the names the API uses, `UnitPageFilter` the same filters under the names of the
Turkish pages (`PAGE_NAMES`). Both give the same rows for the same values.
"""

from detsis.filters.changes import ChangeFilter, SuccessionFilter
from detsis.filters.codes import code_choices, district_choices
from detsis.filters.fields import UnitNumberField, UnitNumberFilter
from detsis.filters.units import (
    PAGE_NAMES,
    UnitAsOfFilter,
    UnitFilter,
    UnitPageFilter,
    api_query,
)

__all__ = [
    "PAGE_NAMES",
    "ChangeFilter",
    "SuccessionFilter",
    "UnitAsOfFilter",
    "UnitFilter",
    "UnitNumberField",
    "UnitNumberFilter",
    "UnitPageFilter",
    "api_query",
    "code_choices",
    "district_choices",
]
