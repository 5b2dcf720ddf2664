"""Institutions look their lists through and confirm them (rule 16)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem.models import AppointmentState, Confirmation
from iyem.models.confirmation import Reach
from iyem.permissions import coordinated_by, registered_by
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person, Role
from kaysis.accounts.permissions import is_central_administrator, scopes_of
from kaysis.common.errors import NotAllowed
from kaysis.common.locks import advisory_lock

# A button that is pressed twice.
SAME_SECONDS = 60


@transaction.atomic
def confirm_list(*, actor: Person, scope: Unit) -> list[Confirmation]:
    """The officer has looked through the managers of `scope`, the unit of one of the own grants,
    and they are right. One row, or two for a Yetkili whose unit is also a civil authority.

    Units without a manager do not hinder it; they are counted. Said twice within a minute it was
    said once: the first answer is given again.
    """
    reaches = _reaches(actor, scope)
    if not reaches:
        raise NotAllowed(_("Yalnız kendi görev alanınızın listesini teyit edebilirsiniz."))
    advisory_lock("iyem.confirm", scope.pk)
    now = timezone.now()
    since = now - dt.timedelta(seconds=SAME_SECONDS)
    lately = scope.confirmations.filter(confirmed_by=actor, confirmed_at__gt=since)
    if {each.reach for each in lately} >= set(reaches):
        return list(lately)
    with because(str(_("Yönetici listesi teyidi")), actor=actor):
        return [_confirm(actor, scope, reach, now) for reach in reaches]


def _reaches(actor: Person, scope: Unit) -> list[Reach]:
    civil = scope.subordinate_units.exists()
    central = is_central_administrator(actor)
    if central or scope.pk in scopes_of(actor, Role.IYEM_AUTHORISED).numbers:
        return [Reach.HIERARCHY, Reach.CIVIL] if civil else [Reach.HIERARCHY]
    if scope.pk in scopes_of(actor, Role.IYEM_REGISTRAR).numbers:
        return [Reach.SUBTREE]
    return []


def _confirm(actor: Person, scope: Unit, reach: Reach, now: dt.datetime) -> Confirmation:
    units = Unit.objects.active().filter(
        registered_by([scope.pk]) if reach == Reach.SUBTREE else coordinated_by([scope.pk])
    )
    if reach == Reach.HIERARCHY:
        units = units.filter(civil_authority=None)
    elif reach == Reach.CIVIL:
        units = units.exclude(civil_authority=None)
    held = AppointmentState.objects.current().valid_at(now).filter(post__unit=OuterRef("pk"))
    return Confirmation.objects.create(
        scope=scope,
        reach=reach,
        confirmed_at=now,
        confirmed_by=actor,
        units=units.count(),
        missing=units.exclude(Exists(held)).count(),
    )
