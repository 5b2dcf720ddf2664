"""A source of its own, so that the search is tested without any subsystem."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from kaysis.common import indexing
from kaysis.common.indexing import Source
from kaysis.search import finder

SQL = """
    SELECT t.id AS object_id, t.title, t.subtitle, t.body, t.numbers, '/sey/' || t.id || '/' AS url,
        t.weight, t.active, t.facets
    FROM {table} t WHERE NOT t.hidden AND {{where}}
"""


class Things:
    """Rows of a temporary table, indexed as objects of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.table = f"tested_{kind}"
        self.last = 0
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE {self.table} (id bigint PRIMARY KEY, title text, subtitle text,"
                " body text, numbers text[], weight float, active boolean, facets jsonb,"
                " hidden boolean DEFAULT false) ON COMMIT DROP"
            )

    def source(self, **given: Any) -> Source:
        return Source(
            kind=self.kind,
            label=self.kind.title(),
            plural=f"{self.kind.title()}ler",
            sql=SQL.format(table=self.table),
            id_column="t.id",
            **given,
        )

    def add(self, title: str, subtitle: str = "", **given: Any) -> int:
        """A new object, indexed at once. Returns its id."""
        self.last += 1
        row = {"body": "", "numbers": [], "weight": 1.0, "active": True, "former": [], **given}
        facets = {"former": row["former"]} if row["former"] else {}
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self.table} VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    self.last,
                    title,
                    subtitle,
                    row["body"],
                    row["numbers"],
                    row["weight"],
                    row["active"],
                    json.dumps(facets),
                ],
            )
        indexing.reindex(self.kind, [self.last])
        return self.last

    def set(self, number: int, **given: Any) -> None:
        """Change columns of the table, and nothing in the index."""
        columns = ", ".join(f"{name} = %s" for name in given)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self.table} SET {columns} WHERE id = %s", [*given.values(), number]
            )


@pytest.fixture
def things(db: None) -> Iterator[Things]:
    """The kind `sey`, the only one there is."""
    before = list(indexing.sources())
    for source in before:
        indexing.unregister(source.kind)
    made = Things("sey")
    indexing.register(made.source())
    yield made
    for source in list(indexing.sources()):
        indexing.unregister(source.kind)
    for source in before:
        indexing.register(source)


@pytest.fixture
def titles() -> Callable[..., list[str]]:
    """`titles("nüfus")`: what is found, in order."""

    def found(text: str, **given: Any) -> list[str]:
        given.setdefault("user", AnonymousUser())
        return [hit.title for hit in finder.search(text, **given).found.hits]

    return found
