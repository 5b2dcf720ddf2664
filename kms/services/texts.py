"""Texts of an instrument: draft → check → published; what a published text says is recorded."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit import because
from kaysis.accounts.models import Person
from kaysis.accounts.services import notify
from kaysis.common import indexing
from kaysis.common.errors import Conflict, RuleViolation, friendly_integrity
from kaysis.common.pagecache import bump_data_version
from kms.models import EditState, Instrument, Passage, Relation, TextVersion
from kms.permissions import may_check, may_edit
from kms.services.decisions import apply_decisions, record_chosen
from kms.services.instruments import make_public
from kms.services.relations import record_claims, resolve_references
from kms.storing import Prepared, checksum, mark_last, prepare, write_versions

#: No text of the state is longer; a longer one is no text.
MAX_CHARS = 4_000_000
#: What copies from other programs leave behind; a form feed is a page break, and a line ends there.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def draft_text(
    *,
    actor: Person | None,
    instrument: Instrument,
    kind: str,
    text: str,
    valid_from: dt.date | None,
    note: str = "",
) -> TextVersion:
    """A text that only editors see, to be checked and published."""
    if actor is not None and not may_edit(actor, instrument):
        raise PermissionDenied
    text = tidy(text)
    # What was decided about the relations of the text before holds for the same ones of this.
    latest = TextVersion.objects.readable().filter(instrument=instrument).exclude(decisions={})
    version = TextVersion(
        decisions=latest.order_by("-valid_from", "-pk").values_list("decisions", flat=True).first()
        or {},
        instrument=instrument,
        kind=kind,
        text=text,
        checksum=checksum(text),
        valid_from=valid_from,
        note=note,
        created_by=actor,
    )
    with friendly_integrity(TextVersion), transaction.atomic():
        version.full_clean()
        version.save()
    return version


def tidy(text: str) -> str:
    """The text as it is kept: lines end in one way, nothing stands before or behind it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text).strip("\n \t\ufeff")
    if not text:
        raise RuleViolation(_("Metin boş."), "text")
    if len(text) > MAX_CHARS:
        raise RuleViolation(_("Metin dört milyon karakterden uzun olamaz."), "text")
    return text + "\n"


def change_draft(
    *,
    actor: Person,
    version: TextVersion,
    text: str,
    valid_from: dt.date | None,
    note: str,
) -> TextVersion:
    """Change a draft before it is handed in, or after it came back."""
    with friendly_integrity(TextVersion), transaction.atomic():
        version = _locked(version)
        if not may_edit(actor, version.instrument):
            raise PermissionDenied
        if version.state != EditState.DRAFT:
            raise Conflict(_("Yalnız taslak değiştirilebilir."))
        version.text = tidy(text)
        version.checksum = checksum(version.text)
        version.valid_from, version.note = valid_from, note
        version.full_clean()
        version.save()
    return version


def submit_text(*, actor: Person, version: TextVersion) -> TextVersion:
    """Hand a draft in for its check."""
    return _step(actor, version, EditState.DRAFT, EditState.REVIEW)


def return_text(*, actor: Person, version: TextVersion, reason: str) -> TextVersion:
    """Give a text back to who wrote it."""
    if not reason.strip():
        raise RuleViolation(_("İade gerekçesi yazılmalıdır."), "reason")
    with transaction.atomic(), because(reason):
        version = _step(actor, version, EditState.REVIEW, EditState.DRAFT)
        if version.created_by is not None and version.created_by != actor:
            notify(
                person=version.created_by,
                kind="kms.returned",
                text=_("Mevzuat metni iade edildi: %(reason)s") % {"reason": reason[:200]},
                url=f"/yetkili/mevzuat/metin/{version.pk}/",
            )
    return version


def withdraw_text(*, actor: Person, version: TextVersion) -> TextVersion:
    """Give up a draft. It stays in the list of the instrument's texts."""
    return _step(actor, version, EditState.DRAFT, EditState.WITHDRAWN)


