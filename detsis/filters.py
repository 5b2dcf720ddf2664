"""What lists of units are narrowed by: one set of filters for pages, API and exports.

`UnitFilter` has the names the API uses, `UnitPageFilter` the same filters under the names of the
Turkish pages (`PAGE_NAMES`). Both give the same rows for the same values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django import forms
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from detsis.models import (
    BudgetType,
    Category,
    ChangeKind,
    District,
    KepAddress,
    OrganisationType,
    Province,
    Status,
    Unit,
    UnitChange,
)
from detsis.models.change import SUCCESSORS
from detsis.models.unit import DETSIS_NO_MAX, DETSIS_NO_MIN
from detsis.querysets import UnitQuerySet
from kaysis.common.turkish import fold, sort_key
from kaysis.common.types import Text
from kaysis.common.widgets import DateInput

ALL = _("Tümü")


class UnitNumberField(forms.IntegerField):
    default_error_messages = {
        "invalid": _("Devlet Teşkilatı Numarası sekiz rakamdan oluşur."),
        "min_value": _("Devlet Teşkilatı Numarası sekiz rakamdan oluşur."),
        "max_value": _("Devlet Teşkilatı Numarası sekiz rakamdan oluşur."),
    }

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8}))
        super().__init__(**{"min_value": DETSIS_NO_MIN, "max_value": DETSIS_NO_MAX, **given})
        # The bounds are for us; a person sees one sentence about eight digits.
        messages = self.error_messages
        for validator in self.validators:
            validator.message = messages["invalid"]  # type: ignore[attr-defined]


class UnitNumberFilter(django_filters.Filter):
    field_class = UnitNumberField


class YesNoFilter(django_filters.ChoiceFilter):
    """true or false; `yes` and `no` are how people read them. A method is given the text."""

    def __init__(self, *args: Any, yes: Text, no: Text, **given: Any) -> None:
        choices = [("true", yes), ("false", no)]
        super().__init__(*args, choices=choices, empty_label=ALL, **given)

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, value == "true" if value else value)


def day_filter(label: Text, field_name: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        field_name=field_name, lookup_expr=lookup, label=label, widget=DateInput
    )


def code_filter(label: Text, field_name: str, **attrs: Any) -> django_filters.ChoiceFilter:
    """By code; the choices are read when the filters are made."""
    return django_filters.ChoiceFilter(
        field_name=field_name,
        label=label,
        choices=[],
        empty_label=ALL,
        widget=forms.Select(attrs=attrs),
    )


CODES = {"category": Category, "status": Status, "budget_type": BudgetType, "province": Province}


class UnitFilter(django_filters.FilterSet):
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

    def __init__(self, data: Any = None, *args: Any, **given: Any) -> None:
        super().__init__(data, *args, **given)
        for name, choices in code_choices().items():
            self.named(name).extra["choices"] = choices
        self.named("district").extra["choices"] = district_choices(
            self._given("province"), self._given("district")
        )

    @classmethod
    def name_of(cls, name: str) -> str:
        """The name a filter has in the query string."""
        return name

    def named(self, name: str) -> django_filters.Filter:
        return self.filters[self.name_of(name)]

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
        above = Unit.objects.filter(pk=value).only("lft", "rght").first()
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
        return {PAGE_NAMES[name]: found for name, found in UnitFilter.base_filters.items()}

    @classmethod
    def name_of(cls, name: str) -> str:
        return PAGE_NAMES[name]


def api_query(data: Mapping[str, str]) -> dict[str, str]:
    """The query of a page's list in the API's words; what is not a filter is left out."""
    return {name: value for name, page in PAGE_NAMES.items() if (value := data.get(page))}


def code_choices() -> dict[str, list[tuple[str, str]]]:
    """Filter name → (code, name) of the code tables, in order of their names. One query."""
    english = (get_language() or "").startswith("en")
    union = " UNION ALL ".join(
        f"SELECT '{name}' AS kind, code, name, name_en FROM {model._meta.db_table} WHERE active"
        for name, model in CODES.items()
    )
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in CODES}
    with connection.cursor() as cursor:
        cursor.execute(f"{union} ORDER BY kind")
        rows = cursor.fetchall()
    for kind, code, name, name_en in sorted(rows, key=lambda row: sort_key(row[2])):
        found[kind].append((str(code), name_en if english and name_en else name))
    return found


def district_choices(province: int | None, district: int | None) -> list[tuple[str, str]]:
    """The districts of the province; without one, those of the province of `district`."""
    if province is None and district is None:
        return []
    wanted = Q(province=province)
    if province is None:
        wanted = Q(province__districts=district)
    rows: Iterable[District] = District.objects.filter(wanted)
    return [(str(row.pk), str(row)) for row in sorted(rows, key=lambda row: sort_key(row.name))]


class _BelowFilter(django_filters.FilterSet):
    """What filters of changes have in common."""

    def by_unit_above(self, changes: Any, _name: str, value: int) -> Any:
        above = Unit.objects.filter(pk=value).only("lft", "rght").first()
        if above is None:
            return changes.none()
        return changes.filter(unit__tree_id=1, unit__lft__gte=above.lft, unit__lft__lt=above.rght)


CHANGE_KINDS = [(kind.value, kind.label) for kind in ChangeKind]


class ChangeFilter(_BelowFilter):
    """Filters of the page and the feeds of what changed."""

    tur = django_filters.MultipleChoiceFilter(
        field_name="kind",
        choices=CHANGE_KINDS,
        label=_("Değişikliğin türü"),
        widget=forms.CheckboxSelectMultiple,
    )
    ilk = day_filter(_("Geçerlilik tarihi, en erken"), "effective_on", "gte")
    son = day_filter(_("Geçerlilik tarihi, en geç"), "effective_on", "lte")
    ust = UnitNumberFilter(method="by_unit_above", label=_("Şu birimde ve altında (numara)"))

    class Meta:
        model = UnitChange
        fields: list[str] = []


class SuccessionFilter(_BelowFilter):
    """Filters of the list of old and new numbers."""

    q = django_filters.CharFilter(
        method="by_text",
        label=_("Eski ya da yeni numara, eski ad"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    tur = django_filters.ChoiceFilter(
        field_name="kind",
        choices=[(kind, ChangeKind(kind).label) for kind in SUCCESSORS],
        label=_("Sona erme biçimi"),
        empty_label=ALL,
    )
    ilk = day_filter(_("Sona erme tarihi, en erken"), "effective_on", "gte")
    son = day_filter(_("Sona erme tarihi, en geç"), "effective_on", "lte")
    ust = UnitNumberFilter(method="by_unit_above", label=_("Şu birimde ve altında (numara)"))

    class Meta:
        model = UnitChange
        fields: list[str] = []

    def by_text(self, changes: Any, _name: str, value: str) -> Any:
        words = fold(value).split()
        if len(words) == 1 and len(words[0]) == 8 and words[0].isdigit():
            number = int(words[0])
            taken_over = UnitChange.objects.filter(successions__successor=number)
            return changes.filter(Q(unit=number) | Q(pk__in=taken_over.values("pk")))
        for word in words:
            changes = changes.filter(unit__name_folded__contains=word)
        return changes
