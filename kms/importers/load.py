"""Import of an archive: batch by batch, each in one transaction, so that it can go on after a kill.

A text whose checksum is stored is passed over. At the end, when everything is recorded that notes
may cite, citations are resolved and the search is brought up to date.
"""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kaysis.accounts.audit import because
from kaysis.common import indexing
from kaysis.common.pagecache import bump_data_version
from kms.importers.reading import Entry, entries
from kms.importers.records import Record, Task, as_companion, make_record
from kms.importers.report import Report
from kms.models import Instrument, TextVersion, VersionKind
from kms.services.relations import record_claims, resolve_references
from kms.storing import checksum, copy_rows, mark_last, next_ids, write_versions
from kms.text import read_metadata

BATCH = 100
_INSTRUMENT = (
    "id",
    "type",
    "number",
    "series",
    "title",
    "abbreviation",
    "accepted_on",
    "gazette_date",
    "gazette_number",
    "gazette_repeat",
    "lapsed_on",
    "source_id",
    "source_url",
)
_CONSTANT = {
    "scope": "gazette",
    "issuer_name": "",
    "without_effect_reason": "",
    "ended": False,
    "published": True,
}
Say = Callable[[str], None]


@dataclass(slots=True)
class _Known:
    """What is recorded: instruments by key, and the checksums of their texts."""

    checksums: dict[str, int] = field(default_factory=dict)
    by_key: dict[tuple[Any, ...], int] = field(default_factory=dict)
    by_number: dict[tuple[str, str], list[tuple[int, dt.date | None, str]]] = field(
        default_factory=dict
    )

    @classmethod
    def read(cls) -> _Known:
        known = cls()
        versions = TextVersion.objects.published().values_list("checksum", "instrument_id")
        known.checksums = dict(versions)
        for row in Instrument.objects.values_list(
            "id", "type", "number", "series", "accepted_on", "title"
        ):
            known.add(row[0], (row[1], row[2], row[3], row[4]), row[5])
        return known

    def add(self, pk: int, key: tuple[str, str, int | None, dt.date | None], title: str) -> None:
        self.by_key[key] = pk
        self.by_number.setdefault(key[:2], []).append((pk, key[3], title))

    def find(self, record: Record) -> int | None:
        """The instrument of a record: by its whole key, or the only one of number and day."""
        found = self.by_key.get(record.key)
        if found is not None:
            return found
        kind, number, _series, accepted = record.key
        same = [pk for pk, day, _title in self.by_number.get((kind, number), []) if day == accepted]
        return same[0] if len(same) == 1 and accepted is not None else None

    def law_of(self, record: Record) -> int | None:
        """The law a companion belongs to: of the same number, by date, else by name, else alone."""
        kind, number, _series, accepted = record.key
        rows = self.by_number.get((kind, number), [])
        dated = [pk for pk, day, _title in rows if day == accepted]
        if len(dated) == 1 and accepted is not None:
            return dated[0]
        title = record.facts["title"][:24].casefold()
        named = [pk for pk, _day, other in rows if other[:24].casefold() == title]
        if len(named) == 1:
            return named[0]
        near = [
            pk for pk, day, _t in rows if day and accepted and abs(day.year - accepted.year) <= 1
        ]
        return near[0] if len(near) == 1 else None


class Undo(Exception):
    """Takes a dry run back."""


def import_legislation(
    path: Path, *, dry_run: bool = False, jobs: int = 1, say: Say = lambda line: None
) -> Report:
    """Import an archive of texts. See `docs/kms.md`.

    `jobs` processes parse. A dry run does everything and takes it back.
    """
    report = Report(started=time.monotonic())
    with _rare_collections():
        if not dry_run:
            _run(path, report, jobs, say)
            return report
        try:
            with transaction.atomic():
                _run(path, report, jobs, say)
                raise Undo
        except Undo:
            report.dry_run = True
    return report


def _run(path: Path, report: Report, jobs: int, say: Say) -> None:
    today = timezone.localdate()
    known = _Known.read()
    later: list[Record] = []
    in_force: set[int] = set()
    tasks = _tasks(path, today, known, report, in_force)
    with _parsing(jobs) as parse_all:
        stream = parse_all(tasks)
        while batch := list(islice(stream, BATCH)):
            later += [record for record in batch if record.companion or record.ended]
            laws = [record for record in batch if not (record.companion or record.ended)]
            with transaction.atomic(), because(source="import"):
                _gather_words()
                _store(laws, known, report, in_force)
            say(_("%(n)d metin işlendi.") % {"n": report.read})
    with transaction.atomic(), because(source="import"):
        # What is called repealed while its law is in force is a companion, whatever its title says.
        for record in later:
            if record.ended and known.find(record) in in_force:
                as_companion(record)
        _store([record for record in later if not record.companion], known, report, in_force)
        _store_companions([record for record in later if record.companion], known, report)
    with transaction.atomic(), because(source="import"):
        report.resolved = resolve_references()
        _doubtful(in_force)
        mark_last(list(Instrument.objects.values_list("pk", flat=True)))
        bump_data_version()
    report.parsed_seconds = time.monotonic() - report.started
    say(_("Arama dizini güncelleniyor."))
    with transaction.atomic():
        indexing.reindex_all("instrument")
        indexing.reindex_all("provision")
    report.seconds = time.monotonic() - report.started


