"""From a document of the archive to what will be stored of it. Pure: it runs in parallel."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Any

from kms.importers.reading import Entry
from kms.models.types import InstrumentType, OpenType, Origin, RelationKind, VersionKind
from kms.naming import CONSTITUTION_NUMBER, TYPE_OF_KIND, Named, tidy_title
from kms.readings import Claim
from kms.storing import Prepared, checksum, prepare_document
from kms.text import (
    Document,
    EndNotice,
    emergency_lapse,
    end_notice,
    lapses_by_constitution,
    parse,
    read_metadata,
)
from kms.text.letters import DATE_PATTERN, fold, make_date


@dataclass(slots=True)
class Record:
    """One document: the facts of its instrument, its text, and whether it is a companion.

    `ended`: the source says that the whole instrument is no longer in force.
    """

    slug: str
    facts: dict[str, Any]
    prepared: Prepared
    companion: bool
    ended: bool
    warnings: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, int | None, dt.date | None]:
        facts = self.facts
        return facts["type"], facts["number"], facts["series"], facts["accepted_on"]


@dataclass(frozen=True, slots=True)
class Task:
    entry: Entry
    today: dt.date
    #: Checksums that are stored already: such texts need no parsing.
    known: bool = False


def make_record(task: Task) -> Record:
    """Parse one document of the archive."""
    entry, today = task.entry, task.today
    metadata = read_metadata(entry.metadata)
    document = parse(entry.text)
    printed = document.preamble
    kind = TYPE_OF_KIND.get(metadata.kind, InstrumentType.LAW)
    title, abbreviation = tidy_title(_title(metadata.title, companion=metadata.companion))
    number = metadata.number or printed.number
    accepted = metadata.accepted or printed.accepted
    gazette = metadata.gazette_date or printed.gazette_date
    if accepted and gazette and gazette < accepted:
        # That of another act: what is printed above the text is right.
        gazette = printed.gazette_date or gazette
    facts: dict[str, Any] = {
        "type": kind,
        "number": CONSTITUTION_NUMBER if kind == InstrumentType.CONSTITUTION else number,
        "series": printed.series,
        "title": title,
        "abbreviation": abbreviation,
        "accepted_on": accepted,
        "gazette_date": gazette,
        "gazette_number": metadata.gazette_number or _digits(printed.gazette_number),
        "gazette_repeat": int(
            metadata.gazette_repeated or "mükerrer" in fold(printed.gazette_number)
        ),
        "lapsed_on": None,
        "source_id": metadata.source_id[:40],
        "source_url": metadata.source_url[:500],
    }
    version = VersionKind.REPEALED_PROVISIONS if metadata.companion else VersionKind.CONSOLIDATED
    prepared = prepare_document(document, version, today=today, title=title)
    prepared.checksum = checksum(entry.text)
    record = Record(entry.slug, facts, prepared, metadata.companion, metadata.repealed)
    if not metadata.companion:
        _date(record, document)
    if metadata.repealed:
        _end(record, end_notice(document), today)
    return record


def _title(raw: str, *, companion: bool) -> str:
    """A companion is named after its law: "…KANUNUNUN YÜRÜRLÜKTEN KALDIRILMIŞ HÜKÜMLERİ"."""
    if not companion:
        return raw
    text = " ".join(raw.split())
    found = re.search(r"(KANUN(?=UN\s)|KANUNU(?=NUN\s)|['’´]|)(?:N?[IİUÜ]N)\s+YÜRÜRLÜKTEN", text)
    return text[: found.end(1)].rstrip("'’´") if found else text


def _digits(text: str) -> str:
    found = re.match(r"\d{1,6}", text)
    return found[0] if found else ""


def _date(record: Record, document: Document) -> None:
    """Since when the text has stood like this; one that nothing ever changed is the first text."""
    facts, prepared = record.facts, record.prepared
    begins = facts["gazette_date"] or facts["accepted_on"]
    # Articles that were worked into other laws are not printed: not the first text either.
    changed = any(claim.incoming or claim.verb == "yerine_islenen" for claim in prepared.claims)
    if not changed and not document.footnotes:
        prepared.kind = VersionKind.FIRST
    latest = prepared.latest
    prepared.valid_from = max((day for day in (begins, latest) if day), default=None)


def _end(record: Record, notice: EndNotice | None, today: dt.date) -> None:
    """The repeal of the whole instrument, as the notice above its text tells it."""
    note = " ".join(notice.raw.split())[:1000] if notice else "Kaynakta yürürlükten kaldırılmış"
    if notice is not None and notice.lapsed:
        days = [make_date(found) for found in DATE_PATTERN.finditer(fold(notice.raw))]
        day = max((day for day in days if day and day <= today), default=None)
        published = record.facts["gazette_date"]
        if day is None and published and lapses_by_constitution(notice):
            day = emergency_lapse(published)
        if day:
            record.facts["lapsed_on"] = day
            return
    act = notice.act if notice else None
    if act is not None:
        kind = TYPE_OF_KIND.get(act.instrument, OpenType.OTHER)
        other = Named(kind, act.number, act.date, act.name[:500])
    else:
        other = Named(OpenType.OTHER)
    claim = Claim(
        kind=RelationKind.REPEALS,
        verb="mulga",
        other=other,
        incoming=True,
        origin=Origin.SOURCE,
        whole=True,
        date=act.date if act else None,
        note=note,
    )
    record.prepared = replace(record.prepared, claims=[*record.prepared.claims, claim])


def as_companion(record: Record) -> None:
    """Take a document for the repealed provisions of a law that is still in force."""
    record.companion, record.ended = True, False
    record.prepared = replace(
        record.prepared,
        kind=VersionKind.REPEALED_PROVISIONS,
        valid_from=None,
        claims=[claim for claim in record.prepared.claims if claim.origin != Origin.SOURCE],
    )
