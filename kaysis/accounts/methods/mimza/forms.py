"""What a person fills in to be asked on their telephone."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.methods.mimza.service import operators
from kaysis.common import national_id

_MOBILE = re.compile(r"(?:\+?90|0)?(5\d{9})", re.ASCII)
_BETWEEN = re.compile(r"[\s()./-]+")


class AskForm(forms.Form):
    """Cleaned: `national_id` (eleven digits), `telephone` (+905…), `operator` (a key)."""

    national_id = forms.CharField(
        label=_("T.C. kimlik numarası"),
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )
    telephone = forms.CharField(
        label=_("Cep telefonu numarası"),
        max_length=24,
        help_text=_("Mobil imzanızın kayıtlı olduğu numara, ör. 0500 000 00 01."),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    operator = forms.ChoiceField(label=_("Operatör"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django has it
        choices = [(operator.key, operator.name) for operator in operators().values()]
        chooser = self.fields["operator"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = choices if len(choices) == 1 else [("", _("Seçin")), *choices]

    def clean_national_id(self) -> str:
        return national_id.clean(self.cleaned_data["national_id"])

    def clean_telephone(self) -> str:
        match = _MOBILE.fullmatch(_BETWEEN.sub("", self.cleaned_data["telephone"]))
        if not match:
            raise ValidationError(_("Geçerli bir cep telefonu numarası girin."), code="telephone")
        return f"+90{match[1]}"
