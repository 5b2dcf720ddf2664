"""Which text of an instrument is read on a day, and the pieces of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from kms.models import (
    LAST_TEXTS_FROM,
    Instrument,
    Passage,
    Relation,
    Status,
    TextVersion,
    VersionKind,
)


@dataclass(frozen=True, slots=True)
class Texts:
    """The published texts of an instrument that may be read, oldest first, and its companions."""

    versions: list[TextVersion]
    companions: list[TextVersion]
    #: Repealed before 2015: only the first text is given, where there is one.
    first_only: bool = False

    def on(self, day: dt.date) -> tuple[TextVersion | None, bool]:
        """The text that stood on `day`, and whether it is known to; else the oldest one."""
        fitting = [v for v in self.versions if v.valid_from is None or v.valid_from <= day]
        if fitting:
            return fitting[-1], True
        return (self.versions[0], False) if self.versions else (None, False)

    @property
    def first(self) -> TextVersion | None:
        return next((v for v in self.versions if v.kind == VersionKind.FIRST), None)

    def get(self, pk: int) -> TextVersion | None:
        return next((v for v in [*self.versions, *self.companions] if v.pk == pk), None)


def texts_of(instrument: Instrument) -> Texts:
    """One query. The texts themselves are not read."""
    rows = list(
        TextVersion.objects.published()
        .light()
        .filter(instrument=instrument)
        .order_by("valid_from", "pk")
    )
    rows.sort(key=lambda v: (v.valid_from or dt.date.min, v.kind != VersionKind.FIRST))
    companions = [v for v in rows if v.kind == VersionKind.REPEALED_PROVISIONS]
    versions = [v for v in rows if v.kind != VersionKind.REPEALED_PROVISIONS]
    end = instrument.end
    old = end is not None and end < LAST_TEXTS_FROM
    first = [v for v in versions if v.kind == VersionKind.FIRST]
    if old and first:
        return Texts(first, companions, first_only=True)
    return Texts(versions, companions)


def status_on(instrument: Instrument, day: dt.date) -> Status:
    """The exact status on a day, undone repeals considered."""
    if day == timezone.localdate() or not _was_ended(instrument):
        return instrument.status_on(day)
    lapsed = instrument.lapsed_on is not None and instrument.lapsed_on <= day
    if lapsed or Relation.objects.ending(instrument.pk, day).exists():
        return Status.REPEALED
    begins = instrument.effective_from or instrument.gazette_date or instrument.accepted_on
    if begins and begins > day:
        return Status.NOT_YET
    without = instrument.without_effect_from
    return Status.WITHOUT_EFFECT if without and without <= day else Status.IN_FORCE


def _was_ended(instrument: Instrument) -> bool:
    return Relation.objects.filter(target=instrument, kind="repeals", whole=True).exists()


def part_of(version: TextVersion, anchor: str) -> int | None:
    """The page on which a provision stands: that of its article."""
    heads = [anchor[:place] for place, letter in enumerate(anchor) if letter == "-"]
    rows = Passage.objects.filter(version=version, anchor__in=[anchor, *heads]).order_by("-anchor")
    return rows.values_list("part", flat=True).first()


def passages(version: TextVersion, part: int | None = None) -> list[Passage]:
    """The passages of a page (of all pages), then the footnotes they call. Two queries."""
    rows = Passage.objects.filter(version=version).defer("body", "vector")
    shown = rows.filter(part=part) if part is not None else rows.filter(part__gt=0)
    found = list(shown.order_by("ordinal"))
    called = {anchor for passage in found for anchor in passage.footnotes}
    if not called:
        return found
    notes = rows.filter(Q(part=0), anchor__in=called).order_by("ordinal")
    return [*found, *notes]
