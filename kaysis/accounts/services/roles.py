"""Giving and taking roles."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.accounts import scopes
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.models.access import SignInEnd
from kaysis.accounts.permissions import may_grant
from kaysis.accounts.selectors import forget_grants
from kaysis.accounts.services.notifications import notify, notify_everyone
from kaysis.accounts.services.sessions import end_sessions

# A form that stood open for a while still means "from now on".
TOLERANCE = timedelta(minutes=15)
NOTICE_URL = "/yetkili/hesabim/"


@transaction.atomic
def grant_role(
    *,
    actor: Person,
    person: Person,
    role: Role | str,
    scope_detsis_no: int | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    reason: str,
) -> RoleGrant:
    """Give `role` over the subtree of a unit (None: the whole state) from `valid_from` (None: now)
    until just before `valid_to` (None: open).

    `PermissionDenied` unless a grant rule allows the actor; `ValidationError` if the unit does not
    exist, the person is inactive, the dates are wrong, or the same grant overlaps in time. Of two
    equal grants at the same moment one waits for the other and is refused.
    """
    if not may_grant(actor, role, scope_detsis_no):
        raise PermissionDenied
    now = timezone.now()
    if valid_from is not None and valid_from < now - TOLERANCE:
        raise ValidationError({"valid_from": _("Yetki geçmiş bir tarihten başlatılamaz.")})
    return add_grant(
        granted_by=actor,
        person=person,
        role=role,
        scope_detsis_no=scope_detsis_no,
        validity=_range(max(valid_from or now, now), valid_to),
        reason=reason,
    )


def _range(start: datetime, end: datetime | None) -> DateTimeTZRange:
    if end is not None and end <= start:
        raise ValidationError({"valid_to": _("Bitiş başlangıçtan sonra olmalıdır.")})
    return DateTimeTZRange(start, end)


def add_grant(
    *,
    granted_by: Person | None,
    person: Person,
    role: Role | str,
    scope_detsis_no: int | None,
    validity: DateTimeTZRange,
    reason: str,
) -> RoleGrant:
    """The row itself, nobody asked for permission: for services and set-up commands."""
    if scope_detsis_no is not None and scopes.describe(scope_detsis_no) is None:
        raise ValidationError({"scope_detsis_no": _("Bu numarayla kayıtlı bir birim yok.")})
    with because(reason, actor=granted_by):
        # Whoever comes second waits here, and then finds the first one's grant.
        holder = Person.objects.select_for_update().get(pk=person.pk)
        if not holder.is_active:
            raise ValidationError({"person": _("Hesabı kapalı bir kişiye yetki verilemez.")})
        grant = RoleGrant(
            person=holder,
            role=role,
            scope_detsis_no=scope_detsis_no,
            validity=validity,
            granted_by=granted_by,
            grant_reason=reason.strip(),
        )
        grant.full_clean()
        grant.save()
        notify(
            person=holder,
            kind="accounts.role_granted",
            text=_("Size “%(role)s” yetkisi verildi.") % {"role": Role(role).label},
            url=NOTICE_URL,
        )
    forget_grants(person)
    return grant


def add_grants(*, granted_by: Person, grants: Sequence[RoleGrant]) -> None:
    """Many rows at once, nobody asked for permission: for services. The holders are active and
    locked, fields and overlaps were checked before; `because` is said by the caller."""
    RoleGrant.objects.bulk_create(grants, batch_size=1000)
    for role in sorted({grant.role for grant in grants}):
        notify_everyone(
            people=[grant.person for grant in grants if grant.role == role],
            kind="accounts.role_granted",
            text=_("Size “%(role)s” yetkisi verildi.") % {"role": Role(role).label},
            url=NOTICE_URL,
        )
    for grant in grants:
        forget_grants(grant.person)


@transaction.atomic
def revoke_role(*, actor: Person, grant: RoleGrant, reason: str) -> RoleGrant:
    """Take a role away at once: it is no longer in force, and the holder's sessions end.

    `ValidationError` if it was revoked or has ended already, without a reason, and for the last
    central administrator, after whom nobody could give roles.
    """
    if not may_grant(actor, grant.role, grant.scope_detsis_no):
        raise PermissionDenied
    if grant.role == Role.CENTRAL_ADMINISTRATOR:
        _refuse_the_last_administrator(grant)
    locked = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    now = timezone.now()
    ends = locked.validity.upper
    if locked.revoked_at is not None or (ends is not None and ends <= now):
        raise ValidationError(_("Bu yetki zaten sona ermiş."))
    with because(reason, actor=actor):
        starts = locked.validity.lower
        # Revoked before it began: it was never in force.
        locked.validity = (
            DateTimeTZRange(starts, now) if starts < now else DateTimeTZRange(empty=True)
        )
        locked.revoked_by = actor
        locked.revoked_at = now
        locked.revoke_reason = reason.strip()
        locked.full_clean()
        locked.save(update_fields=["validity", "revoked_by", "revoked_at", "revoke_reason"])
        end_sessions(person=locked.person, reason=SignInEnd.REVOKED)
        notify(
            person=locked.person,
            kind="accounts.role_revoked",
            text=_("“%(role)s” yetkiniz kaldırıldı.") % {"role": locked.get_role_display()},
            url=NOTICE_URL,
        )
    forget_grants(grant.person)
    return locked


def _refuse_the_last_administrator(grant: RoleGrant) -> None:
    """Locks all of them, so that two administrators cannot revoke each other at the same moment.

    Whoever had to wait for the lock still asks for the moment before: `revoked_at` tells them.
    """
    valid = RoleGrant.objects.filter(
        role=Role.CENTRAL_ADMINISTRATOR, person__is_active=True, revoked_at=None
    )
    in_force = list(valid.valid_at().select_for_update(of=("self",)).order_by("pk"))
    if in_force and all(other.pk == grant.pk for other in in_force):
        raise ValidationError(_("Son merkez yöneticisinin yetkisi kaldırılamaz."))
