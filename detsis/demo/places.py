"""Provinces, districts and towns of the demo state."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from detsis.seed import rows_of


@cache
def province_names() -> dict[int, str]:
    """Plate → name, in the order of the plates."""
    return {int(entry["code"]): entry["name"] for entry in rows_of("provinces")}


@cache
def districts() -> dict[int, list[tuple[int, str]]]:
    """Plate → districts as (code, name)."""
    found: dict[int, list[tuple[int, str]]] = {}
    for entry in rows_of("districts"):
        found.setdefault(int(entry["province"]), []).append((int(entry["code"]), entry["name"]))
    return found


def towns() -> Iterator[tuple[int, str]]:
    """Towns with a municipality of their own, as (code of the district, name)."""
    with (Path(__file__).parent / "data" / "towns.csv").open(encoding="utf-8", newline="") as file:
        for entry in csv.DictReader(file):
            yield int(entry["district"]), entry["name"]
