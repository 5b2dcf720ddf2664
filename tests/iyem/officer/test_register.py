"""Registering a manager on the one screen."""

import pytest

from iyem.authority import ask_one
from iyem.models import Appointment, Manager, Post
from kaysis.accounts.models import NationalIdAccess
from tests.factories.accounts import next_national_id
from tests.factories.detsis import unit
from tests.factories.iyem import appoint, manager, moment

pytestmark = pytest.mark.django_db
URL = "/yetkili/iyem/kayit/"


def filled(office, **given):
    return {
        "who": next_national_id(),
        "given_name": "Elif",
        "family_name": "Çınar",
        "unit": f"{office.name} ({office.pk})",
        "ordinal": "0",
        "title": "Daire Başkanı",
        "kind": "substantive",
        "starts_at": "2026-11-24T11:00",
        "ends_at": "",
        "legal_ground": "Bakan onayı 2026/17",
        **given,
    }


def preview(client, data, url=URL):
    return client.post(
        url, data, headers={"HX-Request": "true", "HX-Target": "onizleme"}
    ).content.decode()


def test_a_new_manager_gets_a_code_and_may_sign_from_then_on(ayse, officer, ministry):
    response = ayse.post(URL, filled(ministry[2]))
    assert response.status_code == 302, response.content.decode()
    assert response.url == f"/yetkili/iyem/birim/{ministry[2].pk}/"
    appointment = Appointment.objects.get()
    assert (appointment.registered_by, appointment.first_registration) == (officer, True)
    code = appointment.manager.manager_code
    assert ask_one(ministry[2].pk, code, moment("2026-11-24 12:00")).authorised
    page = ayse.get(response.url).content.decode()
    assert "Elif ÇINAR" in page
    assert str(code) in page
    assert "Tarım Bakanlığı" in page


def test_a_known_manager_is_meant_by_name_and_the_next_form_is_empty(ayse, ministry):
    known = manager(given_name="Elif", family_name="Çınar")
    appoint(unit("Eski Daire", ministry[1].pk), known, "2024-01-01", "2025-01-01")
    data = filled(ministry[2], who="elif cinar", given_name="", family_name="", yeni="1")
    response = ayse.post(URL, data)
    assert response.url == URL
    assert Appointment.objects.latest("pk").manager == known
    assert Manager.objects.count() == 1


def test_two_people_of_one_name_are_offered_to_choose_from(ayse, ministry):
    first, second = (manager(given_name="Can", family_name="Er") for _ in range(2))
    data = filled(ministry[2], who="Can Er", given_name="", family_name="")
    response = ayse.post(URL, data)
    assert response.status_code == 422
    page = response.content.decode()
    assert str(first.manager_code) in page
    assert str(second.manager_code) in page
    chosen = {**data, "who-icin": "Can Er", "who-secilen": str(second.manager_code)}
    assert ayse.post(URL, chosen).status_code == 302
    assert Appointment.objects.get().manager == second


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"who": "12345678901"}, "Geçerli bir T.C. kimlik numarası"),
        ({"who": "Hiç Kimse"}, "Bu adla kayıtlı bir yönetici yok"),
        ({"given_name": ""}, "Kişi ilk kez kaydediliyor"),
        ({"unit": "Sağlık Bakanlığı"}, "görev alanınızda değil"),
        ({"unit": "Yok Böyle Birim"}, "diye bir birim bulunamadı"),
        ({"title": ""}, "zorunlu"),
        ({"ends_at": "2026-11-24T10:00"}, "Bitiş, başlangıçtan sonra olmalıdır"),
        ({"starts_at": "2010-01-01T09:00"}, "henüz kurulmamıştı"),
        ({"ordinal": "2"}, "Önce 1. amir yardımcısını kaydedin"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ayse, ministry, given, said):
    unit("Sağlık Bakanlığı")
    response = ayse.post(URL, filled(ministry[2], **given))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Appointment.objects.exists()
    assert not Manager.objects.exists()


def test_a_further_deputy_gets_a_chair(ayse, ministry):
    assert ayse.post(URL, filled(ministry[1], ordinal="1")).status_code == 302
    assert Post.objects.get().ordinal == 1


