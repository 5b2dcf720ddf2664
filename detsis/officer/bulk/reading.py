"""The rows of an uploaded sheet, each read by itself: what it wants, or which cell is wrong."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from detsis.models import ChangeKind, District, Unit
from detsis.models.change import ENDING_KINDS
from detsis.officer.bulk.columns import (
    CLEAR,
    COLUMNS,
    FACTS,
    HEADERS,
    KINDS,
    NO,
    PLACE,
    TYPES,
    YES,
    Column,
)
from detsis.officer.picking import Purpose, candidates, choosable, find, key_in
from detsis.rules import CODE_TABLES
from detsis.timeline import FACTS as DEFAULTS
from kaysis.accounts.models import Person
from kaysis.common.turkish import fold

MOST_ROWS = 2000
MOST_LETTERS = 500
_NEEDED = ("tur", "birim")


@dataclass(slots=True)
class Row:
    """A line of the sheet: what it wants (`item`), or what is wrong with it, cell by cell."""

    line: int
    cells: dict[str, str]
    # (column or "", message)
    problems: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    item: dict[str, Any] | None = None

    @property
    def unit(self) -> int:
        """The unit it is about; for a new one, what it hangs below. 0 where that is not known."""
        if not self.item:
            return 0
        number = self.item.get("unit") or self.item.get("assignments", {}).get("parent")
        return number if isinstance(number, int) else 0


def read(file: IO[bytes], person: Person | None, taken: dict[str, str] | None = None) -> list[Row]:
    """The rows of a sheet; ValidationError where the file itself is of no use.

    `taken`: temporary names of units that the file the rows are to join founds already.
    """
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
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise ValidationError(_("Eksik sütun: %(names)s") % {"names": ", ".join(missing)})
    unknown = [name for name in header if name and name not in HEADERS]
    if unknown:
        raise ValidationError(_("Bilinmeyen sütun: %(names)s") % {"names": ", ".join(unknown)})
    if not rows:
        raise ValidationError(_("Dosyada dolu satır yok."))
    if len(rows) > MOST_ROWS:
        raise ValidationError(_("Bir dosyada en çok %(n)d satır olabilir.") % {"n": MOST_ROWS})
    reader = Reader(person, rows, taken or {})
    for row in rows:
        reader.read(row)
    return rows


def _rows(lines: Any, header: list[str]) -> Iterator[Row]:
    filled = 0
    for number, line in enumerate(lines, start=2):
        cells = dict.fromkeys(HEADERS, "")
        for name, value in zip(header, line, strict=False):
            if name in cells and value is not None:
                cells[name] = _text(value)
        if any(cells.values()):
            filled += 1
            yield Row(number, cells)
        # A sheet may claim a million empty lines.
        if filled > MOST_ROWS or number > MOST_ROWS * 3:
            return


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:MOST_LETTERS]


class Reader:
    """Reads rows; remembers what a name stood for, so that a unit is looked for once."""

    def __init__(self, person: Person | None, rows: list[Row], taken: dict[str, str]) -> None:
        self.person = person
        self.keys = {row.cells["gecici_ad"]: row.line for row in rows if row.cells["gecici_ad"]}
        self.taken = taken
        self.known: dict[tuple[Purpose, str], int | str] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.row = Row(0, {})
        numbers = {
            int(number)
            for row in rows
            for name in ("birim", "bagli_oldugu", "halefler")
            for number in re.findall(r"[1-9]\d{7}", row.cells[name])
        }
        # Closed units, too: whether one may be chosen is for the check against the register.
        self.numbers = set(Unit.objects.filter(pk__in=numbers).values_list("pk", flat=True))

    def read(self, row: Row) -> None:
        """Set the row's item, or its problems."""
        self.row = row
        cells = row.cells
        found = KINDS.get(fold(cells["tur"]))
        if found is None:
            words = ", ".join(KINDS)
            self._wrong(
                "tur",
                _("“%(text)s” bilinmiyor; şunlardan biri olmalı: %(words)s.")
                % {"text": cells["tur"], "words": words},
            )
            return
        kind = found[0]
        item: dict[str, Any] = {"kind": str(kind), "assignments": {}, "successors": []}
        if kind == ChangeKind.FOUNDED:
            item["key"] = self._key()
        else:
            item["unit"] = self._unit("birim", Purpose.SUBJECT)
        self._assign(kind, item)
        item["effective_on"] = self._day()
        row.item = None if row.problems else item

    def _wrong(self, column: str, message: str) -> None:
        self.row.problems.append((column, message))

    def _key(self) -> str:
        key = self.row.cells["gecici_ad"]
        if not key:
            return f"satir-{self.row.line}"
        if key in self.taken or self.keys[key] != self.row.line:
            self._wrong("gecici_ad", _("“%(key)s” birden çok satırda kullanılmış.") % {"key": key})
        elif not key_in(key, {key}) or key.isdecimal():
            self._wrong(
                "gecici_ad",
                _("Geçici ad küçük harf, rakam ve tireden oluşur, rakam tek başına olmaz."),
            )
        return key

    def _assign(self, kind: ChangeKind, item: dict[str, Any]) -> None:
        given = item["assignments"]
        if kind in (ChangeKind.RENAMED, ChangeKind.FOUNDED):
            given["name"] = self._needed("yeni_ad")
        if kind in (ChangeKind.MOVED, ChangeKind.FOUNDED):
            given["parent"] = self._unit("bagli_oldugu", Purpose.PARENT, keys=True)
        if kind in ENDING_KINDS:
            given["active"] = False
        if kind == ChangeKind.REOPENED:
            given["active"] = True
        if kind in (ChangeKind.MERGED, ChangeKind.SPLIT, ChangeKind.DEVOLVED):
            item["successors"] = self._successors()
        allowed = {
            ChangeKind.FOUNDED: [column.fact for column in FACTS],
            ChangeKind.AMENDED: [column.fact for column in FACTS],
            ChangeKind.MOVED: list(PLACE),
            ChangeKind.RENAMED: ["name_en"],
        }.get(kind, [])
        for column in FACTS:
            text = self.row.cells[column.header]
            if not text:
                continue
            if column.fact not in allowed:
                self._wrong(column.header, _("Bu değişiklik türünde boş bırakılır."))
                continue
            given[column.fact] = self._fact(column, text)
        if kind == ChangeKind.AMENDED and not given:
            self._wrong("", _("Güncellenecek hiçbir bilgi sütunu dolu değil."))

    def _fact(self, column: Column, text: str) -> Any:
        if text == CLEAR:
            return DEFAULTS[column.fact]
        if column.kind in ("code", "district"):
            return self._district(text) if column.kind == "district" else self._code(column, text)
        if column.kind == "unit":
            return self._unit(column.header, Purpose.AUTHORITY)
        if column.kind == "flag":
            return self._flag(column, fold(text))
        return self._type(column, fold(text)) if column.kind == "type" else text

    def _flag(self, column: Column, folded: str) -> bool:
        if folded not in (fold(YES), fold(NO)):
            self._wrong(column.header, _("“evet” ya da “hayır” yazılır."))
        return folded == fold(YES)

    def _type(self, column: Column, folded: str) -> str | None:
        for word, value in TYPES.items():
            if folded.startswith(word) or folded == value:
                return str(value)
        self._wrong(column.header, _("Merkez, taşra ya da yurt dışı yazılır."))
        return None

    def _code(self, column: Column, text: str) -> Any:
        if column.fact not in self.codes:
            rows = CODE_TABLES[column.fact]._default_manager.filter(active=True)
            table: dict[str, Any] = {}
            for row in rows:
                table[str(row.pk)] = table[fold(row.name)] = row.pk
            self.codes[column.fact] = table
        found = self.codes[column.fact].get(fold(text))
        if found is None:
            self._wrong(column.header, _("“%(text)s” diye bir kod ya da ad yok.") % {"text": text})
        return found

    def _district(self, text: str) -> int | None:
        province_text = self.row.cells["il"]
        columns = {column.header: column for column in COLUMNS}
        province = self._code(columns["il"], province_text) if province_text else None
        if "district" not in self.codes:
            self.codes["district"] = {
                f"{row.province_id}/{fold(row.name)}": row.pk
                for row in District.objects.filter(active=True)
            }
        found: int | None = self.codes["district"].get(f"{province}/{fold(text)}")
        if found is None:
            self._wrong("ilce", _("Bu ilde “%(text)s” diye bir ilçe yok.") % {"text": text})
        return found

    def _needed(self, name: str) -> str:
        if not self.row.cells[name]:
            self._wrong(name, _("Boş bırakılamaz."))
        return self.row.cells[name]

    def _successors(self) -> list[int | str]:
        parts = [part.strip() for part in self._needed("halefler").split(";")]
        found = [
            self._unit("halefler", Purpose.SUCCESSOR, text=part, keys=True)
            for part in parts
            if part
        ]
        return [number for number in found if number is not None]

    def _unit(
        self, column: str, purpose: Purpose, *, text: str = "", keys: bool = False
    ) -> int | str | None:
        text = text or self.row.cells[column] or ""
        if not text:
            self._wrong(column, _("Boş bırakılamaz."))
            return None
        if keys and (key := key_in(text, self.keys.keys() | self.taken.keys())):
            return key
        if text.isdecimal() and int(text) in self.numbers:
            return int(text)
        if (purpose, text) not in self.known:
            found = find(text, choosable(purpose, self.person), most=4)
            if len(found) != 1:
                self._wrong(column, _none_or_several(text, found))
                return None
            self.known[purpose, text] = found[0].pk
        return self.known[purpose, text]

    def _day(self) -> dt.date | None:
        text = self.row.cells["tarih"]
        if not text:
            return None
        for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 — a day
            except ValueError:
                continue
        self._wrong("tarih", _("“%(text)s” bir tarih değil.") % {"text": text})
        return None


def _none_or_several(text: str, found: list[Unit]) -> str:
    if not found:
        return _("“%(text)s” diye bir birim bulunamadı.") % {"text": text}
    told = "; ".join(f"{each.number} ({each.path})" for each in candidates(found))
    return _("“%(text)s” adına uyan birden çok birim var, numarasını yazın: %(told)s") % {
        "text": text,
        "told": told,
    }
