"""One page and one fragment: a filtered, sorted, paged list that also works without JavaScript."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View
from django_filters import FilterSet
from django_tables2 import Table
from django_tables2.rows import BoundRows

from kaysis.common.pagination import BoundedPaginator, counted
from kaysis.common.types import Text
from kaysis.common.views.active_filters import active_filters

PAGE_PARAMETER = "sayfa"
FORMAT_PARAMETER = "bicim"
ORDER_PARAMETER = "sirala"


class ListPage(TemplateResponseMixin, ContextMixin, View):
    """A list with filters, sorting, pages and downloads.

    A subclass gives `get_queryset()` (it starts from `visible_to(request.user)`), a
    `filterset_class`, and either `table_class` or `card_template` (the template of one row, where
    the row is `object`), or puts the HTML of the rows in their place itself.
    An htmx request gets `fragment_template_name`, everybody else the page around it.
    Downloads: mix in an export class that has `export(queryset, format_name) -> HttpResponse` and
    set `export_formats`; the rows are those of `get_filtered()`, never only those of the page.
    """

    model: type[Model] | None = None
    filterset_class: type[FilterSet] | None = None
    table_class: type[Table] | None = None
    card_template: str = ""
    template_name = "common/list.html"
    fragment_template_name = "common/list_results.html"
    paginate_by = 25
    # How many rows are counted and paged through; None: as everywhere.
    count_limit: int | None = None
    export_formats: ClassVar[list[str]] = []

    title: Text = ""
    lead: Text = ""
    breadcrumbs: ClassVar[list[tuple[Text, str | None]]] = []
    empty_title: Text = _("Bu koşullara uyan kayıt yok")
    empty_text: Text = _("Süzgeçlerden birini kaldırın ya da daha genel bir sözcükle arayın.")

    def get_queryset(self) -> QuerySet[Any]:
        """All rows the reader may see, in the order of the page."""
        raise NotImplementedError

    def get_filterset(self) -> FilterSet | None:
        if self.filterset_class is None:
            return None
        data = self.request.GET or None
        return self.filterset_class(data, queryset=self.get_queryset(), request=self.request)

    def get_filtered(self) -> QuerySet[Any]:
        """The rows that the filters leave. Invalid filter values narrow nothing."""
        if self.filterset is None:
            return self.get_queryset()
        return self.filterset.qs

    def get_counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The same rows, each of which tells as `counted` how many they are."""
        return counted(rows, self.count_limit)

    def get_shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The same rows with what a page shows of them, and what they are annotated with."""
        return rows

    def get_title(self) -> Text:
        return self.title

    def get_lead(self) -> Text:
        return self.lead

    def get_breadcrumbs(self) -> list[tuple[Text, str | None]]:
        return self.breadcrumbs or [(self.get_title(), None)]

    def get_table_kwargs(self) -> dict[str, Any]:
        """Further arguments of the table."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.filterset = self.get_filterset()
        rows = self.get_filtered()
        format_name = request.GET.get(FORMAT_PARAMETER, "")
        if format_name in self.export_formats:
            return self.export(rows, format_name)  # type: ignore[attr-defined]  # the mixin's
        response = self.render_to_response(self.get_context_data(rows=rows, **kwargs))
        patch_vary_headers(response, ["HX-Request"])
        return response

    def get_template_names(self) -> list[str]:
        htmx = getattr(self.request, "htmx", None)
        if htmx and not htmx.boosted and not htmx.history_restore_request:
            return [self.fragment_template_name]
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows: QuerySet[Any] = kwargs.pop("rows")
        shown = self.get_shown(self.get_counted(rows))
        table = None
        if self.table_class is not None:
            # Without `request`, with which a table would page itself, after counting all rows: the
            # page is cut below, in the same way for tables and cards.
            table = self.table_class(shown, **self.get_table_kwargs())
            asked = self.request.GET.getlist(ORDER_PARAMETER)
            if order := [name for name in asked if name.removeprefix("-") in table.base_columns]:
                table.order_by = order
        paginator = BoundedPaginator(
            shown if table is None else table.data.data,
            self.paginate_by,
            countable=rows,
            limit=self.count_limit,
        )
        page = paginator.get_page(self.request.GET.get(PAGE_PARAMETER))
        if table is not None:
            page.object_list = BoundRows(page.object_list, table)
            table.page, table.paginator = page, paginator
        kept = self.request.GET.get(ORDER_PARAMETER)
        return super().get_context_data(
            title=self.get_title(),
            lead=self.get_lead(),
            breadcrumbs=self.get_breadcrumbs(),
            filter=self.filterset,
            active_filters=active_filters(self.filterset, self.request),
            clear_url=self.request.path,
            kept_parameters=[(ORDER_PARAMETER, kept)] if kept else [],
            table=table,
            card_template=self.card_template,
            page_obj=page,
            paginator=paginator,
            page_range=paginator.around(page.number) if paginator.num_pages > 1 else [],
            export_formats=self.export_formats,
            empty_title=self.empty_title,
            empty_text=self.empty_text,
            **kwargs,
        )
