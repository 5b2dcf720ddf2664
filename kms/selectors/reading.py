"""Which text of an instrument is read on a day, and the pieces of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

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


# Written in SQL, as all that an instrument's page asks: building such statements anew for each page
# takes longer than PostgreSQL takes to answer them. What begins with SELECT is known to be a read,
# and the audit trail adds no statement of its own to it.
_TEXTS = """
    SELECT id, instrument_id, kind, valid_from, state, checksum, note, excerpt, last, parts,
        articles, contents, created_at, published_at, created_by_id, checked_by_id
    FROM kms_textversion WHERE instrument_id = %s AND state = 'published'
    ORDER BY valid_from, id
"""


def texts_of(instrument: Instrument) -> Texts:
    """One query. The texts themselves are not read."""
    rows = list(TextVersion.objects.raw(_TEXTS, [instrument.pk]))
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


_PAGES = """
    SELECT shown.html, shown.articles, (
        SELECT string_agg(n.html, E'\\n' ORDER BY n.ordinal) FROM kms_passage n
        WHERE n.version_id = %(version)s AND n.part = 0 AND shown.calls AND n.anchor IN (
            SELECT unnest(c.footnotes) FROM kms_passage c
            WHERE c.version_id = %(version)s AND c.part BETWEEN %(first)s AND %(last)s))
    FROM (
        SELECT string_agg(p.html, E'\\n' ORDER BY p.ordinal) AS html,
            bool_or(p.footnotes <> '{}') AS calls,
            array_agg(ARRAY[p.anchor, left(p.title, 200)] ORDER BY p.ordinal)
                FILTER (WHERE p.kind = 'article' AND p.anchor <> '') AS articles
        FROM kms_passage p
        WHERE p.version_id = %(version)s AND p.part BETWEEN %(first)s AND %(last)s
    ) shown
"""


def pages_of(version: TextVersion, first: int, last: int) -> Pages:
    """The pages of the reading view from `first` to `last`, with the footnotes they call.

    One query, one row, however long the text: PostgreSQL joins the passages.
    """
    given = {"version": version.pk, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_PAGES, given)
        html, articles, footnotes = cursor.fetchone()
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
