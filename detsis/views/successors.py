"""`/kurumlar/halefler/`: old numbers and those that took their place."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from detsis import succession
from detsis.exports import SUCCESSION_COLUMNS
from detsis.filters import SuccessionFilter
from detsis.models import Unit, UnitChange
from kaysis.common.exports import ExportMixin, export_response
from kaysis.common.pagecache import cached_page
from kaysis.common.views import ListPage


@method_decorator([require_safe, cached_page(ttl=600)], name="dispatch")
class Successors(ExportMixin, ListPage):
    """Each unit that ended with successors, the latest first; chains are followed to their end."""

    title = _("Eski ve yeni numaralar")
    lead = _(
        "Birleşme, bölünme ya da devirle sona eren birimler ve görevlerini sürdürenler. "
        "Eski bir numara hiçbir zaman başka bir birime verilmez."
    )
    filterset_class = SuccessionFilter
    card_template = "detsis/succession_row.html"
    export_filename = "eski-yeni-numaralar"
    template_name = "detsis/successions.html"
    empty_title = _("Bu koşullara uyan numara yok")
    empty_text = _(
        "Süzgeçlerden birini kaldırın. Halefi olmadan kapanan birimler burada yer almaz."
    )

    def get_queryset(self) -> QuerySet[UnitChange]:
        return succession.endings().filter(unit__in=Unit.objects.visible_to(self.request.user))

    def get_shown(self, rows: QuerySet[UnitChange]) -> QuerySet[UnitChange]:
        return succession.with_names(rows)

    def get_breadcrumbs(self) -> list[tuple[Any, str | None]]:
        return [(_("Kurumlar"), reverse("detsis:units")), (self.title, None)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        page.object_list = succession.lines_of(list(page.object_list))
        return context

    def export(self, rows: QuerySet[Any], format_name: str) -> StreamingHttpResponse:
        return export_response(
            succession.stream(rows), SUCCESSION_COLUMNS, format_name, self.export_filename
        )
