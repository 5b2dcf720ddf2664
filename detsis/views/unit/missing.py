"""Numbers without a page: never issued, withdrawn before their day, or not yet on a past day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from detsis.models import Unit
from kaysis.common.errors import NotFound


def missing_unit(request: HttpRequest, detsis_no: int, day: dt.date | None) -> HttpResponse:
    """The answer for a unit that cannot be shown. Raises NotFound for a number never issued."""
    unit = Unit.objects.visible_to(request.user).filter(pk=detsis_no).first()
    if unit is not None:
        return not_yet(request, unit, day)
    if Unit.objects.filter(pk=detsis_no).exists():
        context: dict[str, Any] = {"detsis_no": detsis_no}
        return render(request, "detsis/unit_withdrawn.html", context, status=410)
    raise NotFound(
        _("%(no)s numarasıyla kayıtlı bir kurum ya da birim hiç olmadı.") % {"no": detsis_no}
    )


def not_yet(request: HttpRequest, unit: Unit, day: dt.date | None) -> HttpResponse:
    """The unit exists, but did not on that day."""
    context = {
        "unit": unit,
        "day": day,
        "breadcrumbs": [(_("Kurumlar ve birimler"), "/kurumlar/"), (unit.name, None)],
    }
    return render(request, "detsis/unit_not_yet.html", context, status=404)
