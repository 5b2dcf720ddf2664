"""Pages of a list whose length nobody needs to know exactly."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import QuerySet

COUNT_LIMIT = 10_000


class BoundedPaginator(Paginator):
    """Counts at most `limit` rows, and pages through no more than these.

    Counting a million rows costs more than everything else on the page; nobody pages that far: who
    wants all of them filters, or takes the export. `more` says that there are more than counted.
    """

    def __init__(
        self, object_list: Any, per_page: int, countable: Any = None, limit: int | None = None
    ) -> None:
        """`countable` is what to count when `object_list` itself only slices (table rows)."""
        super().__init__(object_list, per_page)
        self.limit = limit or COUNT_LIMIT
        self.countable = object_list if countable is None else countable

    @cached_property
    def _counted(self) -> int:
        rows = self.countable
        if isinstance(rows, QuerySet):
            return _count(rows.order_by().values("pk")[: self.limit + 1])
        return len(rows)

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


def _count(rows: QuerySet[Any]) -> int:
    """As `rows.count()`, which builds the statement twice."""
    try:
        sql, params = rows.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return 0
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS counted", params)
        return cursor.fetchone()[0]
