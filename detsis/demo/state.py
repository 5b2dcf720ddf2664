"""What all parts of the demo state share: rows with numbers, and where to find earlier ones."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from detsis.demo import numbers
from detsis.demo.contact import contact
from kaysis.common.turkish import slug

Row = dict[str, Any]
# The day from which letters have been sent electronically; before it the demo knows nothing.
REGISTERED_ON = dt.date(2015, 2, 2)
# Status codes that parts of the state use besides those the portal itself must recognise.
DEPARTMENT, DIVISION, DIRECTORATE = 11, 13, 14


class State:
    """Keeps the numbers of the rows made so far, so that later ones can point at them."""

    def __init__(self) -> None:
        self.by_name: dict[str, int] = {}
        self.local: dict[tuple[int, str], int] = {}
        self._fresh = numbers.fresh()
        self._lines = itertools.count(1)

    def row(self, name: str, parent: int | None, number: int | None = None, **facts: Any) -> Row:
        """A row; its number is kept under its name and, in a province, under (plate, name)."""
        made = number or next(self._fresh)
        self.by_name.setdefault(name, made)
        if plate := facts.get("province"):
            self.local.setdefault((plate, name), made)
        return {
            "detsis_no": made,
            "name": name,
            "parent": parent,
            "valid_from": REGISTERED_ON,
            "line": next(self._lines),
            **contact(name, facts),
            **facts,
        }

    def units(self, parent: int, names: Iterable[str], **facts: Any) -> Iterator[Row]:
        """Units of an institution, their status told by their name."""
        for name in names:
            status = 9 if "Genel Müdürlüğü" in name else 11 if "Daire" in name else 14
            yield self.row(name, parent, **{"status": status, **facts})

    def institution(self, name: str, parent: int | None, **facts: Any) -> Row:
        """An institution in the capital; `known_kep` is its address where that is known."""
        known = facts.pop("known_kep", None)
        facts.setdefault("legal_personality", 1)
        return self.row(
            name, parent, is_institution=True, kep_addresses=kep(name, known), province=6, **facts
        )


def kep(name: str, known: str | None = None) -> list[dict[str, str]]:
    """A KEP address; an invented one says so."""
    address = known or f"ornek-{slug(name)[:40].strip('-')}@hs01.kep.tr"
    return [{"address": address, "valid_from": REGISTERED_ON.isoformat()}]


def entries(text: str) -> Iterator[str]:
    """The entries of a list written as lines with bars between."""
    for entry in text.replace("\n", "|").split("|"):
        if entry.strip():
            yield entry.strip()
