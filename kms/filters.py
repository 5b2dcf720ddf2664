"""One FilterSet for page, API and export: of instruments, and of relations.

The API uses the English names, pages the Turkish ones of `PAGE_NAMES`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kaysis.common.filters import FilterSet
from kaysis.common.turkish import fold
from kaysis.common.widgets import DateInput
from kms.models import Instrument, InstrumentType, Relation, RelationKind, Scope, Status
from kms.querysets import InstrumentQuerySet
from kms.selectors.citations import find_cited

ALL = _("Tümü")


class InstrumentFilter(FilterSet):
    """Filters of instruments. `queryset` starts from `visible_to`."""

    fixed = True

    q = django_filters.CharFilter(
        method="by_text",
        label=_("Ad, sayı ya da atıf"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    type = django_filters.ChoiceFilter(
        choices=InstrumentType.choices, label=_("Tür"), empty_label=ALL
    )
    status = django_filters.ChoiceFilter(
        choices=Status.choices, label=_("Durum"), empty_label=ALL, method="by_status"
    )
    in_force_on = django_filters.DateFilter(
        method="by_day", label=_("Şu gün yürürlükte olan"), widget=DateInput
    )
    number = django_filters.CharFilter(label=_("Sayı"))
    year_min = django_filters.NumberFilter(
        field_name="year", lookup_expr="gte", label=_("Yıl, en erken")
    )
    year_max = django_filters.NumberFilter(
        field_name="year", lookup_expr="lte", label=_("Yıl, en geç")
    )
    scope = django_filters.ChoiceFilter(choices=Scope.choices, label=_("Yayım"), empty_label=ALL)
    issuer = django_filters.CharFilter(
        method="by_issuer", label=_("Çıkaran kurum (ad ya da numara)")
    )

    class Meta:
        model = Instrument
        fields: list[str] = []

    def by_text(self, rows: InstrumentQuerySet, _name: str, value: str) -> InstrumentQuerySet:
        """All words in the title, in any order; or what a number or a citation names."""
        cited = [found.pk for found in find_cited(value)]
        words = fold(value).split()[:12]
        wanted = Q(pk__in=cited)
        if words:
            titled = Q()
            for word in words:
                titled &= Q(title_folded__contains=word)
            wanted |= titled | Q(abbreviation__iexact=value.strip())
        return rows.filter(wanted)

    def by_status(self, rows: InstrumentQuerySet, _name: str, value: str) -> InstrumentQuerySet:
        return rows.with_status(value)

    def by_day(self, rows: InstrumentQuerySet, _name: str, value: dt.date) -> InstrumentQuerySet:
        return rows.in_force(value)

    def by_issuer(self, rows: InstrumentQuerySet, _name: str, value: str) -> InstrumentQuerySet:
        text = value.strip()
        if text.isascii() and text.isdigit():
            return rows.filter(issuer=int(text[:9]))
        wanted = Q(issuer_name__icontains=text)
        return rows.filter(wanted | Q(issuer__name_folded__contains=fold(text)))


PAGE_NAMES = {
    "q": "q",
    "type": "tur",
    "status": "durum",
    "in_force_on": "yururlukte",
    "number": "sayi",
    "year_min": "yil_en_az",
    "year_max": "yil_en_cok",
    "scope": "yayim",
    "issuer": "cikaran",
}


class InstrumentPageFilter(InstrumentFilter):
    """The same under the names of the page."""

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        declared: dict[str, django_filters.Filter] = vars(InstrumentFilter)["base_filters"]
        return {page: declared[name] for name, page in PAGE_NAMES.items()}


class RelationFilter(FilterSet):
    """Relations of one instrument, by kind and direction."""

    fixed = True

    kind = django_filters.ChoiceFilter(
        choices=RelationKind.choices, label=_("İlişki"), empty_label=ALL
    )
    direction = django_filters.ChoiceFilter(
        choices=[("out", _("Bu mevzuattan başkasına")), ("in", _("Başkasından bu mevzuata"))],
        label=_("Yön"),
        empty_label=ALL,
        method="by_direction",
    )
    resolved = django_filters.ChoiceFilter(
        choices=[("true", _("Kayıtlı mevzuat")), ("false", _("Açık atıf"))],
        label=_("Karşı taraf"),
        empty_label=ALL,
        method="by_resolved",
    )

    class Meta:
        model = Relation
        fields: list[str] = []

    def __init__(self, *args: Any, instrument: int | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        self.instrument = instrument

    def by_direction(self, rows: Any, _name: str, value: str) -> Any:
        side = "source" if value == "out" else "target"
        return rows.filter(**{side: self.instrument})

    def by_resolved(self, rows: Any, _name: str, value: str) -> Any:
        open_ones = Q(source__isnull=True) | Q(target__isnull=True)
        return rows.exclude(open_ones) if value == "true" else rows.filter(open_ones)
