"""Uploading a sheet of managers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kaysis.common.forms import UploadField

MOST_BYTES = 5 << 20


class SheetForm(forms.Form):
    file = UploadField(
        label=_("Excel dosyası"),
        kinds=("xlsx",),
        max_size=MOST_BYTES,
        help_text=_("Şablondan doldurulmuş XLSX dosyası, en çok 5 MB ve 3.000 satır."),
    )
