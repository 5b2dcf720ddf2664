"""The desk of a unit: ending, correcting, withdrawing, absences, proxies, history, calendar."""

import datetime as dt

import pytest

from iyem import services
from iyem.authority import ask_one
from iyem.models import AbsenceState, Appointment, AppointmentState
from iyem.services.states import as_recorded_at
from kaysis.accounts.models import NationalIdAccess
from tests.factories.accounts import next_national_id
from tests.factories.detsis import unit
from tests.factories.iyem import act_for, appoint, manager, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(ministry):
    """The department's head since 2024."""
    head = manager(given_name="Mehmet", family_name="Ak")
    return appoint(ministry[2], head, "2024-01-01 09:00", title="Başkan")


def state_of(appointment):
    return appointment.states.current().get()


def test_ending_leads_to_the_successor_at_the_same_minute(ayse, ministry, held):
    url = f"/yetkili/iyem/gorev/{held.pk}/bitir/"
    data = {"ends_at": "2026-11-24T10:00", "reason": "Emeklilik", "after": "successor"}
    response = ayse.post(url, data)
    assert response.status_code == 302, response.content.decode()
    state = state_of(held)
    assert (state.validity.upper, state.left_vacant) == (moment("2026-11-24 10:00"), False)
    page = ayse.get(response.url).content.decode()
    assert 'value="2026-11-24T10:00"' in page
    assert 'value="Başkan"' in page
    # Until the successor is registered the post is an update that is due.
    assert "Bugün kaydedilmeli" in ayse.get("/yetkili/iyem/").content.decode()
    assert ayse.post(url, data).status_code == 422


def test_a_post_that_is_left_vacant_is_missing_but_not_due(ayse, held, ministry):
    data = {"ends_at": "2026-11-24T10:00", "reason": "Emeklilik", "after": "vacant"}
    response = ayse.post(f"/yetkili/iyem/gorev/{held.pk}/bitir/", data)
    page = ayse.get(response.url).content.decode()
    assert "Makam boş" in page
    assert "Mehmet AK, 24.11.2026 10:00 anında ayrıldı" in page
    start = ayse.get("/yetkili/iyem/").content.decode()
    assert "Makam boş olarak işaretli" in start
    assert "Bugün kaydedilmeli" not in start


def test_ending_asks_what_becomes_of_the_post(ayse, held):
    data = {"ends_at": "2026-11-24T10:00", "reason": "Emeklilik"}
    response = ayse.post(f"/yetkili/iyem/gorev/{held.pk}/bitir/", data)
    assert response.status_code == 422
    assert 'href="#id_after' in response.content.decode()
    assert state_of(held).validity.upper is None


def test_a_proxy_ends_early_without_a_word_about_the_post(ayse, ministry, held):
    proxy = act_for(held, manager(), "2026-11-24 09:00", "2026-11-30", recorded="2026-11-24 09:00")
    url = f"/yetkili/iyem/gorev/{proxy.pk}/bitir/"
    assert "Makam ne olacak?" not in ayse.get(url).content.decode()
    data = {"ends_at": "2026-11-24T11:00", "reason": "Erken dönüş"}
    assert ayse.post(url, data).url == f"/yetkili/iyem/birim/{ministry[2].pk}/"
    assert state_of(proxy).validity.upper == moment("2026-11-24 11:00")
    assert not state_of(proxy).left_vacant


def test_a_correction_stays_visible_in_the_history(ayse, ministry, held):
    url = f"/yetkili/iyem/gorev/{held.pk}/duzelt/"
    assert 'value="2024-01-01T09:00"' in ayse.get(url).content.decode()
    data = {
        "title": "Daire Başkanı",
        "starts_at": "2024-02-01T09:00",
        "ends_at": "",
        "legal_ground": "Onay 3",
        "reason": "Tarih yanlış yazılmış",
    }
    assert ayse.post(url, data | {"reason": ""}).status_code == 422
    assert ayse.post(url, data).status_code == 302
    page = ayse.get(f"/yetkili/iyem/birim/{ministry[2].pk}/?bolum=gecmis").content.decode()
    assert "Tarih yanlış yazılmış" in page
    assert "Düzeltildi" in page
    assert "Yerine yenisi yazıldı" in page
    assert "01.01.2024 09:00" in page
    assert "01.02.2024 09:00" in page
    assert "Ayşe YILMAZ" in page


