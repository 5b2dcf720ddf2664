"""Sheets of changes: read, checked against the register, saved only when the officer says so."""

import datetime as dt
import io
import re
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from detsis import services
from detsis.models import ChangeSet, UnitChange
from detsis.officer.bulk.columns import HEADERS
from tests.factories.detsis import unit

pytestmark = pytest.mark.django_db
TODAY = "2026-11-24"
URL = "/yetkili/birimler/toplu/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC))


def sheet(*rows: dict, headers=HEADERS) -> io.BytesIO:
    book = Workbook()
    book.active.append(list(headers))
    for row in rows:
        book.active.append([row.get(name, "") for name in headers])
    held = io.BytesIO()
    book.save(held)
    held.seek(0)
    held.name = "oneri.xlsx"
    return held


def upload(client, file, url=URL, **given):
    data = {"title": "Toplu", "effective_on": TODAY, "reason": "Yazı", "file": file, **given}
    return client.post(url, data)


def test_a_sheet_is_checked_row_by_row_before_anything_is_written(ayse, ministry):
    office = ministry[2].pk
    wrong = sheet(
        {"tur": "ad", "birim": office, "yeni_ad": "Yeni Ad"},
        {"tur": "uçur", "birim": office},
        {"tur": "ad", "birim": "99999999", "yeni_ad": "X"},
        {"tur": "ad", "birim": office, "tarih": "yarın"},
        {"tur": "guncelle", "birim": office, "statu": "Olmayan", "ilce": "Iğdır"},
        {"tur": "kapat", "birim": office, "telefon": "1"},
    )
    page = upload(ayse, wrong)
    text = ayse.get(page.url).content.decode()
    assert "5 satır düzeltilmeli" in text
    for column, message in (
        ("tur", "“uçur” bilinmiyor"),
        ("birim", "“99999999” diye bir birim bulunamadı"),
        ("yeni_ad", "Boş bırakılamaz"),
        ("tarih", "“yarın” bir tarih değil"),
        ("statu", "“Olmayan” diye bir kod ya da ad yok"),
        ("ilce", "Bu ilde “Iğdır” diye bir ilçe yok"),
        ("telefon", "Bu değişiklik türünde boş bırakılır"),
    ):
        assert re.search(f"<code>{column}</code></dt><dd>{re.escape(message)}", text), column
    assert ">Kaydet<" not in text
    assert ayse.post(page.url).status_code == 422
    assert ChangeSet.objects.count() == UnitChange.objects.filter(source="preview").count() == 0
    again = ayse.get(f"{URL}?onceki={page.url.split('/')[-2]}").content.decode()
    assert 'value="Toplu"' in again


def test_the_register_and_the_scope_have_their_say(ayse, ministry):
    elsewhere = unit("Sağlık Bakanlığı", ministry[0].pk)
    closed = unit("Eski Şube", ministry[2].pk)
    services.close_unit(unit=closed.pk, effective_on=dt.date(2020, 1, 1), actor=None)
    page = upload(
        ayse,
        sheet(
            {"tur": "ad", "birim": elsewhere.pk, "yeni_ad": "Başka Ad"},
            {"tur": "ad", "birim": closed.pk, "yeni_ad": "Yeni Ad"},
            {"tur": "ad", "birim": ministry[2].pk, "yeni_ad": ministry[2].name},
            {"tur": "kur", "yeni_ad": "Yeni Şube", "bagli_oldugu": ministry[2].pk},
        ),
    )
    batch = ayse.get(page.url).context["batch"]
    assert [[column for column, _text in row.problems] for row in batch.rows] == [
        ["birim"],
        ["tarih"],
        ["yeni_ad"],
        [],
    ]
    only = ayse.get(f"{page.url}?goster=sorunlu").content.decode()
    assert "Yeni Şube" not in only


def test_a_good_sheet_becomes_one_file(ayse, ministry):
    good = sheet(
        {"tur": "ad", "birim": ministry[2].pk, "yeni_ad": "Yeni Ad"},
        {
            "tur": "kur",
            "yeni_ad": "Yeni Şube",
            "bagli_oldugu": "yeni-0",
            "gecici_ad": "yeni-1",
            "tarih": "01.02.2027",
            "statu": "Şube Müdürlüğü",
            "il": "ığdır",
            "ilce": "Tuzluca",
        },
        {
            "tur": "kur",
            "yeni_ad": "Yeni Daire",
            "bagli_oldugu": ministry[1].pk,
            "gecici_ad": "yeni-0",
            "dis_yazisma": "hayır",
        },
        {"tur": "guncelle", "birim": "bilgi işlem dairesi", "telefon": "0312"},
    )
    page = upload(ayse, good)
    assert "4 satırın tümü uygun" in ayse.get(page.url).content.decode()
    assert ChangeSet.objects.count() == 0
    first, second = ayse.post(page.url), ayse.post(page.url)
    file = ChangeSet.objects.get()
    assert first.url == second.url == file.get_absolute_url()
    assert [item.kind for item in file.items.all()] == ["renamed", "founded", "founded", "amended"]
    branch = file.items.get(key="yeni-1")
    assert branch.effective_on == dt.date(2027, 2, 1)
    assert branch.assignments["province"] == 76
    assert file.items.get(key="yeni-0").assignments["corresponds_externally"] is False
    text = ayse.get(file.get_absolute_url()).content.decode()
    assert "Onaylanırsa tam olarak bunlar olur" in text
    ayse.post(f"{file.get_absolute_url()}sun/")
    file.refresh_from_db()
    assert file.status == "submitted"


