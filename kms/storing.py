"""Writes texts and what was read from them, many at once, with COPY, in the caller's transaction.

The one way in which versions, provisions, passages and relations read from texts come into being:
an import of a thousand laws and an editor's single text take it alike.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection
from django.utils import timezone

from kms import readings, rendering
from kms.models.types import EditState, VersionKind
from kms.readings import Claim
from kms.text import Document, article_count, parse

_NULL = r"\N"


@dataclass(slots=True)
class Prepared:
    """A text, parsed: everything that will be stored of it. Made without the database."""

    kind: str
    text: str
    checksum: str
    parts: int
    articles: int
    contents: list[dict[str, Any]]
    provisions: list[tuple[Any, ...]]
    passages: list[tuple[Any, ...]]
    claims: list[Claim]
    latest: dt.date | None
    instrument: int = 0
    valid_from: dt.date | None = None
    state: str = EditState.PUBLISHED
    note: str = ""
    excerpt: bool = False
    created_by: int | None = None
    checked_by: int | None = None
    # Known to be the text that is read today: spares marking it afterwards.
    last: bool = False
    version: int = field(default=0)


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def prepare(
    text: str, kind: str = VersionKind.CONSOLIDATED, *, today: dt.date, title: str = ""
) -> Prepared:
    """Parse a text and make all that will be stored of it. `title`: that of its instrument.

    `latest` is the last day, up to `today`, on which a change it reports took effect.
    """
    return prepare_document(parse(text), kind, today=today, title=title)


def prepare_document(document: Document, kind: str, *, today: dt.date, title: str = "") -> Prepared:
    """The same for a text that has been parsed."""
    made = rendering.pieces(document)
    found = readings.claims(document, title)
    days = [claim.in_force_on or claim.date for claim in found if claim.incoming]
    return Prepared(
        kind=kind,
        text=document.text,
        checksum=checksum(document.text),
        parts=max((piece.part for piece in made), default=1) or 1,
        articles=article_count(document),
        contents=rendering.contents(made),
        provisions=list(rendering.provisions(document)),
        passages=[
            (
                place,
                piece.part,
                piece.kind,
                piece.anchor[:120],
                " ".join(filter(None, (piece.label, piece.title))),
                piece.text,
                piece.markup,
                "{" + ",".join(f'"{anchor}"' for anchor in piece.footnotes) + "}",
            )
            for place, piece in enumerate(made, 1)
        ],
        claims=found,
        latest=max((day for day in days if day and day <= today), default=None),
    )


# --- COPY -------------------------------------------------------------------------------------


def _cell(value: Any) -> Any:
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return value.replace("\x00", "")
    return value


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a table. None is NULL. Returns how many."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    count = 0
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        count += 1
    buffer.seek(0)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv, NULL '{_NULL}')", buffer
        )
    return count


def next_ids(table: str, count: int) -> list[int]:
    """`count` fresh keys of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


_VERSION = (
    "id",
    "instrument_id",
    "kind",
    "valid_from",
    "state",
    "text",
    "checksum",
    "note",
    "excerpt",
    "last",
    "parts",
    "articles",
    "contents",
    "created_by_id",
    "created_at",
    "checked_by_id",
    "published_at",
)
_PROVISION = (
    "version_id",
    "ordinal",
    "parent",
    "kind",
    "anchor",
    "label",
    "title",
    "place",
    "start",
    '"end"',
)
_PASSAGE = (
    "version_id",
    "ordinal",
    "part",
    "kind",
    "anchor",
    "title",
    "body",
    "html",
    "footnotes",
    "searched",
)


def write_versions(prepared: Sequence[Prepared]) -> None:
    """Write texts with their provisions and passages, and set `version` on each.

    One that has a `version` is a draft that is published now. `last` and `searched` are set by
    `mark_last`, which the caller runs for the instruments.
    """
    now = timezone.now()
    fresh = [each for each in prepared if not each.version]
    for each in prepared:
        if each.version:
            _publish_row(each, now)
    for each, key in zip(fresh, next_ids("kms_textversion", len(fresh)), strict=True):
        each.version = key
    copy_rows(
        "kms_textversion",
        _VERSION,
        (
            (
                each.version,
                each.instrument,
                each.kind,
                each.valid_from,
                each.state,
                each.text,
                each.checksum,
                each.note,
                each.excerpt,
                each.last,
                each.parts,
                each.articles,
                orjson.dumps(each.contents).decode(),
                each.created_by,
                now,
                each.checked_by,
                now if each.state == EditState.PUBLISHED else None,
            )
            for each in fresh
        ),
    )
    copy_rows(
        "kms_provision",
        _PROVISION,
        ((each.version, *row) for each in prepared for row in each.provisions),
    )
    copy_rows(
        "kms_passage",
        _PASSAGE,
        (
            (each.version, *row, each.last or each.kind == VersionKind.REPEALED_PROVISIONS)
            for each in prepared
            for row in each.passages
        ),
    )


def _publish_row(each: Prepared, now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE kms_textversion SET state = %s, checked_by_id = %s, published_at = %s,
                   parts = %s, articles = %s, contents = %s WHERE id = %s""",
            [
                each.state,
                each.checked_by,
                now,
                each.parts,
                each.articles,
                orjson.dumps(each.contents).decode(),
                each.version,
            ],
        )


def rewrite_passages(version: int, prepared: Prepared) -> None:
    """Write the projections of a version anew, after a change of the parser or the rendering."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kms_passage WHERE version_id = %s", [version])
        cursor.execute("DELETE FROM kms_provision WHERE version_id = %s", [version])
        cursor.execute(
            "UPDATE kms_textversion SET parts = %s, articles = %s, contents = %s WHERE id = %s",
            [
                prepared.parts,
                prepared.articles,
                orjson.dumps(prepared.contents).decode(),
                version,
            ],
        )
    copy_rows("kms_provision", _PROVISION, ((version, *row) for row in prepared.provisions))
    copy_rows("kms_passage", _PASSAGE, ((version, *row, False) for row in prepared.passages))


def mark_last(instruments: Sequence[int]) -> None:
    """Set which text of each instrument is read and searched today: the latest published one."""
    given = {"ids": list(instruments)}
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH latest AS (
                   SELECT DISTINCT ON (instrument_id) id FROM kms_textversion
                   WHERE instrument_id = ANY(%(ids)s) AND state = 'published'
                       AND kind <> 'repealed_provisions'
                       AND (valid_from IS NULL
                            OR valid_from <= (now() AT TIME ZONE 'Europe/Istanbul')::date)
                   ORDER BY instrument_id, valid_from DESC NULLS LAST, kind, id DESC
               ), old AS (
                   UPDATE kms_textversion v SET last = FALSE
                   WHERE v.instrument_id = ANY(%(ids)s) AND v.last
                       AND v.id NOT IN (SELECT id FROM latest)
                   RETURNING id
               )
               SELECT array_agg(id), (SELECT count(*) FROM old) FROM latest""",
            given,
        )
        # In a statement of its own: two rows that are the last one would meet in the index.
        latest = cursor.fetchone()[0] or []
        cursor.execute(
            "UPDATE kms_textversion SET last = TRUE WHERE id = ANY(%s) AND NOT last", [latest]
        )
        cursor.execute(
            """UPDATE kms_passage p SET searched = NOT p.searched
               FROM kms_textversion v
               WHERE v.id = p.version_id AND v.instrument_id = ANY(%(ids)s)
                   AND p.searched IS DISTINCT FROM (v.state = 'published'
                       AND (v.last OR v.kind = 'repealed_provisions'))""",
            given,
        )
