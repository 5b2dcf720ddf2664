"""Managers and appointments for tests, made by the services the portal uses."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from detsis.models import Unit
from iyem import services
from iyem.models import Appointment, Manager
from iyem.services.states import as_recorded_at
from kaysis.accounts.models import Person, Role
from tests.factories.accounts import PersonFactory, person_with

ISTANBUL = ZoneInfo("Europe/Istanbul")


def moment(text: str) -> dt.datetime:
    """`2024-05-01 09:00` in Istanbul; a day alone is its first minute."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


def centre() -> Person:
    return person_with(Role.CENTRAL_ADMINISTRATOR)


def manager(**names: Any) -> Manager:
    with transaction.atomic():
        return services.manager_of(PersonFactory(**names))


def appoint(
    unit: Unit,
    who: Manager | None = None,
    start: str = "2024-01-01 09:00",
    end: str | None = None,
    *,
    recorded: str | None = None,
    actor: Person | None = None,
    **given: Any,
) -> Appointment:
    """Registered at `recorded`; without it, at the moment the appointment begins."""
    with as_recorded_at(moment(recorded or start)):
        return services.register_appointment(
            actor=actor or centre(),
            unit=unit,
            manager=who or manager(),
            title=given.pop("title", "Müdür"),
            starts_at=moment(start),
            ends_at=moment(end) if end else None,
            **given,
        )


def act_for(
    appointment: Appointment,
    who: Manager,
    start: str,
    end: str,
    *,
    recorded: str | None = None,
    actor: Person | None = None,
    **given: Any,
) -> Appointment:
    """Acting for the holder, who is on leave for just that time unless `absence=None`."""
    given.setdefault("kind", "acting_filled")
    given.setdefault("absence", "leave" if given["kind"] == "acting_filled" else None)
    with as_recorded_at(moment(recorded or start)):
        return services.register_proxy(
            actor=actor or centre(),
            unit=appointment.post.unit,
            manager=who,
            starts_at=moment(start),
            ends_at=moment(end),
            **given,
        )
