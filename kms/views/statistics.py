"""`/mevzuat/istatistik/`: legislation in figures, as table, chart, CSV and PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kaysis.common.charts import bar_chart, stacked_bars
from kaysis.common.exports import Column, export_response
from kaysis.common.pagecache import cached_page
from kaysis.common.pdf import pdf_response
from kms.selectors import statistics

COLUMNS = [
    Column("type", _("Tür"), "label"),
    Column("in_force", _("Yürürlükte"), kind="number"),
    Column("repealed", _("Yürürlükten kalkmış"), kind="number"),
    Column("total", _("Toplam"), kind="number"),
]


def _context(request: HttpRequest) -> dict[str, Any]:
    rows = statistics.by_type(request.user)
    years = statistics.by_year(request.user)
    return {
        "rows": rows,
        "total": sum(row.total for row in rows),
        "in_force": sum(row.in_force for row in rows),
        "years": years,
        "institutions": statistics.by_institution(request.user),
        "progress": statistics.progress(),
        "today": timezone.localdate(),
        "paper": "A4",
        "breadcrumbs": [
            (_("Mevzuat"), reverse("kms:instruments")),
            (_("İstatistikler"), None),
        ],
    }


def _charts(context: dict[str, Any]) -> dict[str, Any]:
    decades: dict[int, int] = {}
    for year, count in context["years"]:
        decades[year // 10 * 10] = decades.get(year // 10 * 10, 0) + count
    by_type = stacked_bars(
        gettext("Türlerine göre mevzuat"),
        [(str(row.label), row.in_force, row.repealed) for row in context["rows"]],
        headers=(gettext("Tür"), gettext("Yürürlükte"), gettext("Yürürlükten kalkmış")),
    )
    by_decade = bar_chart(
        gettext("Kabul edildiği on yıla göre mevzuat"),
        [(f"{decade}–{decade + 9}", count) for decade, count in sorted(decades.items())],
        headers=(gettext("Dönem"), gettext("Mevzuat")),
    )
    return {**context, "by_type": by_type, "by_decade": by_decade}


@require_safe
@cached_page(ttl=600)
def statistics_page(request: HttpRequest) -> HttpResponseBase:
    """The page; `?bicim=csv|xlsx|json` gives the table by type."""
    wanted = request.GET.get("bicim", "")
    if wanted in ("csv", "xlsx", "json"):
        rows = statistics.by_type(request.user)
        return export_response(rows, COLUMNS, wanted, gettext("mevzuat-istatistikleri"))
    return render(request, "kms/statistics.html", _charts(_context(request)))


@require_safe
def statistics_pdf(request: HttpRequest) -> HttpResponseBase:
    """The same to print."""
    name = gettext("mevzuat-istatistikleri")
    return pdf_response(
        "kms/statistics_pdf.html", _charts(_context(request)), request, filename=name
    )
