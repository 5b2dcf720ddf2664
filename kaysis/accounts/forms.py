"""Forms of the signed-in area."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.accounts import scopes
from kaysis.accounts.models import Person, Role
from kaysis.common.casing import capital_labels
from kaysis.common.widgets import DateInput


def _text_area() -> forms.Textarea:
    return forms.Textarea({"rows": 3})


class ReasonForm(forms.Form):
    """Anything that must be justified."""

    reason = forms.CharField(label=_("Gerekçe"), max_length=1000, widget=_text_area())


class RevealForm(forms.Form):
    purpose = forms.CharField(
        label=_("Görüntüleme amacı"),
        max_length=500,
        help_text=_("Adınız, zaman ve bu açıklama kayıt altına alınır."),
    )


class PersonSearchForm(forms.Form):
    """By name, or by national id: sent by POST only, so that neither lands in an address."""

    query = forms.CharField(
        label=_("Ad soyad ya da T.C. kimlik numarası"),
        min_length=2,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class RegisterPersonForm(forms.ModelForm):
    national_id = forms.CharField(
        label=_("T.C. kimlik numarası"),
        min_length=11,
        max_length=11,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    field_order = ["national_id", "given_name", "family_name", "email", "mobile_phone"]

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "email", "mobile_phone", "work_phone"]
        formfield_callback = capital_labels


class ContactForm(forms.ModelForm):
    """What people may change about themselves."""

    class Meta:
        model = Person
        fields = ["email", "mobile_phone", "work_phone"]
        formfield_callback = capital_labels


class GrantForm(forms.Form):
    """Which role, over what, for how long. `cleaned_data` fits `services.grant_role`."""

    role = forms.ChoiceField(label=_("Yetki"), choices=[("", "—"), *Role.choices])
    scope_detsis_no = forms.IntegerField(
        label=_("Kapsam: devlet teşkilatı numarası"),
        required=False,
        min_value=10_000_000,
        max_value=99_999_999,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_(
            "Yetki bu birimi ve alt birimlerini kapsar. Bütün devlet için boş bırakın; DETSİS ve "
            "İYEM yetkilerinde zorunludur."
        ),
    )
    valid_from = forms.DateField(
        label=_("Başlangıç"),
        required=False,
        widget=DateInput(),
        help_text=_("Boş bırakılırsa yetki hemen başlar."),
    )
    valid_to = forms.DateField(
        label=_("Son gün"),
        required=False,
        widget=DateInput(),
        help_text=_("Yetki bu günün sonunda biter; boş bırakılırsa süresizdir."),
    )
    reason = forms.CharField(label=_("Gerekçe"), max_length=1000, widget=_text_area())

    def clean_scope_detsis_no(self) -> int | None:
        number: int | None = self.cleaned_data["scope_detsis_no"]
        if number is not None and scopes.describe(number) is None:
            raise ValidationError(_("Bu numarayla kayıtlı bir birim yok."))
        return number

    def clean_valid_from(self) -> datetime | None:
        """Today means now; a later day begins at midnight in Istanbul."""
        day = self.cleaned_data["valid_from"]
        return None if day is None or day == timezone.localdate() else _midnight(day)

    def clean_valid_to(self) -> datetime | None:
        """The last day counts whole, so the grant ends when the next one begins."""
        day = self.cleaned_data["valid_to"]
        return None if day is None else _midnight(day + timedelta(days=1))


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
