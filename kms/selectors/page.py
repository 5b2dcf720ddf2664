"""What the page of an instrument reads, in two statements.

Each costs a third of a millisecond before it does anything, and building one with the ORM takes
longer than answering it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from detsis.querysets import visible_sql as visible_units
from kms.models import Commencement, Instrument, TextVersion
from kms.querysets import visible_sql
from kms.selectors.founded import FOUNDED, Founded
from kms.selectors.reading import TEXTS, Pages, Texts, pages_made, texts_made
from kms.selectors.relations import SHOWN, Group, groups_made

# What begins with SELECT is known to be a read, and the audit trail adds no statement of its own.
_FOUND = """
    SELECT i.*, (SELECT jsonb_agg(v) FROM ({texts}) v)::text AS texts_json,
        (SELECT jsonb_agg(c ORDER BY c.date, c.place) FROM kms_commencement c
            WHERE c.instrument_id = i.id)::text AS commencements_json,
        (SELECT jsonb_agg(jsonb_build_array(f.detsis_no, f.name)) FROM ({founded}) f)::text
            AS founded_json
    FROM kms_instrument i WHERE i.id = %(pk)s AND {visible}
"""
_SHOWN = """
    SELECT (SELECT jsonb_agg(g) FROM kms_relation_groups(%(pk)s, %(most)s) g)::text,
        html, articles, footnotes FROM kms_text_pages(%(version)s, %(part)s, %(part)s)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An instrument with its texts, its own days of commencement, and units that it founds."""

    instrument: Instrument
    texts: Texts
    commencements: list[Commencement]
    units: list[Founded]


def find_all(pk: int, user: Any, *, units: int) -> Found | None:
    """The instrument, with at most `units` units; None for what the person may not see."""
    visible, given = visible_sql(user)
    sql = _FOUND.format(
        texts=TEXTS, founded=FOUNDED.format(visible=visible_units(user)), visible=visible
    )
    row: Any = next(iter(Instrument.objects.raw(sql, {**given, "pk": pk, "units": units})), None)
    if row is None:
        return None
    commencements = [
        Commencement(place=each["place"], date=dt.date.fromisoformat(each["date"]))
        for each in _read(row.commencements_json)
    ]
    founded = [Founded(*each) for each in _read(row.founded_json)]
    return Found(row, texts_made(row, _read(row.texts_json)), commencements, founded)


def shown_of(
    instrument: Instrument, version: TextVersion | None, part: int
) -> tuple[list[Group], Pages]:
    """The relations of an instrument, and a page of one of its texts."""
    given = {"pk": instrument.pk, "most": SHOWN, "part": part}
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, {**given, "version": version.pk if version else None})
        groups, *pages = cursor.fetchone()
    return groups_made(_read(groups)), pages_made(*pages)


def _read(json: str | None) -> list[Any]:
    return orjson.loads(json) if json else []
