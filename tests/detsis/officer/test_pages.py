"""The officers' area through HTTP, with the cast of `tests/factories`."""

import datetime as dt
import uuid

import pytest

from detsis.models import Category, ChangeSet, District, Unit, UnitChange
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db
TODAY = "2026-11-24"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC))


def propose(client, target: Unit, kind: str, **given):
    data = {
        "title": "Ayşe dosyası",
        "effective_on": TODAY,
        "reason": "Kurumun yazısı",
        "legal_reference": "",
        "key": str(uuid.uuid4()),
        **given,
    }
    return client.post(f"/yetkili/birimler/oner/{target.pk}/?tur={kind}", data)


def test_a_proposal_from_the_form_to_the_register(ayse, zeynep, ministry):
    office = ministry[2]
    assert (
        "Bu birime ne oluyor" in ayse.get(f"/yetkili/birimler/oner/{office.pk}/").content.decode()
    )
    form = ayse.get(f"/yetkili/birimler/oner/{office.pk}/?tur=renamed").content.decode()
    assert 'value="Bilgi İşlem Dairesi"' in form
    response = propose(ayse, office, "renamed", name="Bilgi Teknolojileri Dairesi", name_en="")
    file = ChangeSet.objects.get()
    assert response.url == file.get_absolute_url()
    page = ayse.get(file.get_absolute_url()).content.decode()
    assert "Bilgi Teknolojileri Dairesi" in page
    assert "Onaya sun" in page
    assert "Onayla<" not in page
    ayse.post(f"{file.get_absolute_url()}sun/")
    assert "Ayşe dosyası" in zeynep.get("/yetkili/birimler/").content.decode()
    assert "Onayla<" in zeynep.get(file.get_absolute_url()).content.decode()
    zeynep.post(f"{file.get_absolute_url()}onayla/")
    office.refresh_from_db()
    assert office.name == "Bilgi Teknolojileri Dairesi"
    assert UnitChange.objects.get(change_set=file).ip_address == "127.0.0.1"
    assert "Kaydedilen değişiklikler" in ayse.get(file.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("renamed", {"name": "Yeni Ad"}),
        ("moved", {"parent": "Başka Birim"}),
        ("amended", {"phone": "03120000000", "corresponds_externally": "on"}),
        ("founded", {"name": "Yeni Şube", "organisation_type": "central"}),
        ("closed", {}),
        ("merged", {"successors": "Halef Bir"}),
        ("split", {"successors_1": "Halef Bir", "successors_2": "Halef İki"}),
        ("devolved", {"successors": "Halef Bir"}),
    ],
)
def test_every_kind_of_change_can_be_proposed(zeynep, ministry, kind, given):
    for name in ("Başka Birim", "Halef Bir", "Halef İki"):
        unit(name, ministry[1].pk)
    response = propose(zeynep, ministry[2], kind, **given)
    assert response.status_code == 302, response.content.decode()
    file = ChangeSet.objects.get()
    page = zeynep.get(file.get_absolute_url()).content.decode()
    assert "Önizleme" in page
    zeynep.post(f"{file.get_absolute_url()}onayla/")
    file.refresh_from_db()
    assert file.status == "in_force"


def test_an_empty_form_names_every_missing_field_and_keeps_nothing(ayse, ministry):
    response = ayse.post(f"/yetkili/birimler/oner/{ministry[2].pk}/?tur=renamed", {"name": ""})
    assert response.status_code == 422
    text = response.content.decode()
    assert 'role="alert"' in text
    assert "#id_name" in text
    assert "#id_reason" in text
    assert ChangeSet.objects.count() == 0


def test_what_was_typed_is_not_lost_on_an_error(ayse, ministry):
    response = propose(ayse, ministry[2], "renamed", name="Uzun Bir Yeni Ad", reason="")
    assert response.status_code == 422
    assert "Uzun Bir Yeni Ad" in response.content.decode()


