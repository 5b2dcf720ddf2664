"""Erasing personal data that is no longer needed (KVKK, Law 6698, article 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from iyem.models import OfficerApplication
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person, RoleGrant

BATCH = 500


class Erased(NamedTuple):
    applications: int
    people: int


def erase_personal_data(*, now: dt.datetime | None = None) -> Erased:
    """Erase what is older than `IYEM_RETENTION_DAYS`:

    - national id, phones and e-mail of applications decided that long ago; names, decision stay;
    - phones and e-mail of people who have held no role for that long and wait for none.

    The audit trail, which nobody can alter, never held any of these values.

    In batches, each committed, so that it can be stopped and started again at any time.
    """
    now = now or timezone.now()
    before = now - dt.timedelta(days=settings.IYEM_RETENTION_DAYS)
    return Erased(
        applications=_in_batches(lambda: _erase_applications(before, now)),
        people=_in_batches(lambda: _erase_contact(before)),
    )


def _in_batches(erase: Callable[[], int]) -> int:
    total = 0
    while number := erase():
        total += number
    return total


@transaction.atomic
def _erase_applications(before: dt.datetime, now: dt.datetime) -> int:
    old = OfficerApplication.objects.filter(decided_at__lt=before, erased_at=None)
    batch = _locked(old)
    with because(str(_("Saklama süresi doldu"))):
        return OfficerApplication.objects.filter(pk__in=batch).update(
            national_id_encrypted=b"",
            national_id_hash="",
            work_phone="",
            mobile_phone="",
            email="",
            erased_at=now,
        )


@transaction.atomic
def _erase_contact(before: dt.datetime) -> int:
    # In force, to come, or over for too short a time.
    needed = RoleGrant.objects.filter(
        Q(validity__upper_inf=True) | Q(validity__endswith__gte=before),
        person=OuterRef("pk"),
        validity__isempty=False,
    )
    waiting = OfficerApplication.objects.filter(
        national_id_hash=OuterRef("national_id_hash"), status="pending"
    )
    people = Person.objects.filter(
        ~Exists(needed),
        ~Exists(waiting),
        ~Q(mobile_phone="") | ~Q(work_phone="") | ~Q(email=""),
        created_at__lt=before,
    )
    batch = _locked(people)
    with because(str(_("Saklama süresi doldu"))):
        return Person.objects.filter(pk__in=batch).update(mobile_phone="", work_phone="", email="")


def _locked(rows: QuerySet) -> list[int]:
    """Keys of some rows, locked; those that somebody else works on are left for later."""
    locked = rows.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    return list(locked.values_list("pk", flat=True)[:BATCH])
