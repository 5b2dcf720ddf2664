"""The start page of the desk, and the list of the officer's units."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis import selectors as detsis_selectors
from detsis.models import Unit
from iyem import selectors
from iyem.authorising.views.officers import shortage
from iyem.officer import overview, standing
from iyem.officer.views.base import DESK, ROLES, DeskPage
from iyem.permissions import units_of
from kaysis.accounts.views.base import OfficerMixin, breadcrumbs
from kaysis.common.filters import FilterSet
from kaysis.common.turkish import fold
from kaysis.common.views import ListPage


class Work(DeskPage):
    """What must be done today, what is missing, what ends soon, what others did."""

    template_name = "iyem/officer/work.html"
    title = DESK

    def get_trail(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            day=overview.of(self.person), **shortage(self.person), **kwargs
        )


class DeskUnitFilter(FilterSet):
    """Units by name or number and by what they lack."""

    fixed = True

    q = django_filters.CharFilter(method="words", label=_("Adında ya da numarasında geçen"))
    durum = django_filters.ChoiceFilter(
        method="lacking",
        label=_("Durum"),
        choices=[
            ("guncelle", _("Güncellenmeli: yerine kayıt bekleniyor")),
            ("ilk", _("İlk kaydı yapılmamış")),
            ("bos", _("Makam boş")),
        ],
        empty_label=_("Tümü"),
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def words(self, units: Any, _name: str, value: str) -> Any:
        if value.strip().isdecimal():
            return units.filter(pk=int(value.strip()[:9]))
        for word in fold(value).split():
            units = units.filter(name_folded__contains=word)
        return units

    def lacking(self, units: Any, _name: str, value: str) -> Any:
        if value == "ilk":
            return standing.unregistered(units)
        return standing.unheld(units, timezone.now()).filter(left_vacant=value == "bos")


class DeskUnits(OfficerMixin, ListPage):
    """The units of the officer's scope, with who signs for each."""

    roles = ROLES
    title = _("Birimlerim")
    filterset_class = DeskUnitFilter
    card_template = "iyem/officer/unit_row.html"
    template_name = "iyem/officer/units.html"

    def get_queryset(self) -> QuerySet[Unit]:
        units: QuerySet[Unit] = units_of(self.person).active().order_by("tree_id", "lft")
        return units

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs((DESK, reverse("iyem:work")), self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        units = list(context["page_obj"].object_list)
        numbers = [unit.pk for unit in units]
        paths = detsis_selectors.paths(numbers)
        chairs = selectors.chairs_of(numbers)
        for unit in units:
            shown: Any = unit
            shown.above = paths.get(unit.pk, [])[:-1]
            shown.chairs = chairs.get(unit.pk, [])
        context["page_obj"].object_list = units
        return context
