"""The start page, the list of units, confirmation, names from before İYEM."""

import re

import pytest

from iyem import services
from iyem.models import Confirmation, LegacyManager
from kaysis.accounts.models import Role
from tests.factories.accounts import person_with
from tests.factories.detsis import unit
from tests.factories.iyem import act_for, appoint, manager, moment

pytestmark = pytest.mark.django_db
URL = "/yetkili/iyem/"


def headings(page):
    return [text.strip() for text in re.findall(r"<h2[^>]*>\s*([^<]+)", page)]


def test_the_day_in_its_order(ayse, cem, ministry):
    page = ayse.get(URL).content.decode()
    parts = [
        "Bugün yapılacaklar",
        "Eksikler",
        "Yakında bitecekler",
        "Alanınızda başkalarının yaptıkları",
    ]
    assert [text for text in headings(page) if text in parts] == parts
    assert "Teyit edilmeli" in page
    assert page.count("hiç kaydedilmedi") == 2
    assert "Cumhurbaşkanlığı" in page
    assert "Bilgi İşlem Dairesi" not in cem.get(URL).content.decode()


def test_updates_come_before_first_registrations(ayse, ministry, officer):
    """Rule 13."""
    held = appoint(ministry[2])
    services.end_appointment(
        actor=officer,
        appointment=held,
        ends_at=moment("2026-11-24 10:00"),
        reason="Atama",
        left_vacant=False,
    )
    page = ayse.get(URL).content.decode()
    assert page.index("yerine kayıt yapılmadı") < page.index("hiç kaydedilmedi")
    update = ayse.get(f"{URL}birimler/?durum=guncelle").content.decode()
    assert "Bilgi İşlem Dairesi" in update
    assert f"birim/{ministry[1].pk}/" not in update
    first = ayse.get(f"{URL}birimler/?durum=ilk").content.decode()
    assert f"birim/{ministry[1].pk}/" in first
    assert f"birim/{ministry[2].pk}/" not in first
    assert f"birim/{ministry[2].pk}/" not in ayse.get(f"{URL}birimler/?durum=bos").content.decode()
    # A successor ends it.
    appoint(ministry[2], start="2026-11-24 10:00", recorded="2026-11-24 12:00")
    assert "yerine kayıt yapılmadı" not in ayse.get(URL).content.decode()


def test_what_ends_today_and_what_ends_soon(ayse, ministry):
    held = appoint(ministry[2], manager(given_name="Mehmet", family_name="Ak"))
    act_for(held, manager(given_name="Can", family_name="Er"), "2026-11-23", "2026-11-24 18:00")
    act_for(held, manager(given_name="Nur", family_name="Su"), "2026-11-26", "2026-11-27 18:00")
    page = ayse.get(URL).content.decode()
    assert "Can ER, Dolu kadroya vekâleten: 24.11.2026 18:00 anında biter." in page
    assert page.index("Bugün bitenler") < page.index("Yedi gün içinde bitenler")
    assert page.index("Nur SU, Dolu") > page.index("Yedi gün içinde bitenler")


def test_what_others_did_is_told_and_not_ones_own(ayse, ministry, officer):
    other = person_with(Role.IYEM_REGISTRAR, ministry[2].pk, given_name="Burak", family_name="Can")
    appoint(ministry[1], actor=officer, title="Bakan")
    appoint(ministry[2], actor=other, title="Daire Başkanı")
    page = ayse.get(URL).content.decode()
    assert "Burak CAN" in page
    assert "Daire Başkanı:" in page
    assert "Bakan:" not in page


def test_the_menu_and_the_panel_are_for_officers_only(ayse, deniz, ministry):
    page = ayse.get("/yetkili/").content.decode()
    assert "İYEM masası" in page
    assert "birimin ilk kaydı yapılmamış" in page
    assert "İYEM masası" not in deniz.get("/yetkili/").content.decode()
    assert deniz.get(URL).status_code == 403
    unit_page = f"/kurum/{ministry[2].pk}/"
    assert f"{URL}birim/{ministry[2].pk}/" in ayse.get(unit_page).content.decode()
    assert URL not in deniz.get(unit_page).content.decode()


