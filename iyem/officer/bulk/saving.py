"""All rows of a sheet, in one transaction."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem import services
from iyem.models import Appointment, AppointmentState, Post
from iyem.models.appointment import Source
from iyem.officer.bulk.reading import Row
from iyem.officer.placing import open_chair
from kaysis.accounts.models import Person
from kaysis.common.errors import Conflict, KaysisError, friendly_integrity


def save(*, actor: Person, rows: list[Row]) -> int:
    """Register everybody, or nobody; how many. Earlier terms and lower chairs come first.

    Raises `NotAllowed`, or `Conflict` that names the line which somebody else made impossible.
    """
    wanted = [(row, row.item) for row in rows if row.item is not None and not row.problems]
    wanted.sort(key=lambda each: (each[1].unit, each[1].ordinal, each[1].starts_at))
    units = Unit.objects.in_bulk({item.unit for _row, item in wanted})
    with friendly_integrity(AppointmentState, Appointment, Post), transaction.atomic():
        for row, item in wanted:
            try:
                open_chair(actor, units[item.unit], item.ordinal)
                services.register_appointment(
                    actor=actor,
                    unit=units[item.unit],
                    manager=services.register_manager(
                        actor=actor,
                        national_id=item.national_id,
                        given_name=item.given_name,
                        family_name=item.family_name,
                    ),
                    title=item.title,
                    starts_at=item.starts_at,
                    ends_at=item.ends_at,
                    kind=item.kind,
                    ordinal=item.ordinal,
                    legal_ground=item.legal_ground,
                    source=Source.BULK,
                )
            except (KaysisError, ValidationError) as error:
                text = str(error) if isinstance(error, KaysisError) else " ".join(error.messages)
                raise Conflict(
                    _("%(line)d. satır: %(text)s Hiçbir satır kaydedilmedi.")
                    % {"line": row.line, "text": text}
                ) from error
    return len(wanted)
