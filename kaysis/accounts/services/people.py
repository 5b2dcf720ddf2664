"""Registering people and keeping their data right."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit import because
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.models.access import SignInEnd
from kaysis.accounts.permissions import require_role
from kaysis.accounts.services.national_ids import set_national_id
from kaysis.accounts.services.roles import add_grant
from kaysis.accounts.services.sessions import end_sessions
from kaysis.common import turkish
from kaysis.common.locks import advisory_lock
from kaysis.common.national_id import clean

FIRST_ADMINISTRATOR = _("Kurulum: ilk merkez yöneticisi")
EDITABLE = ("given_name", "family_name", "email", "mobile_phone", "work_phone", "is_staff")


@transaction.atomic
def register_person(
    *,
    actor: Person,
    given_name: str,
    family_name: str,
    national_id: str,
    email: str = "",
    mobile_phone: str = "",
    work_phone: str = "",
) -> Person:
    """A new person, known by a national id that nobody else has. Central administrator only."""
    require_role(actor, Role.CENTRAL_ADMINISTRATOR)
    with because(str(_("Kişi kaydı")), actor=actor):
        return create_person(
            given_name=given_name,
            family_name=family_name,
            national_id=national_id,
            email=email,
            mobile_phone=mobile_phone,
            work_phone=work_phone,
        )


@transaction.atomic
def register_first_administrator(
    *, given_name: str, family_name: str, national_id: str, is_staff: bool
) -> Person:
    """Whoever gives all other roles: for an installation that has no central administrator yet.

    A known person gets the role, an unknown one is registered. `ValidationError` if somebody holds
    it already.
    """
    advisory_lock("accounts.first_administrator")
    if RoleGrant.objects.filter(role=Role.CENTRAL_ADMINISTRATOR).valid_at().exists():
        raise ValidationError(_("Merkez yöneticisi zaten var; yetkiyi o verir."))
    with because(str(FIRST_ADMINISTRATOR)):
        try:
            person = Person.objects.by_national_id(_checked(national_id))
        except Person.DoesNotExist:
            person = create_person(
                given_name=given_name,
                family_name=family_name,
                national_id=national_id,
                is_staff=is_staff,
            )
        add_grant(
            granted_by=None,
            person=person,
            role=Role.CENTRAL_ADMINISTRATOR,
            scope_detsis_no=None,
            validity=DateTimeTZRange(timezone.now(), None),
            reason=str(FIRST_ADMINISTRATOR),
        )
    return person


def create_person(*, given_name: str, family_name: str, national_id: str, **data: Any) -> Person:
    """The row itself: checked and saved, nobody asked for permission. For services only."""
    person = Person(
        given_name=turkish.person_name(given_name),
        family_name=turkish.person_name(family_name),
        **data,
    )
    set_national_id(person, _checked(national_id))
    person.full_clean()
    person.save()
    return person


def create_people(people: Sequence[Person]) -> None:
    """Many rows at once, their fields checked before; nobody asked for permission. For services
    only. Whom somebody else registered meanwhile is left as he is: read them anew."""
    Person.objects.bulk_create(people, batch_size=1000, ignore_conflicts=True)


def _checked(national_id: str) -> str:
    """The eleven digits; what is wrong with them belongs to that field of a form."""
    try:
        return clean(national_id)
    except ValidationError as error:
        raise ValidationError({"national_id": error}) from None


@transaction.atomic
def update_person(*, actor: Person, person: Person, reason: str, **changes: Any) -> Person:
    """Change names and ways to reach somebody, or who operates the system.

    `changes`: any of `EDITABLE`. People may change their own e-mail and phones; all else is for the
    central administrator.
    """
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    own = actor.pk == person.pk and set(changes) <= {"email", "mobile_phone", "work_phone"}
    if not own:
        require_role(actor, Role.CENTRAL_ADMINISTRATOR)
    with because(reason, actor=actor):
        locked = Person.objects.select_for_update().get(pk=person.pk)
        for name, value in changes.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save(update_fields=list(changes))
    return locked


def deactivate_person(*, actor: Person, person: Person, reason: str) -> Person:
    """Somebody may no longer sign in; open sessions end at once. Grants stay as they are."""
    return _set_active(actor=actor, person=person, reason=reason, active=False)


def reactivate_person(*, actor: Person, person: Person, reason: str) -> Person:
    """Take `deactivate_person` back."""
    return _set_active(actor=actor, person=person, reason=reason, active=True)


@transaction.atomic
def _set_active(*, actor: Person, person: Person, reason: str, active: bool) -> Person:
    require_role(actor, Role.CENTRAL_ADMINISTRATOR)
    if actor.pk == person.pk:
        raise ValidationError(_("Kendi hesabınızı kapatamazsınız."))
    if not reason.strip():
        raise ValidationError({"reason": _("Gerekçe yazılmalıdır.")})
    with because(reason.strip(), actor=actor):
        locked = Person.objects.select_for_update().get(pk=person.pk)
        locked.is_active = active
        locked.full_clean()
        locked.save(update_fields=["is_active"])
        if not active:
            end_sessions(person=locked, reason=SignInEnd.REVOKED)
    return locked
