"""What every file of changes says of itself, decisions, and the upload of a sheet."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from detsis.models import ChangeSet
from kaysis.common.forms import UploadField
from kaysis.common.widgets import DateInput

MOST_BYTES = 5 << 20


class FileForm(forms.ModelForm):
    """The heading of a file. Sent twice, it makes one file."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ChangeSet
        fields = ["title", "effective_on", "reason", "legal_reference"]
        widgets = {"effective_on": DateInput, "reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "title": _("Dosya iş listelerinde ve bildirimlerde bu adla görünür."),
            "effective_on": _(
                "Geçmiş bir gün: geç bildirilen değişiklik. Bugün: onayla birlikte yürürlüğe "
                "girer. İleri bir gün: onaylanırsa gününü bekler."
            ),
            "reason": _("Değişikliğin nedeni; birimin geçmişinde herkese görünür."),
            "legal_reference": _("Kanun, kararname ya da onayın tarihi ve sayısı."),
        }

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["key"].initial = uuid.uuid4

    def header(self) -> dict[str, Any]:
        """The cleaned fields of the file, for the services."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ItemDayForm(forms.Form):
    """The day of one change of a file, where it is not the file's own."""

    effective_on = forms.DateField(
        label=_("Bu değişikliğin tarihi"),
        required=False,
        widget=DateInput,
        help_text=_("Boş bırakılırsa dosyanın tarihi geçerlidir."),
    )


class DecisionForm(forms.Form):
    """A decision with its reason."""

    reason = forms.CharField(
        label=_("Gerekçe"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class CorrectionForm(DecisionForm):
    """When the right entry takes effect, and why the old one was wrong."""

    effective_on = forms.DateField(label=_("Geçerlilik tarihi"), widget=DateInput)
    field_order = ("effective_on", "reason")


class SheetForm(forms.Form):
    """A sheet of changes that joins a file."""

    file = UploadField(
        label=_("Excel dosyası"),
        kinds=("xlsx",),
        max_size=MOST_BYTES,
        help_text=_("Şablondan doldurulmuş XLSX dosyası, en çok 5 MB ve 2.000 satır."),
    )


class BulkForm(FileForm):
    """A sheet of changes with the heading of its file."""

    file = SheetForm.base_fields["file"]
    field_order = ("file", "title", "effective_on", "reason", "legal_reference")
