"""The units API: what it gives for today, for other days, and for what is not there."""

import datetime as dt
import json

import pytest

from detsis import services
from tests.cache import forget
from tests.factories.detsis import chain, forest, unit

pytestmark = pytest.mark.django_db

URL = "/api/v1/units/"


@pytest.fixture(autouse=True)
def _fresh():
    forget()


@pytest.fixture
def ministry():
    root, ministry, office = chain("Cumhurbaşkanlığı", "Çevre ve Şehircilik Bakanlığı", "Daire")
    services.rename_unit(
        unit=ministry.pk,
        name="Çevre, Şehircilik ve İklim Değişikliği Bakanlığı",
        effective_on=dt.date(2021, 10, 29),
        actor=None,
    )
    return root, ministry, office


def test_a_unit_has_the_fields_clients_rely_on(client, ministry):
    root, middle, office = ministry
    services.amend_unit(
        unit=office.pk,
        facts={
            "province": 6,
            "category": 19,
            "civil_authority": root.pk,
            "kep_addresses": [{"address": "d@hs01.kep.tr", "valid_from": "2020-01-01"}],
        },
        effective_on=dt.date(2022, 1, 1),
        actor=None,
    )
    answer = client.get(f"{URL}{office.pk}/").json()
    assert answer["detsis_no"] == office.pk
    assert answer["parent_detsis_no"] == middle.pk
    assert [crumb["name"] for crumb in answer["path"]] == [
        "Cumhurbaşkanlığı",
        "Çevre, Şehircilik ve İklim Değişikliği Bakanlığı",
        "Daire",
    ]
    assert answer["province"] == {"code": "6", "name": "Ankara"}
    assert answer["category"]["code"] == "19"
    assert answer["civil_authority"] == root.pk
    assert answer["kep_addresses"] == [
        {"address": "d@hs01.kep.tr", "valid_from": "2020-01-01", "valid_to": None}
    ]
    assert (answer["active"], answer["valid_from"], answer["valid_to"]) == (
        True,
        "2016-03-01",
        None,
    )
    assert answer["organisation_type"] == "central"
    assert answer["is_institution"] is False


def test_a_past_day_shows_names_and_paths_of_that_day(client, ministry):
    _root, middle, office = ministry
    answer = client.get(f"{URL}{office.pk}/?as_of=2021-10-28").json()
    assert answer["path"][1]["name"] == "Çevre ve Şehircilik Bakanlığı"
    assert client.get(f"{URL}{middle.pk}/?as_of=2015-01-01").status_code == 404
    listed = client.get(f"{URL}?as_of=2021-10-28&q=iklim").json()
    assert listed["results"] == []
    assert len(client.get(f"{URL}?q=iklim").json()["results"]) == 1


def test_a_closed_unit_answers_and_names_its_successors(client):
    ended, after = unit("Biten"), unit("Halef")
    services.devolve_unit(
        unit=ended.pk, successor=after.pk, effective_on=dt.date(2020, 1, 1), actor=None
    )
    answer = client.get(f"{URL}{ended.pk}/").json()
    assert (answer["active"], answer["valid_to"], answer["successors"]) == (
        False,
        "2020-01-01",
        [after.pk],
    )


@pytest.mark.parametrize("day", ["", "?as_of=2020-01-01"])
def test_ancestors_and_descendants(client, ministry, day):
    root, middle, office = ministry
    above = client.get(f"{URL}{office.pk}/ancestors/{day}").json()
    assert [row["detsis_no"] for row in above] == [root.pk, middle.pk]
    response = client.get(f"{URL}{root.pk}/descendants/{day}")
    below = json.loads(b"".join(response.streaming_content))
    assert [row["detsis_no"] for row in below] == [middle.pk, office.pk]
    assert below[1]["parent_detsis_no"] == middle.pk
    response = client.get(f"{URL}{office.pk}/descendants/{day}")
    assert json.loads(b"".join(response.streaming_content)) == []


def test_the_list_is_walked_page_by_page_without_gap_or_repetition(client):
    numbers = forest([None] + [0] * 24)
    seen, url = [], f"{URL}?limit=7&ordering=name"
    while url:
        page = client.get(url).json()
        seen += [row["detsis_no"] for row in page["results"]]
        url = page["next"]
    assert sorted(seen) == numbers
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("as_of", ["", "&as_of=2020-05-05"])
def test_filters_give_the_same_for_today_and_for_a_day(client, ministry, as_of):
    root, middle, office = ministry

    def numbers(query):
        answer = client.get(f"{URL}?{query}{as_of}")
        assert answer.status_code == 200, answer.content
        return [row["detsis_no"] for row in answer.json()["results"]]

    assert numbers(f"below={root.pk}") == sorted([middle.pk, office.pk])
    assert numbers(f"parent={root.pk}") == [middle.pk]
    assert numbers("q=cevre") == [middle.pk]
    assert numbers(f"q={office.pk}") == [office.pk]
    assert numbers("has_kep=true") == []
    assert numbers("active=false") == []
    assert len(numbers("organisation_type=central")) == 3
    assert numbers("founded_after=2016-03-02") == []


def test_a_list_costs_the_same_however_many_units_it_shows(client, django_assert_num_queries):
    forest([None] + [0] * 60)
    for limit in (5, 60):
        with django_assert_num_queries(5):
            client.get(f"{URL}?limit={limit}")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=yesterday", "as_of"),
        ("as_of=2020-02-30", "as_of"),
        ("limit=0", "limit"),
        ("cursor=xx", "cursor"),
        ("below=abc", "below"),
        ("organisation_type=moon", "organisation_type"),
    ],
)
def test_bad_parameters_are_named(client, query, field):
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_an_unchanged_unit_is_not_sent_again(client, ministry):
    url = f"{URL}{ministry[2].pk}/"
    tag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    services.rename_unit(
        unit=ministry[0].pk, name="X", effective_on=dt.date(2022, 1, 1), actor=None
    )
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_unknown_units_are_problems_not_pages(client):
    for url in (f"{URL}99999999/", f"{URL}99999999/ancestors/", f"{URL}12/"):
        answer = client.get(url)
        assert answer.status_code == 404
    assert client.get(f"{URL}99999999/")["Content-Type"].startswith("application/problem+json")


def test_code_tables(client):
    provinces = client.get("/api/v1/codes/province/").json()
    assert len(provinces) == 81
    names = [row["name"] for row in provinces]
    assert names.index("Çanakkale") == names.index("Bursa") + 1
    district = client.get("/api/v1/codes/district/").json()[0]
    assert district["province"]
    assert client.get("/api/v1/codes/moon/").status_code == 404
