"""A client that has read the change feed has the register, exactly, for every day."""

import datetime as dt
import json
from collections import defaultdict
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from detsis import services
from detsis.models import UnitChange
from kaysis.common.errors import KaysisError
from tests.cache import forget
from tests.factories.detsis import chain, forest

TODAY = dt.date(2026, 11, 24)


class Mirror:
    """A stranger's copy of the register, by the rule of docs/api.md."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cursor = 0
        self.entries: dict[int, dict[str, Any]] = {}

    def follow(self, limit: int = 7) -> None:
        while True:
            page = self.client.get(f"/api/v1/changes/?since={self.cursor}&limit={limit}").json()
            for entry in page["results"]:
                if entry["voids"] is not None:
                    del self.entries[entry["voids"]]
                else:
                    self.entries[entry["cursor"]] = entry
            self.cursor = page["cursor"]
            if page["next"] is None:
                return

    def state(self, day: dt.date) -> dict[int, dict[str, Any]]:
        units: dict[int, dict[str, Any]] = defaultdict(lambda: {"active": True})
        order = sorted(
            self.entries.values(), key=lambda entry: (entry["effective_on"], entry["cursor"])
        )
        for entry in order:
            if entry["effective_on"] <= day.isoformat():
                units[entry["detsis_no"]].update(entry["assignments"])
        return dict(units)


def register(client: Client, day: dt.date) -> dict[int, dict[str, Any]]:
    """The same from the units API."""
    found, url = {}, f"/api/v1/units/?limit=1000&as_of={day.isoformat()}"
    while url:
        page = client.get(url).json()
        found |= {row["detsis_no"]: row for row in page["results"]}
        url = page["next"]
    return found


def act(dice, numbers: list[int]) -> None:
    """One change at random; what is refused is refused."""
    day = TODAY + dt.timedelta(days=dice.randint(-400, 60))
    target, other = dice.choice(numbers), dice.choice(numbers)
    rows = list(UnitChange.objects.exclude(kind="voided").values_list("pk", flat=True))
    actions = [
        lambda: numbers.append(
            services.found_unit(actor=None, name="Yeni", parent=other, effective_on=day).unit_id
        ),
        lambda: services.rename_unit(
            actor=None, unit=target, name=f"Ad {dice.randint(1, 99)}", effective_on=day
        ),
        lambda: services.move_unit(actor=None, unit=target, parent=other, effective_on=day),
        lambda: services.close_unit(actor=None, unit=target, effective_on=day),
        lambda: services.reopen_unit(actor=None, unit=target, effective_on=day),
        lambda: services.amend_unit(
            actor=None, unit=target, facts={"province": dice.randint(1, 81)}, effective_on=day
        ),
        lambda: services.void_change(
            actor=None, change=UnitChange.objects.get(pk=dice.choice(rows)), reason="yanlış"
        ),
    ]
    try:
        with transaction.atomic():
            dice.choice(actions)()
    except KaysisError:
        return


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(dice=st.randoms(use_true_random=False), halves=st.integers(1, 25))
def test_replaying_the_feed_gives_the_same_state(dice, halves):
    with transaction.atomic():
        client, mirror = Client(), Mirror(Client())
        numbers = forest([None, 0, 0, 1, 1, 2])
        for step in range(25):
            act(dice, numbers)
            if step == halves:
                mirror.follow()
        mirror.follow()
        forget()
        for day in (TODAY - dt.timedelta(days=200), TODAY, TODAY + dt.timedelta(days=61)):
            told, known = register(client, day), mirror.state(day)
            assert set(told) == set(known)
            for number, row in told.items():
                mine = known[number]
                assert row["name"] == mine["name"]
                assert row["parent_detsis_no"] == mine.get("parent")
                assert row["active"] == mine["active"]
                province = row["province"]["code"] if row["province"] else None
                assert province == (str(mine["province"]) if "province" in mine else None)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_streamed_feed_says_the_same_as_its_pages(client):
    chain("Bir", "İki “tırnak” \\ ters", "Üç\tsekme")
    streamed = b"".join(client.get("/api/v1/changes/?stream=true").streaming_content)
    entries = [json.loads(line) for line in streamed.splitlines()]
    assert entries == client.get("/api/v1/changes/").json()["results"]
    later = client.get(f"/api/v1/changes/?since={entries[1]['cursor']}").json()
    assert later["results"] == entries[2:]
    assert client.get("/api/v1/changes/?since=x").status_code == 400


@pytest.mark.django_db
def test_a_merger_names_its_successor_in_the_feed(client):
    first, second = forest([None, None])
    services.merge_units(units=[first], successor=second, effective_on=TODAY, actor=None)
    assert client.get("/api/v1/changes/").json()["results"][-1]["successors"] == [second]
