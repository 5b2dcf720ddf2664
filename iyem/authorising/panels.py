"""What these pages add to the signed-in area: its list, and its start page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from iyem.access import OFFICERS as OFFICER_ROLES
from iyem.access import ROLES, decidable_applications
from iyem.authorising.views.base import APPLICATIONS, CAMPAIGNS, COVERAGE, OFFICERS
from iyem.authorising.views.officers import shortage
from kaysis.accounts.permissions import has_role
from kaysis.common import menu, panels


def register() -> None:
    """Called once by the app's `ready()`."""
    for key, label, icon, order, visible in (
        ("officers", OFFICERS, "shield", 40, _is_officer),
        ("applications", APPLICATIONS, "draft", 41, _may_apply),
        ("campaigns", CAMPAIGNS, "flag", 42, _is_officer),
        ("coverage", COVERAGE, "data", 43, _is_officer),
    ):
        menu.register(
            menu.Entry(
                key=f"iyem.{key}",
                label=label,
                url_name=f"iyem:{key}",
                order=order,
                icon=icon,
                place="account",
                visible=visible,
            )
        )
    panels.register(
        "officer.home",
        panels.Panel(
            key="iyem-yetkilileri",
            title=OFFICERS,
            template="iyem/authorising/home_panel.html",
            context=home,
            permission=_is_officer,
        ),
    )


def _is_officer(request: HttpRequest, _obj: Any = None) -> bool:
    return request.user.is_authenticated and has_role(request.user, *OFFICER_ROLES)


def _may_apply(request: HttpRequest, _obj: Any = None) -> bool:
    return request.user.is_authenticated and has_role(request.user, *ROLES)


def home(request: HttpRequest, _obj: Any) -> dict[str, Any]:
    """Places with too few officers, and applications that wait for this person."""
    person: Any = request.user
    return {**shortage(person), "waiting": decidable_applications(person).count()}
