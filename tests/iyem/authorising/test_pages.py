"""The pages about officers and applications."""

import io
import json

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from iyem import coverage, services
from iyem.authorising.bulk import HEADERS
from iyem.models import OfficerApplication
from kaysis.accounts import cipher
from kaysis.accounts.models import Person, Role, RoleGrant
from tests.factories.accounts import next_national_id, person_with
from tests.factories.detsis import unit
from tests.iyem.authorising.test_applications import CONTACT, apply

pytestmark = pytest.mark.django_db

BASE = "/yetkili/iyem"


# --- Applying and deciding -----------------------------------------------------------------------


def form(scope, **given):
    return {
        "role": "iyem_registrar",
        "scope": scope,
        "national_id": next_national_id(),
        "given_name": "Fatma",
        "family_name": "Çelik",
        **CONTACT,
        **given,
    }


def test_an_application_is_made_by_form(burak, state):
    page = burak.get(f"{BASE}/basvurular/yeni/?yer={state.region.pk}&yetki=iyem_registrar")
    assert f"Bölge Müdürlüğü ({state.region.pk})" in page.content.decode()
    answer = burak.post(f"{BASE}/basvurular/yeni/", form("bölge müdürlüğü"))
    application = OfficerApplication.objects.get()
    assert answer.url == f"{BASE}/basvurular/{application.pk}/"
    assert (application.scope, application.applied_by) == (state.region, state.burak)


def test_names_are_cased_and_found_in_turkish(burak, state):
    burak.post(
        f"{BASE}/basvurular/yeni/",
        form(state.region.pk, given_name="ışık", family_name="İNCE"),
    )
    application = OfficerApplication.objects.get()
    assert application.full_name == "Işık İNCE"
    assert (application.given_name, application.family_name) == ("Işık", "İnce")
    found = burak.get(f"{BASE}/basvurular/", {"kisi": "INCE isik"})
    assert [row.record.pk for row in found.context["table"].page] == [application.pk]


def test_what_is_wrong_is_told_at_its_field(burak, state):
    answer = burak.post(
        f"{BASE}/basvurular/yeni/",
        form("bölge", national_id="11111111111", work_phone="yok", email="", given_name=""),
    )
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"scope", "national_id", "work_phone", "email", "given_name"}
    assert "birden çok birim" in str(errors["scope"])
    text = answer.content.decode()
    assert f'value="{state.branch.pk}"' in text
    assert 'role="alert"' in text
    again = burak.post(
        f"{BASE}/basvurular/yeni/",
        {
            **form("bölge", national_id="11111111111"),
            "scope-secilen": str(state.branch.pk),
            "scope-icin": "bölge",
        },
    )
    assert again.status_code == 422
    assert set(again.context["form"].errors) == {"national_id"}
    elsewhere = burak.post(f"{BASE}/basvurular/yeni/", form(str(state.directorate.pk)))
    assert set(elsewhere.context["form"].errors) == {"scope"}
    other_role = burak.post(
        f"{BASE}/basvurular/yeni/", form(str(state.region.pk), role="iyem_authorised")
    )
    assert set(other_role.context["form"].errors) == {"scope"}
    assert OfficerApplication.objects.count() == 0


def test_the_picker_offers_only_places_one_may_ask_for(burak, ayse, state):
    def offered(client, text):
        answer = client.get(reverse("iyem:application-places"), {"q": text})
        return {each["kind"] for each in answer.json()["results"]}

    assert offered(burak, "bölge") == {str(state.region.pk), str(state.branch.pk)}
    assert offered(burak, "tarım") == set()
    assert offered(ayse, "tarım") == {str(state.ministry.pk)}
    assert offered(ayse, "t") == set()


def test_a_yetkili_decides_on_the_page(ayse, burak, state):
    application = apply(state.burak, state.region)
    url = f"{BASE}/basvurular/{application.pk}/"
    assert "Yetki ver" in ayse.get(url).content.decode()
    seen = burak.get(url).content.decode()
    assert "Yetki ver" not in seen
    assert "bekliyor" in seen
    assert burak.post(url, {"karar": "ver"}).status_code == 403
    refused = ayse.post(url, {"karar": "ret", "reason": ""})
    assert refused.status_code == 422
    assert set(refused.context["refusal_form"].errors) == {"reason"}
    wrong = ayse.post(url, {"karar": "ver", "valid_to": "2020-01-01"})
    assert wrong.status_code == 422
    assert set(wrong.context["grant_form"].errors) == {"valid_to"}
    assert ayse.post(url, {"karar": "ver"}).url == f"{BASE}/basvurular/"
    assert RoleGrant.objects.filter(scope_detsis_no=state.region.pk).count() == 2
    # Sent again it is too late, and said so.
    late = ayse.post(url, {"karar": "ver"})
    assert late.status_code == 422
    assert "sonuçlandırılmış" in late.content.decode()


