"""The forms of the code tables."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from detsis.models import Province


class CodeForm(forms.Form):
    """A row of a code table."""

    name = forms.CharField(label=_("Ad"), max_length=200)
    name_en = forms.CharField(label=_("İngilizce adı"), max_length=200, required=False)
    active = forms.BooleanField(
        label=_("Kullanımda"),
        required=False,
        initial=True,
        help_text=_("Kullanımdan kalkan kod silinmez; yeni değişikliklerde seçilemez."),
    )
    reason = forms.CharField(label=_("Gerekçe"), widget=forms.Textarea(attrs={"rows": 2}))


class NewCodeForm(CodeForm):
    """A new row: its code is given once and never changes."""

    code = forms.CharField(label=_("Kod"), max_length=10)
    field_order: tuple[str, ...] = ("code", "name", "name_en", "reason")

    def __init__(self, *args, **given) -> None:
        super().__init__(*args, **given)
        del self.fields["active"]


class NewDistrictForm(NewCodeForm):
    """A new district belongs to a province for good."""

    province = forms.ModelChoiceField(label=_("İl"), queryset=Province.objects.order_by("name"))
    field_order = ("province", "code", "name", "name_en", "reason")
