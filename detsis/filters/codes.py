"""What the filters by code offer.

With a data version, what was read for it before is used again: no query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q
from django.utils.translation import get_language

from detsis.kept import Kept
from detsis.models import BudgetType, Category, District, Province, Status
from kaysis.common.turkish import sort_key

CODES = {"category": Category, "status": Status, "budget_type": BudgetType, "province": Province}

Choices = list[tuple[str, str]]
_codes: Kept[dict[str, Choices]] = Kept(most=10)
_districts: Kept[dict[int, Choices]] = Kept(most=10)


def code_choices(names: Iterable[str] = CODES, version: str | None = None) -> dict[str, Choices]:
    """Filter name → (code, name) of its code table, in order of the names. One query at most."""
    if version is None:
        return _read_codes(names)
    found = _codes.get(version, get_language(), lambda: _read_codes(CODES))
    return {name: found[name] for name in names}


def _read_codes(names: Iterable[str]) -> dict[str, Choices]:
    english = _in_english()
    found: dict[str, Choices] = {name: [] for name in names}
    if not found:
        return found
    union = " UNION ALL ".join(
        f"SELECT '{name}', code, name, name_en FROM {CODES[name]._meta.db_table} WHERE active"
        for name in found
    )
    with connection.cursor() as cursor:
        cursor.execute(union)
        rows = cursor.fetchall()
    for kind, code, name, name_en in sorted(rows, key=lambda row: sort_key(row[2])):
        found[kind].append((str(code), name_en if english and name_en else name))
    return found


def district_choices(
    province: int | None, district: int | None, version: str | None = None
) -> Choices:
    """The districts of the province; without one, those of the province of `district`."""
    if province is None and district is None:
        return []
    if version is None:
        wanted = Q(province=province)
        if province is None:
            wanted = Q(province__districts=district)
        found = _read_districts(wanted)
    else:
        found = _districts.get(version, get_language(), lambda: _read_districts(Q()))
    if province is None:
        wanted_code = str(district)
        listed = (
            choices for choices in found.values() if any(code == wanted_code for code, _ in choices)
        )
        return next(listed, [])
    return found.get(province, [])


def _read_districts(wanted: Q) -> dict[int, Choices]:
    """Province → its districts."""
    english = _in_english()
    rows = District.objects.filter(wanted).values_list("province_id", "code", "name", "name_en")
    found: dict[int, Choices] = defaultdict(list)
    for province, code, name, name_en in sorted(rows, key=lambda row: sort_key(row[2])):
        found[province].append((str(code), name_en if english and name_en else name))
    return dict(found)


def _in_english() -> bool:
    return (get_language() or "").startswith("en")
