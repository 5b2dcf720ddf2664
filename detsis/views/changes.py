"""`/kurumlar/degisiklikler/`: what changed, as a page, as Atom and as JSON Feed."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from detsis import feeds, selectors
from detsis.exports import CHANGE_COLUMNS
from detsis.filters import ChangeFilter
from detsis.models import ChangeKind, Unit, UnitChange
from detsis.views.change_html import ChangeWriter
from detsis.wording import tell, tellable
from kaysis.common.exports import ExportMixin
from kaysis.common.pagecache import cached_page
from kaysis.common.views import ListPage


def visible_changes(user: Any) -> QuerySet[UnitChange]:
    """Changes of units that may be seen, as they were recorded, latest first.

    The first registration of a unit is no change of the state's organisation: it is shown only to
    those who ask for its kind.
    """
    return _visible().all()


@cache
def _visible() -> QuerySet[UnitChange]:
    """Put together once: the register is public, the same for everybody."""
    return UnitChange.objects.exclude(unit__in=Unit.objects.hidden_from(None)).order_by("-id")


def asked_changes(request: HttpRequest) -> QuerySet[UnitChange]:
    """The changes that the query string asks for; what it says wrongly narrows nothing."""
    return _narrowed(ChangeFilter(request.GET, visible_changes(request.user), request=request))


def _narrowed(filters: Any) -> QuerySet[UnitChange]:
    changes = filters.qs
    return changes if "tur" in filters.filters else changes.exclude(kind=ChangeKind.REGISTERED)


@method_decorator([require_safe, cached_page(ttl=300)], name="dispatch")
class Changes(ExportMixin, ListPage):
    """The page, with filters."""

    title = _("Teşkilatta neler değişti?")
    template_name = "detsis/changes.html"
    fragment_template_name = "detsis/changes_results.html"
    filterset_class = ChangeFilter
    # Who looks further back narrows by day, or takes the download.
    count_limit = 1000
    export_columns = CHANGE_COLUMNS
    export_filename = "degisiklikler"
    empty_title = _("Bu koşullara uyan değişiklik yok")
    empty_text = _("Tarih aralığını genişletin ya da süzgeçlerden birini kaldırın.")

    def get_queryset(self) -> QuerySet[UnitChange]:
        return visible_changes(self.request.user)

    def get_filtered(self) -> QuerySet[UnitChange]:
        return _narrowed(self.filterset)

    def get_shown(self, rows: QuerySet[UnitChange]) -> QuerySet[UnitChange]:
        return tellable(rows, named=False)  # the path has the name

    def get_breadcrumbs(self) -> list[tuple[Any, str | None]]:
        return [(_("Kurumlar"), reverse("detsis:units")), (_("Değişiklikler"), None)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        told = tell(list(page.object_list))
        paths = selectors.paths({each.change.unit_id for each in told})
        write = ChangeWriter().row
        page.object_list = [write(each, paths[each.change.unit_id]) for each in told]
        query = self.request.GET.copy()
        for name in ("sayfa", "sirala", "bicim"):
            query.pop(name, None)
        suffix = f"?{query.urlencode()}" if query else ""
        return {
            **context,
            "atom_url": reverse("detsis:changes-atom") + suffix,
            "json_url": reverse("detsis:changes-json") + suffix,
        }


@require_safe
@cached_page(ttl=300)
def changes_atom(request: HttpRequest) -> HttpResponse:
    """The latest of the changes asked for, as Atom."""
    entries = tell(list(tellable(asked_changes(request))[: feeds.ENTRIES]))
    return HttpResponse(
        feeds.atom(entries, query=request.GET.urlencode()),
        content_type="application/atom+xml; charset=utf-8",
    )


@require_safe
@cached_page(ttl=300)
def changes_json(request: HttpRequest) -> HttpResponse:
    """The latest of the changes asked for, as JSON Feed 1.1."""
    entries = tell(list(tellable(asked_changes(request))[: feeds.ENTRIES]))
    return HttpResponse(
        feeds.json_feed(entries, query=request.GET.urlencode()),
        content_type="application/feed+json; charset=utf-8",
    )
