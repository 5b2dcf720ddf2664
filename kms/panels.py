"""What KMS shows elsewhere: menu, home page, the page of a unit."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.common import menu, panels
from kaysis.common.components import TimelineEntry
from kaysis.common.types import Text
from kms.models import Instrument
from kms.selectors.founded import founding_of

LATEST, OWN = 4, 8


def register() -> None:
    """Called once by the app's `ready()`."""
    menu.register(
        menu.Entry(
            key="kms",
            label=_("Mevzuat"),
            url_name="kms:instruments",
            order=30,
            icon="legislation",
            description=_(
                "Kanunlardan kurum içi yönergelere: her günkü metni, değişiklikleri, dayanakları "
                "ve etkiledikleriyle."
            ),
            figures=home_figures,
        )
    )
    panels.register(
        "home",
        panels.Panel(
            key="son-mevzuat",
            title=_("Son yayımlanan mevzuat"),
            template="kms/home_latest.html",
            context=latest_texts,
            order=30,
        ),
    )
    panels.register(
        "detsis.unit",
        panels.Panel(
            key="mevzuat",
            title=_("Mevzuat"),
            template="kms/unit_panel.html",
            context=unit_legislation,
            order=40,
        ),
    )


def home_figures() -> list[tuple[Text, int | str]]:
    """Recorded instruments, and those in force today."""
    day = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*), count(*) FILTER (WHERE NOT (
                   coalesce(lapsed_on <= %s, FALSE)
                   OR ended AND (ended_on IS NULL OR ended_on <= %s)))
               FROM kms_instrument WHERE published""",
            [day, day],
        )
        every, in_force = cursor.fetchone()
    return [(_("yürürlükte"), int(in_force)), (_("kayıtlı mevzuat"), int(every))]


def latest_texts(request: HttpRequest, _obj: Any) -> dict[str, Any] | None:
    """The instruments of the latest Gazettes; nothing where there are none."""
    rows = Instrument.objects.visible_to(request.user).filter(gazette_date__isnull=False)
    events = [
        TimelineEntry(
            row.gazette_date,
            row.title,
            url=row.get_absolute_url(),
            label=row.short_citation if row.number else "",
        )
        for row in rows.order_by("-gazette_date", "-id")[:LATEST]
        if row.gazette_date is not None
    ]
    return {"events": events} if events else None


def unit_legislation(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """What founds a unit, and what it has issued itself. Three queries."""
    founding = [each for each in founding_of(unit) if each["instrument"] is not None]
    own: list[Instrument] = []
    if _issues(unit.detsis_no):
        issued = Instrument.objects.visible_to(request.user).filter(issuer=unit.detsis_no)
        own = list(issued.only("title").order_by("-gazette_date", "-id")[: OWN + 1])
    if not founding and not own:
        return None
    return {
        "founding": founding,
        "issued": own[:OWN],
        "more": len(own) > OWN,
        "detsis_no": unit.detsis_no,
    }


def _issues(detsis_no: int) -> bool:
    """Whether the unit has issued anything: most have not, and building the other query takes
    longer than asking this."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM kms_instrument WHERE issuer_id = %s)", [detsis_no]
        )
        return cursor.fetchone()[0]
