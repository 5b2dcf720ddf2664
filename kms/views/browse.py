"""`/mevzuat/`: the list, what is cited and missing, and what breaks the rules of rank."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kaysis.common.exports import Column, ExportMixin
from kaysis.common.pagecache import cached_page
from kaysis.common.pagination import COUNTED
from kaysis.common.views import ListPage
from kms.exports import RELATION_COLUMNS, instrument_columns
from kms.filters import InstrumentPageFilter
from kms.models import TYPE_OF_SLUG, Instrument, Reference, Relation
from kms.permissions import is_editor
from kms.selectors.citations import find_place, passage_of
from kms.tables import InstrumentTable, RelationTable
from kms.views.markup import facets_html


@method_decorator([require_safe, cached_page(ttl=600)], name="dispatch")
class InstrumentList(ExportMixin, ListPage):
    """All legislation, with filters; facets by type stand above the list."""

    title = _("Mevzuat")
    template_name = "kms/list.html"
    filterset_class = InstrumentPageFilter
    table_class = InstrumentTable
    export_filename = "mevzuat"
    empty_title = _("Bu koşullara uyan mevzuat yok")

    def get_export_columns(self) -> list[Column]:
        return instrument_columns()

    def get_queryset(self) -> QuerySet[Instrument]:
        rows = Instrument.objects.visible_to(self.request.user)
        return rows.select_related("issuer").order_by("rank", "title_sort", "id")

    def get_counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        # The facets tell the number as well.
        return rows.annotate(**{COUNTED: _facets(rows)})

    def get_shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.only(*InstrumentTable.FACTS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # Every row tells them: that costs less than a statement of their own.
        first = next(iter(context["table"].page.object_list.data), None)
        counts = getattr(first, COUNTED).kinds if first is not None else {}
        return {
            **context,
            "facets": facets_html(counts, self.request.GET),
            "editor": self.request.user.is_authenticated and is_editor(self.request.user),
        }


class _Number(int):
    """How many instruments there are, and how many of each type."""

    kinds: dict[str, int]


class _Kinds(JSONField):
    """Numbers by type, read as their sum."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> _Number:
        kinds = super().from_db_value(value, expression, connection) or {}
        number = _Number(sum(kinds.values()))
        number.kinds = kinds
        return number


def _facets(rows: QuerySet[Instrument]) -> RawSQL:
    """How many of all `rows` are of each type."""
    try:
        kinds = rows.order_by().values("type").query
        sql, params = kinds.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return RawSQL("'{}'::jsonb", [], output_field=_Kinds())
    return RawSQL(
        "(SELECT jsonb_object_agg(type, n) FROM"
        f" (SELECT type, count(*) AS n FROM ({sql}) AS every GROUP BY type) AS kinds)",
        params,
        output_field=_Kinds(),
    )


class OpenReferences(ExportMixin, ListPage):
    """What texts cite and nobody has recorded: the most cited first."""

    title = _("Kayıtta olmayan mevzuat")
    lead = _(
        "Metinlerin andığı ama sistemde kaydı bulunmayan mevzuat. Kaydedildiğinde, ona bağlanan "
        "ilişkiler kendiliğinden yerini bulur."
    )
    template_name = "kms/report.html"
    card_template = "kms/reference_row.html"
    empty_title = _("Kayıtta olmayan mevzuat yok")
    empty_text = _("Metinlerin andığı mevzuatın tümü kayıtlı.")
    export_filename = "acik-atiflar"
    export_columns = [
        Column("type", _("Tür")),
        Column("number", _("Sayı")),
        Column("date", _("Tarih"), kind="date"),
        Column("relations", _("İlişki"), kind="number"),
    ]

    def get_breadcrumbs(self) -> list[tuple[Any, str | None]]:
        return [(_("Mevzuat"), reverse("kms:instruments")), (self.title, None)]

    def get_queryset(self) -> QuerySet[Any]:
        rows = Reference.objects.open().annotate(
            acts=_relations("source_reference"), suffers=_relations("target_reference")
        )
        found = rows.filter(Q(acts__gt=0) | Q(suffers__gt=0))
        return found.annotate(relations=F("acts") + F("suffers")).order_by(
            "-acts", "-suffers", "pk"
        )


