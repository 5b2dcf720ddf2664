"""What others did in the scope of an officer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from detsis.models import Unit
from iyem.models import AppointmentState


def latest_of_others(person: Any, units: QuerySet[Unit], most: int) -> list[Any]:
    """The latest entries about these units that somebody else made, each with `deed` and `tone`.

    Two queries.
    """
    states = (
        AppointmentState.objects.filter(unit__in=units.values("pk"))
        .exclude(recorded_by=person)
        .select_related("unit", "manager__person", "recorded_by", "appointment")
        .order_by("-pk")
    )
    found: list[Any] = list(states[:most])
    firsts = _first_states({state.appointment_id for state in found})
    for state in found:
        if state.withdrawn:
            state.deed, state.tone = _("geri aldı"), "danger"
        elif state.pk in firsts:
            state.deed, state.tone = _("kaydetti"), "success"
        else:
            state.deed, state.tone = _("değiştirdi"), "info"
    # Loaded from elsewhere, they may have been recorded in another order.
    return sorted(found, key=_recorded, reverse=True)


def _first_states(appointments: Iterable[int]) -> set[int]:
    """The states with which these appointments were registered."""
    states = AppointmentState.objects.filter(appointment__in=appointments)
    return set(
        states.order_by("appointment", "pk").distinct("appointment").values_list("pk", flat=True)
    )


def _recorded(state: Any) -> tuple[bool, Any]:
    """When; one that was superseded at the moment it was recorded has none, and comes last."""
    moment = state.known.lower
    return moment is not None, moment
