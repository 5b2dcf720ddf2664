"""Importing units from a file: read, clean, stage, check, insert; compare those that are known.

One transaction from the first row to the last: an import that is killed leaves nothing behind, and
the same file can be imported again at any time, since rows that stand in the register already are
recognised. Rows stream through; what grows with the file stands in temporary tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from detsis import loading, tree
from detsis.importers import checks, updates
from detsis.importers.cleaning import clean
from detsis.importers.fields import CODE_FIELDS, Codes
from detsis.importers.reading import Format, Source, format_of, read
from detsis.importers.report import Issues, Summary, write_report
from detsis.models import District
from detsis.rules import CODE_TABLES
from kaysis.accounts.models import Person
from kaysis.common.turkish import fold

SOURCE = "import"


def import_units(
    path: Path,
    *,
    format_name: Format | None = None,
    effective_on: dt.date | None = None,
    update: bool = False,
    dry_run: bool = False,
    report: Path | None = None,
    actor: Person | None = None,
    reason: str = "",
) -> Summary:
    """Import `path`. Raises RuleViolation where the file as a whole is no table of units.

    New units are registered: since the day the row says, else since `effective_on` (today). Rows of
    known units that differ are reported or, with `update`, recorded as changes of
    `effective_on`. With `dry_run` all of it happens and is taken back. `report` is written in any
    case.
    """
    day = effective_on or timezone.localdate()
    summary, source = Summary(dry_run=dry_run), Source()

    def rows() -> Iterator[dict[str, Any]]:
        for raw in read(path, format_name or format_of(path), source):
            summary.read += 1
            row = clean(raw, codes=codes, day=day, report=issues.add)
            if row is not None:
                yield row

    with Issues() as issues, transaction.atomic():
        codes = load_codes()
        loading.stage(rows(), extra=checks.EXTRA)
        issues.store()
        # From here on nobody else changes what is compared.
        tree.lock()
        checks.run(issues)
        summary.new = loading.insert_staged(
            actor_id=actor.pk if actor else None,
            source=SOURCE,
            today=timezone.localdate(),
            reason=reason,
        )
        summary.identical = updates.handle(
            issues, day=day, update=update, actor=actor, source=SOURCE
        )
        summary.by_outcome = issues.counts()
        summary.unknown_columns = source.unknown
        if report:
            write_report(issues, report)
        if dry_run:
            transaction.set_rollback(True)
    return summary


def load_codes() -> Codes:
    """All code tables. A few thousand short rows, read once for the whole file."""
    codes: dict[str, frozenset[Any]] = {}
    names: dict[str, dict[str, Any]] = {}
    for name in CODE_FIELDS:
        model: Any = CODE_TABLES[name]
        rows = list(model.objects.values_list("code", "name", "name_en"))
        codes[name] = frozenset(row[0] for row in rows)
        # A name that several codes carry (district “Merkez”) says nothing.
        folded: dict[str, Any] = {}
        for code, turkish, english in rows:
            for key in {fold(turkish), fold(english)} - {""}:
                folded[key] = None if key in folded else code
        names[name] = folded
    districts = list(District.objects.values_list("code", "province_id", "name"))
    return Codes(
        codes=codes,
        names=names,
        districts={(province, fold(name)): code for code, province, name in districts},
        province_of={code: province for code, province, _ in districts},
    )
