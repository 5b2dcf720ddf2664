"""The rows of an uploaded sheet, each read by itself: what it wants, or which cell is wrong."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from detsis.models import Unit
from detsis.officer.picking import candidates, find
from detsis.querysets import UnitQuerySet
from iyem.models import AppointmentKind
from iyem.officer.bulk.columns import COLUMNS, HEAD, HEADERS, KINDS
from iyem.officer.fields import among
from iyem.officer.forms.register import MOST_DEPUTIES
from kaysis.accounts import cipher
from kaysis.accounts.models import Person
from kaysis.common.national_id import is_valid, mask
from kaysis.common.turkish import fold

# A minister's worth.
MOST_ROWS = 3000
MOST_LETTERS = 500
# A number alone, or in brackets after a name.
_NUMBERED = re.compile(r"\d{8}\)?$")


@dataclass(slots=True)
class Item:
    """What a row wants. The national id is kept encrypted until it is saved."""

    secret: bytes
    fingerprint: str
    given_name: str
    family_name: str
    unit: int
    ordinal: int
    title: str
    kind: AppointmentKind
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    legal_ground: str

    @property
    def national_id(self) -> str:
        return cipher.decrypt(self.secret, self.fingerprint)


@dataclass(slots=True)
class Row:
    """A line of the sheet: what it wants (`item`), or what is wrong with it, cell by cell. Its
    national id is masked in `cells`."""

    line: int
    cells: dict[str, str]
    # (column or "", message)
    problems: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    item: Item | None = None


def read(file: IO[bytes], person: Person) -> list[Row]:
    """The rows of a sheet; ValidationError where the file itself is of no use."""
    try:
        # Formulas are not computed: what was last shown is read, and never run.
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        lines = sheet.iter_rows(values_only=True, max_col=len(HEADERS) + 20)
        header = [fold(str(cell or "")).replace(" ", "_") for cell in next(lines, ())]
        rows = list(_rows(lines, header))
    except (
        AttributeError,
        IndexError,
        KeyError,
        OSError,
        SyntaxError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ) as error:
        raise ValidationError(_("Dosya okunamadı. Şablonu indirip onu doldurun.")) from error
    missing = [each.header for each in COLUMNS if each.needed and each.header not in header]
    if missing:
        raise ValidationError(_("Eksik sütun: %(names)s") % {"names": ", ".join(missing)})
    unknown = [name for name in header if name and name not in HEADERS]
    if unknown:
        raise ValidationError(_("Bilinmeyen sütun: %(names)s") % {"names": ", ".join(unknown)})
    if not rows:
        raise ValidationError(_("Dosyada dolu satır yok."))
    if len(rows) > MOST_ROWS:
        raise ValidationError(_("Bir dosyada en çok %(n)d satır olabilir.") % {"n": MOST_ROWS})
    reader = Reader(person, {row.cells["birim"] for row in rows})
    for row in rows:
        reader.read(row)
    return rows


def _rows(lines: Any, header: list[str]) -> Iterator[Row]:
    filled = 0
    for number, line in enumerate(lines, start=2):
        cells = dict.fromkeys(HEADERS, "")
        for name, value in zip(header, line, strict=False):
            if name in cells and value is not None:
                cells[name] = _text(name, value)
        if any(cells.values()):
            filled += 1
            yield Row(number, cells)
        # A sheet may claim a million empty lines.
        if filled > MOST_ROWS or number > MOST_ROWS * 3:
            return


def _text(name: str, value: Any) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%H:%M}" if name.endswith("_saati") else value.date().isoformat()
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        if name.endswith("_saati") and 0 <= value < 1:  # a part of a day, as Excel keeps hours
            minutes = round(value * 24 * 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        if value.is_integer():
            value = int(value)
    return str(value).strip()[:MOST_LETTERS]


class Reader:
    """Reads rows whose units are written as one of `texts`: numbers and full names are looked up
    together, whatever else may mean a unit once each."""

    def __init__(self, person: Person, texts: Collection[str]) -> None:
        self.among = among(person)
        # What a text stands for: the unit's number, or what is wrong with it.
        self.known: dict[str, int | str] = dict(_plain(texts, self.among))
        self.row = Row(0, {})

    def read(self, row: Row) -> None:
        """Set the row's item, or its problems; hide the national id."""
        self.row = row
        cells = row.cells
        number = re.sub(r"\s", "", cells["kimlik_no"])
        valid = is_valid(number)
        cells["kimlik_no"] = mask(number) if number else ""
        if not valid:
            self._wrong("kimlik_no", _("Geçerli bir T.C. kimlik numarası değil."))
        for column in COLUMNS:
            if column.needed and not cells[column.header] and column.header != "kimlik_no":
                self._wrong(column.header, _("Boş bırakılamaz."))
        unit = self._unit(cells["birim"]) if cells["birim"] else None
        ordinal = self._ordinal(cells["makam"])
        kind = KINDS.get(fold(cells["tur"]))
        if kind is None:
            self._wrong("tur", _("“asil” ya da “vekil” yazılır."))
        starts_at = self._moment("baslangic")
        ends_at = self._moment("bitis")
        if row.problems or unit is None or kind is None or starts_at is None or ordinal is None:
            return
        row.item = Item(
            secret=cipher.encrypt(number),
            fingerprint=cipher.fingerprint(number),
            given_name=cells["ad"],
            family_name=cells["soyad"],
            unit=unit,
            ordinal=ordinal,
            title=cells["unvan"],
            kind=kind,
            starts_at=starts_at,
            ends_at=ends_at,
            legal_ground=cells["dayanak"],
        )

    def _wrong(self, column: str, message: str) -> None:
        self.row.problems.append((column, message))

    def _unit(self, text: str) -> int | None:
        if text not in self.known:
            found = find(text, self.among, most=4)
            self.known[text] = found[0].pk if len(found) == 1 else _none_or_several(text, found)
        meant = self.known[text]
        if isinstance(meant, str):
            self._wrong("birim", meant)
            return None
        return meant

    def _ordinal(self, text: str) -> int | None:
        if not text or fold(text) == HEAD:
            return 0
        if text.isdecimal() and len(text) < 3 and 1 <= int(text) <= MOST_DEPUTIES:
            return int(text)
        self._wrong("makam", _("“amir” ya da kaçıncı yardımcı olduğu (1, 2, …) yazılır."))
        return None

    def _moment(self, name: str) -> dt.datetime | None:
        cells = self.row.cells
        day, hour = cells[name], cells[f"{name}_saati"]
        if not day:
            if hour:
                self._wrong(name, _("Saat yazdıysanız tarihi de yazın."))
            return None
        date = _parsed(day, ("%Y-%m-%d", "%d.%m.%Y"))
        if date is None:
            self._wrong(name, _("“%(text)s” bir tarih değil.") % {"text": day})
        time = _parsed(hour, ("%H:%M", "%H.%M", "%H:%M:%S"))
        if time is None and (hour or name == "bitis"):
            self._wrong(f"{name}_saati", _("“08:30” biçiminde bir saat yazın."))
        if date is None or time is None:
            return None
        return timezone.make_aware(dt.datetime.combine(date.date(), time.time()))


