"""Filters of units, under the names of the API and of the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis.filters.codes import CODES, code_choices, district_choices
from detsis.filters.fields import (
    ALL,
    UnitNumberFilter,
    YesNoFilter,
    code_filter,
    day_filter,
    unit_above,
)
from detsis.models import KepAddress, OrganisationType, Unit
from detsis.querysets import UnitQuerySet
from kaysis.common.filters import FilterSet
from kaysis.common.turkish import fold


class UnitFilter(FilterSet):
    """Filters of units as they are today. `queryset` starts from `visible_to`."""

    q = django_filters.CharFilter(
        method="by_text",
        label=_("Ad ya da numara"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    category = code_filter(_("Kategori"), "category")
    status = code_filter(_("Statü"), "status")
    organisation_type = django_filters.ChoiceFilter(
        choices=OrganisationType.choices, label=_("Teşkilat türü"), empty_label=ALL
    )
    province = code_filter(
        _("İl"),
        "province",
        # Offers the districts of the province without a full reload.
        **{
            "hx-get": reverse_lazy("detsis:districts"),
            "hx-target": "#id_ilce",
            "hx-swap": "innerHTML",
            "hx-push-url": "false",
            "hx-trigger": "change",
            "hx-indicator": "closest form",
        },
    )
    district = code_filter(_("İlçe"), "district")
    is_institution = YesNoFilter(
        label=_("Ana kurum"), yes=_("Yalnız ana kurumlar"), no=_("Ana kurum olmayanlar")
    )
    active = YesNoFilter(label=_("Durum"), yes=_("Faal"), no=_("Faal olmayan"))
    budget_type = code_filter(_("Bütçe türü"), "budget_type")
    has_kep = YesNoFilter(method="by_kep", label=_("KEP adresi"), yes=_("Var"), no=_("Yok"))
    corresponds_externally = YesNoFilter(label=_("Dış yazışma"), yes=_("Yapar"), no=_("Yapmaz"))
    below = UnitNumberFilter(method="by_unit_above", label=_("Şu birimin altında"))
    parent = UnitNumberFilter(field_name="parent_id", label=_("Doğrudan bağlı olduğu birim"))
    civil_authority = UnitNumberFilter(
        field_name="civil_authority_id", label=_("Mülki idare amirliği")
    )
    founded_after = day_filter(_("Kuruluş tarihi, en erken"), "valid_from", "gte")
    founded_before = day_filter(_("Kuruluş tarihi, en geç"), "valid_from", "lte")
    closed_after = day_filter(_("Kapanış tarihi, en erken"), "valid_to", "gte")
    closed_before = day_filter(_("Kapanış tarihi, en geç"), "valid_to", "lte")

    class Meta:
        model = Unit
        fields: list[str] = []

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        version: str | None = None,
        **given: Any,
    ) -> None:
        """With the data version, the choices may be those that were read for it before."""
        super().__init__(data, *args, **given)
        wanted = [name for name in CODES if self.name_of(name) in self.filters]
        for name, choices in code_choices(wanted, version).items():
            self.filters[self.name_of(name)].extra["choices"] = choices
        if self.name_of("district") in self.filters:
            choices = district_choices(*self.place(), version)
            self.filters[self.name_of("district")].extra["choices"] = choices

    def place(self) -> tuple[int | None, int | None]:
        """The codes of the province and the district that are asked for."""
        return self._given("province"), self._given("district")

    @classmethod
    def name_of(cls, name: str) -> str:
        """The name a filter has in the query string."""
        return name

    def _given(self, name: str) -> int | None:
        value = (self.data or {}).get(self.name_of(name), "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None

    def by_text(self, units: UnitQuerySet, _name: str, value: str) -> UnitQuerySet:
        """All words, in any order and place; a number of eight digits is the unit's own."""
        words = fold(value).split()
        if len(words) == 1 and len(words[0]) == 8 and words[0].isdigit():
            return self.by_number(units, int(words[0]))
        for word in words:
            units = units.filter(name_folded__contains=word)
        return units

    def by_number(self, units: UnitQuerySet, number: int) -> UnitQuerySet:
        return units.filter(pk=number)

    def by_kep(self, units: UnitQuerySet, _name: str, value: str) -> UnitQuerySet:
        valid = KepAddress.objects.at(timezone.localdate()).filter(unit_id=OuterRef("pk"))
        return units.filter(Exists(valid) if value == "true" else ~Exists(valid))

    def by_unit_above(self, units: UnitQuerySet, _name: str, value: int) -> UnitQuerySet:
        above = unit_above(value)
        return units.below(above) if above else units.none()


class UnitAsOfFilter(UnitFilter):
    """The same filters on the versions of the day `as_of`.

    `queryset`: versions of that day, annotated with `name_folded`, `valid_from` and `valid_to`.
    """

    def by_number(self, units: Any, number: int) -> Any:
        return units.filter(unit_id=number)

    def by_kep(self, units: Any, _name: str, value: str) -> Any:
        valid = KepAddress.objects.at(self._day()).filter(unit_id=OuterRef("unit_id"))
        return units.filter(Exists(valid) if value == "true" else ~Exists(valid))

    def by_unit_above(self, units: Any, _name: str, value: int) -> Any:
        return units.filter(unit_id__in=RawSQL(BELOW_ON_SQL, [value, self._day(), self._day()]))

    def _day(self) -> dt.date:
        return dt.date.fromisoformat(self.data["as_of"])


# Everything below a unit on a day; the height stops a circle that imported data could hold.
BELOW_ON_SQL = """
    WITH RECURSIVE below(unit_id, height) AS (
        SELECT unit_id, 1 FROM detsis_unitversion WHERE parent_id = %s AND validity @> %s::date
        UNION ALL
        SELECT v.unit_id, b.height + 1 FROM below b
        JOIN detsis_unitversion v ON v.parent_id = b.unit_id AND v.validity @> %s::date
        WHERE b.height < 50
    ) SELECT unit_id FROM below
"""

PAGE_NAMES = {
    "q": "q",
    "category": "kategori",
    "status": "statu",
    "organisation_type": "teskilat",
    "province": "il",
    "district": "ilce",
    "is_institution": "ana_kurum",
    "active": "faal",
    "budget_type": "butce",
    "has_kep": "kep",
    "corresponds_externally": "dis_yazisma",
    "below": "ust",
    "parent": "bagli",
    "civil_authority": "mulki",
    "founded_after": "kurulus_ilk",
    "founded_before": "kurulus_son",
    "closed_after": "kapanis_ilk",
    "closed_before": "kapanis_son",
}


class UnitPageFilter(UnitFilter):
    """`UnitFilter` under the names of the Turkish pages."""

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        declared: dict[str, django_filters.Filter] = vars(UnitFilter)["base_filters"]
        return {PAGE_NAMES[name]: found for name, found in declared.items()}

    @classmethod
    def name_of(cls, name: str) -> str:
        return PAGE_NAMES[name]


def api_query(data: Mapping[str, str]) -> dict[str, str]:
    """The query of a page's list in the API's words; what is not a filter is left out."""
    return {name: value for name, page in PAGE_NAMES.items() if (value := data.get(page))}
