"""Pages of a list whose length nobody needs to know exactly."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL

COUNT_LIMIT = 2_500
# What rows of `counted()` tell beside what they are.
COUNTED = "counted"


class BoundedPaginator(Paginator):
    """Counts at most `limit` rows, and pages through no more than these.

    Counting a million rows costs more than everything else on the page; nobody pages that far: who
    wants all of them filters, or takes the export. `more` says that there are more than counted.
    """

    def __init__(
        self, object_list: Any, per_page: int, countable: Any = None, limit: int | None = None
    ) -> None:
        """`countable`: as many rows as `object_list`, read without what is shown of them."""
        super().__init__(object_list, per_page)
        self.limit = limit or COUNT_LIMIT
        self.countable = object_list if countable is None else countable

    def get_page(self, number: Any) -> Page:
        """As Django's. Rows of `counted()` tell the count as well, in one query with the page; a
        page that does not exist takes further ones to find the last."""
        text = str(number)
        asked = max(1, int(text)) if text.isascii() and text.isdigit() else 1
        start, end = (asked - 1) * self.per_page, min(asked * self.per_page, self.limit)
        rows = self.object_list
        if start < end and isinstance(rows, QuerySet) and COUNTED in rows.query.annotations:
            found = list(rows[start:end])
            if found:
                self._counted = getattr(found[0], COUNTED)
                return Page(found, asked, self)
        return super().get_page(number)

    @cached_property
    def _counted(self) -> int:
        if not isinstance(self.countable, QuerySet):
            return len(self.countable)
        try:
            counting = _counting(self.countable, self.limit)
        except EmptyResultSet:
            return 0
        with connections[self.countable.db].cursor() as cursor:
            cursor.execute(f"SELECT {counting[0]}", counting[1])
            return cursor.fetchone()[0]

    @cached_property
    def count(self) -> int:
        """Number of rows, or `limit` when there are more."""
        return min(self._counted, self.limit)

    @property
    def more(self) -> bool:
        return self._counted > self.limit

    def around(self, number: Any) -> Iterator[int | str]:
        """The page numbers to offer around `number`: 1 … 4 5 6 … 40."""
        return self.get_elided_page_range(number, on_each_side=1, on_ends=1)


def counted(rows: QuerySet[Any], limit: int | None = None) -> QuerySet[Any]:
    """`rows`, each of which tells how many they are, to be cut into pages by `BoundedPaginator`."""
    try:
        sql, params = _counting(rows, limit or COUNT_LIMIT)
    except EmptyResultSet:
        return rows
    # Compiled by Django, with its parameters apart.
    number = RawSQL(sql, params, output_field=IntegerField())
    return rows.annotate(**{COUNTED: number})


def _counting(rows: QuerySet[Any], limit: int) -> tuple[str, tuple[Any, ...]]:
    """As `rows.count()`, which builds the statement twice."""
    cut = rows.order_by().values("pk")[: limit + 1]
    sql, params = cut.query.get_compiler(cut.db).as_sql()
    return f"(SELECT count(*) FROM ({sql}) AS counted)", params
