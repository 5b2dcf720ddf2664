"""Choosing the place of an officer by name or number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from detsis.officer.picking import Candidate, candidates, find
from detsis.querysets import UnitQuerySet
from iyem.access import applied_for
from kaysis.accounts.models import Person, Role


def places(person: Person) -> UnitQuerySet:
    """The units the person may ask officers for, whatever their role."""
    registrars = applied_for(person, Role.IYEM_REGISTRAR)
    return registrars | applied_for(person, Role.IYEM_AUTHORISED)


class PlacePicker(forms.TextInput):
    """A text input with suggestions (static/js/unit-picker.js); without them the choice is offered
    below it, where what was typed is not one unit."""

    template_name = "iyem/authorising/place_picker.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.choices: list[Candidate] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = data.get(name)
        chosen = data.get(f"{name}-secilen")
        # A choice counts for the text it was offered for.
        return chosen if chosen and data.get(f"{name}-icin") == text else text

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "choices": self.choices,
            "labels": {
                "label": gettext("Bulunan birimler"),
                "none": gettext("Bu sözcüklerle birim bulunamadı."),
                "some": gettext("birim bulundu; ok tuşlarıyla seçin."),
            },
        }
        return context


class PlaceField(forms.CharField):
    """Gives the `Unit`. Several candidates are offered to choose from."""

    def __init__(self, *, person: Person, **given: Any) -> None:
        super().__init__(max_length=500, widget=PlacePicker(), **given)
        self.person = person

    def prepare_value(self, value: Any) -> Any:
        """A bare number with the name of its unit before it."""
        text = str(value) if value is not None else ""
        if len(text) == 8 and text.isdecimal():
            name = Unit.objects.filter(pk=int(text)).values_list("name", flat=True).first()
            return f"{name} ({text})" if name else text
        return value

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        found = find(text, places(self.person))
        if len(found) == 1:
            return found[0]
        if found:
            self.widget.choices = candidates(found)
            raise ValidationError(
                _("Bu ada uyan birden çok birim var. Aşağıdan birini seçin."), code="several"
            )
        raise ValidationError(
            _("“%(text)s” diye, başvuru yapabileceğiniz bir birim bulunamadı."),
            code="none",
            params={"text": text},
        )
