"""The page that compares two texts: articles by name, lines kept, long unchanged passages cut."""

import datetime as dt

import pytest

from kms.views.compare import AROUND, differences
from tests.factories.kms import instrument, publish

pytestmark = pytest.mark.django_db

LONG = " ".join(f"sözcük{n}" for n in range(400))
OLD = f"Süre\n\nMadde 4 – {LONG} on gün.\n\nİkinci fıkra.\n"
NEW = f"Süre\n\nMadde 4 – {LONG} otuz gün.\n\nİkinci fıkra.\n\nGeçici Madde 1 – Yeni kural.\n"


def test_only_what_stands_beside_a_change_is_shown_of_what_stays():
    rows, counts = differences(OLD, NEW)
    assert [row.name for row in rows] == ["Madde 4 Süre", "Geçici madde 1"]
    assert (counts["changed"], counts["added"]) == (1, 1)
    before, deleted, inserted, after = rows[0].words
    assert before[1].startswith("[…] ")
    assert len(before[1].split()) == AROUND + 1
    assert (deleted[1], inserted[1], after[1]) == ("on", "otuz", "gün. \nİkinci fıkra.")


def test_two_texts_stand_side_by_side(client):
    law = instrument("Örnek Kanun", number="9300")
    publish(law, OLD, valid_from=dt.date(2010, 1, 1))
    publish(law, NEW, valid_from=dt.date(2020, 1, 1))
    page = client.get(f"/mevzuat/{law.pk}/karsilastir/").content.decode()
    assert "<del>on</del>" in page
    assert "<ins>otuz</ins>" in page
    assert "sözcük200" not in page
    assert "Geçici madde 1" in page
