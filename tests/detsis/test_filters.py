"""Filters of units: each alone, all together, and under both sets of names."""

import datetime as dt

import pytest
from django.http import QueryDict

from detsis import services
from detsis.filters import (
    PAGE_NAMES,
    ChangeFilter,
    SuccessionFilter,
    UnitFilter,
    UnitPageFilter,
    api_query,
)
from detsis.models import Unit, UnitChange
from detsis.seed import CategoryCode, StatusCode
from detsis.succession import endings
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db
IGDIR, ANKARA = 76, 6
EVERY = set(PAGE_NAMES.values())


@pytest.fixture
def units() -> dict[str, Unit]:
    ministry = unit(
        "Millî Eğitim Bakanlığı",
        is_institution=True,
        category=int(CategoryCode.MINISTRY),
        status=int(StatusCode.MINISTRY),
        budget_type=1,
        province=ANKARA,
        kep_addresses=[{"address": "meb@hs01.kep.tr"}],
    )
    governor = unit("Iğdır Valiliği", status=int(StatusCode.GOVERNORSHIP), province=IGDIR)
    directorate = unit(
        "Iğdır İl Millî Eğitim Müdürlüğü",
        ministry,
        organisation_type="provincial",
        province=IGDIR,
        civil_authority=governor.pk,
        corresponds_externally=False,
    )
    school = unit(
        "Aralık Lisesi",
        directorate,
        organisation_type="provincial",
        effective_on=dt.date(2021, 9, 1),
    )
    closed = unit("Kapanan Lise", directorate, organisation_type="provincial")
    services.close_unit(unit=closed.pk, effective_on=dt.date(2022, 6, 30), actor=None)
    return {
        "ministry": ministry,
        "governor": governor,
        "directorate": directorate,
        "school": school,
        "closed": closed,
    }


def found(units: dict[str, Unit], **query: object) -> set[str]:
    """Who is found, the same under the names of the API and of the pages."""
    numbers = {made.pk: key for key, made in units.items()}
    everything = Unit.objects.visible_to(None)
    api = {name: str(value) for name, value in query.items()}
    page = {PAGE_NAMES[name]: value for name, value in api.items()}
    result = {numbers[pk] for pk in UnitFilter(api, everything).qs.values_list("pk", flat=True)}
    assert result == {
        numbers[pk] for pk in UnitPageFilter(page, everything).qs.values_list("pk", flat=True)
    }
    assert api_query(page) == api
    return result


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"ministry", "governor", "directorate", "school", "closed"}),
        ({"q": "IGDIR egitim"}, {"directorate"}),
        ({"q": "milli"}, {"ministry", "directorate"}),
        ({"q": "lise"}, {"school", "closed"}),
        ({"category": 19}, {"ministry"}),
        ({"status": 30}, {"governor"}),
        ({"organisation_type": "provincial"}, {"directorate", "school", "closed"}),
        ({"province": IGDIR}, {"governor", "directorate"}),
        ({"is_institution": "true"}, {"ministry"}),
        ({"is_institution": "false"}, {"governor", "directorate", "school", "closed"}),
        ({"active": "false"}, {"closed"}),
        ({"budget_type": 1}, {"ministry"}),
        ({"has_kep": "true"}, {"ministry"}),
        ({"has_kep": "false", "active": "true"}, {"governor", "directorate", "school"}),
        ({"corresponds_externally": "false"}, {"directorate"}),
        ({"founded_after": "2021-09-01"}, {"school"}),
        ({"founded_before": "2021-08-31"}, {"ministry", "governor", "directorate", "closed"}),
        ({"closed_after": "2022-06-30"}, {"closed"}),
        ({"closed_before": "2022-06-29"}, set()),
        ({"q": "egitim", "province": IGDIR, "active": "true"}, {"directorate"}),
        ({"below": 99_999_999}, set()),
    ],
)
def test_each_filter(units, query, expected):
    assert found(units, **query) == expected


def test_by_units_around(units):
    ministry, directorate = units["ministry"].pk, units["directorate"].pk
    assert found(units, below=ministry) == {"directorate", "school", "closed"}
    assert found(units, parent=directorate) == {"school", "closed"}
    assert found(units, civil_authority=units["governor"].pk) == {"directorate"}
    assert found(units, q=units["school"].pk) == {"school"}