def test_the_chosen_ones_are_authorised_together(ayse, state):
    chosen = [apply(state.burak, state.region, family_name=f"Kişi {n}") for n in "AB"]
    foreign = apply(state.cem, state.directorate)
    number = next_national_id()
    wrong = apply(state.burak, state.branch, national_id=number)
    person_with(Role.ANALYST, national_id=number, given_name="Başka", family_name="Ad")
    page = ayse.get(f"{BASE}/basvurular/")
    assert page.context["decidable"] == {*(each.pk for each in chosen), wrong.pk}
    keys = [each.pk for each in (*chosen, foreign, wrong)]
    answer = ayse.post(f"{BASE}/basvurular/karar/", {"basvuru": keys}, follow=True)
    text = answer.content.decode()
    assert "2 kişiye yetki verildi." in text
    assert "başka bir ada ait" in text
    states = dict(OfficerApplication.objects.values_list("pk", "status"))
    assert states == {
        chosen[0].pk: "granted",
        chosen[1].pk: "granted",
        foreign.pk: "pending",
        wrong.pk: "pending",
    }


def test_no_page_shows_a_national_id(ayse, state):
    number = next_national_id()
    application = apply(state.burak, state.region, national_id=number)
    for url in (
        f"{BASE}/basvurular/",
        f"{BASE}/basvurular/{application.pk}/",
        *(f"{BASE}/basvurular/?bicim={kind}" for kind in ("csv", "json")),
    ):
        answer = ayse.get(url)
        content = answer.getvalue() if answer.streaming else answer.content
        assert b"Fatma" in content
        assert number.encode() not in content


def test_applications_of_others_are_not_found(cem, state):
    application = apply(state.burak, state.region)
    assert cem.get(f"{BASE}/basvurular/{application.pk}/").status_code == 404


# --- The letter ----------------------------------------------------------------------------------


def test_the_letter_asks_for_the_applicants(ayse, burak, cem, state):
    number = next_national_id()
    apply(state.burak, state.region, national_id=number)
    apply(state.burak, state.region, given_name="Ömer", family_name="Şen")
    url = f"{BASE}/basvurular/yazi/{state.region.pk}/gorevli.pdf"
    answer = burak.get(url)
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    for part in (
        "T.C.",
        "TARIM BAKANLIĞI",
        f"E-{state.region.pk}-",
        "TARIM BAKANLIĞINA",
        "Fatma Çelik",
        "Ömer Şen",
        f"{number[:3]}******{number[-2:]}",
        "arz ederim",
    ):
        assert part in text, part
    assert number not in text
    english = burak.get(url, headers={"Accept-Language": "en"})
    assert "arz ederim" in PdfReader(io.BytesIO(english.content)).pages[0].extract_text()
    assert cem.get(url).status_code == 404
    assert ayse.get(url.replace("gorevli", "yetkili")).status_code == 404
    assert ayse.get(url.replace("gorevli", "kimse")).status_code == 404


def test_the_letter_of_a_place_under_a_civil_authority_goes_there(cem, state):
    apply(state.cem, state.directorate)
    answer = cem.get(f"{BASE}/basvurular/yazi/{state.directorate.pk}/gorevli.pdf")
    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert "ANKARA VALİLİĞİ" in text
    assert "İl Tarım Müdürlüğü" in text


# --- Bulk ----------------------------------------------------------------------------------------


def sheet(*rows, headers=HEADERS):
    book = Workbook()
    book.active.append(list(headers))
    for row in rows:
        book.active.append([row.get(name, "") for name in headers])
    held = io.BytesIO()
    book.save(held)
    held.seek(0)
    held.name = "basvurular.xlsx"
    return held


def line(place, **given):
    return {
        "yetki": "görevli",
        "gorev_yeri": place.pk,
        "tc_kimlik_no": next_national_id(),
        "ad": "Fatma",
        "soyad": "Çelik",
        "is_telefonu": CONTACT["work_phone"],
        "cep_telefonu": CONTACT["mobile_phone"],
        "e_posta": CONTACT["email"],
        **given,
    }


def upload(client, *rows, **given):
    return client.post(f"{BASE}/basvurular/toplu/", {"file": sheet(*rows, **given)})


