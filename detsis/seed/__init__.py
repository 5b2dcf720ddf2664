"""The code tables as the portal starts with them.

Facts: category and budget codes are those of the live service; provinces carry their plate number,
districts the id of the address register, countries ISO 3166-1 (with XK and XC from its
user-assigned codes). Statuses and legal personalities have no published codes: theirs are ours.
All of it is editable data; the constants below name only what the code itself must recognise.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any

from django.apps import apps as current_apps
from django.apps.registry import Apps

DATA = Path(__file__).parent / "data"

# In the order in which they must be filled; file name → model.
TABLES = {
    "categories": "Category",
    "statuses": "Status",
    "budget_types": "BudgetType",
    "legal_personalities": "LegalPersonality",
    "provinces": "Province",
    "districts": "District",
    "countries": "Country",
}


class CategoryCode(IntEnum):
    PARLIAMENT = 16
    PRESIDENCY = 17
    PRIME_MINISTRY = 18
    MINISTRY = 19
    HIGH_JUDICIARY = 125
    AFFILIATED = 127
    RELATED = 128
    ASSOCIATED = 129
    HIGHER_EDUCATION = 132
    LOCAL_AFFILIATE = 202
    MUNICIPALITY = 204
    SPECIAL_PROVINCIAL_ADMINISTRATION = 205
    REGULATOR = 210
    COMPANY = 214
    CIVIL_ADMINISTRATION = 221


class StatusCode(IntEnum):
    MINISTRY = 3
    GOVERNORSHIP = 30
    DISTRICT_GOVERNORSHIP = 31
    PROVINCIAL_DIRECTORATE = 33
    DISTRICT_DIRECTORATE = 34
    EMBASSY = 40
    CONSULATE_GENERAL = 42
    GROUPING = 90


def rows_of(table: str) -> Iterator[dict[str, str]]:
    """The rows of one file, as text."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def seed_code_tables(apps: Apps | None = None) -> dict[str, int]:
    """Add the codes that are missing; those that are there stay as they are edited.

    `apps` may be the registry of a migration that went only part of the way: tables that it does
    not know are left out. Returns how many rows each table gained.
    """
    registry = apps or current_apps
    added = {}
    for table, model_name in TABLES.items():
        try:
            model = registry.get_model("detsis", model_name)
        except LookupError:
            continue
        present = set(model.objects.values_list("pk", flat=True))
        wanted = [_instance(model, row) for row in rows_of(table)]
        missing = [row for row in wanted if row.pk not in present]
        model.objects.bulk_create(missing, batch_size=1000)
        added[table] = len(missing)
    return added


def _instance(model: Any, row: dict[str, str]) -> Any:
    code: Any = row["code"]
    given: dict[str, Any] = {
        key: value for key, value in row.items() if key not in ("code", "province")
    }
    if row.get("province"):
        given["province_id"] = int(row["province"])
    if model.__name__ != "Country":
        code = int(code)
    return model(code=code, **given)
