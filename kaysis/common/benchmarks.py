"""Measuring speed as ratios: a piece of work against the cheapest work that could do the same.

An app registers its rows in a module `benchmarks`, which only `manage.py benchmark` imports; it
runs them on databases of several sizes. Work and yardstick take turns in one process, so that
whatever else the machine does hits both; the figure is the ratio of their medians.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

Work = Callable[[], object]
# Given the number of units in the database, the two things to be compared.
Prepare = Callable[[int], "Pair"]


@dataclass(frozen=True, slots=True)
class Pair:
    """`work` may take at most the row's target times what `yardstick` takes."""

    work: Work
    yardstick: Work
    # How often each is run; slow work says less.
    rounds: int = 60
    # Called at the end: gives back what the work has opened.
    finish: Work | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the speed table. `growth`: how many times slower at ten times the size, at most."""

    key: str
    title: str
    target: float
    prepare: Prepare
    growth: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    row: Row
    size: int
    work_ms: float
    yardstick_ms: float

    @property
    def ratio(self) -> float:
        return self.work_ms / self.yardstick_ms

    @property
    def passed(self) -> bool:
        return self.ratio <= self.row.target


_rows: dict[str, Row] = {}


def register(*rows: Row) -> None:
    for row in rows:
        _rows[row.key] = row


def rows(pattern: str = "") -> Iterable[Row]:
    """The registered rows whose key contains `pattern`, in the order of registration."""
    return [row for row in _rows.values() if pattern in row.key]


def measure(row: Row, size: int) -> Figure:
    pair = row.prepare(size)
    if pair.rounds > 1:
        pair.work()
        pair.yardstick()
    work: list[float] = []
    yardstick: list[float] = []
    for number in range(pair.rounds):
        # Who goes first alternates: the second one finds the machine warmer.
        order = [(pair.work, work), (pair.yardstick, yardstick)]
        for function, times in order if number % 2 else reversed(order):
            start = time.perf_counter()
            function()
            times.append((time.perf_counter() - start) * 1000)
    if pair.finish is not None:
        pair.finish()
    return Figure(row, size, statistics.median(work), statistics.median(yardstick))


def page_row(
    key: str, title: str, addresses: Callable[[], list[str]], *, cached: bool = False
) -> Row:
    """A page against the empty page: the base template behind the same middleware.

    Cold, each of `addresses()` in turn with the page cache off; `cached`, one of them from it.
    """

    def prepare(size: int) -> Pair:
        client = Client(SERVER_NAME="testserver")
        empty = reverse("common:empty-page")
        given = addresses()
        wanted = itertools.cycle(given)

        def ask(address: str) -> None:
            response = client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")

        def cold() -> None:
            with override_settings(PAGE_CACHE=False):
                ask(next(wanted))

        cache.clear()
        work = (lambda: ask(given[0])) if cached else cold
        return Pair(work, lambda: ask(empty), rounds=100)

    return Row(key, title, 1.2 if cached else 4, prepare, growth=1.2)
