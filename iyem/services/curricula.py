"""Curricula (rule 18): handed in, reviewed, published only while in office and with consent."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from iyem.models import AppointmentState, Curriculum, Manager
from iyem.models.curriculum import CurriculumStatus
from iyem.permissions import units_of
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person
from kaysis.accounts.permissions import is_central_administrator
from kaysis.common.errors import Conflict, NotAllowed, RuleViolation, friendly_integrity
from kaysis.common.pagecache import bump_data_version


def may_keep_curriculum(person: Person, manager: Manager) -> bool:
    """Officers of a unit in which the manager has or will have an appointment; the manager; the
    centre."""
    if is_central_administrator(person) or manager.person_id == person.pk:
        return True
    states = AppointmentState.objects.current().filter(manager=manager, validity__isempty=False)
    return states.filter(unit__in=units_of(person).values("pk")).exists()


def may_review(person: Person, curriculum: Curriculum) -> bool:
    """The officers of the place and the centre, but nobody the own curriculum."""
    if curriculum.manager.person_id == person.pk:
        return False
    return may_keep_curriculum(person, curriculum.manager)


def submit_curriculum(
    *,
    actor: Person,
    manager: Manager,
    text: str = "",
    document: bytes | None = None,
    photo: bytes | None = None,
    photo_type: str = "",
    consent: bool = False,
) -> Curriculum:
    """Hand in a curriculum; it replaces one that waits. What is published stays until the review.

    `document` is a checked PDF, `photo` a checked picture. Raises `NotAllowed`, `RuleViolation`,
    `Conflict` where the very same waits already.
    """
    if not may_keep_curriculum(actor, manager):
        raise NotAllowed
    with (
        friendly_integrity(Curriculum),
        transaction.atomic(),
        because(str(_("Özgeçmiş")), actor=actor),
    ):
        Manager.objects.select_for_update(no_key=True).get(pk=manager.pk)
        now = timezone.now()
        for waiting in _of(manager, CurriculumStatus.SUBMITTED):
            if _same(waiting, text.strip(), document, photo, consent):
                raise Conflict(_("Aynı özgeçmiş zaten inceleme bekliyor."))
            _close(waiting, CurriculumStatus.REPLACED, actor, "")
        curriculum = Curriculum(
            manager=manager,
            text=text.strip(),
            document=document,
            photo=photo,
            photo_type=photo_type if photo else "",
            consent_at=now if consent else None,
            submitted_by=actor,
        )
        if not curriculum.text and document is None:
            raise RuleViolation(_("Özgeçmiş metni yazın ya da PDF dosyası yükleyin."), field="text")
        curriculum.full_clean(exclude=["manager", "submitted_by"], validate_constraints=False)
        curriculum.save()
        return curriculum


def review_curriculum(
    *, actor: Person, curriculum: Curriculum, approve: bool, note: str = ""
) -> Curriculum:
    """Approve (a former one is replaced) or return with a note.

    Raises `NotAllowed`, `Conflict` if somebody reviewed it before, `RuleViolation` at note.
    """
    if not may_review(actor, curriculum):
        raise NotAllowed
    if not approve and not note.strip():
        raise RuleViolation(_("İade nedeni yazılmalıdır."), field="note")
    with (
        friendly_integrity(Curriculum),
        transaction.atomic(),
        because(note or str(_("Özgeçmiş incelemesi")), actor=actor),
    ):
        Manager.objects.select_for_update(no_key=True).get(pk=curriculum.manager_id)
        locked = Curriculum.objects.select_for_update(of=("self",)).get(pk=curriculum.pk)
        if locked.status != CurriculumStatus.SUBMITTED:
            raise Conflict(_("Bu özgeçmiş bu sırada incelendi ya da yenisi gönderildi."))
        if approve:
            for former in _of(curriculum.manager, CurriculumStatus.APPROVED):
                _close(former, CurriculumStatus.REPLACED, actor, former.review_note)
        status = CurriculumStatus.APPROVED if approve else CurriculumStatus.RETURNED
        _close(locked, status, actor, note)
        bump_data_version()
        return locked


def withdraw_consent(*, actor: Person, manager: Manager) -> None:
    """The manager no longer wants it published: at once, without a review."""
    if not may_keep_curriculum(actor, manager):
        raise NotAllowed
    with transaction.atomic(), because(str(_("Yayım rızası geri alındı")), actor=actor):
        for curriculum in Curriculum.objects.select_for_update().filter(
            manager=manager, consent_at__isnull=False
        ):
            curriculum.consent_at = None
            curriculum.save(update_fields=["consent_at"])
        bump_data_version()


def published_curriculum(manager: Manager) -> Curriculum | None:
    """What everybody may see: approved, with consent, while the manager is in office."""
    in_office = (
        AppointmentState.objects.current()
        .valid_at(timezone.now())
        .filter(manager=manager)
        .exclude(kind="delegated")
    )
    if not in_office.exists():
        return None
    return Curriculum.objects.filter(
        manager=manager, status=CurriculumStatus.APPROVED, consent_at__isnull=False
    ).first()


def _same(
    curriculum: Curriculum, text: str, document: bytes | None, photo: bytes | None, consent: bool
) -> bool:
    """Whether nothing would be new."""
    held = [bytes(each) if each else None for each in (curriculum.document, curriculum.photo)]
    return (
        curriculum.text == text
        and held == [document, photo]
        and (curriculum.consent_at is not None) == consent
    )


def _of(manager: Manager, status: CurriculumStatus) -> list[Curriculum]:
    return list(Curriculum.objects.filter(manager=manager, status=status).select_for_update())


def _close(curriculum: Curriculum, status: CurriculumStatus, actor: Person, note: str) -> None:
    curriculum.status = status
    curriculum.reviewed_by = actor
    curriculum.reviewed_at = timezone.now()
    curriculum.review_note = note.strip()
    curriculum.full_clean(exclude=["manager", "submitted_by"], validate_constraints=False)
    curriculum.save()
