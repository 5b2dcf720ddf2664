"""The sheet to fill in, and the report of a check. Reports show national ids masked."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import partial

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from iyem.models import Post
from iyem.officer.bulk.columns import COLUMNS, HEADERS
from iyem.officer.bulk.reading import MOST_ROWS, Row
from iyem.officer.fields import among
from kaysis.accounts.models import Person
from kaysis.common.exports.columns import Column as ExportColumn
from kaysis.common.exports.sheet import xlsx_pieces

_BOLD = Font(bold=True)
_HEAD = PatternFill("solid", fgColor="DDE9EA")
# More units are not listed in the sheet: they are found on the pages.
MOST_UNITS = 2000


def template(person: Person) -> bytes:
    """An Excel file to fill in, with explanations and the officer's units."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Yöneticiler"
    sheet.append(list(HEADERS))
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        cell = sheet.cell(1, number)
        cell.font, cell.fill = _BOLD, _HEAD
        sheet.column_dimensions[letter].width = column.width
        if column.header in ("kimlik_no", "birim"):
            # As text: Excel would write long numbers its own way.
            for line in range(2, 52):
                sheet.cell(line, number).number_format = "@"
    sheet.freeze_panes = "B2"
    _choices(sheet, "tur", '"asil,vekil"')
    helped = book.create_sheet("Açıklama")
    helped.column_dimensions["A"].width = 18
    helped.column_dimensions["B"].width = 80
    for column in COLUMNS:
        needed = _("Zorunlu.") if column.needed else _("İsteğe bağlı.")
        helped.append([column.header, f"{column.help} {needed}"])
        helped.cell(helped.max_row, 1).font = _BOLD
        helped.cell(helped.max_row, 2).alignment = Alignment(wrap_text=True)
    _units(book, person)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _choices(sheet: object, header: str, formula: str) -> None:
    rule = DataValidation(type="list", formula1=formula, allow_blank=True)
    letter = get_column_letter(HEADERS.index(header) + 1)
    rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    sheet.add_data_validation(rule)  # type: ignore[attr-defined]  # openpyxl's worksheet


def _units(book: Workbook, person: Person) -> None:
    """Number, name and level of the officer's units; those never registered are marked."""
    sheet = book.create_sheet("Birimler")
    sheet.append([_("numara"), _("birim"), _("ilk kayıt")])
    for cell in sheet[1]:
        cell.font = _BOLD
    sheet.column_dimensions["A"].width = 12
    sheet.column_dimensions["B"].width = 70
    units = list(among(person).order_by("tree_id", "lft")[:MOST_UNITS])
    known = set(
        Post.objects.filter(unit__in=[unit.pk for unit in units], appointments__isnull=False)
        .values_list("unit", flat=True)
        .distinct()
    )
    for unit in units:
        indent = "  " * min(unit.level, 10)
        done = _("yapıldı") if unit.pk in known else _("yapılmadı")
        sheet.append([str(unit.pk), f"{indent}{unit.name}", done])


def report(rows: Iterable[Row]) -> bytes:
    """The rows as they came, with what is wrong with each in a column of its own."""
    columns = [
        ExportColumn("line", _("satır"), lambda row: row.line, kind="number"),
        ExportColumn("result", _("sonuç"), _result),
        ExportColumn("problems", _("sorun"), _told),
        ExportColumn("warnings", _("uyarı"), lambda row: "; ".join(row.warnings)),
        *(ExportColumn(name, name, partial(_cell, name)) for name in HEADERS),
    ]
    return b"".join(xlsx_pieces(rows, columns))


def _result(row: Row) -> str:
    return _("düzeltilmeli") if row.problems else _("uygun")


def _told(row: Row) -> str:
    return "; ".join(f"{name}: {text}" if name else text for name, text in row.problems)


def _cell(name: str, row: Row) -> str:
    return row.cells[name]
