"""`/kurumlar/veri-kalitesi/`: what is wrong in the register, by rule and by institution."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from detsis import quality
from detsis.filters import UnitNumberFilter
from detsis.models import QualityFinding, QualityScore, Unit
from detsis.selectors import paths
from kaysis.common.exports import Column as ExportColumn
from kaysis.common.exports import ExportMixin
from kaysis.common.filters import FilterSet
from kaysis.common.functions import SortKey
from kaysis.common.pagecache import cached_page
from kaysis.common.tables import Column, NumberColumn, Table
from kaysis.common.turkish import fold
from kaysis.common.views import ListPage


class ScoreFilter(FilterSet):
    """Institutions by name."""

    fixed = True

    q = django_filters.CharFilter(
        method="by_name",
        label=_("Kurumun adı"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    class Meta:
        model = QualityScore
        fields: list[str] = []

    def by_name(self, scores: Any, _name: str, value: str) -> Any:
        for word in fold(value).split():
            scores = scores.filter(institution__name_folded__contains=word)
        return scores


class ScoreTable(Table):
    """Institutions with the share of their units that have no finding."""

    caption = _("Kurumların veri kalitesi puanı")
    caption_hidden = True

    institution = Column(
        verbose_name=_("Kurum"), order_by=("institution__name_sort", "institution_id")
    )
    units = NumberColumn(verbose_name=_("Faal birim"))
    faulty = NumberColumn(verbose_name=_("Bulgulu birim"))
    score = NumberColumn(verbose_name=_("Puan"), order_by=("score", "institution_id"))

    def render_institution(self, record: QualityScore) -> SafeString:
        return format_html(
            '<a href="{}?kurum={}">{}</a> <span class="d-no">{}</span>',
            reverse("detsis:quality-findings"),
            record.institution_id,
            record.institution.name,
            record.institution_id,
        )


@method_decorator([require_safe, cached_page(ttl=600)], name="dispatch")
class Quality(ExportMixin, ListPage):
    """The catalogue with its counts, and the score of every institution, worst first."""

    title = _("Veri kalitesi")
    lead = _(
        "Kayıtlar her gece kurallara göre denetlenir. Puan, kurumun faal birimlerinden yüzde "
        "kaçında hiçbir bulgu olmadığını gösterir."
    )
    filterset_class = ScoreFilter
    table_class = ScoreTable
    template_name = "detsis/quality.html"
    export_filename = "veri-kalitesi"
    export_columns = [
        ExportColumn("detsis_no", _("Kurumun numarası"), "institution_id", kind="number"),
        ExportColumn("name", _("Kurum"), "institution__name"),
        ExportColumn("units", _("Faal birim"), kind="number"),
        ExportColumn("faulty", _("Bulgulu birim"), kind="number"),
        ExportColumn("score", _("Puan"), kind="number"),
        ExportColumn("computed_at", _("Hesaplanma"), kind="datetime"),
    ]
    empty_title = _("Henüz denetim yapılmadı")
    empty_text = _("Denetim her gece çalışır; ilk sonuçlar yarın burada olacak.")

    def get_queryset(self) -> QuerySet[QualityScore]:
        visible = Unit.objects.visible_to(self.request.user)
        return (
            QualityScore.objects.filter(institution__in=visible)
            .select_related("institution")
            .order_by("score", "institution_id")
        )

    def get_breadcrumbs(self) -> list[tuple[Any, str | None]]:
        return [(_("Kurumlar"), reverse("detsis:units")), (self.title, None)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = dict(
            QualityFinding.objects.values("rule").annotate(n=Count("id")).values_list("rule", "n")
        )
        rules = [(rule, found.get(rule.key, 0)) for rule in quality.rules()]
        return super().get_context_data(rules=rules, **kwargs)


class FindingFilter(FilterSet):
    """Findings by rule, institution and name of the unit."""

    fixed = True

    kural = django_filters.ChoiceFilter(
        field_name="rule", label=_("Kural"), choices=[], empty_label=_("Tümü")
    )
    kurum = UnitNumberFilter(field_name="institution_id", label=_("Kurumun numarası"))
    q = django_filters.CharFilter(
        method="by_name",
        label=_("Birimin adı"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    class Meta:
        model = QualityFinding
        fields: list[str] = []

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if "kural" in self.filters:
            self.filters["kural"].extra["choices"] = [
                (rule.key, rule.title) for rule in quality.rules()
            ]

    def by_name(self, findings: Any, _name: str, value: str) -> Any:
        for word in fold(value).split():
            findings = findings.filter(unit__name_folded__contains=word)
        return findings


@method_decorator([require_safe, cached_page(ttl=600)], name="dispatch")
class Findings(ExportMixin, ListPage):
    """What was found, unit by unit."""

    title = _("Veri kalitesi bulguları")
    filterset_class = FindingFilter
    card_template = "detsis/quality_finding.html"
    template_name = "detsis/quality_findings.html"
    export_filename = "veri-kalitesi-bulgulari"
    export_columns = [
        ExportColumn("detsis_no", _("Birimin numarası"), "unit_id", kind="number"),
        ExportColumn("name", _("Birim"), "unit__name"),
        ExportColumn("rule", _("Kural")),
        ExportColumn("detail", _("Bulgu")),
        ExportColumn("institution", _("Kurumun numarası"), "institution_id", kind="number"),
        ExportColumn("institution_name", _("Kurum"), "institution__name"),
    ]
    empty_title = _("Bulgu yok")
    empty_text = _("Bu koşullara uyan bir bulgu yok: ya süzgeçler çok dar ya da kayıtlar temiz.")

    def get_queryset(self) -> QuerySet[QualityFinding]:
        visible = Unit.objects.visible_to(self.request.user)
        return (
            QualityFinding.objects.filter(unit__in=visible)
            .select_related("unit")
            .order_by("rule", SortKey("unit__name"), "unit_id")
        )

    def get_breadcrumbs(self) -> list[tuple[Any, str | None]]:
        return [
            (_("Kurumlar"), reverse("detsis:units")),
            (_("Veri kalitesi"), reverse("detsis:quality")),
            (self.title, None),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        findings = list(context["page_obj"].object_list)
        trails = paths(finding.unit_id for finding in findings)
        for finding in findings:
            finding.rule_of = quality.rule(finding.rule)
            finding.path = trails.get(finding.unit_id, [])[:-1]
        context["page_obj"].object_list = findings
        chosen = self.request.GET.get("kural", "")
        context["rule"] = quality.rule(chosen)
        return context
