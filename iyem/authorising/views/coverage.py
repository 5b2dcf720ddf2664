"""The coverage board: what is lacking, rolled up to any unit above and to provinces."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import django_filters
from django import forms
from django.db.models import Func, OuterRef, Q, QuerySet, Subquery, TextField
from django.http import Http404
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from detsis.filters import UnitNumberFilter
from detsis.models import Province, Unit
from detsis.selectors import Crumb, path
from iyem import coverage
from iyem.access import OFFICERS
from iyem.authorising.views.base import COVERAGE, dress
from iyem.models import CoverageTotal, Gap, TotalKind, UnitCoverage
from iyem.permissions import AnyPerson, outside_scope, overseen_by
from kaysis.accounts.models import Role
from kaysis.accounts.permissions import is_central_administrator, scopes_of
from kaysis.accounts.views.base import OfficerMixin, breadcrumbs
from kaysis.common import tables
from kaysis.common.exports import Column, ExportMixin
from kaysis.common.filters import FilterSet
from kaysis.common.functions import SortKey
from kaysis.common.turkish import fold
from kaysis.common.types import Text
from kaysis.common.views import ListPage

PROVINCES = _("İllere göre kapsama")
UNITS = _("Eksiği olan birimler")
SUMS = (
    Column("units", _("Faal birim"), kind="number"),
    Column("unsigned", _("İmza yetkilisi olmayan"), kind="number"),
    Column("understaffed", _("İYEM yetkilisi ikiden az olan"), kind="number"),
    Column("unconfirmed", _("Teyidi gecikmiş"), kind="number"),
    Column("unregistered", _("İlk kaydı yapılmamış"), kind="number"),
)


def own_scopes(person: AnyPerson) -> frozenset[int]:
    return scopes_of(person, Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR).numbers


class _Figures(tables.Table):
    """The sums of a row; each leads to the units it counts.

    The table gives its cells itself: the board has the budget of a page.
    """

    units = tables.NumberColumn(verbose_name=_("Faal birim"))
    unsigned = tables.NumberColumn(verbose_name=_("İmza yetkilisi yok"))
    understaffed = tables.NumberColumn(verbose_name=_("Yetkilisi ikiden az"))
    unconfirmed = tables.NumberColumn(verbose_name=_("Teyidi gecikmiş"))

    caption = _("Kapsama")
    caption_hidden = True

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        start = reverse("iyem:coverage-units")
        self._links = [(gap.value, f"{start}?sorun={gap.value}&amp;") for gap in Gap]

    def first(self, record: Any) -> str:
        """The cell that names the row, as HTML."""
        raise NotImplementedError

    def scope(self, record: Any) -> str:
        """The query of the units that the row counts."""
        raise NotImplementedError

    def cells(self, record: Any) -> list[str]:
        scope = self.scope(record)
        found = [self.first(record), _number(record.units)]
        for name, address in self._links:
            value = getattr(record, name)
            text = _number(value)
            found.append(f'<a href="{address}{scope}">{text}</a>' if value else text)
        return found


def _number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


class UnitTable(_Figures):
    unit = tables.Column(verbose_name=_("Birim"), order_by="by_name")

    class Meta(tables.Table.Meta):
        sequence = ("unit", "units", "unsigned", "understaffed", "unconfirmed")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._start = reverse("iyem:coverage")

    def scope(self, record: UnitCoverage) -> str:
        return f"kapsam={record.unit_id}"

    def first(self, record: UnitCoverage) -> str:
        number = record.unit_id
        return (
            f'<a href="{self._start}{number}/">{escape(record.unit.name)}</a>'
            f' <span class="d-no">{number}</span>'
        )


class ProvinceTable(_Figures):
    name = tables.Column(verbose_name=_("İl"), order_by="name_sort")

    class Meta(tables.Table.Meta):
        sequence = ("name", "units", "unsigned", "understaffed", "unconfirmed")

    def scope(self, record: CoverageTotal) -> str:
        return f"il={record.key}"

    def first(self, record: Any) -> str:
        return escape(record.name)


class Board(OfficerMixin, ExportMixin, ListPage):
    """What all boards share: the sums above, the rows they are made of below."""

    roles: Collection[Role] = OFFICERS
    template_name = "iyem/authorising/coverage.html"
    title = COVERAGE
    table_class: Any = UnitTable
    export_filename = "iyem-kapsama"
    export_columns = (
        Column("detsis_no", _("Birimin numarası"), "unit_id", kind="number"),
        Column("name", _("Birim"), "unit__name"),
        *SUMS,
    )
    empty_title = _("Alt birim yok")
    empty_text = _("Bu birimin altında faal bir birim yok.")

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs(self.get_title())

    def summary(self) -> list[tuple[Text, Any, str]]:
        """(heading, sums, query that leads to the units they count)."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            summary=self.summary(),
            computed_at=coverage.computed_at(),
            centre=is_central_administrator(self.person),
            path=(),
            unit=None,
            **kwargs,
        )


