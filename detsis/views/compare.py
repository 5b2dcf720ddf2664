"""`/kurumlar/karsilastir/?once=&sonra=&ust=`: the register on two days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from detsis import selectors
from detsis.compare import Comparison, DifferenceKind, Row
from detsis.exports import COMPARISON_COLUMNS
from detsis.filters import UnitNumberField
from detsis.models import Unit
from detsis.views.days import FIRST, LAST
from detsis.views.paging import page_of
from kaysis.common.exports import FORMATS, export_response
from kaysis.common.pagecache import cached_page
from kaysis.common.widgets import DateInput

PER_PAGE = 50


class CompareForm(forms.Form):
    """Which two days, and where."""

    once = forms.DateField(label=_("Önceki tarih"), widget=DateInput)
    sonra = forms.DateField(label=_("Sonraki tarih"), widget=DateInput)
    ust = UnitNumberField(
        label=_("Şu birimde ve altında (numara)"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        earlier, later = given.get("once"), given.get("sonra")
        for name in ("once", "sonra"):
            if given.get(name) and not FIRST <= given[name] <= LAST:
                self.add_error(name, _("1900 ile 2199 arasında bir tarih yazın."))
        if earlier and later and not earlier < later:
            self.add_error("sonra", _("Sonraki tarih, öncekinden sonra olmalıdır."))
        if given.get("ust") and not Unit.objects.filter(pk=given["ust"]).exists():
            self.add_error("ust", _("Bu numarayla kayıtlı bir birim yok."))
        return given


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one kind, counted already."""

    comparison: Comparison
    kind: str
    total: int

    def part(self, *, offset: int, limit: int) -> tuple[list[Row], int]:
        return self.comparison.rows(self.kind, offset=offset, limit=limit), self.total

    def count(self) -> int:
        return self.total


@require_safe
@cached_page(ttl=600)
def compare(request: HttpRequest) -> HttpResponseBase:
    """The form, and with two days what is different between them."""
    form = CompareForm(request.GET if {"once", "sonra"} & set(request.GET) else None)
    context: dict[str, Any] = {
        "form": form,
        "suggestions": _suggestions(timezone.localdate()),
        "breadcrumbs": [(_("Kurumlar"), reverse("detsis:units")), (_("Karşılaştır"), None)],
        "export_formats": list(FORMATS),
    }
    if not form.is_bound:
        return render(request, "detsis/compare.html", context)
    if not form.is_valid():
        return render(request, "detsis/compare.html", context, status=400)
    given = form.cleaned_data
    comparison = Comparison(given["once"], given["sonra"], given["ust"])
    asked = request.GET.get("tur", "")
    kind = asked if asked in DifferenceKind.values else None
    format_name = request.GET.get("bicim", "")
    if format_name in FORMATS:
        name = f"karsilastirma-{given['once']}-{given['sonra']}"
        return export_response(comparison.stream(kind), COMPARISON_COLUMNS, format_name, name)
    context |= _result(comparison, kind, request)
    return render(request, "detsis/compare.html", context)


def _result(comparison: Comparison, kind: str | None, request: HttpRequest) -> dict[str, Any]:
    numbers = comparison.numbers()
    # The first kind that has any, where none is asked for.
    kind = kind or next((name for name, number in numbers.items() if number), "founded")
    page = page_of(_Rows(comparison, kind, numbers[kind]), request.GET.get("sayfa"), PER_PAGE)
    rows = page.rows
    day = comparison.earlier if kind == DifferenceKind.CLOSED else comparison.later
    paths = selectors.paths([row.detsis_no for row in rows], day)
    above = selectors.paths([comparison.below], None) if comparison.below else {}
    return {
        "comparison": comparison,
        "kind": kind,
        "kind_label": DifferenceKind(kind).label,
        "tabs": [
            (DifferenceKind(name).label, number, _kind_url(request, name), name == kind)
            for name, number in numbers.items()
        ],
        "total": sum(numbers.values()),
        "rows": [(row, paths.get(row.detsis_no, [])[:-1]) for row in rows],
        "row_day": day,
        "page_obj": page,
        "below_path": above.get(comparison.below or 0, []),
    }


def _kind_url(request: HttpRequest, kind: str) -> str:
    query = request.GET.copy()
    query["tur"] = kind
    query.pop("sayfa", None)
    return f"?{query.urlencode()}"


def _suggestions(today: dt.date) -> list[tuple[Any, str]]:
    """Pairs of days people often want: (label, url)."""
    url = reverse("detsis:compare")
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    spans = [
        (_("Bu ay"), month, today),
        (_("Geçen ay"), (month - dt.timedelta(days=1)).replace(day=1), month),
        (_("Bu yıl"), year, today),
        (_("Geçen yıl"), year.replace(year=year.year - 1), year),
    ]
    return [
        (label, f"{url}?{urlencode({'once': start.isoformat(), 'sonra': end.isoformat()})}")
        for label, start, end in spans
        if start < end
    ]
