"""Finding the unit a person means, among those that may be chosen for a purpose."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from detsis.models import Unit
from detsis.permissions import officer_scopes
from detsis.querysets import UnitQuerySet
from detsis.seed import StatusCode
from detsis.selectors import paths
from kaysis.accounts.models import Person
from kaysis.accounts.permissions import is_central_administrator
from kaysis.common.turkish import fold

# How many are offered to choose from.
MOST = 8
# "Personel Dairesi (24316060)", as the picker itself writes it, or the bare number.
_NUMBERED = re.compile(r"(?:^|.*\()([1-9]\d{7})\)?$", re.DOTALL)
_KEYED = re.compile(r"(?:^|.*\()([a-z0-9-]{1,40})\)?$", re.DOTALL)


class Purpose(StrEnum):
    """What a unit is chosen for; it decides which ones may be."""

    SUBJECT = "birim"
    PARENT = "ust"
    AUTHORITY = "mulki"
    SUCCESSOR = "halef"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit to choose: its number, name and the path above it."""

    number: int
    name: str
    path: str

    @property
    def text(self) -> str:
        """As it stands in the input, and is understood again."""
        return f"{self.name} ({self.number})"


def choosable(purpose: Purpose, person: Person | None) -> UnitQuerySet:
    """Active units that may be chosen: an officer changes and adds units in the own scope only."""
    units = Unit.objects.visible_to(person).active()
    if purpose == Purpose.AUTHORITY:
        return units.filter(status__in=[StatusCode.GOVERNORSHIP, StatusCode.DISTRICT_GOVERNORSHIP])
    scoped = purpose in (Purpose.PARENT, Purpose.SUBJECT)
    if not scoped or person is None or is_central_administrator(person):
        return units
    return units.within(officer_scopes(person).numbers)


def find(text: str, among: UnitQuerySet, most: int = MOST) -> list[Unit]:
    """Units that `text` can mean: by number, by the whole name, else by its words."""
    text = text.strip()
    if numbered := _NUMBERED.match(text):
        return list(among.filter(pk=int(numbered[1])))
    folded = fold(text)
    if not folded:
        return []
    exact = list(among.filter(name_folded=folded).order_by("level", "name_sort")[:most])
    if exact:
        return exact
    found = among
    for word in folded.split():
        found = found.filter(name_folded__contains=word)
    return list(found.order_by("level", "name_sort")[:most])


def suggest(text: str, among: UnitQuerySet) -> list[Unit]:
    """While somebody types: whole names first, then names that begin so, then all others."""
    found = find(text, among)
    if len(found) == 1 or _NUMBERED.match(text.strip()):
        return found
    folded = fold(text)
    begins = list(
        among.filter(name_folded__startswith=folded).order_by("level", "name_sort")[:MOST]
    )
    known = {unit.pk for unit in (*found, *begins)}
    contains = [
        unit
        for unit in among.filter(name_folded__contains=folded).order_by("level", "name_sort")[:MOST]
        if unit.pk not in known
    ]
    merged = {unit.pk: unit for unit in (*found, *begins, *contains)}
    return list(merged.values())[:MOST]


def candidates(units: Sequence[Unit]) -> list[Candidate]:
    """With the paths above them: names repeat. One query."""
    trails = paths([unit.pk for unit in units])
    return [
        Candidate(
            number=unit.pk,
            name=unit.name,
            path=" › ".join(crumb.name for crumb in trails.get(unit.pk, [])[:-1]),
        )
        for unit in units
    ]


def key_in(text: str, keys: Collection[str]) -> str | None:
    """The temporary name that `text` gives, bare or in brackets after a name."""
    found = _KEYED.match(text.strip())
    return found[1] if found and found[1] in keys else None
