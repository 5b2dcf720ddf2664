"""Queries kept in the database as functions, whose plans stay in the session.

PostgreSQL plans a statement anew each time it comes. For a query over a few rows and several tables
that takes longer than answering it; a function of PL/pgSQL plans it once per session, also behind a
pooler, where prepared statements get lost (docs/decisions/0203-kept-queries.md).

The plan is the generic one: such a query has to find its rows by indexes, whatever is asked for.
Migrations create the functions; whoever changes one writes a migration that creates it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.migrations import RunSQL

_all: list[KeptQuery] = []


@dataclass(frozen=True, slots=True)
class KeptQuery:
    """A read with a name of its own. In its text parameters are written as they are named here.

    `parameters` and `returns` map names to types of PostgreSQL, in order. A parameter begins with
    `p_`, for in doubt a name means a column.
    """

    name: str
    parameters: Mapping[str, str]
    returns: Mapping[str, str]
    text: str
    #: How many rows are to be expected, for the planner of a statement around it.
    rows: int = 10
    call: str = field(init=False)

    def __post_init__(self) -> None:
        values = ", ".join(f"%({name})s::{kind}" for name, kind in self.parameters.items())
        object.__setattr__(self, "call", f"{self.name}({values})")
        _all.append(self)

    def fetch(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for `values`, one for each parameter. One query."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {self.call}", values)
            return cursor.fetchall()

    @property
    def body(self) -> str:
        return f"""
#variable_conflict use_column
BEGIN
    RETURN QUERY {self.text.strip()};
END
"""

    @property
    def _signature(self) -> str:
        return ", ".join(f"{name} {kind}" for name, kind in self.parameters.items())

    def create(self) -> RunSQL:
        """Creates the function, in place of one of the same name with other columns, too."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.returns.items())
        drop = f"DROP FUNCTION IF EXISTS {self.name}({self._signature})"
        return RunSQL(
            f"""
            {drop};
            CREATE FUNCTION {self.name}({self._signature}) RETURNS TABLE ({columns})
            LANGUAGE plpgsql STABLE ROWS {self.rows}
            SET plan_cache_mode = force_generic_plan AS $body${self.body}$body$
            """,
            drop,
        )


def every() -> list[KeptQuery]:
    """All kept queries of the modules that are loaded, for the test that compares them."""
    return list(_all)