def test_withdrawing_takes_proxies_along_and_says_so_before(ayse, ministry, held):
    act_for(held, manager(given_name="Can", family_name="Er"), "2026-11-24 09:00", "2026-11-30")
    url = f"/yetkili/iyem/gorev/{held.pk}/geri-al/"
    page = ayse.get(url).content.decode()
    assert "Can ER" in page
    assert "Yıllık izin" in page
    assert ayse.post(url, {"reason": "Yanlış kişi"}).status_code == 302
    assert state_of(held).withdrawn
    assert all(state.withdrawn for state in AppointmentState.objects.current())
    assert "üzerinde işlem yapılamaz" in ayse.get(url).content.decode()
    assert ayse.post(url, {"reason": "Yine"}).status_code == 422


def test_leave_and_proxy_in_one_form(ayse, ministry, held):
    url = f"/yetkili/iyem/birim/{ministry[2].pk}/vekalet/?sira=0"
    data = {
        "kind": "acting_filled",
        "who": next_national_id(),
        "given_name": "Can",
        "family_name": "Er",
        "absence": "",
        "starts_at": "2026-11-24T12:00",
        "ends_at": "2026-11-30T18:00",
        "title": "",
        "legal_ground": "",
    }
    headers = {"HX-Request": "true", "HX-Target": "onizleme"}
    # Nobody has typed an end yet: that is not yet a mistake.
    begun = ayse.post(url, {**data, "who": "", "ends_at": ""}, headers=headers).content.decode()
    assert "bitişi girilmelidir" not in begun
    assert "izinli ya da görevli değil" in ayse.post(url, data, headers=headers).content.decode()
    response = ayse.post(url, data)
    assert response.status_code == 422
    data["absence"] = "leave"
    assert "Çakışma yok" in ayse.post(url, data, headers=headers).content.decode()
    assert ayse.post(url, data).status_code == 302
    proxy = Appointment.objects.get(kind="acting_filled")
    assert state_of(proxy).title == "Başkan"
    assert AbsenceState.objects.get().appointment == held
    noon = moment("2026-11-25 12:00")
    assert ask_one(ministry[2].pk, proxy.manager.manager_code, noon).capacity == "acting"
    assert not ask_one(ministry[2].pk, held.manager.manager_code, noon).authorised
    page = ayse.get(f"/yetkili/iyem/birim/{ministry[2].pk}/").content.decode()
    assert "Başkan V." in page


def test_a_delegation_needs_no_absence(ayse, ministry, held):
    deputy = manager(given_name="Can", family_name="Er")
    data = {
        "kind": "delegated",
        "who": f"Can ER ({deputy.manager_code})",
        "starts_at": "2026-11-24T12:00",
        "ends_at": "2026-12-24T18:00",
    }
    assert ayse.post(f"/yetkili/iyem/birim/{ministry[2].pk}/vekalet/", data).status_code == 302
    answer = ask_one(ministry[2].pk, deputy.manager_code, moment("2026-11-25"))
    assert (answer.authorised, answer.mark) == (True, "a.")


def test_a_proxy_for_a_vacant_post_is_registered_as_an_appointment(ayse, ministry):
    page = ayse.get(f"/yetkili/iyem/birim/{ministry[2].pk}/vekalet/").content.decode()
    assert "tur=acting_vacant" in page
    form = ayse.get(f"/yetkili/iyem/kayit/?birim={ministry[2].pk}&tur=acting_vacant")
    assert 'value="acting_vacant" selected' in form.content.decode()


def test_an_absence_is_recorded_changed_and_withdrawn(ayse, ministry, held):
    data = {"kind": "abroad", "starts_at": "2026-11-24T09:00", "ends_at": "2026-11-28T18:00"}
    response = ayse.post(f"/yetkili/iyem/gorev/{held.pk}/izin/", data)
    away = AbsenceState.objects.get()
    assert response.url == (
        f"/yetkili/iyem/birim/{ministry[2].pk}/vekalet/?sira=0&izin={away.absence_id}"
    )
    assert 'value="2026-11-28T18:00"' in ayse.get(response.url).content.decode()
    start = ayse.get("/yetkili/iyem/").content.decode()
    assert "vekili yok" in start
    url = f"/yetkili/iyem/izin/{away.absence_id}"
    data = {"starts_at": "2026-11-24T09:00", "ends_at": "2026-11-26T18:00", "reason": "Erken dönüş"}
    assert ayse.post(f"{url}/degistir/", data).status_code == 302
    assert AbsenceState.objects.current().get().validity.upper == moment("2026-11-26 18:00")
    assert ayse.post(f"{url}/geri-al/", {"reason": "İptal"}).status_code == 302
    assert AbsenceState.objects.current().get().withdrawn
    assert "vekili yok" not in ayse.get("/yetkili/iyem/").content.decode()


