"""What the filters by code offer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q
from django.utils.translation import get_language

from detsis.models import BudgetType, Category, District, Province, Status
from kaysis.common.turkish import sort_key

CODES = {"category": Category, "status": Status, "budget_type": BudgetType, "province": Province}


def code_choices(names: Iterable[str] = CODES) -> dict[str, list[tuple[str, str]]]:
    """Filter name → (code, name) of its code table, in order of the names. One query."""
    english = (get_language() or "").startswith("en")
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in names}
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


def district_choices(province: int | None, district: int | None) -> list[tuple[str, str]]:
    """The districts of the province; without one, those of the province of `district`."""
    if province is None and district is None:
        return []
    wanted = Q(province=province)
    if province is None:
        wanted = Q(province__districts=district)
    rows: Iterable[District] = District.objects.filter(wanted)
    return [(str(row.pk), str(row)) for row in sorted(rows, key=lambda row: sort_key(row.name))]
