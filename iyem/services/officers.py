"""Applications to become an officer, and what is decided about them (rules 4–8)."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem.access import may_apply, may_decide
from iyem.models import OfficerApplication
from iyem.models.officer import ApplicationStatus
from iyem.staffing import may_be_place
from kaysis.accounts import cipher
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.services import grant_role
from kaysis.accounts.services.people import create_person
from kaysis.common import turkish
from kaysis.common.errors import Conflict, NotAllowed, RuleViolation, friendly_integrity
from kaysis.common.national_id import clean


def apply_for_officer(
    *,
    actor: Person,
    role: Role | str,
    scope: Unit,
    national_id: str,
    given_name: str,
    family_name: str,
    work_phone: str,
    mobile_phone: str,
    email: str,
) -> OfficerApplication:
    """Ask that somebody be authorised at `scope`. All fields are required (rule 8).

    Raises `NotAllowed`; `RuleViolation` at scope, national_id or given_name; `ValidationError`
    for what a field, or a second application for the same, is refused for.
    """
    role = Role(role)
    if not may_apply(actor, role, scope):
        raise NotAllowed(_("Bu görev yeri için başvuru yapamazsınız."))
    check_place(role, scope)
    number = _number(national_id)
    check_person(number, given_name, family_name, role=role, scope=scope.pk)
    application = OfficerApplication(
        role=role,
        scope=scope,
        given_name=turkish.person_name(given_name),
        family_name=turkish.person_name(family_name),
        national_id_encrypted=cipher.encrypt(number),
        national_id_hash=cipher.fingerprint(number),
        work_phone=work_phone.strip(),
        mobile_phone=mobile_phone.strip(),
        email=email.strip(),
        applied_by=actor,
    )
    with (
        friendly_integrity(OfficerApplication),
        transaction.atomic(),
        because(str(_("Yetki başvurusu")), actor=actor),
    ):
        application.full_clean()
        application.save(force_insert=True)
    return application


def check_place(role: Role, scope: Unit, *, named: bool | None = None) -> None:
    """`RuleViolation` at scope unless officers with this role sit at such units (rule 4).

    `named`: whether units name it as their civil authority; None: it is asked."""
    if may_be_place(role, scope, named=named):
        return
    if not scope.active:
        text = _("Birim faal değil.")
    elif role == Role.IYEM_AUTHORISED:
        text = _("İYEM Yetkilisi bir kurumun merkezinde, valilikte ya da kaymakamlıkta görev alır.")
    else:
        text = _("İYEM Görevlisi taşra birimlerinde görev alır; bu birim taşra teşkilatında değil.")
    raise RuleViolation(text, field="scope")


def _number(national_id: str) -> str:
    try:
        return clean(national_id)
    except ValidationError as error:
        raise RuleViolation(error.messages[0], field="national_id") from None


def check_person(
    number: str, given_name: str, family_name: str, *, role: Role, scope: int
) -> Person | None:
    """The known person with this national id, who must bear this name and not hold the role yet;
    None if nobody is known. `RuleViolation` at given_name or national_id."""
    person = Person.objects.filter(national_id_hash=cipher.fingerprint(number)).first()
    if person is None:
        return None
    held = RoleGrant.objects.of(person).filter(role=role, scope_detsis_no=scope)
    check_known(person, given_name, family_name, held=held.valid_at().exists())
    return person


def check_known(person: Person, given_name: str, family_name: str, *, held: bool) -> None:
    """The same for one of whom it is known whether he holds the role there now."""
    typed = turkish.fold(f"{given_name} {family_name}".strip())
    if typed != turkish.fold(f"{person.given_name} {person.family_name}"):
        raise RuleViolation(
            _("Bu T.C. kimlik numarası kayıtlarda başka bir ada ait. Numarayı denetleyin."),
            field="given_name",
        )
    if not person.is_active:
        raise RuleViolation(
            _("Bu kişinin hesabı kapalı; önce merkez yöneticisi açmalıdır."), field="national_id"
        )
    if held:
        raise RuleViolation(
            _("Bu kişi bu görev yerinde bu yetkiye zaten sahip."), field="national_id"
        )


def grant_application(
    *,
    actor: Person,
    application: OfficerApplication,
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
    reason: str = "",
) -> RoleGrant:
    """Authorise whom the application names, from now or `valid_from` on; an unknown person is
    registered. A known one keeps the own contact details; only missing ones are filled in.

    Raises `NotAllowed`, `Conflict` if it was decided meanwhile, `RuleViolation` and
    `ValidationError` as `apply_for_officer` and `grant_role`.
    """
    with friendly_integrity(Person, RoleGrant, OfficerApplication), transaction.atomic():
        locked = _locked(actor, application)
        check_place(Role(locked.role), locked.scope)
        reason = reason.strip() or _("İYEM yetki başvurusu (%(no)s)") % {"no": locked.pk}
        with because(reason, actor=actor):
            grant = grant_role(
                actor=actor,
                person=_person(locked, actor),
                role=locked.role,
                scope_detsis_no=locked.scope_id,
                valid_from=valid_from,
                valid_to=valid_to,
                reason=reason,
            )
            _decide(locked, actor, ApplicationStatus.GRANTED, reason, grant)
        return grant


def refuse_application(
    *, actor: Person, application: OfficerApplication, reason: str
) -> OfficerApplication:
    """Turn the application down, with a reason. Raises `NotAllowed`, `Conflict`, `RuleViolation`
    at reason."""
    with transaction.atomic():
        locked = _locked(actor, application)
        if not reason.strip():
            raise RuleViolation(_("Ret gerekçesi yazılmalıdır."), field="reason")
        with because(reason.strip(), actor=actor):
            _decide(locked, actor, ApplicationStatus.REFUSED, reason.strip(), None)
        return locked


def _locked(actor: Person, application: OfficerApplication) -> OfficerApplication:
    """The application, still to be decided; nobody decides about themselves."""
    rows = OfficerApplication.objects.select_for_update(of=("self",)).select_related("scope")
    locked = rows.get(pk=application.pk)
    if not may_decide(actor, locked):
        raise NotAllowed
    if locked.status != ApplicationStatus.PENDING:
        raise Conflict(_("Bu başvuru bu sırada sonuçlandırılmış."))
    refuse_own(actor, locked.national_id_hash)
    return locked


def refuse_own(actor: Person, fingerprint: str) -> None:
    """Nobody decides about themselves: `RuleViolation`."""
    if fingerprint == actor.national_id_hash:
        raise RuleViolation(_("Kendi başvurunuzu sonuçlandıramazsınız."))


def _person(application: OfficerApplication, actor: Person) -> Person:
    number = cipher.decrypt(application.national_id_encrypted, application.national_id_hash)
    contact = {
        "email": application.email,
        "mobile_phone": application.mobile_phone,
        "work_phone": application.work_phone,
    }
    person = check_person(
        number,
        application.given_name,
        application.family_name,
        role=Role(application.role),
        scope=application.scope_id,
    )
    if person is None:
        return create_person(
            given_name=application.given_name,
            family_name=application.family_name,
            national_id=number,
            **contact,
        )
    filled = [name for name, value in contact.items() if value and not getattr(person, name)]
    if filled:
        for name in filled:
            setattr(person, name, contact[name])
        person.save(update_fields=filled)
    return person


def _decide(
    application: OfficerApplication,
    actor: Person,
    status: ApplicationStatus,
    reason: str,
    grant: RoleGrant | None,
) -> None:
    application.status = status
    application.decided_by = actor
    application.decided_at = timezone.now()
    application.decision_reason = reason
    application.grant = grant
    application.full_clean()
    application.save()
