"""The rows of the demo state, before they are loaded."""

import csv
import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from detsis.demo import build
from detsis.demo.flaws import _FLAWS
from detsis.demo.numbers import is_demo
from detsis.models import Unit
from detsis.models.unit import KEP_PATTERN
from detsis.seed import CategoryCode, rows_of
from detsis.timeline import FACTS

REAL_FILE = Path(__file__).resolve().parents[4] / "shared/data/detsis/detsis-birimler.csv"


@pytest.fixture(scope="module")
def rows():
    return list(build.state())


@pytest.fixture(scope="module")
def by_number(rows):
    return {row["detsis_no"]: row for row in rows}


def named(rows, name, province=None):
    return next(r for r in rows if r["name"] == name and province in (None, r.get("province")))


def test_the_state_is_the_same_every_time(rows):
    assert list(build.state()) == rows


def test_every_number_is_there_once_and_parents_come_first(rows, by_number):
    assert len(by_number) == len(rows)
    seen = {None}
    for row in rows:
        assert row["parent"] in seen, row
        assert row.get("civil_authority") in (None, *by_number)
        seen.add(row["detsis_no"])


def test_there_are_as_many_of_each_as_in_the_country(rows):
    statuses = Counter(row.get("status") for row in rows)
    assert statuses[30] == 81
    assert statuses[31] == 922
    assert sum(statuses[kind] for kind in range(60, 65)) == 1393
    assert statuses[65] == 51
    assert statuses[67] == 30
    categories = Counter(row.get("category") for row in rows)
    assert categories[CategoryCode.MINISTRY] == 17
    assert statuses[50] > 190
    assert 12_000 < len(rows) < 20_000


def test_provincial_directorates_stand_below_their_ministry_and_their_governorship(rows, by_number):
    office = named(rows, "Iğdır İl Nüfus ve Vatandaşlık Müdürlüğü")
    assert by_number[office["civil_authority"]]["name"] == "Iğdır Valiliği"
    above = by_number[office["parent"]]
    assert above["name"] == "Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü"
    assert by_number[above["parent"]]["name"] == "İçişleri Bakanlığı"
    assert office["province"] == 76
    district = named(rows, "Tuzluca İlçe Millî Eğitim Müdürlüğü")
    assert by_number[district["parent"]]["name"] == "Iğdır İl Millî Eğitim Müdürlüğü"
    assert by_number[district["civil_authority"]]["name"] == "Tuzluca Kaymakamlığı"


def test_invented_numbers_lie_in_their_range(rows):
    real = [row for row in rows if not is_demo(row["detsis_no"])]
    assert len(real) > 100
    if not REAL_FILE.exists():
        pytest.skip("the folder with real public data is not here")
    with REAL_FILE.open(encoding="utf-8") as file:
        published = {int(row["detsisNo"]) for row in csv.DictReader(file)}
    assert {row["detsis_no"] for row in real} <= published
    assert not any(map(is_demo, published))


def test_kep_addresses_are_valid_and_belong_to_one_unit(rows):
    addresses = [entry["address"] for row in rows for entry in row.get("kep_addresses", ())]
    assert all(re.fullmatch(KEP_PATTERN, address) for address in addresses)
    assert len(set(addresses)) == len(addresses)
    real = [address for address in addresses if not address.startswith("ornek-")]
    assert len(real) <= 5


def test_places_fit(rows):
    province_of = {int(d["code"]): int(d["province"]) for d in rows_of("districts")}
    countries = {c["code"] for c in rows_of("countries")}
    for row in rows:
        if row.get("district"):
            assert province_of[row["district"]] == row["province"]
        if row.get("country"):
            assert row["organisation_type"] == "abroad"
            assert row["country"] in countries


def test_every_row_would_pass_the_form(rows):
    """Text and contact lines; codes and units are checked by the load itself."""
    for row in rows:
        facts = {k: v for k, v in row.items() if k in FACTS and k in _TEXTS}
        try:
            Unit(detsis_no=row["detsis_no"], **facts).clean_fields(exclude=_OTHERS)
        except ValidationError as error:
            pytest.fail(f"{row['name']}: {error}")


_TEXTS = {"name", "name_en", "organisation_type", "phone", "email", "website", "address"}
_OTHERS = [f.name for f in Unit._meta.fields if f.name not in _TEXTS | {"detsis_no"}]


def test_what_was_invented_for_people_is_plain_to_see(rows):
    for row in rows:
        assert "phone" not in row or row["phone"].endswith(" 000 00 00")
        assert "email" not in row or row["email"].endswith(".invalid")


def test_flaws_are_few_and_last(rows):
    assert [row["name"] for row in rows[-len(_FLAWS) :]] == [name for _, name, _ in _FLAWS]


def test_the_filler_reaches_any_size_and_begins_the_same(rows):
    few = list(build.filler(rows, 3000))
    many = list(build.filler(rows, 20_000))
    assert (len(few), len(many)) == (3000, 20_000)
    assert many[:3000] == few
    numbers = {row["detsis_no"] for row in itertools.chain(rows, many)}
    assert len(numbers) == len(rows) + len(many)
    assert list(build.filler(rows, 0)) == []
    assert list(build.filler(rows, -5)) == []
