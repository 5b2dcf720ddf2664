"""What DETSİS shows on pages that are not its own: its entry, its figures, what changed lately."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from detsis import selectors
from detsis.models import ChangeKind
from detsis.views.addresses import unit_url
from detsis.views.changes import visible_changes
from detsis.wording import tell, tellable
from kaysis.common import menu, panels
from kaysis.common.components import TimelineEntry
from kaysis.common.types import Text

LATEST = 6


def register() -> None:
    """Called once by the app's `ready()`."""
    menu.register(
        menu.Entry(
            key="detsis",
            label=_("Kurumlar"),
            url_name="detsis:units",
            order=10,
            icon="institution",
            description=_(
                "Devlet teşkilatı: her kurum ve birimin yeri, numarası, iletişimi ve geçmişi."
            ),
            figures=home_figures,
        )
    )
    panels.register(
        "home",
        panels.Panel(
            key="son-degisiklikler",
            title=_("Teşkilatta son değişiklikler"),
            template="detsis/home_changes.html",
            context=latest_changes,
            order=10,
        ),
    )


def home_figures() -> list[tuple[Text, int | str]]:
    """Active units and institutions of the whole state, from the counts of the roots."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(sum(delta) FILTER (WHERE figure <> 'units.institution'), 0),
                      coalesce(sum(delta) FILTER (WHERE figure = 'units.institution'), 0)
               FROM detsis_unitcount
               WHERE effective_on <= %s AND figure LIKE 'units.%%'
                   AND unit_id IN (SELECT detsis_no FROM detsis_unit WHERE parent_id IS NULL)""",
            [timezone.localdate()],
        )
        units, institutions = cursor.fetchone()
    return [(_("faal birim"), int(units)), (pgettext("number", "ana kurum"), int(institutions))]


def latest_changes(request: HttpRequest, _obj: Any) -> dict[str, Any] | None:
    """The latest changes of the state's organisation; nothing where there are none."""
    changes = visible_changes(request.user).exclude(kind=ChangeKind.REGISTERED)
    latest = list(tellable(changes)[:LATEST])
    paths = selectors.paths({change.unit_id for change in latest})
    events = [
        TimelineEntry(
            told.change.effective_on,
            told.unit_name,
            # Of what is founded the title says all: its name, and the path where it stands.
            text="" if told.change.kind == ChangeKind.FOUNDED else told.summary,
            url=unit_url(told.change.unit_id),
            label=told.title,
            tone=told.tone,
            path=[(crumb.name, None) for crumb in paths.get(told.change.unit_id, [])[:-1]],
        )
        for told in tell(latest)
    ]
    return {"events": events, "url": reverse("detsis:changes")} if events else None