def test_an_ambiguous_name_is_answered_with_numbers_and_paths(ayse, ministry):
    twins = [unit("Şube Müdürlüğü", ministry[1].pk), unit("Şube Müdürlüğü", ministry[2].pk)]
    response = propose(ayse, ministry[2], "moved", parent="şube müdürlüğü")
    text = response.content.decode()
    assert response.status_code == 422
    assert all(str(twin.pk) in text for twin in twins)
    assert "Tarım Bakanlığı" in text


def test_a_form_sent_twice_makes_one_file(ayse, ministry):
    key = str(uuid.uuid4())
    first = propose(ayse, ministry[2], "closed", key=key)
    second = propose(ayse, ministry[2], "closed", key=key)
    assert first.url == second.url
    assert ChangeSet.objects.count() == 1


def test_foreign_units_and_files_are_closed(ayse, cem, deniz, client, ministry):
    propose(ayse, ministry[2], "closed")
    file = ChangeSet.objects.get()
    assert cem.get(f"/yetkili/birimler/oner/{ministry[2].pk}/").status_code == 403
    assert propose(cem, ministry[2], "closed").status_code == 403
    assert cem.get(file.get_absolute_url()).status_code == 404
    assert cem.post(f"{file.get_absolute_url()}sun/").status_code == 404
    assert "Ayşe dosyası" not in cem.get("/yetkili/birimler/").content.decode()
    assert deniz.get("/yetkili/birimler/").status_code == 403
    assert client.get("/yetkili/birimler/").status_code == 302
    assert ayse.post(f"{file.get_absolute_url()}onayla/").status_code == 403
    assert ayse.get("/yetkili/birimler/duzenleme/").status_code == 403
    assert ayse.get("/yetkili/kodlar/").status_code == 403


def test_a_decision_needs_its_reason(ayse, zeynep, ministry):
    propose(ayse, ministry[2], "closed")
    file = ChangeSet.objects.get()
    ayse.post(f"{file.get_absolute_url()}sun/")
    assert zeynep.post(f"{file.get_absolute_url()}ret/", {"reason": ""}).status_code == 422
    zeynep.post(f"{file.get_absolute_url()}ret/", {"reason": "Dayanağı yok"})
    file.refresh_from_db()
    assert (file.status, file.decision_reason) == ("refused", "Dayanağı yok")
    late = zeynep.post(f"{file.get_absolute_url()}onayla/", follow=True).content.decode()
    assert "durumu değişmiş" in late


def test_a_decree_is_put_together_and_scheduled(zeynep, ministry):
    data = {
        "title": "Düzenleme",
        "effective_on": "2027-01-01",
        "reason": "Kararname",
        "legal_reference": "5 sayılı CBK",
        "key": str(uuid.uuid4()),
    }
    file_url = zeynep.post("/yetkili/birimler/duzenleme/", data).url
    file = ChangeSet.objects.get()
    found = zeynep.get(f"{file_url}?birim=tarım bakanlığı").url
    assert found == f"/yetkili/birimler/oner/{ministry[1].pk}/?dosya={file.pk}"
    base = f"/yetkili/birimler/oner/{ministry[1].pk}/?dosya={file.pk}&tur=founded"
    zeynep.post(base, {"name": "Bilgi Genel Müdürlüğü", "organisation_type": "central"})
    other = f"/yetkili/birimler/oner/{ministry[2].pk}/?dosya={file.pk}&tur=merged"
    zeynep.post(other, {"successors": "yeni-1"})
    assert [item.kind for item in file.items.all()] == ["founded", "merged"]
    page = zeynep.get(file_url).content.decode()
    assert "Kurulacak" in page
    assert "Bilgi Genel Müdürlüğü" in page
    zeynep.post(f"{file_url}onayla/")
    file.refresh_from_db()
    assert file.status == "scheduled"
    zeynep.post(f"{file_url}geri-cek/", {"reason": "Vazgeçildi"})
    file.refresh_from_db()
    assert file.status == "withdrawn"


