"""One row of a file → a row to stage, with what had to be mended. Pure: no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from detsis.importers.fields import (
    CODE_FIELDS,
    PARSERS,
    Codes,
    Mended,
    clean_text,
    code,
    number,
)
from detsis.importers.reading import Raw
from detsis.importers.report import Issue, Outcome
from detsis.loading import STAGED_FACTS
from detsis.timeline import KEP

Report = Callable[[Issue], None]
# Without these a row is nothing.
_REQUIRED = ("detsis_no", "name")
_OPTIONAL = {name: parser for name, parser in PARSERS.items() if name not in _REQUIRED}
# What a row said, one bit each: only that is compared with a unit that is there already.
STATED = (*STAGED_FACTS, KEP, "valid_from", "valid_to", "active")
BIT = {name: 1 << index for index, name in enumerate(STATED)}
_SHOWN = 80


def clean(raw: Raw, *, codes: Codes, day: dt.date, report: Report) -> dict[str, Any] | None:
    """The row to stage; None when it is refused. `day` is the day the import takes effect.

    A blank cell says nothing. A value that cannot be read counts as blank and is reported, unless
    the row makes no sense without it.
    """
    row = _Row(raw, report)
    if raw.problem:
        row.refuse("", raw.problem)
        return None
    for name in _REQUIRED:
        if not row.parse(name, PARSERS[name], required=True):
            return None
    given = {name for name, value in raw.values.items() if value is not None and value != ""}
    for name, parser in _OPTIONAL.items():
        if name in given:
            row.parse(name, parser)
    for name in CODE_FIELDS:
        if name in given:
            row.parse(name, partial(code, name, codes=codes, province=row.values.get("province")))
    _check_place(row, codes)
    if "parent_detsis_no" in row.values:
        row.values["parent"] = row.values.pop("parent_detsis_no")
    stated = set(row.values)
    if not _check_days(row, day):
        return None
    return row.values | {
        "line": raw.line,
        "stated": sum(BIT[name] for name in stated if name in BIT),
        "above": _above(raw.values, row.values["detsis_no"]),
    }


class _Row:
    """The values of a row while they are read."""

    def __init__(self, raw: Raw, report: Report) -> None:
        self.raw = raw
        self.report = report
        self.values: dict[str, Any] = {}

    def tell(self, outcome: Outcome, name: str, message: str, value: Any = "") -> None:
        shown = clean_text(value)
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        number_ = self.values.get("detsis_no")
        self.report(Issue(self.raw.line, number_, outcome, name, message, shown))

    def mend(self, name: str, message: str, value: Any = "") -> None:
        self.tell(Outcome.MENDED, name, message, value)

    def refuse(self, name: str, message: str, value: Any = "") -> None:
        self.tell(Outcome.REFUSED, name, message, value)

    def parse(self, name: str, parser: Callable[[Any], Any], *, required: bool = False) -> bool:
        """Read one field into `values`. False when a required one is not there."""
        given = self.raw.values.get(name)
        if _is_blank(given):
            if required:
                self.refuse(name, "missing")
            return False
        try:
            value = parser(given)
        except ValueError as error:
            (self.refuse if required else self.mend)(name, str(error), given)
            return False
        if isinstance(value, Mended):
            self.mend(name, value.message, given)
            value = value.value
        if value not in ("", []):
            self.values[name] = value
        return True

    def drop(self, name: str, message: str) -> None:
        self.mend(name, message, self.raw.values.get(name, ""))
        del self.values[name]


def _is_blank(given: Any) -> bool:
    """Nothing, or only what nobody sees. Most cells are told by their first look."""
    if isinstance(given, str):
        return not given.strip() or (not given.isprintable() and not clean_text(given))
    return given is None or given == []


def _check_place(row: _Row, codes: Codes) -> None:
    district, province = row.values.get("district"), row.values.get("province")
    if district is not None:
        its_province = codes.province_of.get(district)
        if province is None:
            row.values["province"] = its_province
        elif its_province != province:
            row.drop("district", "other_province")
    if "country" in row.values and row.values.get("organisation_type") != "abroad":
        row.drop("country", "country_not_abroad")


def _check_days(row: _Row, day: dt.date) -> bool:
    """Complete founding and closing; False when they contradict each other.

    Assumed days are told later (`checks`), and only of units that are new.
    """
    values = row.values
    start, end = values.get("valid_from"), values.get("valid_to")
    active = values.get("active")
    if active is False and end is None:
        end = max(day, start + dt.timedelta(days=1)) if start else day
    elif active and end is not None and end <= day:
        row.mend("active", "active_but_closed")
    if start and end and end <= start:
        row.refuse("valid_to", "ends_before_it_begins")
        return False
    if start is None and end is not None and end <= day:
        start = end - dt.timedelta(days=1)
    values["valid_from"], values["valid_to"] = start or day, end
    return True


def _above(values: Mapping[str, Any], own: int) -> str | None:
    """The numbers of the units above, nearest last, from `path`; as PostgreSQL writes an array."""
    path = values.get("path")
    if not isinstance(path, list):
        return None
    numbers = []
    for item in path:
        try:
            numbers.append(number(item))
        except ValueError:
            continue
    kept = [str(found) for found in numbers if found != own]
    return "{" + ",".join(kept) + "}" if kept else None
