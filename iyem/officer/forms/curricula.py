"""A curriculum and its review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from iyem.officer.photos import clean_photo
from kaysis.common.forms import UploadField
from kaysis.common.plain import PlainForm

MOST_PDF_BYTES = 2 << 20
MOST_PHOTO_BYTES = 4 << 20
MOST_LETTERS = 8000


class CurriculumForm(PlainForm, forms.Form):
    """Text with a photo, or a PDF; with the person's consent to publication."""

    text = forms.CharField(
        label=_("Özgeçmiş metni"),
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("Boş satır paragrafları ayırır. Kimlik numarası, adres ve telefon yazmayın."),
    )
    document = UploadField(
        label=_("PDF dosyası"), kinds=("pdf",), max_size=MOST_PDF_BYTES, required=False
    )
    photo = forms.FileField(
        label=_("Fotoğraf"),
        required=False,
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png"}),
        help_text=_(
            "JPEG ya da PNG, en çok 4 MB. Yeniden boyutlandırılır, içindeki konum ve "
            "aygıt bilgileri silinir."
        ),
    )
    consent = forms.BooleanField(
        label=_("Yönetici, görevde olduğu sürece yayımlanmasına yazılı rıza verdi"),
        required=False,
        help_text=_("Rıza yoksa kaydedilir ve incelenir, ama yayımlanmaz."),
    )

    def clean_photo(self) -> bytes | None:
        file = self.cleaned_data.get("photo")
        if not file:
            return None
        if file.size > MOST_PHOTO_BYTES:
            raise ValidationError(_("Fotoğraf en çok 4 MB olabilir."))
        return clean_photo(file)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("text") and not given.get("document"):
            raise ValidationError({"text": _("Özgeçmiş metni yazın ya da PDF dosyası yükleyin.")})
        return given


class ReviewForm(PlainForm, forms.Form):
    """Whether it may be published; a returned one says why."""

    approve = forms.TypedChoiceField(
        label=_("Karar"),
        choices=[("1", _("Onayla")), ("0", _("İade et"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Not"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("İade ediyorsanız nedenini yazın."),
    )
