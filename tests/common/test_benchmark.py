"""`manage.py benchmark`: what it measures is told, and a missed target is a failure."""

import json
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command

from kaysis.common import benchmarks
from kaysis.common.benchmarks import Pair, Row
from kaysis.common.management.commands import benchmark


def _busy(steps: int) -> None:
    sum(range(steps))


def _row(target: float) -> Row:
    pair = Pair(lambda: _busy(40_000), lambda: _busy(10_000), rounds=9)
    return Row("deneme", "deneme satırı", target, lambda size: pair, growth=1.2)


@pytest.fixture
def measured(monkeypatch, transactional_db):
    """The command, without the scratch database and its demo data, for one row."""

    @contextmanager
    def here(size: int):
        yield

    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", benchmark.SETTINGS)
    monkeypatch.setattr(benchmark, "scratch_database", here)
    # Not this process, which has other tests to run.
    monkeypatch.setattr(benchmark.onecore, "stay", lambda: True)
    monkeypatch.setattr(benchmark, "call_command", lambda *args, **options: None)

    def run(row: Row, *sizes: int, **options: str) -> str:
        monkeypatch.setattr(benchmarks, "rows", lambda pattern: [row])
        out = StringIO()
        call_command("benchmark", *sizes, stdout=out, **options)
        return out.getvalue()

    return run


def test_a_reached_target_is_told_and_written_down(measured, tmp_path):
    file = tmp_path / "figures.json"
    said = measured(_row(target=1000), 100_000, 1_000_000, json=str(file))
    assert "tek çekirdekte" in said
    assert said.count("✓ deneme satırı") >= 2
    assert "100,000 → 1,000,000 birim" in said
    first, second = json.loads(file.read_text(encoding="utf-8"))
    assert (first["units"], second["units"]) == (100_000, 1_000_000)
    assert first["ratio"] > 1.5
    assert first["passed"] is True


def test_a_missed_target_fails(measured, capsys):
    with pytest.raises(SystemExit) as stopped:
        measured(_row(target=0.01), 10)
    assert stopped.value.code == 1
    assert "1 satır" in capsys.readouterr().err