def _relations(side: str) -> Coalesce:
    """How many relations have the reference on this side."""
    rows = Relation.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


class Violations(ExportMixin, ListPage):
    """Relations found in real texts that break the rules of rank or close a circle."""

    title = _("Kural dışı ilişkiler")
    lead = _(
        "Metinlerde bulunan ama sıra ya da dayanak kuralına uymayan ilişkiler. Silinmez; burada "
        "işaretli durur."
    )
    template_name = "kms/report.html"
    table_class = RelationTable
    empty_title = _("Kural dışı ilişki yok")
    empty_text = _("Kayıtlı bütün ilişkiler sıra ve dayanak kurallarına uyuyor.")
    export_filename = "kural-disi-iliskiler"
    export_columns = RELATION_COLUMNS

    def get_breadcrumbs(self) -> list[tuple[Any, str | None]]:
        return [(_("Mevzuat"), reverse("kms:instruments")), (self.title, None)]

    def get_queryset(self) -> QuerySet[Relation]:
        rows = Relation.objects.visible_to(self.request.user).exclude(violation="")
        return rows.select_related(
            "source", "target", "source_reference", "target_reference"
        ).order_by("-date", "-pk")


@require_safe
def cite(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Where citations in texts lead: to the instrument they name, once it is recorded."""
    kind = TYPE_OF_SLUG.get(slug, "")
    day = request.GET.get("t", "")[:10]
    rows = list(
        Instrument.objects.visible_to(request.user)
        .filter(type=kind, number=number[:30])
        .order_by("-year", "pk")
    )
    dated = [row for row in rows if day and row.accepted_on and row.accepted_on.isoformat() == day]
    near = [row for row in rows if not day or str(row.year) == day[:4]]
    found = dated or near or rows
    if len(found) == 1:
        return redirect(_place_url(found[0], request.GET.get("m", "")))
    reference = Reference(type=kind or "other", number=number[:60], name=slug)
    return render(
        request,
        "kms/cite.html",
        {
            "rows": found,
            "citation": reference.citation,
            "breadcrumbs": [(_("Mevzuat"), reverse("kms:instruments")), (reference.citation, None)],
        },
        status=200 if found else 404,
    )


def _place_url(instrument: Instrument, text: str) -> str:
    place = find_place(text) if text else None
    passage = passage_of(instrument, place) if place else None
    url = instrument.get_absolute_url()
    return f"{url}?madde={passage.anchor}#{passage.anchor}" if passage else url


@require_safe
def eli(request: HttpRequest, slug: str, year: int, number: str, day: str = "") -> HttpResponse:
    """`/eli/tr/kanun/1965/657/`: the permanent address of an instrument or its text of a day."""
    rows = Instrument.objects.visible_to(request.user).filter(type=TYPE_OF_SLUG.get(slug, ""))
    if number.startswith("k") and number[1:].isdigit():
        rows = rows.filter(pk=int(number[1:12]), number="")
    else:
        rows = rows.filter(number=number[:30])
    rows = rows.filter(year=year) if year else rows.filter(year__isnull=True)
    found = list(rows.order_by("pk"))
    if len(found) == 1:
        suffix = f"?tarih={day}" if day else ""
        return redirect(f"{found[0].get_absolute_url()}{suffix}")
    return render(
        request,
        "kms/cite.html",
        {
            "rows": found,
            "citation": f"{slug} {year}/{number}",
            "breadcrumbs": [(_("Mevzuat"), reverse("kms:instruments")), (f"{year}/{number}", None)],
        },
        status=300 if found else 404,
    )
