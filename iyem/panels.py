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
from iyem import selectors
from iyem.models import Post, PostKind
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
    for unit, chairs in selectors.chairs_of(numbers, _noon(day)).items():
        if chairs[0].post.ordinal == 0 and (name := _signs(chairs[0])):
            found[unit] = name
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
        units = [unit.pk for unit in linked.get(chair.post.pk, [])]
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
    return f"{state.manager.person.full_name}{' V.' if state.slot == 'acting' else ''}"


def chart_panel(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """The head and the deputies, where there are some or a curriculum to read (rule 18); what
    answers to each deputy is drawn below."""
    found = unit_panel(request, unit)
    if found is None or (len(found["chairs"]) < 2 and not found["curricula"]):
        return None
    chairs = [{**each, "units": []} for each in found["chairs"]]
    return {**found, "chairs": chairs, "legacy": []}


def unit_panel(request: HttpRequest, unit: Unit) -> dict[str, Any] | None:
    """Today's managers of a unit; hidden where none is known (and of a unit of another day)."""
    if not isinstance(unit, Unit):
        return None
    # Of most units of a country nothing is known yet.
    posts, names = selectors.known_of(unit.pk)
    found = selectors.chairs_of([unit.pk]).get(unit.pk, []) if posts else []
    chairs = [chair for chair in found if chair.holder or chair.acting]
    # Whoever has managers in İYEM has no names from before it (rule 11).
    legacy = selectors.legacy_names_of(unit) if names and not chairs else []
    if not chairs and not legacy:
        return None
    deputies = selectors.deputies_of(unit) if any(chair.post.ordinal for chair in chairs) else {}
    return {
        "chairs": [{"chair": chair, "units": deputies.get(chair.post.pk, [])} for chair in chairs],
        "legacy": legacy,
        "curricula": selectors.with_curriculum(
            state.manager_id for chair in chairs for state in (chair.holder, chair.acting) if state
        ),
    }