def test_the_preview_shows_the_career_and_the_conflict_and_saves_nothing(ayse, ministry):
    holder = manager(given_name="Mehmet", family_name="Ak")
    appoint(ministry[2], holder, "2024-01-01 09:00", title="Başkan")
    other = manager(given_name="Elif", family_name="Çınar")
    appoint(unit("Eski Daire", ministry[1].pk), other, "2024-01-01", "2025-01-01")
    page = preview(ayse, filled(ministry[2], who=str(other.manager_code)))
    assert "Eski Daire" in page
    assert "Mehmet AK kayıtlı" in page
    assert "görevini bitir" in page
    assert "Çakışma yok" not in page
    assert Appointment.objects.count() == 2


def test_the_preview_of_what_fits_says_so_and_what_follows(ayse, ministry):
    page = preview(ayse, filled(ministry[2]))
    assert "Çakışma yok" in page
    assert "ilk kaydı olacak" in page
    assert "kaydedildiği anda başlar" in page
    assert not Manager.objects.exists()


def test_the_preview_tells_that_the_number_is_somebody_elses(ayse, ministry):
    number = next_national_id()
    manager(given_name="Elif", family_name="Çınar", national_id=number)
    data = filled(ministry[2], who=number, given_name="Mehmet", family_name="Ak")
    page = preview(ayse, data)
    assert "başka bir ada ait" in page
    assert "Çakışma yok" not in page
    assert ayse.post(URL, data).status_code == 422
    assert not Appointment.objects.exists()


def test_an_empty_preview_is_an_invitation(ayse):
    assert "burada görünür" in preview(ayse, {})


def test_a_look_by_national_id_is_recorded_once_and_shown_masked(ayse, officer, ministry):
    number = next_national_id()
    ayse.post(URL, filled(ministry[2], who=number))
    person = Manager.objects.get().person
    for _ in range(3):
        page = preview(ayse, {"who": number})
    assert "Elif ÇINAR" in page
    assert number not in page
    assert f"{number[:3]}******{number[-2:]}" in page
    access = NationalIdAccess.objects.get()
    assert (access.actor, access.person) == (officer, person)


def test_nobody_registers_for_others_units(cem, ministry):
    response = cem.post(URL, filled(ministry[2]))
    assert response.status_code == 422
    assert "görev alanınızda değil" in response.content.decode()


def test_suggestions_come_by_post_and_only_from_names(ayse, cem, ministry):
    known = manager(given_name="Elif", family_name="Çınar")
    appoint(ministry[2], known, "2024-01-01", title="Başkan")
    url = "/yetkili/iyem/yonetici-sec/"
    assert ayse.get(url).status_code == 405
    (found,) = ayse.post(url, {"q": "cin"}).json()["results"]
    assert found["value"] == f"Elif ÇINAR ({known.manager_code})"
    assert "Bilgi İşlem Dairesi" in found["path"]
    assert ayse.post(url, {"q": next_national_id()}).json()["results"] == []
    units = "/yetkili/iyem/birim-sec/?q=bilgi"
    assert [each["kind"] for each in ayse.get(units).json()["results"]] == [str(ministry[2].pk)]
    assert cem.get(units).json()["results"] == []


def test_the_form_comes_filled_in_for_a_successor(ayse, ministry):
    page = ayse.get(
        f"{URL}?birim={ministry[2].pk}&sira=0&baslangic=2026-11-24T10:00&unvan=Başkan"
    ).content.decode()
    assert f"Bilgi İşlem Dairesi ({ministry[2].pk})" in page
    assert 'value="2026-11-24T10:00"' in page
    assert 'value="Başkan"' in page


def test_queries_of_the_form_and_of_its_preview(ayse, ministry, django_assert_max_num_queries):
    known = manager()
    for year in range(2017, 2023):
        appoint(unit(f"Daire {year}", ministry[1].pk), known, f"{year}-01-01", f"{year}-06-01")
    ayse.get(URL)
    with django_assert_max_num_queries(6):
        ayse.get(URL)
    data = filled(ministry[2], who=str(known.manager_code))
    with django_assert_max_num_queries(20):
        preview(ayse, data)
