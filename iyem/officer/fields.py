"""Form fields that name a unit of the officer's scope, or a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from detsis.officer.picking import candidates
from detsis.officer.picking import find as find_units
from detsis.querysets import UnitQuerySet
from iyem.officer import people
from iyem.permissions import units_of
from kaysis.accounts.models import Person
from kaysis.common.types import Text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several that a text may mean."""

    value: str
    name: str
    mark: str
    path: str = ""


class Picker(forms.TextInput):
    """A text input with suggestions; below it the choice, where what was typed is not one thing."""

    template_name = "iyem/officer/picker.html"

    def __init__(
        self, url_name: str, label: Text, *, post: bool = False, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.url_name, self.label, self.post = url_name, label, post
        # Set by the field when the form is checked; each form has its own copy of the widget.
        self.choices: list[Choice] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = data.get(name)
        chosen = data.get(f"{name}-secilen")
        # A choice counts for the text it was offered for.
        return chosen if chosen and data.get(f"{name}-icin") == text else text

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        url = reverse(self.url_name)
        context["widget"] |= {
            "choices": self.choices,
            "url": url if self.post else f"{url}?icin=birim",
            "post": self.post,
            "labels": {
                "label": self.label,
                "none": gettext("Bu sözcüklerle bir şey bulunamadı."),
                "some": gettext("sonuç bulundu; ok tuşlarıyla seçin."),
            },
        }
        return context


class ScopedUnitField(forms.CharField):
    """An active unit that the officer looks after, by number or name; gives the unit."""

    def __init__(self, *, person: Person | None = None, **given: Any) -> None:
        given.setdefault(
            "help_text", _("Adını yazıp listeden seçin ya da sekiz haneli numarasını yazın.")
        )
        widget = Picker("iyem:unit-options", _("Bulunan birimler"))
        super().__init__(max_length=500, widget=widget, **given)
        self.person = person

    def prepare_value(self, value: Any) -> Any:
        return f"{value.name} ({value.pk})" if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        assert self.person is not None, "the form gives the person"
        found = find_units(text, among(self.person))
        if len(found) == 1:
            return found[0]
        if found:
            self.widget.choices = [
                Choice(str(each.number), each.name, str(each.number), each.path)
                for each in candidates(found)
            ]
            raise ValidationError(
                _("Bu ada uyan birden çok birim var. Aşağıdan birini seçin."), code="several"
            )
        elsewhere = find_units(text, Unit.objects.visible_to(self.person), most=1)
        if elsewhere:
            raise ValidationError(
                _("“%(name)s” görev alanınızda değil ya da faal değil.")
                % {"name": elsewhere[0].name}
            )
        raise ValidationError(_("“%(text)s” diye bir birim bulunamadı.") % {"text": text})


def among(person: Person) -> UnitQuerySet:
    """The units an officer may choose."""
    return units_of(person).active()


class PersonField(forms.CharField):
    """A person by national id, manager code or name; gives `people.Found` that means one person.

    Somebody who is not on record yet is meant by the national id alone.
    """

    def __init__(self, **given: Any) -> None:
        given.setdefault("label", _("Yönetici"))
        given.setdefault(
            "help_text",
            _("T.C. kimlik numarası ya da daha önce kaydedilmiş birinin adı ya da yönetici kodu."),
        )
        widget = Picker("iyem:manager-options", _("Bulunan yöneticiler"), post=True)
        super().__init__(max_length=200, widget=widget, **given)

    def clean(self, value: Any) -> people.Found:
        text = super().clean(value)
        found = people.find(text)
        if found.bad_number:
            raise ValidationError(
                _("Geçerli bir T.C. kimlik numarası (11 hane) ya da yönetici kodu (8 hane) yazın.")
            )
        if len(found.managers) > 1:
            self.widget.choices = [
                Choice(str(each.manager_code), each.person.full_name, str(each.manager_code))
                for each in found.managers
            ]
            raise ValidationError(
                _("Bu ada uyan birden çok yönetici var. Aşağıdan birini seçin."), code="several"
            )
        if not found.managers and not found.number:
            raise ValidationError(
                _(
                    "Bu adla kayıtlı bir yönetici yok. İlk kez kaydedilecekse T.C. kimlik "
                    "numarasını yazın."
                )
            )
        return found
