"""The published fields of a unit, and how what stands in a file becomes their value.

Pure: no database. `docs/import.md` describes the same table for people. A parser returns the value,
or raises `ValueError` with the key of a message; a value it had to mend it wraps in `Mended`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from unicodedata import is_normalized

from django.core.exceptions import ValidationError

from detsis.models import OrganisationType, Unit
from detsis.models.unit import DETSIS_NO_MAX, DETSIS_NO_MIN, KEP_PATTERN
from kaysis.common.turkish import compose, fold, lower

_BLANKS = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2060\ufeff]")
_KEP = re.compile(KEP_PATTERN)
_TURKISH_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_TRUE = frozenset(["true", "1", "evet", "e", "yes", "faal", "aktif"])
_FALSE = frozenset(["false", "0", "hayir", "h", "no", "kapali", "pasif"])
_ORGANISATION_TYPES = {
    **{kind.value: kind.value for kind in OrganisationType},
    **{fold(str(kind.label)): kind.value for kind in OrganisationType},
    "merkez": "central",
    "tasra": "provincial",
    "yurt disi": "abroad",
    "yurtdisi": "abroad",
}


@dataclass(frozen=True, slots=True)
class Mended:
    """A value that differs from what the file says, and the key of the message that tells why."""

    value: Any
    message: str


@dataclass(frozen=True)
class Codes:
    """The code tables: field → code, and field → folded name → code (districts: by province)."""

    codes: Mapping[str, frozenset[Any]]
    names: Mapping[str, Mapping[str, Any]]
    districts: Mapping[tuple[int, str], int] = field(default_factory=dict)
    province_of: Mapping[int, int] = field(default_factory=dict)


def clean_text(value: Any) -> str:
    """One line of text: composed, without invisible characters and stray blanks."""
    if isinstance(value, str) and _is_clean(value):
        return value
    return _BLANKS.sub(" ", _INVISIBLE.sub("", compose(str(value)))).strip()


def _is_clean(value: str) -> bool:
    """Whether there is nothing to do, as for most cells: some ten times quicker than doing it.

    What is invisible, and every blank but the plain one, is not printable.
    """
    return (
        value.isprintable()
        and "  " not in value
        and value[:1] != " "
        and value[-1:] != " "
        and (value.isascii() or ("\u0307" not in value and is_normalized("NFC", value)))
    )


def text(name: str) -> Callable[[Any], Any]:
    """A parser of text that fits the model's field, and passes its validators."""
    model_field: Any = Unit._meta.get_field(name)

    def parse(value: Any) -> Any:
        if isinstance(value, Mapping | list):
            raise ValueError("invalid")
        cleaned = clean_text(value)
        if len(cleaned) > model_field.max_length:
            raise ValueError("too_long")
        if cleaned and name == "website" and "://" not in cleaned:
            return Mended(_valid(f"https://{cleaned}"), "scheme_added")
        return Mended(_valid(cleaned), "blanks") if cleaned != str(value) else _valid(cleaned)

    def _valid(cleaned: str) -> str:
        try:
            model_field.run_validators(cleaned)
        except ValidationError as error:
            raise ValueError("invalid") from error
        return cleaned

    return parse


def number(value: Any) -> int:
    """A state organisation number; also of an object that carries one."""
    if isinstance(value, Mapping):
        value = value.get("detsis_no")
    digits = clean_text(value).removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("not_a_number")
    if not DETSIS_NO_MIN <= int(digits) <= DETSIS_NO_MAX:
        raise ValueError("not_eight_digits")
    return int(digits)


def boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = fold(str(value))
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("not_yes_or_no")


def organisation_type(value: Any) -> str:
    try:
        return _ORGANISATION_TYPES[fold(str(value))]
    except KeyError:
        raise ValueError("unknown_code") from None


def date(value: Any) -> dt.date:
    """A day: ISO, or as people write it (24.11.2026, 24/11/2026)."""
    return _date(clean_text(value))


@lru_cache(maxsize=10_000)
def _date(given: str) -> dt.date:
    match = _TURKISH_DATE.fullmatch(given)
    try:
        if match:
            day, month, year = map(int, match.groups())
            return dt.date(year, month, day)
        return dt.date.fromisoformat(given[:10])
    except ValueError:
        raise ValueError("not_a_date") from None


def code(name: str, value: Any, *, codes: Codes, province: int | None = None) -> Any:
    """A code, given as itself, as its name, or as an object {"code": …}."""
    if isinstance(value, Mapping):
        value = value.get("code", value.get("name", ""))
    given = clean_text(value)
    found: Any = given.upper() if name == "country" else given
    if found.isascii() and found.isdigit():
        found = int(found)
    if found in codes.codes[name]:
        return found
    by_name = fold(given)
    if name == "district" and province is not None:
        found = codes.districts.get((province, by_name))
    else:
        found = codes.names[name].get(by_name)
    if found is None:
        raise ValueError("unknown_code")
    return found


