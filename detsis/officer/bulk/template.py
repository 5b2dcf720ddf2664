"""The sheet to fill in, and the report of a check."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from detsis.models import District
from detsis.officer.bulk.columns import CLEAR, COLUMNS, HEADERS, KINDS, NO, YES
from detsis.officer.bulk.reading import MOST_ROWS, Row
from detsis.rules import CODE_TABLES
from kaysis.common.exports.columns import Column as ExportColumn
from kaysis.common.exports.sheet import xlsx_pieces
from kaysis.common.turkish import sort_key

_BOLD = Font(bold=True)
_HEAD = PatternFill("solid", fgColor="DDE9EA")
_EXAMPLES = (
    {"tur": "ad", "birim": "24316060", "yeni_ad": "Yeni Ad"},
    {"tur": "tasi", "birim": "17311665", "bagli_oldugu": "39985474"},
    {"tur": "guncelle", "birim": "24316060", "telefon": "0312 000 00 00"},
    {"tur": "kur", "yeni_ad": "Yazılım Dairesi", "bagli_oldugu": "24316060", "gecici_ad": "yeni-1"},
    {"tur": "birlestir", "birim": "42218640", "halefler": "yeni-1"},
)


def template() -> bytes:
    """An Excel file to fill in: the sheet with drop-downs, explanations, and the code lists."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Değişiklikler"
    _heading(sheet)
    lists = _code_sheet(book)
    choices = {
        "tur": f'"{",".join(KINDS)}"',
        "teskilat_turu": '"merkez,taşra,yurt dışı"',
        "ana_kurum": f'"{YES},{NO}"',
        "dis_yazisma": f'"{YES},{NO}"',
        **lists,
    }
    for number, header in enumerate(HEADERS, start=1):
        if header in choices:
            rule = DataValidation(type="list", formula1=choices[header], allow_blank=True)
            # A warning, not a ban: codes may be written instead of names.
            rule.errorStyle = "warning"
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
            sheet.add_data_validation(rule)
    _help_sheet(book)
    return _saved(book)


def report(rows: Iterable[Row]) -> bytes:
    """The rows as they came, with what is wrong with each in a column of its own."""
    columns = [
        ExportColumn("line", _("satır"), lambda row: row.line, kind="number"),
        ExportColumn("result", _("sonuç"), _result),
        ExportColumn("problems", _("sorun"), _told),
        *(ExportColumn(name, name, partial(_cell, name)) for name in HEADERS),
    ]
    return b"".join(xlsx_pieces(rows, columns))


def _result(row: Row) -> str:
    return _("düzeltilmeli") if row.problems else _("uygun")


def _told(row: Row) -> str:
    return "; ".join(f"{name}: {text}" if name else text for name, text in row.problems)


def _cell(name: str, row: Row) -> str:
    return row.cells[name]


def _saved(book: Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _heading(sheet: Any) -> None:
    sheet.append(list(HEADERS))
    for number, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, number)
        cell.font, cell.fill = _BOLD, _HEAD
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "C2"


def _code_sheet(book: Workbook) -> dict[str, str]:
    """A sheet with all names to choose from; returns column → the range of its names."""
    sheet = book.create_sheet("Kodlar")
    ranges = {}
    columns = [column for column in COLUMNS if column.kind == "code"]
    for number, column in enumerate(columns):
        rows = CODE_TABLES[column.fact]._default_manager.filter(active=True)
        names = sorted((row.name, row.pk) for row in rows)
        names.sort(key=lambda each: sort_key(each[0]))
        at = number * 2 + 1
        sheet.cell(1, at, column.header).font = _BOLD
        sheet.cell(1, at + 1, _("kod")).font = _BOLD
        for line, (name, code) in enumerate(names, start=2):
            sheet.cell(line, at, name)
            sheet.cell(line, at + 1, code)
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = 34
        ranges[column.header] = f"Kodlar!${letter}$2:${letter}${len(names) + 1}"
    districts = book.create_sheet("İlçeler")
    districts.append([_("il"), _("ilçe")])
    pairs = District.objects.filter(active=True).values_list("province__name", "name")
    for province, name in sorted(pairs, key=lambda each: (sort_key(each[0]), sort_key(each[1]))):
        districts.append([province, name])
    return ranges


def _help_sheet(book: Workbook) -> None:
    sheet = book.create_sheet("Açıklama", 1)
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 90

    def title(text: str) -> None:
        sheet.append([text])
        sheet.cell(sheet.max_row, 1).font = _BOLD

    title(_("Türler"))
    for word, (_kind, text) in KINDS.items():
        sheet.append([word, str(text)])
    title(_("Sütunlar"))
    for column in COLUMNS:
        sheet.append([column.header, str(column.help)])
    sheet.append([CLEAR, _("Bir bilgiyi boşaltmak için hücreye tire yazılır.")])
    title(_("Örnekler"))
    used = [name for name in HEADERS if any(name in example for example in _EXAMPLES)]
    sheet.append(used)
    for example in _EXAMPLES:
        sheet.append([example.get(name, "") for name in used])
    for line in sheet.iter_rows():
        line[1].alignment = Alignment(wrap_text=True, vertical="top")
