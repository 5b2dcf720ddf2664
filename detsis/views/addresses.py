"""The addresses that pages of DETSİS share."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from detsis.filters import PAGE_NAMES
from detsis.models.unit import DETSIS_NO_MIN
from detsis.views.days import PARAMETER as DAY_PARAMETER
from detsis.views.days import day_query

API_UNITS = "/api/v1/units/"
VIEW_PARAMETER, LIST, TREE = "gorunum", "liste", "agac"


def list_url(**given: Any) -> str:
    """The list of units narrowed by filters under their API names: `list_url(below=24301050)`."""
    query = {PAGE_NAMES[name]: value for name, value in given.items()}
    return f"{reverse('detsis:units')}?{urlencode({VIEW_PARAMETER: LIST, **query})}"


def unit_url(detsis_no: int, day: dt.date | None = None) -> str:
    """The page of a unit, of a day."""
    return _pattern("detsis:unit").format(detsis_no) + day_query(day)


def branch_url(detsis_no: int | None, day: dt.date | None = None) -> str:
    """The items of one branch of the tree; None: of the roots."""
    if detsis_no is None:
        return reverse("detsis:roots") + day_query(day)
    return _pattern("detsis:branch").format(detsis_no) + day_query(day)


@cache
def _pattern(name: str) -> str:
    """The address of a page about a unit, with a place for its number: pages hold dozens."""
    return reverse(name, args=[DETSIS_NO_MIN]).replace(str(DETSIS_NO_MIN), "{}")


def tree_url(detsis_no: int, day: dt.date | None = None) -> str:
    """The tree with the branch of a unit open."""
    query = {"ac": detsis_no, **({DAY_PARAMETER: day.isoformat()} if day else {})}
    return f"{reverse('detsis:units')}?{urlencode(query)}#d-{detsis_no}"
