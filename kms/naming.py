"""The names the text library uses, as types of instruments and as words. No database."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kaysis.common import turkish
from kms.models.types import InstrumentType, OpenType
from kms.text import InstrumentKind

_K = InstrumentKind
_T = InstrumentType
TYPE_OF_KIND: dict[InstrumentKind, str] = {
    _K.LAW: _T.LAW,
    _K.DECREE_LAW: _T.DECREE_LAW,
    _K.PRESIDENTIAL_DECREE: _T.PRESIDENTIAL_DECREE,
    _K.PRESIDENTIAL_DECISION: _T.PRESIDENTIAL_DECISION,
    _K.MINISTERS_DECISION: _T.MINISTERS_DECISION,
    _K.COURT: OpenType.COURT,
    _K.CONSTITUTION: _T.CONSTITUTION,
    _K.REGULATION: _T.REGULATION,
    _K.BYLAW: _T.STATUTE,
    _K.COMMUNIQUE: _T.COMMUNIQUE,
    _K.TREATY: _T.TREATY,
    _K.DECREE: OpenType.OTHER,
    _K.OTHER: OpenType.OTHER,
}
KIND_OF_TYPE: dict[str, InstrumentKind] = {
    _T.CONSTITUTION: _K.CONSTITUTION,
    _T.LAW: _K.LAW,
    _T.DECREE_LAW: _K.DECREE_LAW,
    _T.PRESIDENTIAL_DECREE: _K.PRESIDENTIAL_DECREE,
    _T.PRESIDENTIAL_DECISION: _K.PRESIDENTIAL_DECISION,
    _T.MINISTERS_DECISION: _K.MINISTERS_DECISION,
    _T.STATUTE: _K.BYLAW,
    _T.PRESIDENTIAL_REGULATION: _K.REGULATION,
    _T.REGULATION: _K.REGULATION,
    _T.COMMUNIQUE: _K.COMMUNIQUE,
    _T.TREATY: _K.TREATY,
}
CONSTITUTION_NUMBER = "2709"
_ABBREVIATION = re.compile(r"\s*\(([A-ZÇĞİÖŞÜ]{2,8})\)\s*$")
_DECREE_NUMBER = re.compile(r"\s*\((?:KARARNAME\s+(?:NUMARASI|NO)|KHK)\s*[:/]?\s*\d+\)\s*$")


@dataclass(frozen=True, slots=True)
class Named:
    """What names an instrument in a citation: never a number alone, if more is known."""

    type: str
    number: str = ""
    date: dt.date | None = None
    name: str = ""


def tidy_title(raw: str) -> tuple[str, str]:
    """Title and abbreviation from a title in capitals: "GELİR VERGİSİ KANUNU (GVK)"."""
    text = _DECREE_NUMBER.sub("", " ".join(raw.replace("´", "'").split()))
    found = _ABBREVIATION.search(text)
    abbreviation = found[1] if found else ""
    if found:
        text = text[: found.start()]
    if text == turkish.upper(text):
        text = turkish.title(text)
    return text, abbreviation