def test_an_expired_kep_address_is_none(units):
    kep = [{"address": "eski@hs02.kep.tr", "valid_from": "2018-01-01", "valid_to": "2019-01-01"}]
    services.amend_unit(
        unit=units["school"].pk,
        facts={"kep_addresses": kep},
        effective_on=dt.date(2022, 1, 1),
        actor=None,
    )
    assert found(units, has_kep="true") == {"ministry"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("below", "1234"),
        ("below", "123456789012"),
        ("category", "abc"),
        ("category", "4711"),
        ("province", "99"),
        ("founded_after", "dün"),
        ("active", "belki"),
        ("organisation_type", "uzay"),
    ],
)
def test_nonsense_is_an_error_on_its_field(units, name, value):
    filters = UnitFilter({name: value}, Unit.objects.all())
    assert not filters.is_valid()
    assert list(filters.errors) == [name]


@pytest.mark.parametrize("value", ["1234", "123456789", "0", "x"])
def test_a_number_that_is_none_says_eight_digits(value):
    filters = UnitFilter({"parent": value}, Unit.objects.all())
    assert filters.errors["parent"] == ["Devlet Teşkilatı Numarası sekiz rakamdan oluşur."]


def test_districts_are_those_of_the_province(units):
    form = UnitPageFilter({"il": str(IGDIR)}, Unit.objects.all(), names=EVERY).form
    names = [label for value, label in form.fields["ilce"].choices if value]
    assert names == ["Aralık", "Iğdır Merkez", "Karakoyunlu", "Tuzluca"] or "Aralık" in names
    alone = UnitPageFilter({}, Unit.objects.all(), names=EVERY).form
    assert [value for value, _ in alone.fields["ilce"].choices] == [""]


def test_a_district_is_enough_without_its_province(units):
    page_filter = UnitPageFilter({"il": str(IGDIR)}, Unit.objects.all(), names=EVERY)
    choices = page_filter.form.fields["ilce"].choices
    district = next(value for value, _ in choices if value)
    filters = UnitFilter({"district": district}, Unit.objects.all())
    assert filters.is_valid()
    assert not filters.qs.exists()


def test_choices_are_in_turkish_order(units):
    choices = UnitPageFilter({}, Unit.objects.all(), names=EVERY).form.fields["il"].choices
    names = [label for value, label in choices if value]
    assert len(names) == 81
    assert names.index("Çorum") < names.index("Denizli")
    assert names.index("Isparta") < names.index("İstanbul")


def test_the_form_costs_two_queries(units, django_assert_num_queries):
    with django_assert_num_queries(2):
        str(UnitPageFilter({"il": str(IGDIR)}, Unit.objects.all(), names=EVERY).form)


def test_changes_by_kind_day_and_unit(units):
    everything = UnitChange.objects.order_by("id")

    def kinds(query: str) -> list[str]:
        return [row.kind for row in ChangeFilter(QueryDict(query), everything).qs]

    assert kinds("tur=closed") == ["closed"]
    assert sorted(kinds(f"ust={units['directorate'].pk}")) == [
        "closed",
        "founded",
        "founded",
        "founded",
    ]
    assert kinds("ilk=2022-01-01") == ["closed"]
    assert kinds("ilk=2021-09-01&son=2021-09-01") == ["founded"]
    assert kinds("ust=99999999") == []


def test_successions_by_old_and_by_new_number(units):
    services.devolve_unit(
        unit=units["school"].pk,
        successor=units["directorate"].pk,
        effective_on=dt.date(2023, 1, 1),
        actor=None,
    )

    def numbers(**query: str) -> list[int]:
        return [row.unit_id for row in SuccessionFilter(query, endings()).qs]

    assert numbers(q=str(units["school"].pk)) == [units["school"].pk]
    assert numbers(q=str(units["directorate"].pk)) == [units["school"].pk]
    assert numbers(q="ARALIK") == [units["school"].pk]
    assert numbers(q="baska") == []


def test_the_description_of_the_api_takes_no_choices_away(units, client):
    assert client.get("/api/schema/?format=json").status_code == 200
    assert UnitFilter.base_filters["province"].field.choices is not None
    test_choices_are_in_turkish_order(units)
    assert found(units, province=str(IGDIR)) == {"directorate", "governor"}