def test_the_calendar_names_who_signs_each_day(ayse, ministry, held):
    act_for(
        held,
        manager(given_name="Can", family_name="Er"),
        "2026-11-10 09:00",
        "2026-11-12 18:00",
    )
    url = f"/yetkili/iyem/birim/{ministry[2].pk}/?bolum=takvim"
    page = ayse.get(url).content.decode()
    assert "Kasım 2026" in page
    assert "Can ER V." in page
    assert "09:00–24:00" in page
    assert "yerinde değil" in page
    assert "Aralık 2023" in ayse.get(f"{url}&ay=2023-12").content.decode()
    assert "imza yetkilisi yok" in ayse.get(f"{url}&ay=2023-12").content.decode()
    assert ayse.get(f"{url}&ay=saçma&makam=7").status_code == 200
    assert ayse.get(f"/yetkili/iyem/birim/{ministry[2].pk}/?bolum=yok").status_code == 404


def test_deputies_and_the_units_under_each(ayse, ministry):
    ministry_url = f"/yetkili/iyem/birim/{ministry[1].pk}/"
    other = unit("Hukuk Dairesi", ministry[1].pk)
    response = ayse.post(f"{ministry_url}yardimci/")
    assert response.url == f"/yetkili/iyem/kayit/?birim={ministry[1].pk}&sira=1"
    post = ministry[1].posts.get()
    url = f"{ministry_url}yardimcilar/"
    data = {"post": post.pk, "units": [ministry[2].pk, other.pk], "starts_on": "2026-11-01"}
    assert ayse.post(url, data | {"units": [ministry[1].pk]}).status_code == 422
    assert ayse.post(url, data).status_code == 302
    page = ayse.get(url).content.decode()
    assert page.count("Bağı bitir") == 2
    assert ayse.post(f"/yetkili/iyem/birim/{other.pk}/bag-bitir/").url == url
    assert ayse.get(url).content.decode().count("Bağı bitir") == 1


def test_the_national_id_is_masked_until_asked_for_with_a_purpose(ayse, cem, officer, held):
    url = f"/yetkili/iyem/yonetici/{held.manager.manager_code}/"
    page = ayse.get(url).content.decode()
    assert "***********" in page
    assert ayse.post(url, {"purpose": ""}).status_code == 422
    shown = ayse.post(url, {"purpose": "Özlük dosyasıyla karşılaştırma"}).content.decode()
    access = NationalIdAccess.objects.get()
    assert (access.actor, access.person) == (officer, held.manager.person)
    assert "Özlük dosyasıyla karşılaştırma" in access.purpose
    assert "***********" not in shown
    assert cem.get(url).status_code == 200
    assert cem.post(url, {"purpose": "Merak"}).status_code == 403
    assert NationalIdAccess.objects.count() == 1


def test_pages_outside_the_scope_are_refused_and_unknown_ones_missing(ayse, cem, held, ministry):
    for path in (
        f"birim/{ministry[2].pk}/",
        f"birim/{ministry[2].pk}/vekalet/",
        f"gorev/{held.pk}/bitir/",
    ):
        assert cem.get(f"/yetkili/iyem/{path}").status_code == 403
    for path in ("birim/99999999/", "gorev/999999/bitir/", "izin/999999/geri-al/"):
        assert ayse.get(f"/yetkili/iyem/{path}").status_code == 404


def test_queries_of_the_desk_do_not_grow_with_what_is_on_it(
    ayse, ministry, held, django_assert_max_num_queries
):
    people = [manager() for _ in range(6)]
    for number, each in enumerate(people):
        start = moment("2026-11-24 12:00") + dt.timedelta(days=number * 2)
        with as_recorded_at(moment("2026-11-24 12:00")):
            services.register_proxy(
                actor=held.registered_by,
                unit=ministry[2],
                manager=each,
                kind="acting_filled",
                starts_at=start,
                ends_at=start + dt.timedelta(days=1),
                absence="leave",
            )
    url = f"/yetkili/iyem/birim/{ministry[2].pk}/"
    ayse.get(url)
    for query, most in (("", 17), ("?bolum=takvim", 11), ("?bolum=gecmis", 9)):
        with django_assert_max_num_queries(most):
            ayse.get(url + query)
