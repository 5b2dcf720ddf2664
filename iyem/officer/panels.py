"""What the desk adds to other pages: the menu, the start page, a unit's and a manager's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from iyem.officer import overview, people
from iyem.officer.views.base import DESK
from iyem.permissions import is_officer, may_register
from iyem.services.curricula import published_curriculum
from kaysis.accounts.permissions import register_reveal_rule
from kaysis.common import menu, panels


def register() -> None:
    """Called once by the app's `ready()`."""
    register_reveal_rule(people.may_see_id)
    menu.register(
        menu.Entry(
            key="iyem-desk",
            label=DESK,
            url_name="iyem:work",
            order=30,
            icon="person",
            place="account",
            visible=_is_officer,
        )
    )
    panels.register(
        "officer.home",
        panels.Panel(
            key="iyem-masasi",
            title=DESK,
            template="iyem/officer/home_panel.html",
            context=waiting,
            permission=_is_officer,
            order=50,
        ),
    )
    panels.register(
        "detsis.unit",
        panels.Panel(
            key="iyem-birim",
            title=_("İYEM işlemleri"),
            template="iyem/officer/unit_panel.html",
            context=unit_link,
            order=91,
            permission=_is_officer,
        ),
    )
    panels.register(
        "iyem.manager",
        panels.Panel(
            key="ozgecmis",
            title=_("Özgeçmiş"),
            template="iyem/curriculum_panel.html",
            context=curriculum_link,
        ),
    )


def _is_officer(request: HttpRequest, _obj: Any = None) -> bool:
    return request.user.is_authenticated and is_officer(request.user)


def waiting(request: HttpRequest, _obj: Any) -> dict[str, Any]:
    """What waits today, in numbers."""
    return {"numbers": overview.waiting_for(request.user), "url": reverse("iyem:work")}


def unit_link(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """The way to the unit's desk, for whoever looks after it."""
    if not may_register(request.user, unit.detsis_no):
        return None
    return {"url": reverse("iyem:desk-unit", args=[unit.detsis_no])}


def curriculum_link(_request: HttpRequest, manager: Any) -> dict[str, Any] | None:
    """Where the published curriculum is."""
    if published_curriculum(manager) is None:
        return None
    return {"url": reverse("iyem:manager-curriculum", args=[manager.manager_code])}
