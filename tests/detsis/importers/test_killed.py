"""An import that is killed at any moment leaves nothing behind, and can simply be run again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from detsis import counts, tree
from detsis.importers import import_units
from detsis.models import Unit, UnitChange, UnitCount, UnitVersion

ROOT = Path(__file__).resolve().parents[3]
NAME = "kaysis-import-test"
ROWS = 8000


def line(number: int) -> str:
    above = "" if number == 0 else 20_000_000 + (number - 1) // 6
    return f"{20_000_000 + number},Birim {number},{above},b{number}@hs01.kep.tr\n"


HEAD = "detsis_no,name,parent_detsis_no,kep_addresses\n"


def database_url() -> str:
    given = connection.settings_dict
    person = quote(given["USER"])
    if given["PASSWORD"]:
        person += f":{quote(given['PASSWORD'])}"
    host = given["HOST"] + (f":{given['PORT']}" if given["PORT"] else "")
    return f"postgres://{person}@{host}/{given['NAME']}".replace("@/", "@//", 1)


@pytest.fixture
def start():
    """`start(path)`: an import in a process of its own, which ends with the test at the latest."""
    started = []

    def importing(path: Path) -> subprocess.Popen:
        started.append(_started(path))
        return started[-1]

    yield importing
    for process in started:
        process.kill()
        process.communicate()


def _started(path: Path) -> subprocess.Popen:
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DATABASE_OWNER_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "kaysis.settings.test",
        "PGAPPNAME": NAME,
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_units", str(path)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def activity() -> list[tuple[str, str | None]]:
    """(statement, what it waits for) of the import's connection, as long as there is one."""
    with connection.cursor() as cursor:
        # Inside a transaction the view would show the same all the time.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT query, wait_event_type FROM pg_stat_activity WHERE application_name = %s",
            [NAME],
        )
        return cursor.fetchall()


def wait_for(condition: Callable[[], bool], process: subprocess.Popen | None = None) -> None:
    until = time.monotonic() + 60
    while not condition():
        if process is not None and process.poll() is not None:
            output = process.stdout.read().decode() if process.stdout else ""
            pytest.fail(f"the import ended before it could be killed:\n{output}")
        assert time.monotonic() < until
        time.sleep(0.001)


def kill(process: subprocess.Popen) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def nothing_there() -> bool:
    """Once the server has noticed that its client is gone."""
    wait_for(lambda: not activity())
    return not any(model.objects.exists() for model in (Unit, UnitVersion, UnitChange, UnitCount))


def runs(statement: str) -> Callable[[], bool]:
    return lambda: any(statement in query for query, _ in activity())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_it_loses_and_doubles_nothing(tmp_path, start):
    pipe, path = tmp_path / "akan.csv", tmp_path / "birimler.csv"
    path.write_text(HEAD + "".join(map(line, range(ROWS))), encoding="utf-8")

    # While the file is still being read.
    os.mkfifo(pipe)
    process = start(pipe)
    with pipe.open("w", encoding="utf-8") as writer:
        writer.write(HEAD + "".join(map(line, range(4000))))
        writer.flush()
        wait_for(runs("COPY staged_units"), process)
        kill(process)
    assert nothing_there()

    # While it waits for somebody else who changes the tree.
    with transaction.atomic():
        tree.lock()
        process = start(path)
        wait_for(lambda: any(event == "Lock" for _, event in activity()), process)
        kill(process)
    assert nothing_there()

    # While it writes, at the beginning, in the middle and at the end.
    for statement in (
        "INSERT INTO detsis_unit ",
        "INSERT INTO detsis_unitchange",
        "INSERT INTO detsis_unitcount",
    ):
        process = start(path)
        wait_for(runs(statement), process)
        kill(process)
        assert nothing_there(), statement

    process = start(path)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output.decode()
    found = everything()
    assert found == (ROWS, ROWS, ROWS)
    assert tree.check() == []
    assert counts.of(20_000_000, Unit.objects.get(pk=20_000_000).valid_from) == {
        "units.central": ROWS
    }
    summary = import_units(path, update=True)
    assert (summary.new, summary.identical, summary.by_outcome) == (0, ROWS, {})
    assert everything() == found


def everything() -> tuple[int, int, int]:
    return Unit.objects.count(), UnitVersion.objects.count(), UnitChange.objects.count()
