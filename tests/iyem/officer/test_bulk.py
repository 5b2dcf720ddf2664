"""Bulk registration: template, check row by row, all or nothing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from iyem.models import Appointment, Manager, Post
from iyem.officer import bulk
from iyem.officer.bulk.columns import HEADERS
from kaysis.common.national_id import mask
from tests.factories.accounts import next_national_id
from tests.factories.detsis import unit
from tests.factories.iyem import appoint, manager

pytestmark = pytest.mark.django_db
URL = "/yetkili/iyem/toplu/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def line(office, **given):
    cells = dict.fromkeys(HEADERS) | {
        "kimlik_no": next_national_id(),
        "ad": "Elif",
        "soyad": "Çınar",
        "birim": str(office.pk),
        "unvan": "Daire Başkanı",
        "baslangic": "01.11.2026",
        "baslangic_saati": "08:30",
        "dayanak": "Onay 7",
    }
    return cells | given


def sheet(*lines, headers=HEADERS):
    book = Workbook()
    book.active.append(list(headers))
    for each in lines:
        book.active.append([each.get(name) for name in headers])
    held = io.BytesIO()
    book.save(held)
    return SimpleUploadedFile("yoneticiler.xlsx", held.getvalue(), content_type=XLSX)


def upload(client, *lines):
    response = client.post(URL, {"file": sheet(*lines)})
    assert response.status_code == 302, response.content.decode()
    return response.url


def test_a_sheet_from_the_template_to_the_register(ayse, ministry):
    template = load_workbook(io.BytesIO(ayse.get(f"{URL}sablon.xlsx").content))
    assert [cell.value for cell in template.worksheets[0][1]] == list(HEADERS)
    listed = [row[0].value for row in template["Birimler"].iter_rows(min_row=2)]
    assert listed == [str(ministry[1].pk), str(ministry[2].pk)]
    url = upload(
        ayse,
        line(ministry[2]),
        line(ministry[1], unvan="Bakan"),
        line(ministry[1], makam=1, unvan="Bakan Yardımcısı", ad="Can", soyad="Er"),
    )
    page = ayse.get(url).content.decode()
    assert "3 satırın tümü uygun" in page
    assert not Appointment.objects.exists()
    assert not Manager.objects.exists()
    response = ayse.post(url)
    assert response.url == "/yetkili/iyem/"
    assert Appointment.objects.filter(source="bulk").count() == 3
    assert Post.objects.filter(ordinal=1).count() == 1
    assert Manager.objects.count() == 3
    # Sent twice, it is saved once.
    assert ayse.post(url).status_code == 409
    assert Appointment.objects.count() == 3


def test_national_ids_are_nowhere_in_clear(ayse, officer, ministry):
    number = next_national_id()
    url = upload(ayse, line(ministry[2], kimlik_no=int(number)), line(ministry[2], unvan=None))
    assert number not in ayse.get(url).content.decode()
    report = load_workbook(io.BytesIO(ayse.get(f"{url}rapor.xlsx").content)).worksheets[0]
    texts = [str(cell.value) for row in report.iter_rows() for cell in row]
    assert number not in " ".join(texts)
    assert mask(number) in texts
    batch = bulk.kept(officer.pk, url.split("/")[-2])
    assert number not in repr(batch)
    assert batch.rows[0].item.national_id == number


@pytest.mark.parametrize(
    ("given", "column", "said"),
    [
        ({"kimlik_no": "12345678901"}, "kimlik_no", "Geçerli bir"),
        ({"ad": None}, "ad", "ilk kez kaydediliyor"),
        ({"birim": "Sağlık Bakanlığı"}, "birim", "görev alanınızda bulunamadı"),
        ({"makam": "müdür"}, "makam", "kaçıncı yardımcı"),
        ({"makam": 2}, "makam", "Önce 1. amir yardımcısını"),
        ({"unvan": None}, "unvan", "Boş bırakılamaz"),
        ({"tur": "belki"}, "tur", "“asil” ya da “vekil”"),
        ({"baslangic": "32.13.2026"}, "baslangic", "bir tarih değil"),
        ({"baslangic_saati": None}, "baslangic_saati", "Boş bırakılamaz"),
        ({"bitis": "02.11.2026"}, "bitis_saati", "08:30"),
        ({"bitis": "01.10.2026", "bitis_saati": "08:00"}, "bitis", "başlangıçtan sonra"),
        ({"baslangic": "01.01.1990"}, "baslangic", "henüz kurulmamıştı"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(ayse, officer, ministry, *, given, column, said):
    unit("Sağlık Bakanlığı")
    url = upload(ayse, line(ministry[2], **given))
    (row,) = bulk.kept(officer.pk, url.split("/")[-2]).rows
    assert [(where, said in text) for where, text in row.problems] == [(column, True)]
    assert ayse.post(url).status_code == 422
    assert not Appointment.objects.exists()


def test_rows_are_checked_against_the_register_and_one_another(ayse, officer, ministry):
    holder = manager(given_name="Mehmet", family_name="Ak")
    appoint(ministry[2], holder, "2024-01-01 09:00")
    same = next_national_id()
    url = upload(
        ayse,
        line(ministry[2]),
        line(ministry[1], kimlik_no=same),
        line(ministry[1], kimlik_no=same, ad="Başka"),
    )
    first, second, third = bulk.kept(officer.pk, url.split("/")[-2]).rows
    assert "Mehmet AK kayıtlı" in first.problems[0][1]
    assert not second.problems
    assert [text for _column, text in third.problems] == [
        "Aynı makam, aynı sürede 3. satırda da var.",
        "Aynı kimlik numarası 3. satırda başka bir adla.",
    ]
    page = ayse.get(f"{url}?goster=sorunlu").content.decode()
    assert "2 satır düzeltilmeli" in page


def test_the_good_rows_are_saved_alone_only_when_asked_for(ayse, ministry):
    url = upload(ayse, line(ministry[2]), line(ministry[1], unvan=None))
    assert ayse.post(url).status_code == 422
    assert not Appointment.objects.exists()
    assert ayse.post(url, {"ne": "uygun"}).status_code == 302
    assert Appointment.objects.get().post.unit == ministry[2]


def test_when_somebody_else_was_first_nothing_is_saved_and_the_line_is_named(ayse, ministry):
    url = upload(ayse, line(ministry[1]), line(ministry[2]))
    appoint(ministry[2], start="2026-11-02 09:00")
    response = ayse.post(url)
    assert response.status_code == 422
    assert "3. satır" in response.content.decode()
    assert Appointment.objects.count() == 1
    # It may be tried again.
    assert ayse.post(url).status_code == 422


def test_files_of_no_use_are_refused(ayse):
    text = SimpleUploadedFile("a.xlsx", b"not a sheet", content_type=XLSX)
    assert ayse.post(URL, {"file": text}).status_code == 422
    for headers, said in ((["birim"], "Eksik sütun"), ([*HEADERS, "maas"], "Bilinmeyen sütun")):
        response = ayse.post(URL, {"file": sheet({"birim": "x"}, headers=headers)})
        assert response.status_code == 422
        assert said in response.content.decode()
    assert "dolu satır yok" in ayse.post(URL, {"file": sheet()}).content.decode()


def test_another_officers_sheet_is_not_found(ayse, cem, ministry):
    url = upload(ayse, line(ministry[2]))
    assert cem.get(url).status_code == 409
    assert cem.post(url).status_code == 409
    assert cem.get(f"{url}rapor.xlsx").status_code == 404