def _locked(version: TextVersion) -> TextVersion:
    rows = TextVersion.objects.select_for_update(of=("self",)).select_related("instrument")
    return rows.get(pk=version.pk)


@transaction.atomic
def _step(actor: Person, version: TextVersion, before: str, after: str) -> TextVersion:
    version = _locked(version)
    if not may_edit(actor, version.instrument):
        raise PermissionDenied
    if version.state != before:
        raise Conflict(_("Metin bu sırada başka bir aşamaya geçti."))
    version.state = after
    version.save(update_fields=["state"])
    return version


def publish_text(*, actor: Person | None, version: TextVersion) -> TextVersion:
    """Publish a checked text: it is read, searched, and what its notes say is recorded.

    Who wrote it does not check it; the central administration may. What was refused of the
    relations it states is not recorded. Raises PermissionDenied, Conflict, ValidationError, and
    RuleViolation while a relation that ends another instrument is undecided.
    """
    with friendly_integrity(TextVersion), transaction.atomic():
        version = _locked(version)
        if actor is not None and not may_check(actor, version):
            raise PermissionDenied
        if version.state != EditState.REVIEW:
            raise Conflict(_("Yalnız kontroldeki metin yayımlanabilir."))
        prepared = prepare(
            version.text,
            version.kind,
            today=timezone.localdate(),
            title=version.instrument.title,
        )
        prepared, chosen = apply_decisions(prepared, version)
        prepared = replace(
            prepared,
            version=version.pk,
            instrument=version.instrument_id,
            checked_by=actor.pk if actor else None,
        )
        publish_prepared([prepared])
        record_chosen(actor=actor, version=version, chosen=chosen)
    version.refresh_from_db()
    return version


@transaction.atomic
def publish_prepared(prepared: list[Prepared]) -> None:
    """Write texts as published, with everything that follows."""
    write_versions(prepared)
    record_claims(
        [(each.instrument, each.version, claim) for each in prepared for claim in each.claims]
    )
    instruments = sorted({each.instrument for each in prepared})
    _only_latest_claims(instruments)
    mark_last(instruments)
    resolve_references()
    make_public(instruments)
    reindex_provisions(instruments)
    bump_data_version()


def _only_latest_claims(instruments: list[int]) -> None:
    """Relations come from one text of an instrument, the latest: the older ones said it before."""
    for instrument in instruments:
        versions = list(
            TextVersion.objects.readable()
            .filter(instrument=instrument)
            .order_by("-valid_from", "-pk")
            .values_list("pk", flat=True)
        )
        if versions[1:]:
            Relation.objects.filter(version__in=versions[1:], undone_on__isnull=True).delete()


@transaction.atomic
def put_into_force() -> list[int]:
    """Make texts whose day has come the ones that are read and searched. Returns instruments.

    Also brings the search up to date about instruments that ended today.
    """
    today = timezone.localdate()
    waiting = TextVersion.objects.readable().filter(valid_from__lte=today, last=False)
    newer = Exists(
        TextVersion.objects.readable().filter(
            instrument=OuterRef("instrument"), last=True, valid_from__gte=OuterRef("valid_from")
        )
    )
    due = sorted(set(waiting.exclude(newer).values_list("instrument_id", flat=True)))
    ending = Instrument.objects.filter(Q(ended_on=today) | Q(lapsed_on=today))
    if due:
        mark_last(due)
        reindex_provisions(due)
    if touched := [*due, *ending.values_list("pk", flat=True)]:
        indexing.reindex("instrument", touched)
        bump_data_version()
    return due


def reindex_provisions(instruments: list[int]) -> None:
    """Bring the search entries of the articles of these instruments up to date."""
    ids = Passage.objects.filter(version__instrument__in=instruments).values_list("pk", flat=True)
    indexing.reindex("provision", ids)
