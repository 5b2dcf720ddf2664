"""What a draft says of other instruments, with what is recorded of them and what was decided."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kaysis.common.turkish import fold
from kaysis.common.types import Text
from kms.models import VERBS, Instrument, Reference, RelationKind, TextVersion
from kms.readings import Claim, claims
from kms.text import parse

#: How sure it is which instrument a relation means, with the tone of its badge.
CERTAINTY: dict[str, tuple[Text, str]] = {
    "exact": (_("Kesin"), "success"),
    "likely": (_("Olası"), "info"),
    "several": (_("Birden çok aday"), "warning"),
    "open": (_("Kayıtta yok"), "neutral"),
}


def key_of(claim: Claim) -> str:
    """What tells one relation of a text from the others, in this text and in the next one."""
    other = claim.other
    parts = (
        claim.kind,
        claim.verb,
        str(claim.incoming),
        other.type,
        other.number,
        str(other.date or ""),
        other.name if not other.number else "",
        claim.place,
        claim.part,
        claim.other_place,
        str(claim.whole),
    )
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def ends_another(claim: Claim) -> bool:
    """Whether it would end another instrument as a whole: never without a person's yes."""
    return claim.whole and not claim.incoming and claim.kind == RelationKind.REPEALS


@dataclass(slots=True)
class Detected:
    """One relation read from a draft.

    `accepted` is None while nobody has decided; `chosen` is the target a person put in its place.
    `known`: the text before this one says the same.
    """

    key: str
    claim: Claim
    candidates: list[Instrument]
    certainty: str
    known: bool = False
    accepted: bool | None = None
    chosen: Instrument | None = None

    @property
    def ends(self) -> bool:
        return ends_another(self.claim)

    @property
    def undecided(self) -> bool:
        return self.ends and self.accepted is None

    @property
    def certainty_label(self) -> Text:
        return CERTAINTY[self.certainty][0]

    @property
    def tone(self) -> str:
        return CERTAINTY[self.certainty][1]

    @property
    def kind_label(self) -> Text:
        return RelationKind(self.claim.kind).label

    @property
    def verb_label(self) -> object:
        return VERBS.get(self.claim.verb, "") if self.claim.verb else ""

    @property
    def citation(self) -> str:
        other = self.claim.other
        return Reference(type=other.type, number=other.number, name=other.name).citation

    @property
    def day(self) -> Any:
        return self.claim.in_force_on or self.claim.date


def detected_in(version: TextVersion, before: TextVersion | None = None) -> list[Detected]:
    """The relations of a text, each once: first those that end others, then the new ones.

    Parses the text (and `before`, the published one it follows). Two queries.
    """
    title = version.instrument.title
    known = set()
    if before is not None:
        known = {key_of(claim) for claim in claims(parse(before.text), title)}
    found: dict[str, Claim] = {}
    for claim in claims(parse(version.text), title):
        found.setdefault(key_of(claim), claim)
    candidates = _candidates(list(found.values()), version.instrument_id)
    chosen = _chosen(version.decisions)
    rows = []
    for key, claim in found.items():
        fitting, certainty = _fitting(claim, candidates)
        decision = version.decisions.get(key, {})
        rows.append(
            Detected(
                key,
                claim,
                fitting,
                certainty,
                known=key in known,
                accepted=decision.get("accepted"),
                chosen=chosen.get(decision.get("target")),
            )
        )
    return sorted(rows, key=lambda row: (not row.ends, row.known, row.claim.incoming))


_ByKey = dict[tuple[str, str], list[Instrument]]


def _candidates(found: Sequence[Claim], own: int) -> _ByKey:
    """The published instruments of the cited numbers and names, by type and number or name."""
    numbers = {claim.other.number for claim in found if claim.other.number}
    names = {fold(claim.other.name) for claim in found if not claim.other.number}
    rows = Instrument.objects.filter(
        Q(number__in=numbers) | Q(title_folded__in=names - {""}), published=True
    ).exclude(pk=own)
    by_key: _ByKey = {}
    for row in rows.order_by("ended", "-year", "pk"):
        by_key.setdefault((row.type, row.number), []).append(row)
        by_key.setdefault((row.type, f"={row.title_folded}"), []).append(row)
    return by_key


def _fitting(claim: Claim, by_key: _ByKey) -> tuple[list[Instrument], str]:
    other = claim.other
    if not other.number:
        rows = by_key.get((other.type, f"={fold(other.name)}"), []) if other.name else []
        return rows, _counted(rows, "likely")
    rows = by_key.get((other.type, other.number), [])
    if other.date is None:
        return rows, _counted(rows, "exact" if other.type == "constitution" else "likely")
    dated = [row for row in rows if row.accepted_on == other.date]
    if dated:
        return dated, _counted(dated, "exact")
    near = [
        row
        for row in rows
        if row.accepted_on is None or abs(row.accepted_on.year - other.date.year) <= 1
    ]
    return near, _counted(near, "likely")


def _counted(rows: Sequence[Instrument], one: str) -> str:
    return "open" if not rows else one if len(rows) == 1 else "several"


def _chosen(decisions: Mapping[str, Any]) -> dict[int | None, Instrument]:
    wanted = {each.get("target") for each in decisions.values()} - {None}
    return {row.pk: row for row in Instrument.objects.filter(pk__in=wanted)} if wanted else {}
