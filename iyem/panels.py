"""What İYEM shows on the page of a unit, and its entry in the menu."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis import orgchart
from detsis.models import Unit
from iyem import incumbents, selectors
from iyem.models import Post, PostKind, Slot
from kaysis.common import menu, panels


def register() -> None:
    """Called once by the app's `ready()`."""
    menu.register(
        menu.Entry(
            key="iyem",
            label=_("İmza yetkisi"),
            url_name="iyem:verify",
            order=20,
            icon="check",
            description=_(
                "Bir yöneticinin bir birim adına, bir anda imza atmaya yetkili olup olmadığı."
            ),
            figures=None,
        )
    )
    panels.register(
        "detsis.unit.people",
        panels.Panel(
            key="yoneticiler",
            title=_("Yöneticiler ve imza yetkisi"),
            template="iyem/unit_panel.html",
            context=unit_panel,
            order=5,
        ),
    )

    panels.register(
        "detsis.chart",
        panels.Panel(
            key="amirler",
            title=_("Amir ve yardımcıları"),
            template="iyem/unit_panel.html",
            context=chart_panel,
        ),
    )
    orgchart.register_heads(heads)
    orgchart.register_groups(deputies)


def heads(numbers: Sequence[int], day: dt.date | None) -> dict[int, str]:
    """Who signs for each unit, for the boxes of a chart; at noon of a day that is not today."""
    found = {}
    for unit, known in incumbents.known_of(numbers, _noon(day)).items():
        head = known.seats[0] if known.seats else None
        if head and head.ordinal == 0 and (signs := head.signatory):
            found[unit] = _written(signs.full_name, signs.slot)
    return found


def deputies(number: int, day: dt.date | None) -> list[orgchart.Group]:
    """Deputies of a unit's head with the units that answer to each (rule 14), for its chart.

    A chair that is vacant is drawn while units answer to it.
    """
    if not Post.objects.filter(unit=number, kind=PostKind.DEPUTY).exists():
        return []
    linked = selectors.deputies_of(number, day)
    found = []
    for chair in selectors.chairs_of([number], _noon(day)).get(number, []):
        name = _signs(chair)
        units = [unit.detsis_no for unit in linked.get(chair.post.pk, [])]
        if chair.post.kind == PostKind.DEPUTY and (name or units):
            holder = chair.holder or chair.acting
            title = holder.title if holder else str(chair.post)
            found.append(orgchart.Group(title, name or gettext("Makam boş"), units))
    return found


def _noon(day: dt.date | None) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12))) if day else None


def _signs(chair: selectors.Chair) -> str:
    """Who signs for a chair, as a box has room for; blank if nobody does."""
    state = chair.signatory
    if state is None:
        return ""
    return _written(state.manager.person.full_name, state.slot)


def _written(name: str, slot: str) -> str:
    return f"{name} V." if slot == Slot.ACTING else name


def chart_panel(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """The head and the deputies, where there are some or a curriculum to read (rule 18); what
    answers to each deputy is drawn below."""
    found = unit_panel(request, unit)
    if found is None:
        return None
    seats = [each["seat"] for each in found["seats"]]
    people = [person for seat in seats for person in (seat.holder, seat.acting) if person]
    if len(seats) < 2 and not any(person.has_curriculum for person in people):
        return None
    return {"seats": [{"seat": seat, "units": []} for seat in seats], "legacy": []}


def unit_panel(request: HttpRequest, unit: Unit) -> dict[str, Any] | None:
    """Today's managers of a unit; hidden where none is known (and of a unit of another day)."""
    if not isinstance(unit, Unit):
        return None
    known = incumbents.known_of([unit.pk])[unit.pk]
    seats = known.seats
    # Whoever has managers in İYEM has no names from before it (rule 11).
    legacy = selectors.legacy_names_of(unit) if known.has_legacy and not seats else []
    if not seats and not legacy:
        return None
    deputies = selectors.deputies_of(unit.pk) if any(seat.ordinal for seat in seats) else {}
    return {
        "seats": [{"seat": seat, "units": deputies.get(seat.post_id, [])} for seat in seats],
        "legacy": legacy,
    }
