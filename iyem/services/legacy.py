"""The names from before İYEM: wiped whole at an institution's first registration (rule 11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from detsis import selectors
from detsis.models import Unit
from iyem.models import LegacyManager, LegacyWipe
from kaysis.accounts.audit import because
from kaysis.accounts.models import Person
from kaysis.accounts.permissions import is_central_administrator
from kaysis.common.errors import Conflict, NotAllowed, RuleViolation
from kaysis.common.locks import advisory_lock
from kaysis.common.pagecache import bump_data_version

# The units whose nearest institution, at or above themselves, is the given one.
_NAMES_OF = """
    WITH RECURSIVE own(detsis_no) AS (
        SELECT detsis_no FROM detsis_unit WHERE detsis_no = %s
        UNION ALL
        SELECT u.detsis_no FROM detsis_unit u JOIN own o ON u.parent_id = o.detsis_no
        WHERE NOT u.is_institution
    )
    UPDATE iyem_legacymanager SET wipe_id = %s
    WHERE wipe_id IS NULL AND unit_id IN (SELECT detsis_no FROM own)
"""


def wipe_legacy_names(*, actor: Person | None, unit: Unit, at: dt.datetime) -> LegacyWipe | None:
    """In the transaction of a registration: None when the institution has no such names, or had
    them restored by the centre after an earlier wipe (they are then left to the centre)."""
    if not LegacyManager.objects.filter(wipe=None).exists():
        return None
    institution = selectors.institution_of(unit)
    if institution is None:
        return None
    advisory_lock("iyem.legacy", institution.pk)
    if LegacyWipe.objects.filter(institution=institution).exists():
        return None
    with because(str(_("Kurumun ilk İYEM kaydı")), actor=actor):
        wipe = LegacyWipe.objects.create(
            institution=institution, wiped_at=at, wiped_by=actor, names=0
        )
        with connection.cursor() as cursor:
            cursor.execute(_NAMES_OF, [institution.pk, wipe.pk])
            wipe.names = cursor.rowcount
        wipe.save(update_fields=["names"])
    return wipe


# The nearest institution at or above each of the given units, and one of the units that led to it.
_INSTITUTIONS = """
    WITH RECURSIVE above(unit, parent, is_institution, asked) AS (
        SELECT detsis_no, parent_id, is_institution, detsis_no FROM detsis_unit
        WHERE detsis_no = ANY(%s)
        UNION
        SELECT u.detsis_no, u.parent_id, u.is_institution, a.asked
        FROM above a JOIN detsis_unit u ON u.detsis_no = a.parent
        WHERE NOT a.is_institution
    )
    SELECT min(asked) FROM above WHERE is_institution GROUP BY unit ORDER BY unit
"""


def wipe_legacy_names_of(*, actor: Person | None, units: Collection[int], at: dt.datetime) -> None:
    """The same for all institutions that the units belong to."""
    if not LegacyManager.objects.filter(wipe=None).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_INSTITUTIONS, [list(units)])
        numbers = [row[0] for row in cursor.fetchall()]
    for unit in Unit.objects.in_bulk(numbers).values():
        wipe_legacy_names(actor=actor, unit=unit, at=at)


@transaction.atomic
def restore_legacy_names(*, actor: Person, wipe: LegacyWipe, reason: str) -> int:
    """Take a wipe back; how many names returned. The centre only."""
    if not is_central_administrator(actor):
        raise NotAllowed
    if not reason.strip():
        raise RuleViolation(_("Gerekçe yazılmalıdır."), field="reason")
    locked = LegacyWipe.objects.select_for_update().get(pk=wipe.pk)
    if locked.restored_at is not None:
        raise Conflict(_("Bu adlar zaten geri getirilmiş."))
    with because(reason, actor=actor):
        names = LegacyManager.objects.filter(wipe=locked).update(wipe=None)
        locked.restored_at = timezone.now()
        locked.restored_by = actor
        locked.restore_reason = reason.strip()
        locked.full_clean(validate_constraints=False)
        locked.save()
    bump_data_version()
    return names
