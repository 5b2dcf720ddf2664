"""The way of a file of changes: draft → submitted → approved, returned, refused or withdrawn.

One object serves one officer's proposal, a bulk upload and a reorganisation by decree. Whoever
decides locks the file first, so of two decisions at the same moment one finds it already decided.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from detsis import tree
from detsis.models import ChangeKind, ChangeSet, ChangeSetStatus
from detsis.permissions import may_decide
from detsis.services.batch import wanted_of
from detsis.services.items import (
    EDITABLE,
    ItemInput,
    hold,
    hold_editable,
    require_owner,
    write_items,
)
from detsis.services.record import Wanted, record_changes
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person, Role
from kaysis.accounts.selectors import holders_of
from kaysis.accounts.services import notify, notify_everyone
from kaysis.common.errors import Conflict, NotAllowed, RuleViolation, friendly_integrity
from kaysis.common.locks import advisory_lock

# How long the centre has to answer a submitted file.
DAYS_TO_DECIDE = 10

_S = ChangeSetStatus


@transaction.atomic
def create_change_set(
    *,
    actor: Person,
    title: str,
    effective_on: dt.date,
    reason: str,
    legal_reference: str = "",
    institution: int | None = None,
    items: Iterable[ItemInput] = (),
    idempotency_key: uuid.UUID | None = None,
) -> ChangeSet:
    """A new draft. Sent twice with the same `idempotency_key`, it is made once."""
    if idempotency_key:
        # The second of two clicks at the same moment waits here, and finds what the first made.
        advisory_lock("detsis.changeset", str(idempotency_key))
        made = ChangeSet.objects.filter(idempotency_key=idempotency_key, created_by=actor).first()
        if made:
            return made
    change_set = ChangeSet(
        title=title.strip(),
        effective_on=effective_on,
        reason=reason.strip(),
        legal_reference=legal_reference.strip(),
        institution_id=institution,
        created_by=actor,
        idempotency_key=idempotency_key,
    )
    change_set.full_clean(exclude=["created_by", "institution"])
    with because(reason, actor=actor), friendly_integrity(ChangeSet):
        change_set.save()
    write_items(actor=actor, change_set=change_set, items=items)
    return change_set


@transaction.atomic
def edit_change_set(*, actor: Person, change_set: ChangeSet, **fields: Any) -> ChangeSet:
    """Change title, day, reason or legal reference of a draft or returned file."""
    held = hold_editable(actor, change_set)
    for name, value in fields.items():
        setattr(held, name, value)
    held.full_clean(exclude=["created_by", "institution"])
    with because(held.reason, actor=actor):
        held.save(update_fields=list(fields))
    return held


@transaction.atomic
def submit_change_set(*, actor: Person, change_set: ChangeSet) -> ChangeSet:
    """Hand the file to the central administrators, who have `DAYS_TO_DECIDE` days."""
    held = hold_editable(actor, change_set)
    if not held.items.exists():
        raise RuleViolation(_("Dosyada hiç değişiklik yok."), field=None)
    held.submitted_at = timezone.now()
    held.due_on = timezone.localdate() + dt.timedelta(days=DAYS_TO_DECIDE)
    _step(held, _S.SUBMITTED, actor, held.reason)
    notify_everyone(
        people=[p for p in holders_of(Role.CENTRAL_ADMINISTRATOR) if p != actor],
        kind="detsis.change_set_submitted",
        text=_("Onay bekleyen değişiklik dosyası: %(title)s") % {"title": held.title},
        url=held.get_absolute_url(),
    )
    return held


@transaction.atomic
def approve_change_set(*, actor: Person, change_set: ChangeSet, reason: str = "") -> ChangeSet:
    """Record all changes of the file, in one transaction.

    A file whose day is to come is scheduled: its changes stand in the register with that day.
    """
    _require_decider(actor)
    held = hold(change_set, (_S.SUBMITTED, _S.DRAFT))
    today = timezone.localdate()
    with because(reason or held.reason, actor=actor):
        record_changes(
            wanted_of(held, list(held.items.all())), actor=actor, change_set=held, today=today
        )
        later = held.changes.filter(effective_on__gt=today).exists()
        held.decided_at, held.decided_by = timezone.now(), actor
        _step(held, _S.SCHEDULED if later else _S.IN_FORCE, actor, reason)
    _tell_owner(held, actor, gettext_lazy("Değişiklik dosyanız onaylandı: %(title)s"))
    return held


@transaction.atomic
def return_change_set(*, actor: Person, change_set: ChangeSet, reason: str) -> ChangeSet:
    """Send the file back to its author, who may mend and submit it again."""
    return _decide_against(
        actor,
        change_set,
        _S.RETURNED,
        reason,
        gettext_lazy("Değişiklik dosyanız düzeltilmek üzere iade edildi: %(title)s"),
    )


@transaction.atomic
def refuse_change_set(*, actor: Person, change_set: ChangeSet, reason: str) -> ChangeSet:
    """Refuse the file for good."""
    return _decide_against(
        actor,
        change_set,
        _S.REFUSED,
        reason,
        gettext_lazy("Değişiklik dosyanız reddedildi: %(title)s"),
    )


@transaction.atomic
def withdraw_change_set(*, actor: Person, change_set: ChangeSet, reason: str) -> ChangeSet:
    """Take the file back: by its author until it is decided, by the centre until its day comes.

    Of a scheduled file every recorded change is voided, all or none: what was built on it since
    (a later change of a unit it founds) stands in the way and must be withdrawn first.
    """
    held = hold(change_set, (*EDITABLE, _S.SUBMITTED, _S.SCHEDULED))
    reason = _required(reason)
    if held.status == _S.SCHEDULED:
        _require_decider(actor)
        tree.lock()
        changes = list(held.changes.filter(voided_by__isnull=True).order_by("-id"))
        if any(change.effective_on <= timezone.localdate() for change in changes):
            raise Conflict(_("Dosyanın günü geldi: artık geri çekilemez."))
        record_changes(
            [
                Wanted(
                    kind=ChangeKind.VOIDED,
                    unit=change.unit_id,
                    effective_on=change.effective_on,
                    reason=reason,
                    voids=change.pk,
                )
                for change in changes
            ],
            actor=actor,
            change_set=held,
        )
    else:
        require_owner(actor, held)
    held.decision_reason = reason
    _step(held, _S.WITHDRAWN, actor, reason)
    return held


def _step(held: ChangeSet, status: ChangeSetStatus, actor: Person, reason: str) -> None:
    held.status = status
    with because(reason, actor=actor), friendly_integrity(ChangeSet):
        held.save()


def _decide_against(
    actor: Person, change_set: ChangeSet, status: ChangeSetStatus, reason: str, text: Any
) -> ChangeSet:
    _require_decider(actor)
    held = hold(change_set, (_S.SUBMITTED,))
    held.decision_reason = _required(reason)
    held.decided_at, held.decided_by = timezone.now(), actor
    _step(held, status, actor, reason)
    _tell_owner(held, actor, text)
    return held


def _tell_owner(held: ChangeSet, actor: Person, text: Any) -> None:
    if held.created_by_id != actor.pk:
        notify(
            person=held.created_by,
            kind=f"detsis.change_set_{held.status}",
            text=str(text) % {"title": held.title},
            url=held.get_absolute_url(),
        )


def _required(reason: str) -> str:
    if not reason.strip():
        raise RuleViolation(_("Gerekçe yazılmalıdır."), field="reason")
    return reason.strip()


def _require_decider(actor: Person) -> None:
    if not may_decide(actor):
        raise NotAllowed