def test_a_list_is_looked_through_and_confirmed(ayse, cem, officer, ministry):
    appoint(ministry[2], manager(given_name="Mehmet", family_name="Ak"))
    url = f"{URL}teyit/{ministry[1].pk}/"
    page = ayse.get(url).content.decode()
    assert "Mehmet AK" in page
    assert "2 birim" in page
    assert ayse.post(url, {}).status_code == 422
    assert not Confirmation.objects.exists()
    assert ayse.post(url, {"looked": "on"}).status_code == 302
    confirmation = Confirmation.objects.get()
    assert (confirmation.units, confirmation.missing) == (2, 1)
    assert "Ayşe YILMAZ" in ayse.get(url).content.decode()
    assert "Güncel" in ayse.get(f"{URL}teyit/").content.decode()
    assert "Teyit edilmeli" not in ayse.get(URL).content.decode()
    assert cem.get(url).status_code == 403
    # A unit within the scope has no list of its own.
    assert ayse.get(f"{URL}teyit/{ministry[2].pk}/").status_code == 403


def test_old_names_stand_until_the_first_registration_and_the_centre_restores_them(
    ayse, zeynep, officer, ministry
):
    """Rule 11."""
    LegacyManager.objects.create(unit=ministry[2], name="Eski Müdür", title="Müdür")
    LegacyManager.objects.create(
        unit=unit("Ayrı Kurum", ministry[1].pk, is_institution=True), name="Başka Kurumdan"
    )
    desk = f"{URL}birim/{ministry[2].pk}/"
    assert "Eski Müdür" in ayse.get(desk).content.decode()
    assert "Eski Müdür" in ayse.get(f"{URL}eski-adlar/").content.decode()
    data = {
        "unit": str(ministry[2].pk),
        "ordinal": "0",
        "kind": "substantive",
        "starts_at": "2026-11-24T11:00",
    }
    headers = {"HX-Request": "true", "HX-Target": "onizleme"}
    preview = ayse.post(f"{URL}kayit/", data, headers=headers).content.decode()
    assert "elle girilmiş 1 eski yönetici adı silinecek" in preview
    appoint(ministry[1], actor=officer)
    assert "Eski Müdür" not in ayse.get(desk).content.decode()
    names = ayse.get(f"{URL}eski-adlar/").content.decode()
    assert "Eski Müdür" not in names
    assert "Başka Kurumdan" in names
    assert "Silinenler" not in names
    page = zeynep.get(f"{URL}eski-adlar/").content.decode()
    (restore,) = re.findall(r'href="(/yetkili/iyem/eski-adlar/\d+/)"', page)
    assert ayse.get(restore).status_code == 403
    assert zeynep.post(restore, {"reason": ""}).status_code == 422
    assert zeynep.post(restore, {"reason": "Yanlış kurum kaydedilmiş"}).status_code == 302
    assert "Eski Müdür" in ayse.get(desk).content.decode()
    assert "Yanlış kurum kaydedilmiş" in zeynep.get(f"{URL}eski-adlar/").content.decode()
    assert zeynep.post(restore, {"reason": "Yine"}).status_code == 422


def test_queries_of_the_start_page_do_not_grow_with_the_scope(
    ayse, ministry, django_assert_max_num_queries
):
    for number in range(12):
        office = unit(f"Daire {number}", ministry[1].pk)
        if number % 2:
            held = appoint(office)
            act_for(held, manager(), "2026-11-23", "2026-11-24 18:00")
    ayse.get(URL)
    with django_assert_max_num_queries(23):
        ayse.get(URL)
    with django_assert_max_num_queries(11):
        ayse.get(f"{URL}birimler/")
    with django_assert_max_num_queries(15):
        ayse.get(f"{URL}teyit/{ministry[1].pk}/")