def test_the_template_can_be_filled_in_and_read(ayse, state):
    answer = ayse.get(f"{BASE}/basvurular/toplu/sablon.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in next(book.active.iter_rows())] == list(HEADERS)
    book.active.append([str(line(state.region)[name]) for name in HEADERS])
    held = io.BytesIO()
    book.save(held)
    held.seek(0)
    held.name = "dolu.xlsx"
    page = ayse.post(f"{BASE}/basvurular/toplu/", {"file": held})
    assert ayse.get(page.url).context["batch"].wrong == 0


def test_every_row_is_checked_before_anything_is_written(ayse, state):
    known = person_with(Role.ANALYST, given_name="Ad", family_name="Başka")
    twice = next_national_id()
    waiting = next_national_id()
    apply(state.ayse, state.region, national_id=waiting)
    known_number = cipher.decrypt(known.national_id_encrypted, known.national_id_hash)
    page = upload(
        ayse,
        line(state.region),
        line(state.region, tc_kimlik_no="123"),
        line(state.region, yetki="müdür"),
        line(state.office),
        line(state.directorate),
        line(state.region, gorev_yeri="99999999"),
        line(state.region, ad="", e_posta="x", cep_telefonu="yok"),
        line(state.region, tc_kimlik_no=twice),
        line(state.region, tc_kimlik_no=twice),
        line(state.region, tc_kimlik_no=waiting),
        line(state.region, tc_kimlik_no=known_number),
    )
    shown = ayse.get(page.url)
    problems = [[column for column, _text in row.problems] for row in shown.context["batch"].rows]
    assert problems == [
        [],
        ["tc_kimlik_no"],
        ["yetki"],
        ["gorev_yeri"],
        ["gorev_yeri"],
        ["gorev_yeri"],
        ["ad", "cep_telefonu", "e_posta"],
        ["tc_kimlik_no"],
        ["tc_kimlik_no"],
        ["tc_kimlik_no"],
        ["ad"],
    ]
    assert ayse.post(page.url).status_code == 422
    assert OfficerApplication.objects.count() == 1
    text = shown.content.decode()
    assert twice not in text
    report = ayse.get(f"{page.url}rapor.xlsx")
    assert twice.encode() not in report.content
    lines = list(load_workbook(io.BytesIO(report.content)).active.iter_rows(values_only=True))
    assert lines[1][1] == "uygun"
    assert lines[2][1] == "düzeltilmeli"


def test_a_good_sheet_becomes_applications(burak, state):
    page = upload(burak, line(state.region), line(state.branch, soyad="Şen"))
    shown = burak.get(page.url)
    assert "2 satırın tümü uygun" in shown.content.decode()
    assert not shown.context["may_grant"]
    assert burak.post(page.url).url == f"{BASE}/basvurular/"
    assert OfficerApplication.objects.filter(status="pending").count() == 2
    # Sent again it is not found any more.
    assert burak.post(page.url).status_code == 409
    assert OfficerApplication.objects.count() == 2


def test_a_yetkili_may_authorise_a_whole_sheet_at_once(ayse, state):
    number = next_national_id()
    page = upload(ayse, line(state.region, tc_kimlik_no=int(number)), line(state.branch))
    assert ayse.get(page.url).context["may_grant"]
    ayse.post(page.url, {"ver": "1"})
    assert OfficerApplication.objects.filter(status="granted").count() == 2
    assert RoleGrant.objects.filter(person__national_id_hash__isnull=False, role="iyem_registrar")
    assert Person.objects.by_national_id(number).given_name == "Fatma"


def test_rows_refused_meanwhile_refuse_the_sheet(burak, state):
    number = next_national_id()
    page = upload(burak, line(state.branch), line(state.region, tc_kimlik_no=number))
    apply(state.ayse, state.region, national_id=number)
    answer = burak.post(page.url)
    assert answer.status_code == 422
    assert "3. satır" in answer.content.decode()
    assert OfficerApplication.objects.count() == 1


def test_somebody_elses_sheet_is_not_found(burak, ayse, state):
    page = upload(burak, line(state.region))
    assert ayse.get(page.url).status_code == 409
    assert ayse.get(f"{page.url}rapor.xlsx").status_code == 404


def test_a_useless_file_is_refused_at_its_field(burak, state):
    for given in (
        {"headers": ["ad", "soyad"]},
        {},
    ):
        answer = upload(burak, *([line(state.region)] if given else []), **given)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"file"}
    held = io.BytesIO(b"PK not a workbook")
    held.name = "x.xlsx"
    assert burak.post(f"{BASE}/basvurular/toplu/", {"file": held}).status_code == 422


# --- Officers ------------------------------------------------------------------------------------


