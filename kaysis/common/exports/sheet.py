"""XLSX, written to the client while the rows are read.

A general library builds an object for each cell and sends nothing before the last row (90 µs a row
of four cells). A workbook of plain cells needs little: a zip of a few fixed parts and one sheet
whose rows are written here, each text as a string and never as a formula.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any, cast
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaysis.common.exports.columns import Column, label, local, values

#: A sheet holds 1,048,576 rows; more go to the next one.
ROWS_PER_SHEET = 1_000_000
_ROWS_PER_WRITE = 500
_LONGEST_TEXT = 32_767
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 — spreadsheets know no time zones
_WIDTHS = {"text": 40, "number": 14, "date": 12, "datetime": 18, "bool": 10}
_STYLES = {"header": 1, "date": 2, "datetime": 3}
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES_XML = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="dd.mm.yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd.mm.yyyy hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf xfId="0"/>'
    '<xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class _Sink(io.RawIOBase):
    """What the zip is written to: cannot seek, and gives away what it has."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def xlsx_pieces(rows: QuerySet | Iterable[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """A workbook with a header row that stays in view."""
    sink = _Sink()
    found = iter(values(rows, columns))
    cells = [_writer(column) for column in columns]
    sheets = 0
    file = cast(IO[bytes], sink)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        first: list[Sequence[Any]] = []
        while first or not sheets:
            sheets += 1
            here = islice(chain(first, found), ROWS_PER_SHEET)
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as part:
                part.write(_sheet_head(columns).encode())
                while batch := list(islice(here, _ROWS_PER_WRITE)):
                    part.write("".join(_row(row, cells) for row in batch).encode())
                    if piece := sink.take():
                        yield piece
                part.write(b"</sheetData></worksheet>")
            first = list(islice(found, 1))
        for name, content in _fixed_parts(sheets).items():
            archive.writestr(name, content)
    yield sink.take()


def _row(row: Sequence[Any], cells: Sequence[Callable[[Any], str]]) -> str:
    written = [
        "<c/>" if value is None else write(value) for write, value in zip(cells, row, strict=True)
    ]
    return f"<row>{''.join(written)}</row>"


def _text(value: object, style: str = "") -> str:
    text = _FORBIDDEN.sub("", str(value))[:_LONGEST_TEXT]
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _writer(column: Column) -> Callable[[Any], str]:
    """How a value of the column that is not None becomes a cell."""
    if column.labels is not None:
        return lambda value: _text(label(column, value))
    if column.kind == "number":
        return lambda value: f"<c><v>{value}</v></c>"
    if column.kind == "bool":
        yes, no = _text(_("evet")), _text(_("hayır"))
        return lambda value: yes if value else no
    if column.kind in ("date", "datetime"):
        style = _STYLES[column.kind]
        return lambda value: f'<c s="{style}"><v>{_serial(value)}</v></c>'
    return _text


def _serial(value: dt.date | dt.datetime) -> float:
    """Days since the spreadsheet's epoch."""
    if isinstance(value, dt.datetime):
        return (local(value) - _EPOCH) / dt.timedelta(days=1)
    return (value - _EPOCH.date()).days


def _sheet_head(columns: Sequence[Column]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_WIDTHS[column.kind]}" customWidth="1"/>'
        for n, column in enumerate(columns, start=1)
    )
    style = f' s="{_STYLES["header"]}"'
    header = "".join(_text(column.header, style) for column in columns)
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData><row>{header}</row>"
    )


def _fixed_parts(sheets: int) -> dict[str, str]:
    """The rest of the package, for a workbook of so many sheets."""
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="Sayfa{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    return {
        "xl/workbook.xml": (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>'
            "</workbook>"
        ),
        "xl/styles.xml": _STYLES_XML,
        "xl/_rels/workbook.xml.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
            f'<Relationship Id="rIdStyles" Type="{_OFFICE}/styles" Target="styles.xml"/>'
            "</Relationships>"
        ),
        "_rels/.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "[Content_Types].xml": (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
            f"{overrides}</Types>"
        ),
    }
