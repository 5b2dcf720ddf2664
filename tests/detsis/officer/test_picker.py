"""Naming a unit: suggestions while typing, and a choice among several after sending."""

import re

import pytest

from detsis import services
from detsis.models import ChangeSet
from detsis.seed import StatusCode
from tests.detsis.officer.conftest import TODAY
from tests.detsis.officer.test_pages import propose
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db


def suggested(client, text: str, purpose: str = "ust", **given) -> list[str]:
    answer = client.get("/yetkili/birimler/sec/", {"q": text, "icin": purpose, **given})
    assert answer.status_code == 200
    return [result["value"] for result in answer.json()["results"]]


def test_one_of_several_is_chosen_and_kept_through_another_error(ayse, ministry):
    one = unit("Şube Müdürlüğü", ministry[1].pk)
    other = unit("Şube Müdürlüğü", unit("Genel Müdürlük", ministry[1].pk).pk)
    first = propose(ayse, ministry[2], "moved", parent="şube müdürlüğü").content.decode()
    offered = re.findall(r'name="parent-secilen" id="[^"]+" value="(\d+)"', first)
    assert sorted(offered) == [str(one.pk), str(other.pk)]
    assert 'name="parent-icin" value="şube müdürlüğü"' in first
    assert "Genel Müdürlük" in first
    choice = {"parent": "şube müdürlüğü", "parent-icin": "şube müdürlüğü"}
    # Another field is wrong: the choice stands, now in the text itself.
    again = propose(
        ayse, ministry[2], "moved", **choice, **{"parent-secilen": str(other.pk)}, reason=""
    )
    assert again.status_code == 422
    assert f'value="Şube Müdürlüğü ({other.pk})"' in again.content.decode()
    answer = propose(ayse, ministry[2], "moved", parent=f"Şube Müdürlüğü ({other.pk})")
    assert answer.status_code == 302
    assert ChangeSet.objects.get().items.get().assignments["parent"] == other.pk


def test_a_choice_does_not_count_for_another_text(ayse, ministry):
    one = unit("Şube Müdürlüğü", ministry[1].pk)
    office = unit("Genel Müdürlük", ministry[1].pk)
    given = {"parent-icin": "şube müdürlüğü", "parent-secilen": str(one.pk)}
    assert propose(ayse, ministry[2], "moved", parent="genel müdürlük", **given).status_code == 302
    assert ChangeSet.objects.get().items.get().assignments["parent"] == office.pk


def test_suggestions_begin_with_the_likeliest_and_say_where_each_stands(ayse, ministry):
    unit("Eski Bilgi İşlem Dairesi Arşivi", ministry[1].pk)
    answer = ayse.get("/yetkili/birimler/sec/", {"q": "bilgi islem dairesi", "icin": "ust"})
    assert answer.json()["results"][0] == {
        "title": "Bilgi İşlem Dairesi",
        "kind": str(ministry[2].pk),
        "path": "Cumhurbaşkanlığı › Tarım Bakanlığı",
        "value": f"Bilgi İşlem Dairesi ({ministry[2].pk})",
    }
    assert suggested(ayse, str(ministry[2].pk)) == [f"Bilgi İşlem Dairesi ({ministry[2].pk})"]
    # Words in any order, and nothing for one letter.
    assert suggested(ayse, "dairesi bilgi")
    assert suggested(ayse, "b") == []


def test_only_what_may_be_chosen_is_suggested(ayse, cem, zeynep, ministry):
    closed = unit("Bilgi Şubesi", ministry[2].pk)
    services.close_unit(unit=closed.pk, effective_on=TODAY, actor=None)
    own = f"Bilgi İşlem Dairesi ({ministry[2].pk})"
    for purpose in ("ust", "birim"):
        assert suggested(ayse, "bilgi", purpose) == suggested(zeynep, "bilgi", purpose) == [own]
        assert suggested(cem, "bilgi", purpose) == []
    # A unit may leave its tasks to one of another institution.
    assert suggested(cem, "bilgi", "halef") == [own]
    governor = unit("Bilgili Valiliği", status=int(StatusCode.GOVERNORSHIP))
    assert suggested(ayse, "bilgi", "mulki") == [f"Bilgili Valiliği ({governor.pk})"]
    assert ayse.get("/yetkili/birimler/sec/", {"q": "bilgi", "icin": "x"}).status_code == 404


def test_units_that_the_file_founds_are_suggested_to_its_author(ayse, cem, ministry):
    given = {"name": "Yeni Şube", "organisation_type": "central"}
    answer = propose(ayse, ministry[2], "founded", **given)
    assert answer.status_code == 302, answer.content.decode()
    file = ChangeSet.objects.get()
    assert suggested(ayse, "yeni", dosya=file.pk) == ["Yeni Şube (yeni-1)"]
    assert suggested(ayse, "yeni", "mulki", dosya=file.pk) == []
    foreign = {"q": "yeni", "icin": "ust", "dosya": file.pk}
    assert cem.get("/yetkili/birimler/sec/", foreign).status_code == 404


def test_a_suggestion_costs_few_queries(ayse, ministry, django_assert_max_num_queries):
    for number in range(30):
        unit(f"Şube {number}", ministry[2].pk)
    suggested(ayse, "sube")
    with django_assert_max_num_queries(9):
        assert len(suggested(ayse, "sube")) == 8
