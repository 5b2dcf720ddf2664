"""The names of codes, kept in memory: lists show them on every row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from detsis import queries
from detsis.kept import Kept
from detsis.rules import CODE_TABLES


class CodeNames:
    """Names of all codes in one language."""

    def __init__(self, names: dict[tuple[str, str], str]) -> None:
        self._names = names

    def of(self, table: str, code: Any) -> str:
        """The name of a code of `category`, `province` …; empty for none."""
        return "" if code is None else self._names.get((table, str(code)), str(code))


_kept: Kept[CodeNames] = Kept(most=10)


def code_names(version: str | None) -> CodeNames:
    """The names in the reader's language. One query for all tables, once for each data version."""
    language = get_language() or "tr"
    return _kept.get(version, language, lambda: CodeNames(_read(language.startswith("en"))))


def code_names_of(rows: Iterable[Any]) -> CodeNames:
    """The names of the codes that `rows` (Unit or UnitVersion) have. One query."""
    asked: dict[str, set[str]] = {f"p_{table}": set() for table in CODE_TABLES}
    for row in rows:
        for table in CODE_TABLES:
            code = getattr(row, f"{table}_id")
            if code is not None:
                asked[f"p_{table}"].add(str(code))
    given = {name: list(codes) for name, codes in asked.items()}
    english = (get_language() or "").startswith("en")
    return CodeNames(
        {
            (table, code): name_en if english and name_en else name
            for table, code, _until, name, name_en in queries.NAMES.fetch(p_units=[], **given)
        }
    )


def _read(english: bool) -> dict[tuple[str, str], str]:
    union = " UNION ALL ".join(
        f"SELECT '{table}', code::text, name, name_en FROM {model._meta.db_table}"
        for table, model in CODE_TABLES.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(union)
        return {
            (table, code): name_en if english and name_en else name
            for table, code, name, name_en in cursor.fetchall()
        }
