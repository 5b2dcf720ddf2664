"""Exports of exactly what a list shows, as CSV, XLSX or JSON: streamed, safe in a spreadsheet.

A list page mixes in `ExportMixin` and names its `export_columns`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Literal

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from kaysis.common.exports import sheet, sql, text
from kaysis.common.exports.columns import Column
from kaysis.common.turkish import slug

__all__ = ["FORMATS", "Column", "ExportMixin", "export_pieces", "export_response"]

Format = Literal["csv", "xlsx", "json"]

FORMATS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def export_pieces(
    rows: QuerySet | Iterable[Any], columns: Sequence[Column], format_name: str
) -> Iterator[bytes]:
    """The file in pieces. Raises ValueError for an unknown format."""
    if format_name == "xlsx":
        return sheet.xlsx_pieces(rows, columns)
    if format_name not in FORMATS:
        raise ValueError(f"no export format {format_name!r}")
    if isinstance(rows, QuerySet) and all(column.in_sql for column in columns):
        return getattr(sql, f"{format_name}_pieces")(rows, columns)
    return getattr(text, f"{format_name}_pieces")(rows, columns)


def export_response(
    rows: QuerySet | Iterable[Any], columns: Sequence[Column], format_name: str, filename: str
) -> StreamingHttpResponse:
    """A download named after `filename` and today: `kurumlar-2026-11-24.csv`."""
    name = f"{slug(filename)}-{timezone.localdate():%Y-%m-%d}.{format_name}"
    return StreamingHttpResponse(
        export_pieces(rows, columns, format_name),
        content_type=FORMATS[format_name],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


class ExportMixin:
    """Downloads for a list page: `?bicim=csv|xlsx|json` gives exactly its filtered rows."""

    export_formats: ClassVar[list[str]] = list(FORMATS)
    export_columns: ClassVar[Sequence[Column]] = ()
    export_filename: ClassVar[str] = "liste"

    def get_export_columns(self) -> Sequence[Column]:
        """The columns, where they depend on the request."""
        return self.export_columns

    def export(self, rows: QuerySet, format_name: str) -> StreamingHttpResponse:
        """The file, called by the list page for the formats in `export_formats`."""
        return export_response(rows, self.get_export_columns(), format_name, self.export_filename)
