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

    known_day = forms.DateField(
        label=gettext_lazy("Bilgi tarihi"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Kütük o gün ne cevap verirdi? Boş bırakılırsa bugünkü bilgiyle."),
    )
    known_time = forms.TimeField(
        label=gettext_lazy("Bilgi saati"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Boş bırakılırsa günün sonu."),
    )

    def clean(self) -> dict[str, Any]:
        """Adds `at` and `known_at` (None: what is known now), both aware."""
        given = super().clean() or {}
        now = timezone.now()
        given["at"] = self._moment("day", "time", dt.time(12)) or now
        known_at = self._moment("known_day", "known_time", dt.time(23, 59, 59))
        if known_at and timezone.localdate(known_at) > timezone.localdate(now):
            raise ValidationError({"known_day": _("Bilgi tarihi gelecekte olamaz.")})
        given["known_at"] = known_at
        return given

    def _moment(self, day: str, time: str, otherwise: dt.time) -> dt.datetime | None:
        """Of two fields, in the portal's time zone; None where neither is filled in."""
        on, at = self.cleaned_data.get(day), self.cleaned_data.get(time)
        if at and not on and day not in self.errors:
            self.add_error(day, _("Saat yazdıysanız tarihi de yazın."))
        return timezone.make_aware(dt.datetime.combine(on, at or otherwise)) if on else None