class _Sorted(Func):
    """The key names are sorted by, in a form that no index holds.

    Else the database, which takes the units below one for average in number and spread evenly over
    all names, reads the names of the whole state in order until it has met a page of them.
    """

    arity = 1
    template = "(%(expressions)s || '')"
    output_field = TextField()


def _rows() -> QuerySet[Any]:
    """With the names of the units, and nothing else of them; `by_name` to sort them by."""
    shown = ("units", "unsigned", "understaffed", "unconfirmed", "unregistered", "unit__name")
    rows = UnitCoverage.objects.select_related("unit").only(*shown)
    return rows.annotate(by_name=_Sorted("unit__name_sort"))


class Coverage(Board):
    """Where one's board begins: the whole state for the centre, the own units for an officer."""

    lead = _("İmza yetkilisi, İYEM yetkilisi ya da güncel teyidi olmayan birimler.")

    def get_queryset(self) -> QuerySet[Any]:
        rows = _rows()
        if is_central_administrator(self.person):
            return rows.filter(unit__parent=None).order_by("by_name")
        return rows.filter(unit__in=own_scopes(self.person)).order_by("by_name")

    def summary(self) -> list[tuple[Text, Any, str]]:
        if not is_central_administrator(self.person):
            return []
        total = coverage.totals(TotalKind.STATE).get(0)
        return [(_("Bütün devlet"), total, "")] if total else []


