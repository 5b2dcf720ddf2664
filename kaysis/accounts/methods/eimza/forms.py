"""A signature as it arrives: from the signing component, or as a file."""

import base64
import binascii
from typing import Any

from asn1crypto import pem
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# base64 and PEM are a third longer than what they carry (pki.verification.CMS_LIMIT).
LONGEST = 96 * 1024


class SignatureForm(forms.Form):
    """`cleaned_data["cms"]`: the bytes of the signature, whatever they are worth."""

    signature = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("İmza dosyası"),
        error_messages={"required": _("İmza dosyasını seçin.")},
        help_text=_("CAdES imzası: .p7s, .p7m veya .imz dosyası, en çok 64 KB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".p7s,.p7m,.imz,.cms,.der,.pem"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("signature")

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload and upload.size > LONGEST:
            raise ValidationError(_("Dosya bir imza için çok büyük."))
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("file")
        cleaned["cms"] = decode(upload.read() if upload else cleaned.get("signature", "").encode())
        return cleaned


def decode(data: bytes) -> bytes:
    """DER as it is, or out of PEM or base64; what is none of them stays as it is."""
    if data.startswith(b"\x30"):
        return data
    try:
        if pem.detect(data):
            return bytes(pem.unarmor(data)[2])
        return base64.b64decode(b"".join(data.split()), validate=True)
    except (ValueError, binascii.Error):
        return data