def test_rows_join_a_file_and_its_new_units(zeynep, ministry):
    data = {"title": "Düzenleme", "effective_on": "2027-01-01", "reason": "Kararname"}
    url = zeynep.post("/yetkili/birimler/duzenleme/", data).url
    file = ChangeSet.objects.get()
    given = {"name": "Genel Müdürlük", "parent": ministry[1].pk, "organisation_type": "central"}
    zeynep.post(f"{url}yeni-birim/", given)
    page = zeynep.post(
        f"{url}excel/",
        {
            "file": sheet(
                {"tur": "kur", "yeni_ad": "Daire", "bagli_oldugu": "yeni-1", "gecici_ad": "yeni-2"},
                {"tur": "birlestir", "birim": ministry[2].pk, "halefler": "yeni-2"},
            )
        },
    )
    assert zeynep.post(page.url).url == url
    assert [item.key for item in file.items.all()] == ["yeni-1", "yeni-2", ""]
    again = zeynep.post(
        f"{url}excel/",
        {
            "file": sheet(
                {"tur": "kur", "yeni_ad": "X", "bagli_oldugu": "yeni-1", "gecici_ad": "yeni-2"}
            )
        },
    )
    batch = zeynep.get(again.url).context["batch"]
    assert batch.rows[0].problems[0][0] == "gecici_ad"


def test_the_result_can_be_downloaded(ayse, cem, ministry):
    page = upload(
        ayse, sheet({"tur": "ad", "birim": ministry[2].pk, "yeni_ad": "=1+1"}, {"tur": "x"})
    )
    answer = ayse.get(f"{page.url}rapor.xlsx")
    lines = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows())
    assert [cell.value for cell in lines[2]][:3] == [3, "düzeltilmeli", lines[2][2].value]
    assert "bilinmiyor" in lines[2][2].value
    assert lines[1][5].data_type != "f"
    assert cem.get(f"{page.url}rapor.xlsx").status_code == 404


def test_somebody_elses_checked_rows_are_not_taken(ayse, cem, ministry):
    page = upload(ayse, sheet({"tur": "kapat", "birim": ministry[2].pk}))
    assert cem.get(page.url).status_code == 409
    assert cem.post(page.url).status_code == 409
    assert ChangeSet.objects.count() == 0


def _bomb() -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", b"0" * (20 << 20))
    return held


def _broken() -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x>")
        archive.writestr("xl/workbook.xml", "<")
    return held


@pytest.mark.parametrize(
    "content",
    [io.BytesIO(b"MZ not a sheet"), _bomb(), _broken(), io.BytesIO()],
    ids=["no sheet", "bomb", "broken", "empty"],
)
def test_what_is_no_sheet_is_refused(ayse, content):
    file = io.BytesIO(content.getvalue())
    file.name = "x.xlsx"
    response = upload(ayse, file)
    assert response.status_code == 422
    assert "#id_file" in response.content.decode()


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (("tur", "yeni_ad"), "Eksik sütun: birim"),
        (("tur", "birim", "maas"), "Bilinmeyen sütun: maas"),
        (HEADERS, "Dosyada dolu satır yok"),
    ],
)
def test_a_sheet_of_another_shape_is_refused(ayse, headers, message):
    response = upload(ayse, sheet(headers=headers))
    assert response.status_code == 422
    assert message in response.content.decode()


def test_too_many_rows_are_refused(ayse):
    rows = [{"tur": "kapat", "birim": str(10_000_000 + n)} for n in range(2001)]
    response = upload(ayse, sheet(*rows))
    assert "en çok 2000 satır" in response.content.decode()


def test_formulas_are_not_run(ayse, ministry):
    page = upload(
        ayse, sheet({"tur": "ad", "birim": ministry[2].pk, "yeni_ad": '=HYPERLINK("http://x")'})
    )
    batch = ayse.get(page.url).context["batch"]
    # A formula that no spreadsheet has computed yet has no value.
    assert batch.rows[0].problems == [("yeni_ad", "Boş bırakılamaz.")]


def test_the_template_can_be_opened_and_filled(ayse):
    answer = ayse.get(f"{URL}sablon.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Değişiklikler", "Açıklama", "Kodlar", "İlçeler"]
    first = book.worksheets[0]
    assert tuple(cell.value for cell in first[1]) == HEADERS
    lists = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in first.data_validations.dataValidation
    }
    assert "birlestir" in lists["A2"]
    assert lists["J2"].startswith("Kodlar!$A$2")
    assert book["Kodlar"]["A1"].value == "kategori"


def test_many_rows_cost_few_queries(ayse, ministry, django_assert_max_num_queries):
    rows = [
        {"tur": "ad", "birim": unit(f"Şube {n}", ministry[2].pk).pk, "yeni_ad": f"Ad {n}"}
        for n in range(40)
    ]
    # Reading and scope: constant; recording on trial: a few for each unit.
    with django_assert_max_num_queries(40 * 3 + 60):
        page = upload(ayse, sheet(*rows))
    with django_assert_max_num_queries(25):
        ayse.get(page.url)
