"""The question of the public verification page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaysis.common.plain import PlainForm

_EIGHT = RegexValidator(r"^[1-9][0-9]{7}$", gettext_lazy("Sekiz rakamlı numarayı yazın."))


class VerificationForm(PlainForm, forms.Form):
    """Unit, manager, and the moment on the letter; without a moment: now."""

    unit = forms.CharField(
        label=gettext_lazy("Birimin Devlet Teşkilatı Numarası"),
        max_length=8,
        validators=[_EIGHT],
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("Yazının sayı bölümünün ilk sekiz rakamı."),
    )
    manager_code = forms.CharField(
        label=gettext_lazy("T.C. Yönetici Kodu"),
        max_length=8,
        validators=[_EIGHT],
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("İmza bilgilerinde yazan sekiz rakam."),
    )
    day = forms.DateField(
        label=gettext_lazy("Yazının tarihi"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Boş bırakılırsa şu an sorulur."),
    )
    time = forms.TimeField(
        label=gettext_lazy("Saati"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Boş bırakılırsa günün ortası, 12:00."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        day, time = given.get("day"), given.get("time")
        if time and not day and "day" not in self.errors:
            raise ValidationError({"day": _("Saat yazdıysanız tarihi de yazın.")})
        if day:
            noon = dt.time(12)
            given["at"] = timezone.make_aware(dt.datetime.combine(day, time or noon))
        else:
            given["at"] = timezone.now()
        return given
