"""Relations of an instrument as lists: all of them, and what changed each article."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kaysis.common.exports import ExportMixin
from kaysis.common.pagecache import cached_page
from kaysis.common.views import ListPage
from kms.exports import RELATION_COLUMNS
from kms.filters import RelationFilter
from kms.models import Instrument, Relation
from kms.selectors.relations import amendments_of, relations_of
from kms.tables import AmendmentTable, RelationTable
from kms.views.instrument import find, head
from kms.views.sections import sections


class _OfInstrument(ExportMixin, ListPage):
    """A list on a page of its own below an instrument."""

    template_name = "kms/relations.html"
    export_columns = RELATION_COLUMNS
    section = ""

    @property
    def instrument(self) -> Instrument:
        if not hasattr(self, "_instrument"):
            self._instrument = find(self.request, self.kwargs["pk"])
        return self._instrument

    def get_breadcrumbs(self) -> list[tuple[Any, str | None]]:
        trail = head(self.instrument, timezone.localdate())["breadcrumbs"]
        return [*trail, (self.title, None)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "instrument": self.instrument,
            "sections": sections(self.instrument, self.section),
        }


@method_decorator([require_safe, cached_page(ttl=600)], name="dispatch")
class Relations(_OfInstrument):
    """Every relation, both ways."""

    title = _("İlişkiler")
    section = "relations"
    table_class = RelationTable
    filterset_class = RelationFilter
    export_filename = "mevzuat-iliskileri"

    def get_queryset(self) -> QuerySet[Relation]:
        return relations_of(self.instrument, self.request.user)

    def get_filterset(self) -> RelationFilter:
        return RelationFilter(
            self.request.GET or None,
            queryset=self.get_queryset(),
            request=self.request,
            instrument=self.instrument.pk,
        )


@method_decorator([require_safe, cached_page(ttl=600)], name="dispatch")
class Amendments(_OfInstrument):
    """Article by article: what was added, changed, repealed, by what and when."""

    title = _("Madde madde değişiklikler")
    section = "amendments"
    table_class = AmendmentTable
    empty_title = _("Kayıtlı bir değişiklik yok")
    empty_text = _("Bu mevzuatın bir hükmünü değiştiren, ekleyen ya da kaldıran kayıt bulunmuyor.")
    paginate_by = 50
    export_filename = "mevzuat-degisiklikleri"

    def get_queryset(self) -> QuerySet[Relation]:
        asked = self.request.GET.get("madde", "").replace("\x00", "")
        return amendments_of(self.instrument, asked[:120])
