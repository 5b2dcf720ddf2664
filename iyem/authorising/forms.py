"""Forms about officers and campaigns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from iyem.access import may_apply
from iyem.authorising.fields import PlaceField
from iyem.models import Campaign, LookupWay, OfficerApplication
from iyem.models.officer import PHONE
from iyem.officer import limits
from kaysis.accounts import cipher
from kaysis.accounts.models import Person, Role
from kaysis.common import national_id
from kaysis.common.casing import capital_labels
from kaysis.common.forms import UploadField
from kaysis.common.plain import PlainForm
from kaysis.common.widgets import DateInput

MOST_BYTES = 2 << 20
ROLES = [
    (Role.IYEM_REGISTRAR.value, Role.IYEM_REGISTRAR.label),
    (Role.IYEM_AUTHORISED.value, Role.IYEM_AUTHORISED.label),
]


# A year beyond is a slip of the keyboard.
EARLIEST_YEAR, LATEST_YEAR = 1923, 2200


def plausible(day: dt.date) -> None:
    """Validator of the days of grants and campaigns."""
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValidationError(_("Tarihi denetleyin."))


class ApplicationForm(PlainForm, forms.ModelForm):
    """Who is to be authorised, where and as what. `cleaned_data` fits `apply_for_officer`."""

    role = forms.ChoiceField(
        label=_("İstenen yetki"),
        choices=ROLES,
        widget=forms.RadioSelect,
        help_text=_(
            "Yetkili kurumun merkezinde, valilikte ya da kaymakamlıkta; Görevli taşra biriminde "
            "görev alır."
        ),
    )
    national_id = forms.CharField(
        label=_("T.C. kimlik numarası"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("Şifreli saklanır; listelerde, yazılarda ve dosyalarda gösterilmez."),
    )
    work_phone = forms.CharField(
        label=_("İş telefonu"),
        max_length=20,
        validators=[PHONE],
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    mobile_phone = forms.CharField(
        label=_("Cep telefonu"),
        max_length=20,
        validators=[PHONE],
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-posta"))
    field_order = [
        "role",
        "scope",
        "national_id",
        "given_name",
        "family_name",
        "work_phone",
        "mobile_phone",
        "email",
    ]

    class Meta:
        model = OfficerApplication
        fields = ["given_name", "family_name"]
        formfield_callback = capital_labels

    def __init__(self, *args: Any, person: Person, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["scope"] = PlaceField(
            person=person,
            label=_("Görev yeri"),
            help_text=_("Adını yazıp listeden seçin ya da sekiz haneli numarasını yazın."),
        )
        self.order_fields(self.field_order)
        self.person = person

    def clean_national_id(self) -> str:
        """The service judges it. What it says tells whether somebody has this number: tries are
        counted."""
        typed: str = self.cleaned_data["national_id"]
        number = "".join(typed.split())
        national_id.validate_national_id(number)
        limits.spend(LookupWay.TYPED, [cipher.fingerprint(number)])
        return typed

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        role, scope = data.get("role"), data.get("scope")
        if role and scope and not may_apply(self.person, role, scope):
            self.add_error("scope", _("Bu görev yeri için bu yetkiyi isteyemezsiniz."))
        return data

    def _post_clean(self) -> None:
        """The service makes the row, and checks it whole."""


class GrantForm(PlainForm, forms.Form):
    """From when to when. `cleaned_data` fits `grant_application`."""

    valid_from = forms.DateField(
        label=_("Başlangıç"),
        required=False,
        validators=[plausible],
        widget=DateInput(),
        help_text=_("Boş bırakılırsa yetki hemen başlar."),
    )
    valid_to = forms.DateField(
        label=_("Son gün"),
        required=False,
        validators=[plausible],
        widget=DateInput(),
        help_text=_("Yetki bu günün sonunda biter; boş bırakılırsa süresizdir."),
    )
    reason = forms.CharField(
        label=_("Açıklama"),
        required=False,
        max_length=500,
        help_text=_("Örneğin yetki yazısının tarihi ve sayısı."),
    )

    def clean_valid_from(self) -> dt.datetime | None:
        """Today means now; a later day begins at midnight in Istanbul."""
        day = self.cleaned_data["valid_from"]
        return None if day is None or day == timezone.localdate() else _midnight(day)

    def clean_valid_to(self) -> dt.datetime | None:
        """The last day counts whole."""
        day = self.cleaned_data["valid_to"]
        return None if day is None else _midnight(day + dt.timedelta(days=1))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class ReasonForm(PlainForm, forms.Form):
    reason = forms.CharField(label=_("Gerekçe"), max_length=500, widget=forms.Textarea({"rows": 3}))


class SheetForm(forms.Form):
    """A filled-in sheet of applications."""

    file = UploadField(
        label=_("Excel dosyası"),
        kinds=("xlsx",),
        max_size=MOST_BYTES,
        help_text=_("Şablondan doldurulmuş XLSX dosyası, en çok 2 MB ve 1.000 satır."),
    )


class CampaignForm(PlainForm, forms.ModelForm):
    """`cleaned_data` fits `open_campaign`."""

    first_day = forms.DateField(label=_("İlk gün"), widget=DateInput(), validators=[plausible])
    last_day = forms.DateField(
        label=_("Son gün"),
        widget=DateInput(),
        validators=[plausible],
        help_text=_("Bütün birimlerin yöneticileri bu günün sonuna kadar kaydedilir."),
    )
    field_order = ["name", "first_day", "last_day", "remind_every_days"]

    class Meta:
        model = Campaign
        fields = ["name", "remind_every_days"]
        formfield_callback = capital_labels
        help_texts = {
            "remind_every_days": _(
                "Eksiği olan yetkililere bu kadar günde bir e-posta gönderilir; 1 ile 90 arası."
            ),
        }

    def __init__(self, *args: Any, **given: Any) -> None:
        campaign = given.get("instance")
        if campaign is not None:
            given["initial"] = {
                "first_day": campaign.period.lower,
                "last_day": campaign.period.upper - dt.timedelta(days=1),
            }
        super().__init__(*args, **given)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", ValidationError(_("Son gün ilk günden önce olamaz.")))
        return data

    def _post_clean(self) -> None:
        """The service makes the row, and checks it whole."""
