"""The navigation between the pages of one instrument, and what of its page is the same for all."""

from __future__ import annotations

import datetime as dt
from functools import cache

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kaysis.common.templatetags.shell import kept
from kaysis.common.types import Text
from kms.models import Instrument

#: What drawn markup says instead of an instrument's number and of a day; no instrument has it.
_NOBODY, _NO_DAY = "/0/", "0001-01-01"
_NAMES: list[tuple[str, Text, str]] = [
    ("read", _("Metin"), "kms:instrument"),
    ("amendments", _("Değişiklikler"), "kms:amendments"),
    ("relations", _("İlişkiler"), "kms:relations"),
    ("graph", _("Şema"), "kms:graph"),
    ("impact", _("Etki"), "kms:impact"),
    ("compare", _("Karşılaştır"), "kms:compare"),
]


@cache
def _address(name: str) -> str:
    return reverse(name, args=[0])


def sections(instrument: Instrument, current: str) -> list[tuple[Text, str, bool]]:
    """(label, address, whether it is this page)."""
    own = f"/{instrument.pk}/"
    return [
        (label, _address(name).replace(_NOBODY, own), key == current) for key, label, name in _NAMES
    ]


def data_links(instrument: Instrument) -> SafeString:
    """The forms of the text as files and data."""
    return _of(kept("kms/data_links.html"), instrument)


def go_forms(instrument: Instrument, day: dt.date) -> SafeString:
    """The forms that lead to an article and to the text of a day."""
    return SafeString(_of(kept("kms/go_forms.html"), instrument).replace(_NO_DAY, day.isoformat()))


def _of(markup: SafeString, instrument: Instrument) -> SafeString:
    return SafeString(markup.replace(_NOBODY, f"/{instrument.pk}/"))
