"""XLSX, written row by row into a temporary file."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from kaysis.common.exports.columns import Column, label, local, values
from kaysis.common.exports.text import FORMULA_START

#: A sheet holds 1,048,576 rows; more go to the next one.
ROWS_PER_SHEET = 1_000_000
_PIECE = 1 << 16
_WIDTHS = {"text": 40, "number": 14, "date": 12, "datetime": 18, "bool": 10}
_FORMATS = {"date": "dd.mm.yyyy", "datetime": "dd.mm.yyyy hh:mm"}


def xlsx_pieces(rows: QuerySet | Iterable[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """A workbook with a header row that stays in view. Nothing is sent before it is complete."""
    with tempfile.TemporaryFile() as file:
        workbook = Workbook(write_only=True)
        sheet = None
        for number, row in enumerate(values(rows, columns)):
            if sheet is None or number % ROWS_PER_SHEET == 0:
                sheet = _new_sheet(workbook, columns)
            sheet.append(
                [_cell(sheet, column, value) for column, value in zip(columns, row, strict=True)]
            )
        if sheet is None:
            _new_sheet(workbook, columns)
        workbook.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _new_sheet(workbook: Workbook, columns: Sequence[Column]) -> WriteOnlyWorksheet:
    sheet = workbook.create_sheet()
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[column.kind]
    header = []
    for column in columns:
        cell = WriteOnlyCell(sheet, value=str(column.header))
        cell.font = Font(bold=True)
        cell.data_type = "s"
        header.append(cell)
    sheet.append(header)
    return sheet


def _cell(sheet: WriteOnlyWorksheet, column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.labels is not None or column.kind == "text":
        text = ILLEGAL_CHARACTERS_RE.sub("", str(label(column, value)))
        if not text.startswith(tuple(FORMULA_START)):
            return text
        cell = WriteOnlyCell(sheet, value=text)
        cell.data_type = "s"
        return cell
    if column.kind == "bool":
        return _("evet") if value else _("hayır")
    if isinstance(value, dt.date):
        cell = WriteOnlyCell(sheet, value=local(value) if isinstance(value, dt.datetime) else value)
        cell.number_format = _FORMATS.get(column.kind, "dd.mm.yyyy")
        return cell
    return value
