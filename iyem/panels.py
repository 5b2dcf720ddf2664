"""What İYEM shows on the page of a unit, and its entry in the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from iyem import selectors
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
        "detsis.unit",
        panels.Panel(
            key="yoneticiler",
            title=_("Yöneticiler ve imza yetkisi"),
            template="iyem/unit_panel.html",
            context=unit_panel,
            order=5,
        ),
    )


def unit_panel(request: HttpRequest, unit: Unit) -> dict[str, Any] | None:
    """Today's managers of a unit; hidden where none is known (and of a unit of another day)."""
    if not isinstance(unit, Unit):
        return None
    chairs = [
        chair
        for chair in selectors.chairs_of([unit.pk]).get(unit.pk, [])
        if chair.holder or chair.acting
    ]
    legacy = selectors.legacy_names_of(unit)
    if not chairs and not legacy:
        return None
    deputies = selectors.deputies_of(unit) if any(chair.post.ordinal for chair in chairs) else {}
    return {
        "chairs": [{"chair": chair, "units": deputies.get(chair.post.pk, [])} for chair in chairs],
        "legacy": legacy,
    }
