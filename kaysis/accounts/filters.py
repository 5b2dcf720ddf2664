"""How lists of the signed-in area are narrowed."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.common.filters import FilterSet

IN_FORCE, COMING, OVER, REVOKED = "in_force", "coming", "over", "revoked"


class RoleGrantFilter(FilterSet):
    """By holder, role, scope and state."""

    fixed = True

    kisi = django_filters.CharFilter(label=_("Ad soyad"), method="by_name", max_length=100)
    yetki = django_filters.MultipleChoiceFilter(
        label=_("Yetki"),
        field_name="role",
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    kapsam = django_filters.NumberFilter(
        label=_("Kapsam numarası"),
        field_name="scope_detsis_no",
        min_value=10_000_000,
        max_value=99_999_999,
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

    class Meta:
        model = RoleGrant
        fields: list[str] = []

    def by_name(self, queryset: QuerySet[RoleGrant], name: str, value: str) -> QuerySet[RoleGrant]:
        return queryset.filter(person__in=Person.objects.named(value))

    def by_state(self, queryset: QuerySet[RoleGrant], name: str, value: str) -> QuerySet[RoleGrant]:
        if value == REVOKED:
            return queryset.filter(revoked_at__isnull=False)
        queryset = queryset.filter(revoked_at__isnull=True)
        if value == IN_FORCE:
            return queryset.filter(validity__contains=Now())
        if value == COMING:
            return queryset.filter(validity__startswith__gt=Now())
        return queryset.filter(validity__endswith__lte=Now())
