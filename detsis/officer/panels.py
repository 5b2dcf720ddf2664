"""What the officers' area adds to other pages: the start page, a unit's page, the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis.models import ChangeSet, ChangeSetStatus
from detsis.officer.views.base import ROLES, WORK, dress, with_paths
from detsis.officer.views.work import waiting_for
from detsis.permissions import may_decide, may_propose
from kaysis.accounts.permissions import has_role
from kaysis.common import menu, panels

_S = ChangeSetStatus
MOST = 5


def register() -> None:
    """Called once by the app's `ready()`."""
    menu.register(
        menu.Entry(
            key="detsis-work",
            label=WORK,
            url_name="detsis:work",
            order=20,
            icon="edit",
            place="account",
            visible=_is_officer,
        )
    )
    menu.register(
        menu.Entry(
            key="detsis-codes",
            label=_("Kod tabloları"),
            url_name="detsis:code-tables",
            order=80,
            icon="filing",
            place="account",
            visible=lambda request: may_decide(request.user),
        )
    )
    panels.register(
        "officer.home",
        panels.Panel(
            key="birim-degisiklikleri",
            title=WORK,
            template="detsis/officer/home_panel.html",
            context=waiting_files,
            permission=_is_officer,
        ),
    )
    panels.register(
        "detsis.unit",
        panels.Panel(
            key="degisiklik-oner",
            title=_("Yetkili işlemleri"),
            template="detsis/officer/unit_panel.html",
            context=unit_files,
            order=90,
            permission=_is_officer,
        ),
    )


def _is_officer(request: HttpRequest, _obj: Any = None) -> bool:
    return request.user.is_authenticated and has_role(request.user, *ROLES)


def waiting_files(request: HttpRequest, _obj: Any) -> dict[str, Any]:
    """The files that wait for this person, the most urgent first."""
    visible = ChangeSet.objects.visible_to(request.user)
    files = visible.filter(waiting_for(request.user)).select_related("institution")
    urgent = files.order_by("due_on", "-id")[:MOST]
    today = timezone.localdate()
    return {
        "waiting": files.count(),
        "overdue": visible.filter(status=_S.SUBMITTED, due_on__lt=today).count()
        if may_decide(request.user)
        else 0,
        "files": [dress(file, today) for file in with_paths(urgent)],
        "url": reverse("detsis:work"),
    }


def unit_files(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """Where a change of the unit is proposed, and what is under way for it."""
    if not may_propose(request.user, unit.detsis_no):
        return None
    files = ChangeSet.objects.visible_to(request.user).filter(
        items__unit=unit.detsis_no,
        status__in=[_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.SCHEDULED],
    )
    return {
        "url": reverse("detsis:propose", args=[unit.detsis_no]),
        "files": [dress(file, timezone.localdate()) for file in files.distinct()[:MOST]],
    }
