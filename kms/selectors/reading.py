"""Which text of an instrument is read on a day, and the pieces of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
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


# What is read of a text, in the order of its model; the text itself is not.
TEXT_FACTS = (
    "id",
    "kind",
    "valid_from",
    "note",
    "excerpt",
    "last",
    "parts",
    "articles",
    "contents",
)
TEXTS = f"""
    SELECT {", ".join(TEXT_FACTS)} FROM kms_textversion
    WHERE instrument_id = i.id AND state = 'published' ORDER BY valid_from, id
"""


def texts_of(instrument: Instrument) -> Texts:
    """One query. The texts themselves are not read."""
    rows = (
        TextVersion.objects.published().filter(instrument=instrument).order_by("valid_from", "pk")
    )
    return arranged(instrument, list(rows.light()))


def texts_made(instrument: Instrument, rows: Iterable[dict[str, Any]]) -> Texts:
    """Rows of `TEXTS`, as JSON: what else a text is, it reads when it is asked."""
    made = []
    for row in rows:
        day = row["valid_from"]
        row["valid_from"] = dt.date.fromisoformat(day) if day else None
        version = TextVersion.from_db("default", TEXT_FACTS, [row[name] for name in TEXT_FACTS])
        version.instrument = instrument
        made.append(version)
    return arranged(instrument, made)


def arranged(instrument: Instrument, rows: list[TextVersion]) -> Texts:
    """The published texts of an instrument, in the order of their days."""
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


@dataclass(frozen=True, slots=True)
class Pages:
    """Some pages of a text, ready to be shown: `articles` as (anchor, title)."""

    html: str
    footnotes: str
    articles: list[tuple[str, str]]


_PAGES = "SELECT html, articles, footnotes FROM kms_text_pages(%s, %s, %s)"


def pages_of(version: TextVersion, first: int, last: int) -> Pages:
    """The pages of the reading view from `first` to `last`, with the footnotes they call.

    One query, one row, however long the text: PostgreSQL joins the passages.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAGES, [version.pk, first, last])
        return pages_made(*cursor.fetchone())


def pages_made(html: str | None, articles: list[list[str]] | None, footnotes: str | None) -> Pages:
    """A row of `kms_text_pages`."""
    return Pages(html or "", footnotes or "", [(anchor, title) for anchor, title in articles or ()])


def passages(version: TextVersion) -> list[Passage]:
    """All passages of a text, then the footnotes they call. Two queries."""
    rows = Passage.objects.filter(version=version).defer("body", "vector")
    found = list(rows.filter(part__gt=0).order_by("ordinal"))
    called = {anchor for passage in found for anchor in passage.footnotes}
    if not called:
        return found
    notes = rows.filter(part=0, anchor__in=called).order_by("ordinal")
    return [*found, *notes]
