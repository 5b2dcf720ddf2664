"""The navigation between the pages of one instrument."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kaysis.common.types import Text
from kms.models import Instrument


def sections(instrument: Instrument, current: str) -> list[tuple[Text, str, bool]]:
    """(label, address, whether it is this page)."""
    names: list[tuple[str, Text, str]] = [
        ("read", _("Metin"), "kms:instrument"),
        ("amendments", _("Değişiklikler"), "kms:amendments"),
        ("relations", _("İlişkiler"), "kms:relations"),
        ("graph", _("Şema"), "kms:graph"),
        ("impact", _("Etki"), "kms:impact"),
        ("compare", _("Karşılaştır"), "kms:compare"),
    ]
    return [
        (label, reverse(name, args=[instrument.pk]), key == current) for key, label, name in names
    ]