def test_the_rows_that_stand_in_the_way_are_marked(zeynep, ministry):
    propose(zeynep, ministry[1], "closed")
    file = ChangeSet.objects.get()
    page = zeynep.get(file.get_absolute_url()).content.decode()
    assert "1 sorun var" in page
    assert 'href="#satir-1"' in page
    assert f"Altında faal birim varken kapatılamaz: {ministry[2].name} ({ministry[2].pk})" in page
    sent = zeynep.post(f"{file.get_absolute_url()}onayla/", follow=True).content.decode()
    assert "Altında faal birim varken kapatılamaz" in sent
    row = file.items.get()
    for _ in range(2):
        zeynep.post(f"{file.get_absolute_url()}sil/", {"satir": row.pk})
    assert file.items.count() == 0


def test_a_recorded_entry_is_taken_back_from_its_page(zeynep, ayse, ministry):
    propose(zeynep, ministry[2], "renamed", name="Yanlış")
    file = ChangeSet.objects.get()
    zeynep.post(f"{file.get_absolute_url()}onayla/")
    change = UnitChange.objects.get(change_set=file)
    url = f"/yetkili/birimler/kayit/{change.pk}/geri-al/"
    assert ayse.get(url).status_code == 403
    assert zeynep.post(url, {"reason": ""}).status_code == 422
    zeynep.post(url, {"reason": "Yazım hatası"})
    ministry[2].refresh_from_db()
    assert ministry[2].name == "Bilgi İşlem Dairesi"
    assert zeynep.get(url).status_code == 404


def test_codes_are_added_renamed_and_retired(zeynep):
    url = "/yetkili/kodlar/category/"
    assert "Bakanlık" in zeynep.get(url).content.decode()
    given = {"code": "900", "name": "Yeni Kategori", "active": "on", "reason": "Karar"}
    zeynep.post(url, given)
    assert Category.objects.get(pk=900).name == "Yeni Kategori"
    assert zeynep.post(url, given).status_code == 422
    zeynep.post(f"{url}900/", {"name": "Başka Ad", "reason": "Düzeltme"})
    row = Category.objects.get(pk=900)
    assert (row.name, row.active) == ("Başka Ad", False)
    assert zeynep.get("/yetkili/kodlar/moon/").status_code == 404
    assert zeynep.get(f"{url}999/").status_code == 404


def test_districts_are_listed_and_added_by_province(zeynep):
    url = "/yetkili/kodlar/district/"
    page = zeynep.get(url, {"il": "76"}).content.decode()
    assert "Tuzluca" in page
    assert "Seyhan" not in page
    given = {"code": "9001", "name": "Yeni İlçe", "province": "76", "reason": "Kanun"}
    assert zeynep.post(url, {**given, "province": ""}).status_code == 422
    assert zeynep.post(url, given).url == f"{url}?il=76"
    assert District.objects.get(pk=9001).province_id == 76
    # The database holds the rule; the form says it in words.
    again = zeynep.post(url, {**given, "code": "9002"})
    assert again.status_code == 422
    assert "Bu ilde bu adda bir ilçe zaten var." in again.content.decode()
    answer = zeynep.post(f"{url}9001/", {"name": "Başka İlçe", "active": "on", "reason": "Kanun"})
    assert answer.url == f"{url}?il=76"


def test_the_units_page_offers_a_change_to_those_who_may(ayse, cem, client, ministry):
    url = f"/kurum/{ministry[2].pk}/"
    assert "Değişiklik öner" in ayse.get(url).content.decode()
    assert "Değişiklik öner" not in cem.get(url).content.decode()
    assert "Değişiklik öner" not in client.get(url).content.decode()


def test_the_start_page_says_what_waits(ayse, zeynep, ministry):
    propose(ayse, ministry[2], "closed")
    assert "sizi bekliyor" in ayse.get("/yetkili/").content.decode()
    assert "Sizi bekleyen dosya yok" in zeynep.get("/yetkili/").content.decode()
