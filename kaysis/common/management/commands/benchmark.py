"""`manage.py benchmark [SIZE …]`: the speed table of docs/benchmarks.md, measured anew."""

import json
import os
import platform
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection, connections
from django.utils.module_loading import autodiscover_modules

from kaysis.common import benchmarks, memory, onecore

SIZES = [10_000, 100_000, 1_000_000]
SETTINGS = "kaysis.settings.benchmark"


class Command(BaseCommand):
    help = (
        "Measures the speed table as ratios. For each size a scratch database is made, filled with "
        "demo data and dropped again; the data of the installation is not touched."
    )
    # The command works on databases of its own.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE")
        parser.add_argument("--only", default="", help="rows whose key contains this")
        parser.add_argument("--json", metavar="FILE", help="also write the figures there")
        parser.add_argument(
            "--all-cores",
            action="store_true",
            help="without it, this process and PostgreSQL stay on one core (kaysis.common.onecore)",
        )

    def handle(
        self,
        *,
        sizes: list[int],
        only: str,
        json: str | None,
        all_cores: bool,
        **options: Any,
    ) -> None:
        if os.environ.get("DJANGO_SETTINGS_MODULE") != SETTINGS:
            os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
            # Settings are read once per process: start again with those of the benchmark.
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
        autodiscover_modules("benchmarks")
        figures: list[benchmarks.Figure] = []
        one_core = not all_cores and onecore.stay()
        self.stdout.write(_machine() + (", ölçüm tek çekirdekte" if one_core else ""))
        for size in sizes:
            with scratch_database(size):
                start = time.perf_counter()
                call_command("load_demo", units=size, verbosity=0)
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE")
                # As a server begins to serve: without what loading has left in either process.
                connection.close()
                memory.settle()
                seconds = time.perf_counter() - start
                self.stdout.write(f"\n{size:,} birim ({seconds:.0f} s içinde yüklendi)")
                for row in benchmarks.rows(only):
                    figure = benchmarks.measure(row, size)
                    figures.append(figure)
                    self.stdout.write(_line(figure))
        self._growth(figures)
        if json:
            _write(json, figures)
        failed = [figure for figure in figures if not figure.passed]
        if failed:
            self.stderr.write(f"{len(failed)} satır hedefin üzerinde.")
            sys.exit(1)

    def _growth(self, figures: list[benchmarks.Figure]) -> None:
        by_key = {(figure.row.key, figure.size): figure for figure in figures}
        for (key, size), figure in by_key.items():
            larger = by_key.get((key, size * 10))
            if larger and figure.row.growth and size >= 100_000:
                growth = larger.work_ms / figure.work_ms
                verdict = "✓" if growth <= figure.row.growth else "✗"
                self.stdout.write(
                    f"  {verdict} {figure.row.title}: {size:,} → {size * 10:,} birim "
                    f"×{growth:.2f} (hedef ≤ {figure.row.growth})"
                )


@contextmanager
def scratch_database(size: int) -> Iterator[None]:
    """A migrated, empty database of its own behind the default connection."""
    name = f"benchmark_{size}_{os.getpid()}"
    original = settings.DATABASES["default"]["NAME"]
    _admin(f'CREATE DATABASE "{name}"')
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = original
        # Without FORCE: an autovacuum at work is then told to stop, which FORCE may not do.
        _admin(f'DROP DATABASE "{name}"')


def _admin(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _line(figure: benchmarks.Figure) -> str:
    verdict = "✓" if figure.passed else "✗"
    return (
        f"  {verdict} {figure.row.title:<58} {figure.work_ms:>10.2f} ms / "
        f"{figure.yardstick_ms:>9.2f} ms = ×{figure.ratio:<6.2f} (hedef ≤ {figure.row.target:g})"
    )


def _machine() -> str:
    with connection.cursor() as cursor:
        version = cursor.connection.server_version
    return (
        f"{platform.machine()}, {os.cpu_count()} çekirdek, Python {platform.python_version()}, "
        f"PostgreSQL {version // 10000}.{version % 100}"
    )


def _write(path: str, figures: list[benchmarks.Figure]) -> None:
    rows = [
        {
            "key": figure.row.key,
            "title": str(figure.row.title),
            "units": figure.size,
            "work_ms": round(figure.work_ms, 3),
            "yardstick_ms": round(figure.yardstick_ms, 3),
            "ratio": round(figure.ratio, 3),
            "target": figure.row.target,
            "passed": figure.passed,
        }
        for figure in figures
    ]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
