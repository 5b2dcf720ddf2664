"""Form fields that name units by number or by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from detsis.selectors import paths
from kaysis.common.turkish import fold

_MOST_SHOWN = 5
_KEY = re.compile(r"[a-z0-9-]{1,40}")


def find_units(text: str) -> list[Unit]:
    """Active units that `text` can mean: by number, by the whole name, else by its words."""
    text = text.strip()
    active = Unit.objects.active()
    if re.fullmatch(r"[1-9]\d{7}", text):
        return list(Unit.objects.filter(pk=int(text)))
    folded = fold(text)
    exact = list(active.filter(name_folded=folded)[: _MOST_SHOWN + 1])
    if exact:
        return exact
    found = active
    for word in folded.split():
        found = found.filter(name_folded__contains=word)
    return list(found.order_by("level", "name_sort")[: _MOST_SHOWN + 1]) if folded else []


class UnitField(forms.CharField):
    """A unit by number or name; gives its number. Several candidates are told with their paths.

    With `keys` the temporary names of units that the same file founds are taken, too.
    """

    def __init__(self, *, keys: Iterable[str] = (), **given: Any) -> None:
        given.setdefault("help_text", _("Sekiz haneli numarasını ya da adını yazın."))
        given.setdefault(
            "widget", forms.TextInput(attrs={"autocomplete": "off", "data-unit-picker": ""})
        )
        super().__init__(max_length=500, **given)
        self.keys = set(keys)

    def clean(self, value: Any) -> int | str | None:
        text = super().clean(value)
        if not text:
            return None
        if text in self.keys:
            return text
        found = find_units(text)
        if not found:
            raise ValidationError(_("“%(text)s” diye bir birim bulunamadı.") % {"text": text})
        if len(found) > 1:
            raise ValidationError(
                [_("Birden çok birim bu adı taşıyor. Numarasını yazın:"), *_told(found)]
            )
        return found[0].pk


class UnitListField(forms.CharField):
    """Several units, one on a line."""

    def __init__(self, *, keys: Iterable[str] = (), **given: Any) -> None:
        given.setdefault("help_text", _("Her satıra bir birim: numarası ya da adı."))
        given.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**given)
        self.one = UnitField(keys=keys, required=True)

    def clean(self, value: Any) -> list[int | str]:
        text = super().clean(value)
        return [
            number
            for line in text.splitlines()
            if line.strip()
            if (number := self.one.clean(line.strip())) is not None
        ]


def _told(units: list[Unit]) -> list[str]:
    trails = paths(unit.pk for unit in units)
    lines = [
        f"{unit.pk} — " + " › ".join(crumb.name for crumb in trails.get(unit.pk, []))
        for unit in units[:_MOST_SHOWN]
    ]
    return lines + (["…"] if len(units) > _MOST_SHOWN else [])
