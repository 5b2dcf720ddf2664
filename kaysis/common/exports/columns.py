"""What an export holds: columns, and the values of its rows."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import F, QuerySet
from django.db.models.expressions import BaseExpression, Combinable
from django.utils import timezone

from kaysis.common.types import Text

Kind = Literal["text", "number", "date", "datetime", "bool"]
Value = str | BaseExpression | Combinable | Callable[[Any], Any]

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` names it for programs (JSON), `header` for people (CSV, XLSX).

    `value` is a path such as "parent__name" (of fields, or of attributes or keys of the row), an
    expression, or a function of the row; without it, `key` is the path. An export whose columns are
    all paths and expressions is made by the database itself, many times faster. `labels` translates
    codes for people; JSON keeps the codes.
    """

    key: str
    header: Text
    value: Value | None = None
    kind: Kind = "text"
    labels: Mapping[Any, Text] | None = None

    @property
    def path(self) -> str:
        """The path, or "" where the value is an expression or a function."""
        if self.value is None:
            return self.key
        return self.value if isinstance(self.value, str) else ""

    @property
    def in_sql(self) -> bool:
        """Whether the database can compute it."""
        return bool(self.path) or _is_expression(self.value)

    @property
    def expression(self) -> Any:
        """The value for a query; only if `in_sql`."""
        return F(self.path) if self.path else self.value

    def of(self, row: Any, name: str) -> Any:
        """The value in `row`, where an expression was annotated as `name`."""
        if self.path:
            return _follow(row, self.path)
        if _is_expression(self.value):
            return _follow(row, name)
        assert callable(self.value)
        return self.value(row)


def _is_expression(value: object) -> bool:
    return hasattr(value, "resolve_expression")


def _follow(row: Any, path: str) -> Any:
    for step in path.split("__"):
        if row is None:
            return None
        row = row[step] if isinstance(row, Mapping) else getattr(row, step)
    return row


def annotated(rows: QuerySet, columns: Sequence[Column]) -> QuerySet:
    """`rows` with the value of each column under the name `export_N`."""
    named = {f"export_{n}": column.expression for n, column in enumerate(columns)}
    return rows.prefetch_related(None).annotate(**named)  # no objects, so nothing to prefetch for


def values(rows: QuerySet | Iterable[Any], columns: Sequence[Column]) -> Iterator[Sequence[Any]]:
    """The values of each row, in the order of `columns`, with flat memory.

    A QuerySet is read through a server-side cursor, without building objects where no column needs
    them.
    """
    names = [f"export_{n}" for n in range(len(columns))]
    if isinstance(rows, QuerySet):
        if all(column.in_sql for column in columns):
            yield from annotated(rows, columns).values_list(*names).iterator(chunk_size=CHUNK)
            return
        rows = rows.annotate(
            **{
                name: column.value
                for name, column in zip(names, columns, strict=True)
                if _is_expression(column.value)
            }
        ).iterator(chunk_size=CHUNK)
    pairs = list(zip(columns, names, strict=True))
    for row in rows:
        yield [column.of(row, name) for column, name in pairs]


def label(column: Column, value: Any) -> Any:
    """`value` as people read it where the column has labels."""
    if column.labels is None:
        return value
    return str(column.labels.get(value, value if value is not None else ""))


def local(moment: dt.datetime) -> dt.datetime:
    """The wall clock in the portal's time zone, to the second, as spreadsheets know it."""
    if timezone.is_aware(moment):
        moment = timezone.make_naive(moment, timezone.get_default_timezone())
    return moment.replace(microsecond=0)
