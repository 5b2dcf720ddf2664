"""Filters of changes: what happened, when, below what."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from detsis.filters.fields import ALL, UnitNumberFilter, day_filter, unit_above
from detsis.models import ChangeKind, UnitChange
from detsis.models.change import SUCCESSORS
from kaysis.common.filters import FilterSet
from kaysis.common.turkish import fold


class _BelowFilter(FilterSet):
    """What filters of changes have in common."""

    fixed = True

    def by_unit_above(self, changes: Any, _name: str, value: int) -> Any:
        above = unit_above(value)
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
        # The kind is a column of the change itself: no row comes twice.
        distinct=False,
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
