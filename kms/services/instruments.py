"""Instruments: recording them and correcting their facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person
from kaysis.common import indexing
from kaysis.common.errors import RuleViolation, friendly_integrity
from kaysis.common.pagecache import bump_data_version
from kms.models import Commencement, Instrument
from kms.permissions import may_edit, may_issue_for
from kms.services.relations import resolve_references

#: What a person may enter; everything else follows.
FACTS = (
    "type",
    "number",
    "series",
    "title",
    "abbreviation",
    "accepted_on",
    "gazette_date",
    "gazette_number",
    "gazette_repeat",
    "effective_from",
    "lapsed_on",
    "without_effect_from",
    "without_effect_reason",
    "scope",
    "issuer",
    "issuer_name",
)


def record_instrument(*, actor: Person | None, published: bool = False, **facts: Any) -> Instrument:
    """A new instrument, not public before its first text is published (or `published`).

    `facts`: any of `FACTS`. Open references that name it are resolved at once. Raises
    ValidationError for an instrument that is already recorded.
    """
    _known(facts)
    issuer: Unit | None = facts.get("issuer")
    if actor is not None and not may_issue_for(actor, issuer.pk if issuer else None):
        raise PermissionDenied
    with friendly_integrity(Instrument), transaction.atomic():
        instrument = Instrument(created_by=actor, published=published, **facts)
        instrument.full_clean()
        instrument.save()
        instrument.refresh_from_db()
        if published:
            make_public([instrument.pk])
    return instrument


def amend_instrument(
    *, actor: Person | None, instrument: Instrument, reason: str, **facts: Any
) -> Instrument:
    """Correct facts of an instrument. `reason` stands in its history."""
    _known(facts)
    if actor is not None and not may_edit(actor, instrument):
        raise PermissionDenied
    if not reason.strip():
        raise RuleViolation(_("Gerekçe yazılmalıdır."), "reason")
    issuer = facts.get("issuer", instrument.issuer)
    if actor is not None and not may_issue_for(actor, issuer.pk if issuer else None):
        raise RuleViolation(_("Bu kurumun mevzuatını kaydetme yetkiniz yok."), "issuer")
    with friendly_integrity(Instrument), transaction.atomic(), because(reason):
        for name, value in facts.items():
            setattr(instrument, name, value)
        instrument.updated_at = timezone.now()
        instrument.full_clean()
        instrument.save(update_fields=[*facts, "updated_at"])
        instrument.refresh_from_db()
        if instrument.published:
            make_public([instrument.pk])
    return instrument


def set_commencements(
    *,
    actor: Person | None,
    instrument: Instrument,
    days: Mapping[str, dt.date],
) -> None:
    """The provisions that enter into force on days of their own; others are taken away."""
    if actor is not None and not may_edit(actor, instrument):
        raise PermissionDenied
    with transaction.atomic():
        instrument.commencements.exclude(place__in=days).delete()
        for place, day in days.items():
            Commencement.objects.update_or_create(
                instrument=instrument, place=place, defaults={"date": day}
            )
        bump_data_version()


def make_public(instruments: Sequence[int]) -> None:
    """What must be true after instruments have become or changed as the public sees them."""
    Instrument.objects.filter(pk__in=instruments, published=False).update(published=True)
    resolve_references(instruments)
    indexing.reindex("instrument", instruments)
    bump_data_version()


def _known(facts: Mapping[str, Any]) -> None:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"no facts of an instrument: {sorted(unknown)}")
