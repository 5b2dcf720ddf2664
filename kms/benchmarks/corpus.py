"""The whole legislation of the state, many times over, in the scratch database of a benchmark.

Copies are made set-based from what was imported: other numbers for the instruments, the same texts.
The database is one of the benchmark, whose owner asks: triggers and the index of words are put
aside while it is filled.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from kaysis.common.benchmarks import Pair
from kms.importers import import_legislation
from kms.importers.reading import entries
from kms.models import Instrument
from kms.storing import copy_rows

#: Keys of a copy lie so far above those of what was imported.
_STEP = 10_000_000
TIMES = 10
# Each as (table, what is added to which columns; columns of an instrument also get new numbers).
_COPIES: tuple[tuple[str, dict[str, str]], ...] = (
    ("kms_instrument", {"id": "id + {step}", "number": "number || {suffix}"}),
    ("kms_textversion", {"id": "id + {step}", "instrument_id": "instrument_id + {step}"}),
    ("kms_provision", {"id": "id + {step}", "version_id": "version_id + {step}"}),
    ("kms_passage", {"id": "id + {step}", "version_id": "version_id + {step}"}),
    (
        "kms_relation",
        {
            "id": "id + {step}",
            "source_id": "source_id + {step}",
            "target_id": "target_id + {step}",
            "version_id": "version_id + {step}",
        },
    ),
)


def archive() -> Path | None:
    """The archive that was given; none: only the demo is measured."""
    path = getattr(settings, "BENCHMARK_CORPUS", "")  # of the benchmark's settings alone
    return Path(path) if path else None


def _given() -> Path:
    path = archive()
    assert path is not None, "these rows are registered only where there is an archive"
    return path


def imported(size: int) -> Pair:
    """The import of the archive, against reading it and COPYing its texts into one column."""
    path = _given()
    return Pair(
        lambda: import_legislation(path, jobs=os.cpu_count() or 1),
        lambda: _copied(path),
        rounds=1,
    )


def _copied(path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (slug text, text text)")
    copy_rows("copied", ["slug", "text"], ((each.slug, each.text) for each in entries(path)))


def load(times: int = TIMES) -> None:
    """The archive `times` over; what has been done of it already is not done again."""
    if not Instrument.objects.exclude(source_id="").exists():
        import_legislation(_given(), jobs=os.cpu_count() or 1)
    if not Instrument.objects.filter(pk__gt=_STEP).exists():
        multiply(times)


def multiply(times: int) -> None:
    """As many copies of all instruments, texts and relations as make `times` in all."""
    with connection.cursor() as cursor:
        words = _put_aside(cursor)
        for copy in range(1, times):
            for table, changed in _COPIES:
                cursor.execute(_copy(cursor, table, changed, copy))
        for statement in words:
            cursor.execute(statement)
        for table, _changed in _COPIES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"VACUUM ANALYZE {table}")


def _put_aside(cursor: CursorWrapper) -> list[str]:
    """Triggers are off, the indexes of words are gone; returns what makes these again."""
    for table, _changed in _COPIES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE tablename = 'kms_passage' AND indexdef LIKE '%% USING gin %%'"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _copy(cursor: CursorWrapper, table: str, changed: dict[str, str], copy: int) -> str:
    """INSERT … SELECT of what was imported; generated columns make themselves."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    # No law has such a number: "657-1" is the first copy of 657.
    given = {"step": copy * _STEP, "suffix": f"CASE WHEN number = '' THEN '' ELSE '-{copy}' END"}
    values = [changed.get(name, f'"{name}"').format(**given) for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE id < {_STEP}"
    )