def test_officers_are_listed_by_coordination_chain(ayse, cem, zeynep, state):
    registrar = person_with(Role.IYEM_REGISTRAR, state.directorate.pk)
    page = ayse.get(f"{BASE}/yetkililer/")
    assert [row.record.person for row in page.context["table"].page] == [state.ayse, state.burak]
    assert "Tarım Bakanlığı" in page.content.decode()
    page = cem.get(f"{BASE}/yetkililer/")
    assert [row.record.person for row in page.context["table"].page] == [state.cem, registrar]
    assert "Ankara Valiliği" in page.content.decode()
    page = zeynep.get(f"{BASE}/yetkililer/")
    assert [row.record.person for row in page.context["table"].page] == [
        state.ayse,
        state.burak,
        state.cem,
        registrar,
    ]


def test_officers_are_exported_without_national_ids(zeynep, state):
    coverage.refresh()
    number = cipher.decrypt(state.burak.national_id_encrypted, state.burak.national_id_hash)
    rows = zeynep.get(f"{BASE}/yetkililer/?bicim=json").getvalue()
    assert number.encode() not in rows
    told = {row["family_name"]: row for row in json.loads(rows)}
    assert set(told) == {"Yılmaz", "Demir", "Kaya"}
    assert told["Demir"]["coordinator_no"] == state.ministry.pk
    assert told["Demir"]["place"] == "Bölge Müdürlüğü"
    assert told["Kaya"]["coordinator_no"] == state.governorship.pk
    for kind in ("csv", "xlsx"):
        content = zeynep.get(f"{BASE}/yetkililer/?bicim={kind}").getvalue()
        assert content
        assert number.encode() not in content


def test_the_list_is_narrowed(zeynep, state):
    def names(query):
        page = zeynep.get(f"{BASE}/yetkililer/?{query}")
        return [row.record.person.given_name for row in page.context["table"].page]

    assert names("yetki=iyem_registrar") == ["Burak"]
    assert names(f"yer={state.ministry.pk}") == ["Ayşe", "Burak"]
    assert names("kisi=kaya") == ["Cem"]
    assert names("durum=revoked") == []
    assert names("durum=") == ["Ayşe", "Burak", "Cem"]


def test_lists_take_the_same_queries_however_long(client_of, state, django_assert_max_num_queries):
    for number in range(8):
        place = unit(f"Bölge {number}", state.ministry.pk, organisation_type="provincial")
        person_with(Role.IYEM_REGISTRAR, place.pk)
        apply(state.ayse, place)
    client = client_of(state.ayse)
    client.get(f"{BASE}/yetkililer/")
    with django_assert_max_num_queries(20):
        client.get(f"{BASE}/yetkililer/")
    with django_assert_max_num_queries(14):
        client.get(f"{BASE}/basvurular/")
    with django_assert_max_num_queries(14):
        client.get(f"{BASE}/yetkililer/eksik/")


def test_too_few_officers_are_warned_of_with_a_deadline(ayse, burak, state):
    for url in ("/yetkili/", f"{BASE}/", f"{BASE}/yetkililer/"):
        text = ayse.get(url).content.decode()
        assert "2 yerde en az iki İYEM yetkilisi yok." in text
        assert "1 İYEM Görevlisi daha gerekli" in text
        assert "son gün" in text
    text = burak.get(f"{BASE}/yetkililer/eksik/").content.decode()
    assert "İYEM Görevlisi: 1 / 2" in text
    assert "gün kaldı" in text
    person_with(Role.IYEM_REGISTRAR, state.region.pk)
    text = burak.get(f"{BASE}/yetkililer/eksik/").content.decode()
    assert "Eksik yer yok" in text
    assert "en az iki İYEM yetkilisi var" in burak.get("/yetkili/").content.decode()


def test_a_yetkili_takes_an_authority_away(ayse, burak, cem, state):
    grant = RoleGrant.objects.get(person=state.burak)
    url = f"{BASE}/yetkililer/{grant.pk}/kaldir/"
    assert url in ayse.get(f"{BASE}/yetkililer/").content.decode()
    assert cem.get(url).status_code == 404
    assert burak.get(url).status_code == 403
    assert burak.post(url, {"reason": "x"}).status_code == 403
    own = RoleGrant.objects.get(person=state.ayse)
    assert ayse.get(f"{BASE}/yetkililer/{own.pk}/kaldir/").status_code == 403
    assert ayse.post(url, {"reason": ""}).status_code == 422
    assert ayse.post(url, {"reason": "Emekli oldu"}).status_code == 302
    grant.refresh_from_db()
    assert grant.state == "revoked"
    assert burak.get(f"{BASE}/yetkililer/").status_code == 302
    assert ayse.get(url).status_code == 404


def test_a_decided_application_says_who_decided(ayse, state):
    application = apply(state.burak, state.region)
    services.refuse_application(actor=state.ayse, application=application, reason="Emekli oldu")
    text = ayse.get(f"{BASE}/basvurular/{application.pk}/").content.decode()
    assert "Emekli oldu" in text
    assert "Yetki yazısı" not in text
