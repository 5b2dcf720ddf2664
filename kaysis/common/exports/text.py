"""CSV and JSON in Python, for rows that the database cannot export itself."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaysis.common.exports.columns import Column, label, local, values

BOM = "\ufeff".encode()
DELIMITER = ";"
#: A cell that begins with one of these is a formula to a spreadsheet, full-width signs included.
#: "-" stands last, so that the text can be used as a bracket expression.
FORMULA_START = "=+@\t\r\n＝＋－＠-"

_FORMULA = re.compile(f"[{FORMULA_START}]")
_PIECE = 1 << 16


def safe_text(text: str) -> str:
    """`text` with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def csv_cell(column: Column, value: Any) -> str:
    """The value of a cell as CSV has it: ISO dates, local time, evet / hayır."""
    if value is None:
        return ""
    if column.labels is not None or column.kind == "text":
        return safe_text(str(label(column, value)))
    if column.kind == "bool":
        return _("evet") if value else _("hayır")
    if column.kind == "datetime" and isinstance(value, dt.datetime):
        return local(value).isoformat(sep=" ")
    return str(value)


class _Lines:
    """Collects the lines of a csv.writer, ended as COPY ends them.

    The writer itself must think that lines end with CR LF: only then does it quote a CR within a
    cell, behind which a reader would see a new line, and a spreadsheet perhaps a formula.
    """

    def __init__(self) -> None:
        self.text = io.StringIO()

    def write(self, line: str) -> None:
        self.text.write(line[:-2])
        self.text.write("\n")

    def take(self, at_least: int = 0) -> bytes:
        """What has been collected, if it is as long as `at_least`; then begins anew."""
        if self.text.tell() < at_least:
            return b""
        piece = self.text.getvalue().encode()
        self.text.seek(0)
        self.text.truncate()
        return piece


def csv_pieces(rows: QuerySet | Iterable[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, semicolons, and a header line."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=DELIMITER, lineterminator="\r\n")
    writer.writerow(safe_text(str(column.header)) for column in columns)
    yield BOM + lines.take()
    for row in values(rows, columns):
        writer.writerow(csv_cell(column, value) for column, value in zip(columns, row, strict=True))
        if piece := lines.take(at_least=_PIECE):
            yield piece
    yield lines.take()


def csv_header(columns: Sequence[Column]) -> bytes:
    """The byte order mark and the header line."""
    return b"".join(csv_pieces([], columns))


def json_pieces(rows: QuerySet | Iterable[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """An array of objects, one a line."""
    keys = [column.key for column in columns]
    piece = bytearray(b"[\n")
    between = b""
    for row in values(rows, columns):
        piece += between + orjson.dumps(dict(zip(keys, row, strict=True)), default=_plain)
        between = b",\n"
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece + b"\n]\n")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