def _gather_words() -> None:
    """Entries of the indexes of words wait for each other in this transaction: many together are
    sorted in at once. What then still waits, the companions, written without this, take along."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL gin_pending_list_limit = '64MB'")
        cursor.execute("SET LOCAL work_mem = '256MB'")


def _tasks(
    path: Path, today: dt.date, known: _Known, report: Report, in_force: set[int]
) -> Iterator[Task]:
    """What is to be parsed. A text that is stored already still says that its law is in force."""
    for entry in entries(path):
        report.read += 1
        report.characters += len(entry.text)
        if entry.problem:
            report.refuse(entry.slug, entry.problem)
        elif (stored := known.checksums.get(checksum(entry.text))) is not None:
            report.unchanged += 1
            given = read_metadata(entry.metadata)
            if not (given.companion or given.repealed):
                in_force.add(stored)
        else:
            yield Task(entry, today)


def _rarely_collect() -> None:
    """Looking for garbage after every few hundred objects takes a third of the parsing."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@contextmanager
def _rare_collections() -> Iterator[None]:
    before = gc.get_threshold()
    _rarely_collect()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


Parse = Callable[[Iterable[Task]], Iterator[Record]]


@contextmanager
def _parsing(jobs: int) -> Iterator[Parse]:
    """`map` over processes, or here. Processes are forked without a database connection."""
    if jobs <= 1:
        yield lambda tasks: map(make_record, tasks)
        return
    if not connection.in_atomic_block:
        connections.close_all()
    with multiprocessing.get_context("fork").Pool(jobs, initializer=_rarely_collect) as pool:
        yield lambda tasks: pool.imap(make_record, tasks, chunksize=4)


def _store(records: list[Record], known: _Known, report: Report, in_force: set[int]) -> None:
    fresh: list[Record] = []
    for record in records:
        found = known.find(record)
        if found is None:
            fresh.append(record)
            found = next_ids("kms_instrument", 1)[0]
            record.prepared.last = True
            known.add(found, record.key, record.facts["title"])
        else:
            report.more_texts += 1
        record.prepared.instrument = found
    _insert_instruments(fresh)
    report.instruments += len(fresh)
    taken = _taken({record.prepared.instrument for record in records})
    kept: list[Record] = []
    for record in records:
        if not record.ended:
            in_force.add(record.prepared.instrument)
        slot = (record.prepared.instrument, record.prepared.kind, record.prepared.valid_from)
        if slot in taken:
            report.refuse(record.slug, _("Bu mevzuatın aynı güne ait başka bir metni var."))
            continue
        taken.add(slot)
        kept.append(record)
    _write(kept, report)


def _taken(instruments: set[int]) -> set[tuple[int, str, dt.date | None]]:
    rows = TextVersion.objects.published().filter(instrument__in=instruments)
    return set(rows.values_list("instrument_id", "kind", "valid_from"))


def _insert_instruments(records: list[Record]) -> None:
    now = timezone.now()
    copy_rows(
        "kms_instrument",
        [*_INSTRUMENT, *_CONSTANT, "created_at", "updated_at"],
        (
            (
                record.prepared.instrument,
                *(record.facts[name] for name in _INSTRUMENT[1:]),
                *_CONSTANT.values(),
                now,
                now,
            )
            for record in records
        ),
    )


def _write(records: list[Record], report: Report) -> None:
    prepared = [record.prepared for record in records]
    write_versions(prepared)
    report.texts += len(prepared)
    report.provisions += sum(len(each.provisions) for each in prepared)
    report.passages += sum(len(each.passages) for each in prepared)
    report.relations += record_claims(
        [(each.instrument, each.version, claim) for each in prepared for claim in each.claims]
    )


def _store_companions(records: list[Record], known: _Known, report: Report) -> None:
    """Repealed provisions belong to their law; where that is missing, it is recorded by name."""
    for record in records:
        law = known.law_of(record)
        if law is None:
            law = next_ids("kms_instrument", 1)[0]
            known.add(law, record.key, record.facts["title"])
            record.prepared.instrument = law
            _insert_instruments([record])
            report.instruments += 1
            report.warn(record.slug, _("Kanunun kendisi arşivde yok; adıyla kaydedildi."))
        record.prepared.instrument = law
        report.companions += 1
    taken = _taken({record.prepared.instrument for record in records})
    kept = []
    for record in records:
        slot = (record.prepared.instrument, VersionKind.REPEALED_PROVISIONS.value, None)
        if slot in taken:
            report.refuse(record.slug, _("Kaldırılmış hükümler metni zaten var."))
            continue
        taken.add(slot)
        kept.append(record)
    _write(kept, report)


def _doubtful(in_force: set[int]) -> None:
    """A repeal read from running text does not end what the source gives as in force."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE kms_relation SET whole = FALSE
               WHERE origin = 'text' AND whole AND target_id = ANY(%s)""",
            [list(in_force)],
        )


__all__ = ["BATCH", "Entry", "import_legislation"]