def letterhead(value: Any) -> list[str]:
    """Lines: a list, or text with line breaks or bars between them."""
    lines = value if isinstance(value, list) else re.split(r"\n|\s\|\s", str(value))
    cleaned = [clean_text(line) for line in lines]
    cleaned = [line for line in cleaned if line]
    if len(cleaned) > 6 or any(len(line) > 300 for line in cleaned):
        raise ValueError("too_long")
    return cleaned


_LEGISLATION = {"name": "mevzuatAdi", "date": "mevzuatTarihi", "number": "mevzuatSayisi"}


def founding_legislation(value: Any) -> list[dict[str, str]]:
    """Instruments with `number`, `date` and `name`; plain text is a name."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("not_json") from None
    if isinstance(value, str):
        value = [{"name": value}]
    if not isinstance(value, list):
        raise ValueError("not_json")
    entries = []
    for item in value:
        given = item if isinstance(item, Mapping) else {"name": item}
        entry = {}
        for key, live in _LEGISLATION.items():
            if found := clean_text(given.get(key) or given.get(live) or ""):
                entry[key] = date(found).isoformat() if key == "date" else found
        if entry:
            entries.append(entry)
    return entries


def kep_addresses(value: Any) -> Any:
    """Addresses: a list of text or objects, or text with blanks, commas or semicolons between."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("not_json") from None
    items = value if isinstance(value, list) else re.split(r"[\s,;]+", str(value))
    wanted, message = [], ""
    for item in items:
        entry = dict(item) if isinstance(item, Mapping) else {"address": item}
        given = clean_text(entry.get("address") or "")
        if not given:
            continue
        address = lower(given)
        if not _KEP.fullmatch(address):
            message = "kep_dropped"
            continue
        if address != given:
            message = message or "kep_lower"
        found: dict[str, Any] = {"address": address}
        for key in ("valid_from", "valid_to"):
            if entry.get(key):
                found[key] = date(entry[key]).isoformat()
        wanted.append(found)
    return Mended(wanted, message) if message else wanted


CODE_FIELDS = (
    "category", "status", "budget_type", "legal_personality", "province", "district", "country",
)  # fmt: skip
UNIT_FIELDS = ("parent_detsis_no", "civil_authority")
TEXT_FIELDS = (
    "name", "name_en", "addressee_suffix", "addressee_cut", "phone", "phone_extension", "fax",
    "email", "website", "address", "postal_code",
)  # fmt: skip
PARSERS: dict[str, Callable[[Any], Any]] = {
    "detsis_no": number,
    **dict.fromkeys(UNIT_FIELDS, number),
    **{name: text(name) for name in TEXT_FIELDS},
    "organisation_type": organisation_type,
    "is_institution": boolean,
    "corresponds_externally": boolean,
    "active": boolean,
    "valid_from": date,
    "valid_to": date,
    "letterhead": letterhead,
    "founding_legislation": founding_legislation,
    "kep_addresses": kep_addresses,
}
# `path` is read only: it tells where to hang a unit whose parent is not known.
FIELDS = (*PARSERS, *CODE_FIELDS, "path")
# The live service's names, and those of files that went around.
_ALIASES = {
    "detsisNo": "detsis_no",
    "kkk": "detsis_no",
    "birimAdi": "name",
    "ingilizceAdi": "name_en",
    "ustDetsisNo": "parent_detsis_no",
    "bagliOlduguKurumId": "parent_detsis_no",
    "anaKurumMu": "is_institution",
    "tuzelKisilik": "legal_personality",
    "butceTuru": "budget_type",
    "kategori": "category",
    "statu": "status",
    "internetAdresi": "website",
    "eposta": "email",
    "telefonDahiliNumara": "phone_extension",
    "acikAdres": "address",
    "kep": "kep_addresses",
    "kepAdresi": "kep_addresses",
    "kurulusMevzuatlari": "founding_legislation",
    "parent": "parent_detsis_no",
    "civilAuthorityDetsisNo": "civil_authority",
    "il": "province",
    "ilce": "district",
    "ulke": "country",
}


def headers() -> dict[str, str]:
    """Folded header → field: the published names, the portal's own titles, and the aliases."""
    from detsis.exports import UNIT_COLUMNS  # noqa: PLC0415 — exports are of the layer of pages

    known = {}
    for name in FIELDS:
        if name in CODE_FIELDS or name in TEXT_FIELDS:
            model_field: Any = Unit._meta.get_field(name)
            known[fold(str(model_field.verbose_name))] = name
    known |= {fold(str(column.header)): column.key for column in UNIT_COLUMNS}
    known |= {fold(alias): name for alias, name in _ALIASES.items()}
    known |= {fold(name): name for name in FIELDS}
    return {header: name for header, name in known.items() if name in FIELDS}
