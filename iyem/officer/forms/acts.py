"""What is done to a recorded appointment or absence; each asks why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from iyem.models import AbsenceKind
from iyem.officer.forms.register import MomentField
from kaysis.common.plain import PlainForm

SUCCESSOR, VACANT = "successor", "vacant"


class ReasonForm(PlainForm, forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Gerekçe"), max_length=500, widget=forms.Textarea({"rows": 3}))


class EndForm(ReasonForm):
    """When the manager leaves, why, and what becomes of the post."""

    ends_at = MomentField(label=_("Ayrılış zamanı"))
    after = forms.ChoiceField(
        label=_("Makam ne olacak?"),
        choices=[
            (SUCCESSOR, _("Yerine gelen şimdi kaydedilecek")),
            (VACANT, _("Makam boş kalacak")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "Yerine geleni seçerseniz kayıt ekranı, ayrılış saatiyle doldurulmuş olarak açılır."
        ),
    )
    field_order = ("ends_at", "after", "reason")

    def __init__(self, *args: Any, stands_in: bool = False, **given: Any) -> None:
        """`stands_in`: the end of a proxy or delegation, which leaves no post empty."""
        super().__init__(*args, **given)
        if stands_in:
            del self.fields["after"]
        self.fields["reason"].label = _("Ayrılış nedeni")
        self.fields["ends_at"].initial = timezone.localtime().replace(second=0, microsecond=0)


class CorrectForm(ReasonForm):
    """What should have been recorded."""

    title = forms.CharField(
        label=_("Unvan"), max_length=200, widget=forms.TextInput({"list": "unvanlar"})
    )
    starts_at = MomentField(label=_("Başlangıç"))
    ends_at = MomentField(
        label=_("Bitiş"), required=False, help_text=_("Süresiz görevlerde boş bırakılır.")
    )
    legal_ground = forms.CharField(label=_("Hukuki dayanak"), max_length=500, required=False)
    field_order = ("title", "starts_at", "ends_at", "legal_ground", "reason")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reason"].label = _("Düzeltmenin gerekçesi")


class AbsenceForm(PlainForm, forms.Form):
    """A holder's leave or travel."""

    kind = forms.ChoiceField(label=_("Ayrılış türü"), choices=AbsenceKind.choices)
    starts_at = MomentField(label=_("Başlangıç"))
    ends_at = MomentField(label=_("Bitiş"))
    reason = forms.CharField(label=_("Açıklama"), max_length=500, required=False)


class ChangeAbsenceForm(ReasonForm):
    """An earlier return or a longer leave."""

    starts_at = MomentField(label=_("Başlangıç"))
    ends_at = MomentField(label=_("Bitiş"))
    field_order = ("starts_at", "ends_at", "reason")
