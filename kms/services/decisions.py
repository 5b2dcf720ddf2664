"""What people decide about the relations that were read from a draft.

Nothing that ends another instrument takes effect before somebody has said yes to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.models import Person
from kaysis.common.errors import Conflict, RuleViolation
from kms.models import RANKS, EditState, Instrument, Relation, RelationKind, TextVersion
from kms.permissions import may_edit
from kms.readings import Claim
from kms.selectors.detected import ends_another, key_of
from kms.storing import Prepared


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no to one relation; `target`: the instrument that is meant instead of the cited."""

    accepted: bool
    target: Instrument | None = None


def decide_relations(
    *, actor: Person, version: TextVersion, decisions: Mapping[str, Decision]
) -> TextVersion:
    """Record decisions, by the keys of `kms.selectors.detected`. Others stay as they are.

    Raises Conflict for a text that is published or withdrawn, RuleViolation (field: the key) for
    an instrument that is not public, the instrument itself, or one the rank rule forbids.
    """
    rows = TextVersion.objects.select_for_update(of=("self",)).select_related("instrument")
    with transaction.atomic():
        version = rows.get(pk=version.pk)
        if not may_edit(actor, version.instrument):
            raise PermissionDenied
        if version.state not in (EditState.DRAFT, EditState.REVIEW):
            raise Conflict(_("Metin bu sırada başka bir aşamaya geçti."))
        for key, decision in decisions.items():
            if decision.target is not None:
                _check_target(version.instrument, decision.target, key)
            version.decisions[key] = {
                "accepted": decision.accepted,
                "target": decision.target.pk if decision.target else None,
            }
        version.save(update_fields=["decisions"])
    return version


def _check_target(own: Instrument, target: Instrument, key: str) -> None:
    if not target.published:
        raise RuleViolation(_("Seçilen mevzuat yayımda değil."), key)
    if target.pk == own.pk:
        raise RuleViolation(_("Bir mevzuat kendisiyle ilişkilendirilemez."), key)


def undecided(claims: list[Claim], decisions: Mapping[str, object]) -> int:
    """How many relations would end another instrument and wait for a yes or a no."""
    return len({key_of(c) for c in claims if ends_another(c)} - set(decisions))


def apply_decisions(
    prepared: Prepared, version: TextVersion
) -> tuple[Prepared, list[tuple[Claim, int]]]:
    """The text with what was accepted, and the claims whose target a person chose.

    Raises RuleViolation while something that ends another instrument is undecided.
    """
    waiting = undecided(prepared.claims, version.decisions)
    if waiting:
        text = ngettext(
            "Başka mevzuatı sona erdiren %(n)d ilişki için karar verilmedi.",
            "Başka mevzuatı sona erdiren %(n)d ilişki için karar verilmedi.",
            waiting,
        )
        raise RuleViolation(text % {"n": waiting}, code="undecided")
    kept: list[Claim] = []
    chosen: list[tuple[Claim, int]] = []
    for claim in prepared.claims:
        decision = version.decisions.get(key_of(claim), {})
        if not decision.get("accepted", True):
            continue
        if decision.get("target"):
            chosen.append((claim, decision["target"]))
        else:
            kept.append(claim)
    return replace(prepared, claims=kept), chosen


def record_chosen(
    *, actor: Person | None, version: TextVersion, chosen: list[tuple[Claim, int]]
) -> None:
    """Write the relations whose target was chosen by a person; they belong to the text."""
    own = version.instrument
    targets = Instrument.objects.in_bulk({target for _claim, target in chosen})
    begins = own.effective_from or own.gazette_date
    for claim, pk in chosen:
        other = targets[pk]
        source, target = (other, own) if claim.incoming else (own, other)
        check_rank(claim, own, other)
        day = claim.date if claim.incoming else claim.date or own.accepted_on
        Relation.objects.create(
            kind=claim.kind,
            verb=claim.verb,
            source=source,
            source_place=claim.other_place if claim.incoming else claim.place,
            target=target,
            target_place=claim.place if claim.incoming else claim.other_place,
            target_anchor=claim.anchor if claim.incoming else "",
            target_part=claim.part,
            whole=claim.whole,
            date=day,
            in_force_on=claim.in_force_on if claim.incoming else claim.in_force_on or begins,
            origin=claim.origin,
            note=claim.note,
            version=version,
            recorded_by=actor,
        )


def check_rank(claim: Claim, own: Instrument, other: Instrument) -> None:
    """A person's choice keeps the rule of rank; what is only read may break it and is marked."""
    source, target = (other, own) if claim.incoming else (own, other)
    acts = claim.kind in (RelationKind.AMENDS, RelationKind.REPEALS)
    lower, higher = (target, source) if acts else (source, target)
    if RANKS[higher.type] > RANKS[lower.type]:
        text = gettext("“%(title)s” seçilemez: sırası bu ilişkiye uymuyor.")
        raise RuleViolation(text % {"title": other.title[:200]}, key_of(claim))
