"""The rows of a sheet tried together against the register, as approving them would."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from detsis.models import ChangeItem, ChangeSet
from detsis.officer.bulk.columns import COLUMNS
from detsis.officer.bulk.reading import Row
from detsis.permissions import outside_scope
from detsis.services.trial import attempt, problems_of
from kaysis.accounts.models import Person

_COLUMN_OF = {column.fact: column.header for column in COLUMNS if column.fact} | {
    "name": "yeni_ad",
    "parent": "bagli_oldugu",
    "successors": "halefler",
    "effective_on": "tarih",
    "unit": "birim",
}


def check(
    rows: list[Row], *, person: Person, effective_on: dt.date, file: ChangeSet | None = None
) -> None:
    """Add to each row what the register, and the person's scope, have against it.

    Rows that could not be read are left out; `file` is the one the rows are to join.
    """
    readable = [row for row in rows if row.item]
    _check_scope(readable, person)
    fine = [row for row in readable if not row.problems]
    header = file or ChangeSet(effective_on=effective_on, reason=_("Denetim"))
    present = list(file.items.all()) if file else []
    beyond = max((item.position for item in present), default=0)
    items = [_item(row, beyond) for row in fine]
    first = attempt(header, [*present, *items])
    if first.refusal is None:
        return
    by_position = {item.position: row for item, row in zip(items, fine, strict=True)}
    for problem in problems_of(header, [*present, *items], first):
        row = by_position.get(problem.position or 0)
        if row is not None:
            row.problems.append((_COLUMN_OF.get(problem.field or "", ""), problem.message))


def _item(row: Row, beyond: int) -> ChangeItem:
    given: dict[str, Any] = dict(row.item or {})
    return ChangeItem(
        position=beyond + row.line,
        kind=given["kind"],
        unit_id=given.get("unit"),
        key=given.get("key", ""),
        assignments=given["assignments"],
        successors=given["successors"],
        effective_on=given.get("effective_on"),
    )


def _check_scope(rows: list[Row], person: Person) -> None:
    """One query for all rows."""
    named = [(row, column, number) for row in rows for column, number in _numbers(row)]
    outside = outside_scope(person, {number for _row, _column, number in named})
    for row, column, number in named:
        if number in outside:
            row.problems.append(
                (column, _("%(no)s numaralı birim yetki alanınızda değil.") % {"no": number})
            )


def _numbers(row: Row) -> list[tuple[str, int]]:
    item = row.item or {}
    pairs = [("birim", item.get("unit")), ("bagli_oldugu", item["assignments"].get("parent"))]
    return [(column, number) for column, number in pairs if isinstance(number, int)]
