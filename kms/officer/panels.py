"""What the editors' area adds to the signed-in start page and its menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kaysis.common import menu, panels
from kms.officer.work import WORK, waiting_texts
from kms.permissions import is_editor

MOST = 5


def register() -> None:
    """Called once by the app's `ready()`."""
    menu.register(
        menu.Entry(
            key="kms-work",
            label=WORK,
            url_name="kms:work",
            order=40,
            icon="legislation",
            place="account",
            visible=_is_editor,
        )
    )
    panels.register(
        "officer.home",
        panels.Panel(
            key="mevzuat-kaydi",
            title=WORK,
            template="kms/officer/home_panel.html",
            context=waiting,
            order=40,
            permission=_is_editor,
        ),
    )


def _is_editor(request: HttpRequest, _obj: Any = None) -> bool:
    return request.user.is_authenticated and is_editor(request.user)


def waiting(request: HttpRequest, _obj: Any) -> dict[str, Any]:
    """The texts that wait for this person, the oldest first."""
    rows = waiting_texts(request.user)
    return {"waiting": rows.count(), "texts": rows[:MOST], "url": reverse("kms:work")}
