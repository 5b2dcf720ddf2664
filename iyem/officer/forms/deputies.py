"""Which first-level units answer to which deputy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from iyem.models import AppointmentState, Post, PostKind
from kaysis.common.plain import PlainForm
from kaysis.common.widgets import DateInput


class PostChoice(forms.ModelChoiceField):
    """Posts, by name and holder."""

    holders: dict[int, str]

    def label_from_instance(self, obj: Any) -> str:
        holder = self.holders.get(obj.pk)
        return f"{obj}: {holder}" if holder else str(obj)


class UnitChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.pk})"


class LinkForm(PlainForm, forms.Form):
    """Units put under a deputy from a day on; a former link of theirs ends that day."""

    post = PostChoice(label=_("Amir yardımcısı"), queryset=Post.objects.none())
    units = UnitChoices(
        label=_("Birimler"),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = forms.DateField(label=_("Başlangıç günü"), widget=DateInput)
    reason = forms.CharField(label=_("Açıklama"), max_length=500, required=False)

    def __init__(self, *args: Any, unit: Unit, **given: Any) -> None:
        super().__init__(*args, **given)
        post: Any = self.fields["post"]
        post.queryset = Post.objects.filter(unit=unit, kind=PostKind.DEPUTY)
        states = AppointmentState.objects.current().valid_at(timezone.now())
        post.holders = {
            state.post_id: state.manager.person.full_name
            for state in states.filter(unit=unit, slot="holder").select_related("manager__person")
        }
        units: Any = self.fields["units"]
        units.queryset = (
            Unit.objects.filter(Q(parent=unit) | Q(civil_authority=unit))
            .filter(active=True, valid_from__isnull=False)
            .order_by("name_sort")
        )
        self.fields["starts_on"].initial = timezone.localdate()
