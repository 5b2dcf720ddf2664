"""Units by whether the post of their head is held, was ever registered, or was left vacant."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from detsis.models import Unit
from iyem.models import AppointmentState


def _held(now: dt.datetime) -> Exists:
    """Somebody holds the head's post or acts for it while it is vacant."""
    states = AppointmentState.objects.current().valid_at(now).filter(post__ordinal=0)
    return Exists(states.filter(unit=OuterRef("pk")).exclude(slot="delegate"))


def _registered() -> Exists:
    """The head's post was registered before, and not only by mistake."""
    states = AppointmentState.objects.current().filter(validity__isempty=False, post__ordinal=0)
    return Exists(states.filter(unit=OuterRef("pk")))


def _marked_vacant(now: dt.datetime) -> Exists:
    """The last holder of the head's post left it vacant."""
    later = AppointmentState.objects.current().filter(
        post=OuterRef("post"), slot="holder", validity__startswith__gte=OuterRef("ended")
    )
    states = (
        AppointmentState.objects.current()
        .filter(left_vacant=True, post__ordinal=0, validity__endswith__lte=now)
        .annotate(ended=F("validity__endswith"))
    )
    return Exists(states.filter(unit=OuterRef("pk")).exclude(Exists(later)))


def unregistered(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Active units whose head was never registered."""
    return units.filter(~_registered(), active=True)


def unheld(units: QuerySet[Unit], now: dt.datetime) -> QuerySet[Any]:
    """Active units registered before whose head's post is empty; annotated with `left_vacant`:
    whether it was marked vacant. Those that were not are updates, which go before first
    registrations (rule 13)."""
    return units.filter(~_held(now), _registered(), active=True).annotate(
        left_vacant=_marked_vacant(now)
    )
