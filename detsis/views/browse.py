"""`/kurumlar/`: the register as a tree, and as a list with filters; two views of one page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from detsis import selectors
from detsis.codenames import code_names
from detsis.exports import UNIT_COLUMNS
from detsis.filters import PAGE_NAMES, UnitPageFilter, api_query, district_choices
from detsis.models import Unit
from detsis.tables import UnitTable, unit_rows
from detsis.views import filter_panel
from detsis.views.addresses import API_UNITS, LIST, TREE, VIEW_PARAMETER
from detsis.views.tree import tree_page
from kaysis.common.exports import ExportMixin
from kaysis.common.pagecache import cached_page, data_version
from kaysis.common.views import ListPage
from kaysis.common.views.lists import FORMAT_PARAMETER, ORDER_PARAMETER

# Any of these means the list; `sayfa` does not: the open branch of the tree has pages, too.
_LIST_PARAMETERS = {*PAGE_NAMES.values(), FORMAT_PARAMETER, ORDER_PARAMETER}
# Filters that name a unit, and are shown with its name.
_UNIT_FILTERS = ("ust", "bagli", "mulki")


@require_safe
@cached_page(ttl=600)
def browse(request: HttpRequest) -> HttpResponseBase:
    """The tree, unless the address asks for the list or narrows it."""
    wanted = request.GET.get(VIEW_PARAMETER)
    if wanted == LIST or (wanted != TREE and _LIST_PARAMETERS & set(request.GET)):
        return UnitList.as_view()(request)
    return tree_page(request)


class UnitList(ExportMixin, ListPage):
    """Units with combined filters."""

    title = _("Kurumlar ve birimler")
    template_name = "detsis/unit_list.html"
    filterset_class = UnitPageFilter
    table_class = UnitTable
    export_columns = UNIT_COLUMNS
    export_filename = "kurumlar"
    empty_text = _("Süzgeçlerden birini kaldırın ya da adın yalnız bir bölümünü yazın.")

    def get_queryset(self) -> QuerySet[Unit]:
        return Unit.objects.visible_to(self.request.user).order_by("name_sort", "detsis_no")

    def get_filterset(self) -> UnitPageFilter:
        # Always bound, so that the form shows what the address says and nothing else.
        # The version is asked for before anything is read that is kept by it.
        self.version = data_version()
        return UnitPageFilter(
            self.request.GET, self.get_queryset(), request=self.request, version=self.version
        )

    def get_shown(self, rows: QuerySet[Unit]) -> QuerySet[Any]:
        return unit_rows(rows)

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"names": code_names(self.version)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        table = context["table"]
        shown = [record.detsis_no for record in context["page_obj"].object_list.data]
        named = self._named_units()
        paths = selectors.paths([*shown, *named.values()])
        table.paths = paths
        for item in context["active_filters"]:
            number = named.get(str(item["value"]))
            if number in paths:
                item["value"] = paths[number][-1].name
        kept = [(VIEW_PARAMETER, LIST), *context["kept_parameters"]]
        filterset: Any = self.filterset
        return {
            **context,
            "clear_url": f"{self.request.path}?{urlencode({VIEW_PARAMETER: LIST})}",
            "kept_parameters": kept,
            "api_url": _api_url(self.request),
            # The fragment does without them.
            "fields": SimpleLazyObject(lambda: filter_panel.fields(filterset, self.version)),
            "advanced_in_use": any(self.request.GET.get(name) for name in filter_panel.ADVANCED),
        }

    def _named_units(self) -> dict[str, int]:
        given = (self.request.GET.get(name, "") for name in _UNIT_FILTERS)
        return {text: int(text) for text in given if text.isascii() and text.isdigit()}


def _api_url(request: HttpRequest) -> str:
    query = urlencode(api_query(request.GET))
    return f"{API_UNITS}?{query}" if query else API_UNITS


@require_safe
@cached_page(ttl=3600)
def districts(request: HttpRequest) -> HttpResponse:
    """The options of the district field for `?il=`."""
    text = request.GET.get("il", "")
    province = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None
    choices = district_choices(province, None) if province is not None else []
    return render(request, "detsis/district_options.html", {"choices": choices})