class CoverageOf(Board):
    """One unit: the sums over all below it, over what stands under it, and its direct units."""

    def get_unit(self) -> Unit:
        if "unit" not in self.__dict__:
            found = overseen_by(self.person).filter(pk=self.kwargs["detsis_no"]).first()
            if found is None:
                raise Http404
            self.__dict__["unit"] = found
        unit: Unit = self.__dict__["unit"]
        return unit

    def get_title(self) -> Text:
        return self.get_unit().name

    def get_queryset(self) -> QuerySet[Any]:
        rows = _rows().filter(unit__parent=self.get_unit())
        return rows.order_by("by_name", "pk")

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs((COVERAGE, reverse("iyem:coverage")), self.get_title())

    def summary(self) -> list[tuple[Text, Any, str]]:
        number = self.get_unit().pk
        found: list[tuple[Text, Any, str]] = []
        own = UnitCoverage.objects.filter(pk=number).first()
        if own is not None:
            found.append((_("Kendisi ve alt birimleri"), own, f"kapsam={number}"))
        civil = coverage.totals(TotalKind.CIVIL, [number]).get(number)
        if civil is not None:
            found.append((_("Mülki idareye bağlı birimler"), civil, f"mulki={number}"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.get_unit()
        context = super().get_context_data(**kwargs)
        return {**context, "unit": unit, "path": self._path(unit)}

    def _path(self, unit: Unit) -> list[tuple[Crumb, bool]]:
        """The units above, and which of them have a board that one may see."""
        crumbs = path(unit.pk)[:-1]
        numbers = [crumb.detsis_no for crumb in crumbs]
        seen = set(overseen_by(self.person).filter(pk__in=numbers).values_list("pk", flat=True))
        return [(crumb, crumb.detsis_no in seen) for crumb in crumbs]


class CoverageProvinces(Board):
    """All provinces; for the centre."""

    roles = (Role.CENTRAL_ADMINISTRATOR,)
    title = PROVINCES
    table_class = ProvinceTable
    export_filename = "iyem-kapsama-iller"
    export_columns = (
        Column("plate", _("Plaka"), "key", kind="number"),
        Column("province", _("İl"), "name"),
        *SUMS,
    )
    empty_title = _("Henüz hesaplanmadı")
    empty_text = _("Kapsama on dakikada bir hesaplanır.")

    def get_queryset(self) -> QuerySet[CoverageTotal]:
        province = Province.objects.filter(pk=OuterRef("key"))
        rows = CoverageTotal.objects.filter(kind=TotalKind.PROVINCE)
        return rows.annotate(
            name=Subquery(province.values("name")),
            name_sort=Subquery(province.values(sort=SortKey("name"))),
        ).order_by("name_sort")

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs((COVERAGE, reverse("iyem:coverage")), self.title)


class UnitFilter(FilterSet):
    """By what is lacking, where, and name."""

    sorun = django_filters.ChoiceFilter(
        label=_("Eksik olan"), method="by_gap", choices=Gap.choices, empty_label=_("Herhangi biri")
    )
    q = django_filters.CharFilter(
        label=_("Birimin adı"),
        method="by_name",
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    kapsam = UnitNumberFilter(label=_("Üst birimin numarası"), method="by_scope")
    mulki = UnitNumberFilter(label=_("Mülki idare amirliğinin numarası"), method="by_authority")
    il = django_filters.ModelChoiceFilter(
        field_name="province",
        label=_("İl"),
        queryset=Province.objects.order_by(SortKey("name")),
        empty_label=_("Tümü"),
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def by_gap(self, units: Any, _name: str, value: str) -> Any:
        return units.filter(**coverage.condition(value))

    def by_name(self, units: Any, _name: str, value: str) -> Any:
        for word in fold(value).split():
            units = units.filter(name_folded__contains=word)
        return units

    def by_scope(self, units: Any, _name: str, value: int) -> Any:
        above_them = Unit.objects.filter(pk=value).first()
        return units.at_or_below(above_them) if above_them else units.none()

    def by_authority(self, units: Any, _name: str, value: int) -> Any:
        authority = Unit.objects.filter(pk=value).first()
        if authority is None:
            return units.none()
        return units.filter(civil_authority__in=Unit.objects.at_or_below(authority).values("pk"))


class CoverageUnits(OfficerMixin, ExportMixin, ListPage):
    """The units that lack something, in the order of the tree."""

    roles = OFFICERS
    filterset_class = UnitFilter
    template_name = "iyem/authorising/coverage_units.html"
    card_template = "iyem/authorising/unit_row.html"
    title = UNITS
    export_filename = "iyem-eksikler"
    export_columns = (
        Column("detsis_no", _("Birimin numarası"), kind="number"),
        Column("name", _("Birim")),
        Column("signed", _("İmza yetkilisi var"), "coverage__is_signed", kind="bool"),
        Column("officers", _("İYEM yetkilisi sayısı"), "coverage__officers", kind="number"),
        Column("confirmed", _("Teyidi güncel"), "coverage__is_confirmed", kind="bool"),
        Column("institution_no", _("Kurumun numarası"), "coverage__institution_id", kind="number"),
        Column("institution", _("Kurum"), "coverage__institution__name"),
        Column("province", _("İl"), "province__name"),
    )
    empty_title = _("Eksiği olan birim yok")
    empty_text = _("Bu koşullara uyan bütün birimler tamam.")

    def get_queryset(self) -> QuerySet[Unit]:
        lacking = Q()
        for gap in Gap:
            lacking |= Q(**coverage.condition(gap))
        units = overseen_by(self.person).filter(lacking, coverage__active=True)
        # In the order of the tree, by its index.
        return units.select_related("coverage", "province").order_by("tree_id", "lft")

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs((COVERAGE, reverse("iyem:coverage")), self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        units = list(context["page_obj"].object_list)
        others = outside_scope(self.person, [unit.pk for unit in units])
        dress(units, others=others, came_from=self.request.get_full_path())
        context["page_obj"].object_list = units
        return {**context, "gaps": True, "computed_at": coverage.computed_at()}
