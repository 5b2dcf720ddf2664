"""The organisation chart of a unit: on a page beside the same as a list, as a drawing, as a PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detsis import asof, orgchart
from detsis.asof import Standing
from detsis.orgchart import Chart
from detsis.orgchart_layout import sheets
from detsis.orgchart_svg import to_svg
from detsis.views.addresses import unit_url
from detsis.views.days import asked_day, day_query
from detsis.views.unit.missing import missing_unit
from detsis.views.unit.page import breadcrumbs
from kaysis.common.pagecache import cached_page
from kaysis.common.pdf import pdf_response
from kaysis.common.turkish import slug


def _read(request: HttpRequest, detsis_no: int) -> tuple[Standing, Chart] | HttpResponse:
    day = asked_day(request)
    standing = asof.standing_of(detsis_no, day)
    if standing is None:
        return missing_unit(request, detsis_no, day)
    return standing, orgchart.read(standing, request.user)


@require_safe
@cached_page(ttl=600)
def chart(request: HttpRequest, detsis_no: int) -> HttpResponseBase:
    """The chart with links, and beside it the same as nested lists."""
    found = _read(request, detsis_no)
    if isinstance(found, HttpResponse):
        return found
    standing, drawn = found
    query = day_query(standing.day)
    context: dict[str, Any] = {
        "unit": standing.unit,
        "day": standing.day,
        "day_query": query,
        "chart": drawn,
        "svg": to_svg(drawn),
        "svg_url": reverse("detsis:chart-svg", args=[detsis_no]) + query,
        "pdf_url": reverse("detsis:chart-pdf", args=[detsis_no]) + query,
        "page_url": unit_url(detsis_no, standing.day),
        "breadcrumbs": breadcrumbs(standing, (_("Teşkilat şeması"), None)),
    }
    return render(request, "detsis/chart.html", context)


@require_safe
@cached_page(ttl=600)
def chart_svg(request: HttpRequest, detsis_no: int) -> HttpResponseBase:
    """The drawing alone, with its own colours."""
    found = _read(request, detsis_no)
    if isinstance(found, HttpResponse):
        return found
    standing, drawn = found
    return HttpResponse(
        to_svg(drawn, links=False, painted=True),
        content_type="image/svg+xml",
        headers={"Content-Disposition": f'inline; filename="{_filename(standing)}.svg"'},
    )


@require_safe
@cached_page(ttl=600)
def chart_pdf(request: HttpRequest, detsis_no: int) -> HttpResponseBase:
    """A sheet to print, across, with the day and the number on it."""
    found = _read(request, detsis_no)
    if isinstance(found, HttpResponse):
        return found
    standing, drawn = found
    context = {
        "unit": standing.unit,
        "day": standing.day or timezone.localdate(),
        "path": standing.chain[:-1],
        "drawings": [
            to_svg(sheet, links=False, painted=True, key=f"sheet-{number}")
            for number, sheet in enumerate(sheets(drawn), start=1)
        ],
        "paper": "A4 landscape",
    }
    return pdf_response("detsis/chart_pdf.html", context, request, filename=_filename(standing))


def _filename(standing: Standing) -> str:
    name = f"{standing.unit.detsis_no}-{slug(standing.unit.name)[:60]}-sema"
    return f"{name}-{standing.day.isoformat()}" if standing.day else name
