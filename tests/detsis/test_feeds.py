"""What changed, as Atom and as JSON Feed."""

import datetime as dt
import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from detsis import feeds, services
from detsis.models import UnitChange
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
PATH = "/kurumlar/degisiklikler/"
DAY = dt.date(2020, 1, 1)


def atom(client: Client, **query: object) -> ElementTree.Element:
    response = client.get(f"{PATH}atom.xml", query)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def items(client: Client, **query: object) -> list[dict]:
    response = client.get(f"{PATH}feed.json", query)
    assert response["Content-Type"].startswith("application/feed+json")
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    return feed["items"]


@pytest.fixture
def changed(settings):
    settings.SITE_URL = "https://kaysis.example"
    first, second = unit("Birinci & Ortakları"), unit("İkinci")
    services.rename_unit(
        unit=second.pk, name="Yeni İkinci", effective_on=DAY, actor=None, reason="Karar"
    )
    services.devolve_unit(unit=first.pk, successor=second.pk, effective_on=DAY, actor=None)
    return first, second


def test_atom_has_what_a_reader_needs(client, changed):
    first, _ = changed
    feed = atom(client)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 4
    for tag in ("id", "title", "updated"):
        assert feed.find(f"{ATOM}{tag}") is not None
        assert all(entry.find(f"{ATOM}{tag}") is not None for entry in entries)
    newest = entries[0]
    assert f"({first.pk}): Görevleri devredilerek kapatıldı" in newest.findtext(f"{ATOM}title")
    link = newest.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"https://kaysis.example/kurum/{first.pk}/"
    assert "Halef: Yeni İkinci" in newest.findtext(f"{ATOM}summary")


def test_both_formats_hold_the_same_entries(client, changed):
    entries = atom(client).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [i["id"] for i in items(client)]


def test_ids_are_for_ever_and_tell_the_cursor(client, changed):
    cursors = [item["_detsis"]["cursor"] for item in items(client)]
    assert cursors == sorted(UnitChange.objects.values_list("pk", flat=True), reverse=True)
    before = items(client)
    services.rename_unit(
        unit=changed[1].pk, name="Son", effective_on=dt.date(2022, 1, 1), actor=None
    )
    assert [item["id"] for item in items(client)][1:] == [item["id"] for item in before]


def test_feeds_follow_the_filters_of_the_page(client, changed):
    assert [item["tags"] for item in items(client, tur="renamed")] == [["renamed"]]
    assert len(items(client, ust=changed[0].pk)) == 2
    assert items(client, ilk="2030-01-01") == []
    assert "tur=renamed" in json.dumps(
        json.loads(client.get(f"{PATH}feed.json", {"tur": "renamed"}).content)["feed_url"]
    )


def test_equal_feeds_are_equal_bytes(client, changed):
    assert client.get(f"{PATH}atom.xml").content == client.get(f"{PATH}atom.xml").content
    empty = client.get(f"{PATH}atom.xml", {"ilk": "2030-01-01"}).content
    assert empty == client.get(f"{PATH}atom.xml", {"ilk": "2030-01-01"}).content


def test_a_feed_holds_the_latest_hundred(client, monkeypatch, changed):
    monkeypatch.setattr(feeds, "ENTRIES", 2)
    assert len(items(client)) == 2
    assert len(atom(client).findall(f"{ATOM}entry")) == 2
