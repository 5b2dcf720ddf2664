"""CSV and JSON made by PostgreSQL, as fast as COPY is; the same text as `exports.text` makes."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaysis.common.copy_out import stream_copy, stream_json_array
from kaysis.common.exports.columns import Column, annotated
from kaysis.common.exports.text import DELIMITER, FORMULA_START, csv_header, safe_text


def csv_pieces(rows: QuerySet, columns: Sequence[Column]) -> Iterator[bytes]:
    """What `text.csv_pieces` yields; all columns must be `in_sql`."""
    yield csv_header(columns)
    cells, cell_params = [], []
    for number, column in enumerate(columns):
        cell, params = _cell(column, f'r."export_{number}"')
        cells.append(cell)
        cell_params += params
    inner, inner_params = _select(rows, columns)
    yield from stream_copy(
        f"SELECT {', '.join(cells)} FROM ({inner}) AS r",
        [*cell_params, *inner_params],
        options=f"FORMAT csv, DELIMITER '{DELIMITER}'",
        using=rows.db,
    )


def json_pieces(rows: QuerySet, columns: Sequence[Column]) -> Iterator[bytes]:
    """What `text.json_pieces` yields; all columns must be `in_sql`."""
    quote = connections[rows.db].ops.quote_name
    fields = ", ".join(
        f'r."export_{number}" AS {quote(column.key)}' for number, column in enumerate(columns)
    )
    inner, params = _select(rows, columns)
    sql = f"SELECT row_to_json(o) FROM (SELECT {fields} FROM ({inner}) AS r) AS o"
    yield from stream_json_array(sql, params, using=rows.db)


def _select(rows: QuerySet, columns: Sequence[Column]) -> tuple[str, list[Any]]:
    names = [f"export_{number}" for number in range(len(columns))]
    query = annotated(rows, columns).values_list(*names).query
    # A filter that can match nothing still has to become a statement.
    sql, params = query.get_compiler(rows.db, elide_empty=False).as_sql()
    return sql, list(params)


def _cell(column: Column, name: str) -> tuple[str, list[Any]]:
    """The SQL of one cell as `text.csv_cell` writes it, and its parameters."""
    if column.labels is not None:
        cases = " ".join(["WHEN %s THEN %s"] * len(column.labels))
        params = [safe_text(str(part)) for pair in column.labels.items() for part in pair]
        params[::2] = map(str, column.labels)
        rest = _guarded(f"{name}::text")
        return (f"CASE {name}::text {cases} ELSE {rest} END" if cases else rest), params
    if column.kind == "text":
        return _guarded(f"{name}::text"), []
    if column.kind == "bool":
        return f"CASE {name} WHEN TRUE THEN %s WHEN FALSE THEN %s END", [_("evet"), _("hayır")]
    if column.kind == "datetime":
        return f"date_trunc('second', {name} AT TIME ZONE %s)", [settings.TIME_ZONE]
    return name, []  # numbers, and dates, which psycopg's connections write as ISO does


def _guarded(text: str) -> str:
    """Empty text as NULL, which COPY writes as nothing; an apostrophe before a formula.

    Two comparisons decide for text that begins with a letter; the pattern costs three times more.
    """
    return (
        f"""CASE WHEN {text} COLLATE "C" BETWEEN 'A' AND '\uff00' THEN {text} """
        f"WHEN {text} ~ '^[{FORMULA_START}]' THEN '''' || {text} WHEN {text} <> '' THEN {text} END"
    )
