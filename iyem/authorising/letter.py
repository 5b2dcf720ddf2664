"""The official letter that asks for officers to be authorised (rules 4, 7, 8)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from detsis import asof
from detsis import letterhead as rules
from detsis.asof import Standing
from detsis.models import Unit
from iyem.models import AppointmentState, OfficerApplication
from iyem.models.officer import ApplicationStatus
from iyem.staffing import coordinators
from kaysis.accounts import cipher
from kaysis.accounts.models import Role
from kaysis.common.national_id import mask


@dataclass(frozen=True, slots=True)
class Applicant:
    """A line of the letter's list; `national_id` is masked."""

    application: OfficerApplication
    national_id: str


@dataclass(frozen=True, slots=True)
class Signatory:
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Letter:
    letterhead: list[str]
    number: str
    subject: str
    addressee: list[str]
    closing: str
    applicants: list[Applicant]
    signatory: Signatory | None


def letter(unit: Unit, role: Role) -> Letter | None:
    """The letter for all pending applications of the unit for this role; None without any."""
    pending = OfficerApplication.objects.filter(
        scope=unit, role=role, status=ApplicationStatus.PENDING
    ).order_by("family_name", "given_name", "pk")
    applicants = [Applicant(each, _masked(each)) for each in pending]
    sender = asof.standing_of(unit.pk)
    if not applicants or sender is None:
        return None
    receiver = _receiver(sender, role)
    return Letter(
        letterhead=rules.letterhead(sender),
        number=rules.number_prefix(unit.pk),
        subject=_("İYEM Yetkilisi Yetkilendirilmesi")
        if role == Role.IYEM_AUTHORISED
        else _("İYEM Görevlisi Yetkilendirilmesi"),
        addressee=rules.addressee(receiver, sender) if receiver else [],
        closing=rules.closing(sender, [receiver]).value if receiver else rules.Closing.SUBMIT.value,
        applicants=applicants,
        signatory=_signatory(unit),
    )


def _masked(application: OfficerApplication) -> str:
    return mask(cipher.decrypt(application.national_id_encrypted, application.national_id_hash))


def _receiver(sender: Standing, role: Role) -> Standing | None:
    """Who authorises: the centre the Yetkili, whoever coordinates the place the Görevli."""
    if role == Role.IYEM_AUTHORISED:
        number = settings.IYEM_CENTRE_UNIT or sender.chain[0].detsis_no
    else:
        number = coordinators([sender.unit.detsis_no]).get(sender.unit.detsis_no)
    return asof.standing_of(number) if number else None


def _signatory(unit: Unit) -> Signatory | None:
    """The head of the unit today, if registered."""
    state = (
        AppointmentState.objects.current()
        .valid_at(timezone.now())
        .filter(post__unit=unit, post__ordinal=0)
        .exclude(slot="delegate")
        .select_related("manager__person")
        .order_by("slot")
        .first()
    )
    if state is None:
        return None
    acting = state.slot == "acting"
    return Signatory(
        name=state.manager.person.full_name, title=f"{state.title} V." if acting else state.title
    )