def _plain(texts: Collection[str], units: UnitQuerySet) -> Iterator[tuple[str, int | str]]:
    """The texts that are a number, or the whole name of exactly one unit. Two queries."""
    numbers = {int(text): text for text in texts if text.isdecimal() and len(text) == 8}
    there = set(units.filter(pk__in=numbers).values_list("pk", flat=True))
    for number, text in numbers.items():
        yield text, number if number in there else _none_or_several(text, [])
    names: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        if not _NUMBERED.search(text) and (name := fold(text)):
            names[name].append(text)
    owners: dict[str, list[int]] = defaultdict(list)
    for name, number in units.filter(name_folded__in=names).values_list("name_folded", "pk"):
        owners[name].append(number)
    for name, found in owners.items():
        if len(found) == 1:
            yield from ((text, found[0]) for text in names[name])


def _parsed(text: str, patterns: tuple[str, ...]) -> dt.datetime | None:
    for pattern in patterns:
        try:
            return dt.datetime.strptime(text, pattern)  # noqa: DTZ007 — made aware by the caller
        except ValueError:
            continue
    return None


def _none_or_several(text: str, found: list[Unit]) -> str:
    if not found:
        return _("“%(text)s” görev alanınızda bulunamadı.") % {"text": text}
    told = "; ".join(f"{each.number} ({each.path})" for each in candidates(found))
    return _("“%(text)s” adına uyan birden çok birim var, numarasını yazın: %(told)s") % {
        "text": text,
        "told": told,
    }
