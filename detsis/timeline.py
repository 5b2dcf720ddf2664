"""Folding a unit's changes into its versions. Pure Python; no database.

A change says "from this day on, these facts hold". The versions of a unit are its changes, without
the voided ones, applied in order of (effective day, cursor). A client that follows the change feed
rebuilds the register with exactly this rule (docs/api.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Facts as the feed names them. Units are given by number, codes by code.
FACTS: dict[str, Any] = {
    "name": "",
    "name_en": "",
    "parent": None,
    "civil_authority": None,
    "organisation_type": "central",
    "category": None,
    "status": None,
    "budget_type": None,
    "legal_personality": None,
    "is_institution": False,
    "corresponds_externally": True,
    "active": True,
    "province": None,
    "district": None,
    "country": None,
    "addressee_suffix": "",
    "addressee_cut": "",
    "letterhead": [],
    "phone": "",
    "phone_extension": "",
    "fax": "",
    "email": "",
    "website": "",
    "address": "",
    "postal_code": "",
    "founding_legislation": [],
}
KEYS = frozenset(
    [
        "parent",
        "civil_authority",
        "category",
        "status",
        "budget_type",
        "legal_personality",
        "province",
        "district",
        "country",
    ]
)
# Not a fact with a beginning of its own: the whole list, each address with its own days.
KEP = "kep_addresses"
ASSIGNABLE = frozenset(FACTS) | {KEP}


@dataclass(frozen=True, slots=True)
class Step:
    """A change as the fold needs it."""

    cursor: int
    effective_on: dt.date
    assignments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """The facts of a unit from `valid_from` up to, not including, `valid_to` (None: open)."""

    valid_from: dt.date
    valid_to: dt.date | None
    facts: Mapping[str, Any]

    def covers(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def fold(steps: Iterable[Step]) -> list[Version]:
    """The versions that result from `steps`, oldest first; equal neighbours are one version."""
    ordered = sorted(steps, key=lambda step: (step.effective_on, step.cursor))
    facts = dict(FACTS)
    states: list[tuple[dt.date, dict[str, Any]]] = []
    for step in ordered:
        facts = facts | {key: value for key, value in step.assignments.items() if key in FACTS}
        if states and states[-1][0] == step.effective_on:
            states[-1] = (step.effective_on, facts)
        else:
            states.append((step.effective_on, facts))
    versions: list[Version] = []
    for index, (day, state) in enumerate(states):
        end = states[index + 1][0] if index + 1 < len(states) else None
        if versions and versions[-1].facts == state:
            versions[-1] = Version(versions[-1].valid_from, end, state)
        else:
            versions.append(Version(day, end, state))
    return versions


def state_at(versions: list[Version], day: dt.date) -> Version | None:
    """The version that covers `day`."""
    return next((version for version in versions if version.covers(day)), None)


def kep_addresses(steps: Iterable[Step]) -> list[dict[str, Any]] | None:
    """The list of KEP addresses that stands after `steps`; None when none ever said."""
    named = [step for step in steps if KEP in step.assignments]
    if not named:
        return None
    return max(named, key=lambda step: (step.effective_on, step.cursor)).assignments[KEP]


def active_range(versions: list[Version]) -> tuple[dt.date | None, dt.date | None]:
    """First day of existence, and the day it closed (None while open, or when never active)."""
    if not versions:
        return None, None
    first, last = versions[0], versions[-1]
    closed = last is not first and not last.facts["active"]
    return first.valid_from, (last.valid_from if closed else None)
