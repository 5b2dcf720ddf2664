"""docs/api.md: its client, taken out of the page and run against a server; its lists of facts."""

import datetime as dt
import re
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from detsis import services
from detsis.timeline import FACTS, KEP
from tests.factories.detsis import unit

GUIDE = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
TODAY = dt.date(2026, 11, 24)


def section(heading: str) -> str:
    """What stands under a heading, up to the next one."""
    text = GUIDE.partition(f"\n{heading}\n")[2]
    assert text, f"{heading} is not in docs/api.md"
    return re.split(r"\n##+ ", text)[0]


def program() -> str:
    (text,) = re.findall(r"```python\n(.*?)```", section("### A client"), re.DOTALL)
    return text


@pytest.fixture(scope="module")
def client_module() -> Any:
    module = types.ModuleType("mirror")
    exec(compile(program(), "docs/api.md", "exec"), module.__dict__)
    return module


def test_the_client_needs_the_standard_library_alone():
    imported = set(re.findall(r"^(?:import|from) (\w+)", program(), re.MULTILINE))
    assert imported
    assert imported <= sys.stdlib_module_names


def test_the_defaults_of_the_client_are_those_of_the_register(client_module):
    assert client_module.DEFAULTS == FACTS
    assert list(client_module.DEFAULTS) == list(FACTS)


def test_every_fact_is_in_the_table_of_fields():
    named = set(re.findall(r"`(\w+)`", section("## A unit")))
    called = {"parent": "parent_detsis_no"}
    assert {called.get(fact, fact) for fact in (*FACTS, KEP)} <= named


@pytest.fixture
def register(transactional_db) -> dict[str, int]:
    """A ministry with what a client may get wrong: late, planned, voided, corrected, closed."""
    ministry = unit("Tarım Bakanlığı", kep_addresses=[{"address": "tarim@hs01.kep.tr"}])
    office = unit("Daire", ministry, province=6)
    gone = unit("Kapanan", ministry)
    services.rename_unit(
        actor=None, unit=ministry.pk, name="Tarım ve Orman Bakanlığı", effective_on=TODAY
    )
    services.amend_unit(
        actor=None, unit=office.pk, facts={"province": 76}, effective_on=dt.date(2024, 5, 1)
    )
    services.rename_unit(
        actor=None, unit=office.pk, name="Şube", effective_on=TODAY + dt.timedelta(days=30)
    )
    wrong = services.rename_unit(
        actor=None, unit=gone.pk, name="Yanlış", effective_on=dt.date(2025, 1, 1)
    )
    services.void_change(actor=None, change=wrong, reason="yanlış birim")
    services.close_unit(actor=None, unit=gone.pk, effective_on=dt.date(2025, 6, 1))
    return {"ministry": ministry.pk, "office": office.pk, "gone": gone.pk}


@pytest.mark.parametrize("day", ["2024-01-01", "2025-03-01", "2026-11-24", "2027-01-01"])
def test_the_copy_is_the_register(live_server, register, client_module, tmp_path, day):
    mirror = client_module.Mirror(live_server.url, tmp_path / "mirror.json")
    mirror.follow()
    copied = mirror.state(day)
    units = client_module.get(f"{live_server.url}/api/v1/units/?limit=1000&as_of={day}")["results"]
    assert {row["detsis_no"] for row in units} == set(copied) == set(register.values())
    for row in units:
        mine = copied[row["detsis_no"]]
        assert row["parent_detsis_no"] == mine["parent"]
        assert [item["address"] for item in row[KEP]] == mine[KEP]
        for fact in FACTS.keys() - {"parent"}:
            told = row[fact]
            if isinstance(told, dict):
                assert told["code"] == str(mine[fact]), fact
            else:
                assert told == mine[fact], fact


def test_the_program_goes_on_where_it_stopped(live_server, register, tmp_path):
    script = tmp_path / "mirror.py"
    script.write_text(program(), encoding="utf-8")

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", str(script), live_server.url, TODAY.isoformat()],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    lines = {
        register["ministry"]: "Tarım ve Orman Bakanlığı ",
        register["office"]: "Daire ",
        register["gone"]: "Kapanan (closed)",
    }
    assert run().splitlines() == [f"{number} {lines[number]}" for number in sorted(lines)]
    services.rename_unit(actor=None, unit=register["office"], name="Yeni Daire", effective_on=TODAY)
    assert f"{register['office']} Yeni Daire " in run().splitlines()
