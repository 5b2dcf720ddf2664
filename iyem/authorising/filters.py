"""How lists of officers and applications are narrowed."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from iyem.authorising.forms import ROLES
from iyem.models import OfficerApplication
from iyem.models.officer import ApplicationStatus
from kaysis.accounts.filters import COMING, IN_FORCE, OVER, REVOKED, RoleGrantFilter
from kaysis.common.filters import FilterSet
from kaysis.common.functions import Fold
from kaysis.common.turkish import fold


class OfficerFilter(RoleGrantFilter):
    """By name, role, place and state; those in force unless another state is asked for."""

    yetki = django_filters.MultipleChoiceFilter(
        label=_("Yetki"),
        field_name="role",
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
    )
    kapsam = None
    yer = django_filters.NumberFilter(
        label=_("Görev yerinin ya da üst biriminin numarası"),
        method="by_place",
        min_value=10_000_000,
        max_value=99_999_999,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    durum = django_filters.ChoiceFilter(
        label=_("Durum"),
        method="by_state",
        empty_label=_("Tümü"),
        choices=[
            (IN_FORCE, _("Yürürlükte")),
            (COMING, _("Başlayacak")),
            (OVER, _("Süresi doldu")),
            (REVOKED, _("Kaldırıldı")),
        ],
    )

    def by_place(self, queryset: QuerySet, name: str, value: object) -> QuerySet:
        """At or below the unit, or under it as civil authority."""
        unit = Unit.objects.filter(pk=int(str(value))).first()
        if unit is None:
            return queryset.none()
        below = Unit.objects.filter(
            Q(pk__in=Unit.objects.at_or_below(unit).values("pk"))
            | Q(civil_authority__in=Unit.objects.at_or_below(unit).values("pk"))
        )
        return queryset.filter(scope_detsis_no__in=below.values("pk"))


class ApplicationFilter(FilterSet):
    """By state, role and name."""

    fixed = True

    durum = django_filters.ChoiceFilter(
        field_name="status",
        label=_("Durum"),
        choices=ApplicationStatus.choices,
        empty_label=_("Tümü"),
    )
    yetki = django_filters.ChoiceFilter(
        field_name="role", label=_("Yetki"), choices=ROLES, empty_label=_("Tümü")
    )
    kisi = django_filters.CharFilter(label=_("Ad soyad"), method="by_name", max_length=100)
    yer = django_filters.CharFilter(label=_("Görev yerinin adı"), method="by_place", max_length=100)

    class Meta:
        model = OfficerApplication
        fields: list[str] = []

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        name_folded = Fold(Concat("given_name", Value(" "), "family_name"))
        queryset = queryset.alias(name_folded=name_folded)
        for word in fold(value).split():
            queryset = queryset.filter(name_folded__contains=word)
        return queryset

    def by_place(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        for word in fold(value).split():
            queryset = queryset.filter(scope__name_folded__contains=word)
        return queryset
