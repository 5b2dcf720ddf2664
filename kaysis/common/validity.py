"""Validity: half-open ranges `[from, to)` of days and of moments, and queries over them.

A range is a `DateRange` or a `DateTimeTZRange` of psycopg, as model fields return it. A missing
upper bound means "until further notice", a missing lower bound "since always". No function here
returns an empty range: where nothing is left, it says so with `None` or an empty list.
"""

import datetime as dt
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange, Range
from django.db.models import CheckConstraint, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kaysis.common.types import Text

Moment = dt.date | dt.datetime

_OVERLAP = _("Bu tarihler arasında geçerli başka bir kayıt var.")
_IMPROPER = _("Bitiş, başlangıçtan sonra olmalıdır.")


def day_range(start: dt.date | None, end: dt.date | None = None) -> Range:
    """The days from `start` up to, but not including, `end`. ValueError if that is no day."""
    if isinstance(start, dt.datetime) or isinstance(end, dt.datetime):
        raise TypeError("day_range() takes days, not moments")
    return _made(DateRange, start, end)


def moment_range(start: dt.datetime | None, end: dt.datetime | None = None) -> Range:
    """The time from `start` up to, but not including, `end`; both aware. ValueError if empty."""
    for moment in (start, end):
        if moment is not None and (not isinstance(moment, dt.datetime) or moment.tzinfo is None):
            raise TypeError("moment_range() takes moments with a time zone")
    return _made(DateTimeTZRange, start, end)


def _made(kind: Any, start: Moment | None, end: Moment | None) -> Range:
    if start is not None and end is not None and not start < end:
        raise ValueError(f"a validity must end after it begins: {start} – {end}")
    return kind(start, end, "[)")


def canonical(value: Range) -> Range | None:
    """`value` as `[from, to)`, or `None` if empty. Ranges of moments must be half-open already."""
    if value.isempty:
        return None
    start, end = value.lower, value.upper
    if isinstance(value, DateRange):
        start = start + dt.timedelta(days=1) if start and not value.lower_inc else start
        end = end + dt.timedelta(days=1) if end and value.upper_inc else end
    elif (start is not None and not value.lower_inc) or value.upper_inc:
        raise ValueError("a range of moments must be half-open: [from, to)")
    if start is not None and end is not None and not start < end:
        return None
    return type(value)(start, end, "[)")


def contains(value: Range, point: Moment) -> bool:
    """Whether `point` lies in the half-open range."""
    return (value.lower is None or value.lower <= point) and (
        value.upper is None or point < value.upper
    )


def overlaps(left: Range, right: Range) -> bool:
    """Whether the two share a day or a moment. Ranges that only touch do not."""
    return intersect(left, right) is not None


def intersect(left: Range, right: Range) -> Range | None:
    """What both cover."""
    starts = [value.lower for value in (left, right) if value.lower is not None]
    ends = [value.upper for value in (left, right) if value.upper is not None]
    start, end = max(starts, default=None), min(ends, default=None)
    if start is not None and end is not None and not start < end:
        return None
    return type(left)(start, end, "[)")


def subtract(value: Range, taken: Range) -> list[Range]:
    """What of `value` lies outside `taken`: no, one or two ranges in order."""
    if intersect(value, taken) is None:
        return [value]
    before = split_at(value, taken.lower)[0] if taken.lower is not None else None
    after = split_at(value, taken.upper)[1] if taken.upper is not None else None
    return [part for part in (before, after) if part is not None]


def split_at(value: Range, point: Moment) -> tuple[Range | None, Range | None]:
    """The parts before `point` and from `point` on; `None` for a part that does not exist."""
    if value.lower is not None and point <= value.lower:
        return None, value
    if value.upper is not None and value.upper <= point:
        return value, None
    kind = type(value)
    return kind(value.lower, point, "[)"), kind(point, value.upper, "[)")


class ValidityQuerySet(models.QuerySet):
    """Rows that have a validity. Subclasses may name another field in `validity_field`."""

    validity_field = "validity"

    def at(self, point: Moment) -> Self:
        """Rows valid on a day or at a moment.

        Validities in days take a moment as its day in the current time zone. Validities in moments
        refuse a day, which may hold several of them: use `overlapping`.
        """
        if self._in_days():
            if isinstance(point, dt.datetime):
                point = timezone.localdate(point)
        elif not isinstance(point, dt.datetime):
            raise TypeError(f"{self.model.__name__} is valid by the moment, not by the day")
        return self.filter(**{f"{self.validity_field}__contains": point})

    def current(self) -> Self:
        """Rows valid today, or now."""
        return self.at(timezone.now())

    def overlapping(self, value: Range) -> Self:
        """Rows whose validity shares a day or a moment with `value`."""
        return self.filter(**{f"{self.validity_field}__overlap": value})

    def _in_days(self) -> bool:
        return isinstance(self.model._meta.get_field(self.validity_field), DateRangeField)


def no_overlap(
    name: str,
    *,
    fields: list[str],
    range_field: str = "validity",
    condition: Q | None = None,
    message: Text = _OVERLAP,
) -> ExclusionConstraint:
    """At any time at most one row for each combination of `fields`.

    Only rows that meet `condition` count; NULL in one of the fields exempts a row.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in fields),
            (range_field, RangeOperators.OVERLAPS),
        ],
        condition=condition,
        violation_error_message=message,
        violation_error_code="overlap",
    )


def proper_range(
    name: str,
    *,
    range_field: str = "validity",
    open_start: bool = False,
    message: Text = _IMPROPER,
) -> CheckConstraint:
    """The range is half-open, not empty, and has a beginning unless `open_start`.

    Belongs beside every `no_overlap`, which an empty range would slip through.
    """
    condition = Q(**{f"{range_field}__isempty": False, f"{range_field}__upper_inc": False})
    lower_inc = Q(**{f"{range_field}__lower_inc": True})
    if open_start:
        lower_inc |= Q(**{f"{range_field}__lower_inf": True})
    return CheckConstraint(
        name=name,
        condition=condition & lower_inc,
        violation_error_message=message,
        violation_error_code="range",
    )
