"""Charts, letters, provinces, changes, comparison and old numbers as pages."""

import datetime as dt
import io
import json
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from detsis import services
from detsis.models import Unit
from detsis.seed import CategoryCode, StatusCode
from tests.factories.detsis import chain, forest, unit

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 1, 1)


def get(client: Client, path: str, status: int = 200, **query: object) -> str:
    response = client.get(path, query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


# --- Chart ------------------------------------------------------------------------------------


def test_chart_page_has_the_drawing_and_the_same_as_a_list(client):
    numbers = forest([None, 0, 0, 1])
    html = get(client, f"/kurum/{numbers[0]}/sema/")
    for number in numbers:
        assert f'href="/kurum/{number}/sema/"' in html
        assert f'href="/kurum/{number}/"' in html
    assert "style=" not in html
    assert "Çizilecek alt birim yok" in get(client, f"/kurum/{numbers[3]}/sema/")


def test_chart_of_a_day(client):
    root, child = chain("Bakanlık", "Eski Ad")
    services.rename_unit(unit=child.pk, name="Yeni Ad", effective_on=DAY, actor=None)
    html = get(client, f"/kurum/{root.pk}/sema/", tarih="2019-01-01")
    assert "Eski Ad" in html
    assert f"/kurum/{child.pk}/sema/?tarih=2019-01-01" in html
    assert "sema.pdf?tarih=2019-01-01" in html
    get(client, f"/kurum/{root.pk}/sema/", 404, tarih="2010-01-01")
    get(client, f"/kurum/{root.pk}/sema/", 400, tarih="x")


def test_svg_file(client):
    numbers = forest([None, 0, 0])
    response = client.get(f"/kurum/{numbers[0]}/sema.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert f'filename="{numbers[0]}-birim-' in response["Content-Disposition"]
    root = ElementTree.fromstring(response.content)
    assert root.get("role") == "img"
    assert len(root.findall(".//{http://www.w3.org/2000/svg}g")) == 3


def test_pdf_has_the_number_and_the_day(client):
    numbers = forest([None, *[0] * 7])
    response = client.get(f"/kurum/{numbers[0]}/sema.pdf", {"tarih": "2020-05-04"})
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    assert len(reader.pages) == 2  # seven units: two rows, a sheet each
    box = reader.pages[0].mediabox
    assert box.width > box.height
    text = reader.pages[0].extract_text()
    assert str(numbers[0]) in text
    assert "04.05.2020" in text


# --- Letter -----------------------------------------------------------------------------------


@pytest.fixture
def offices() -> dict[str, Unit]:
    ministry = unit(
        "Millî Eğitim Bakanlığı",
        is_institution=True,
        category=int(CategoryCode.MINISTRY),
        email="bilgi@ornek.gov.tr",
        kep_addresses=[{"address": "meb@hs01.kep.tr"}],
    )
    governor = unit(
        "Ankara Valiliği",
        is_institution=True,
        status=int(StatusCode.GOVERNORSHIP),
        province=6,
        category=int(CategoryCode.CIVIL_ADMINISTRATION),
        organisation_type="provincial",
    )
    directorate = unit(
        "İl Millî Eğitim Müdürlüğü",
        ministry,
        civil_authority=governor.pk,
        province=6,
        status=int(StatusCode.PROVINCIAL_DIRECTORATE),
        organisation_type="provincial",
    )
    return {"ministry": ministry, "governor": governor, "directorate": directorate}


def test_letterhead_page(client, offices):
    html = get(client, f"/kurum/{offices['directorate'].pk}/antet/")
    for line in ("T.C.", "ANKARA VALİLİĞİ", "İl Millî Eğitim Müdürlüğü", "ANKARA VALİLİĞİNE"):
        assert f"<p>{line}</p>" in html
    assert "(İl Millî Eğitim Müdürlüğü)" in html
    assert "meb@hs01.kep.tr" in get(client, f"/kurum/{offices['ministry'].pk}/antet/")


def test_a_letter_to_somebody_ends_as_it_should(client, offices):
    sender, receiver = offices["ministry"].pk, offices["governor"].pk
    down = get(client, f"/kurum/{sender}/antet/", muhatap=receiver)
    assert "rica ederim." in down
    assert "alt makamıdır" in down
    assert "<p>ANKARA VALİLİĞİNE</p>" in down
    up = get(client, f"/kurum/{receiver}/antet/", muhatap=sender)
    assert "arz ederim." in up
    assert "<p>MİLLÎ EĞİTİM BAKANLIĞINA</p>" in up


@pytest.mark.parametrize(
    ("number", "words"), [("123", "sekiz rakamlı"), ("99999999", "kayıtlı bir birim yok")]
)
def test_a_wrong_addressee_is_told(client, offices, number, words):
    html = get(client, f"/kurum/{offices['ministry'].pk}/antet/", muhatap=number)
    assert words in html
    assert 'aria-invalid="true"' in html


# --- Provinces --------------------------------------------------------------------------------


def test_provinces_in_turkish_order(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = get(client, "/kurumlar/il/")
    assert html.count('class="d-plate"') == 81
    assert html.index("Çankırı") < html.index("Denizli")
    assert html.index(">Isparta") < html.index(">İstanbul")


def test_a_province_has_its_offices(client, offices, django_assert_num_queries):
    city = unit(
        "Çankaya Belediye Başkanlığı",
        is_institution=True,
        province=6,
        category=int(CategoryCode.MUNICIPALITY),
    )
    district = unit(
        "Çankaya Kaymakamlığı",
        offices["governor"],
        province=6,
        status=int(StatusCode.DISTRICT_GOVERNORSHIP),
        organisation_type="provincial",
    )
    university = unit(
        "Gazi Üniversitesi Rektörlüğü",
        is_institution=True,
        province=6,
        category=int(CategoryCode.HIGHER_EDUCATION),
    )
    faculty = unit(
        "Fen Fakültesi", university, province=6, category=int(CategoryCode.HIGHER_EDUCATION)
    )
    elsewhere = unit("Iğdır Valiliği", province=76, status=int(StatusCode.GOVERNORSHIP))
    office = unit(
        "Yazı İşleri Müdürlüğü", offices["governor"], civil_authority=offices["governor"].pk
    )
    branch = unit(
        "Destek Şube Müdürlüğü", offices["directorate"], civil_authority=offices["governor"].pk
    )
    with django_assert_num_queries(7):
        html = get(client, "/kurumlar/il/6/")
    for made in (offices["governor"], offices["directorate"], city, district, university):
        assert f'href="/kurum/{made.pk}/"' in html, made
    assert f"/kurum/{elsewhere.pk}/" not in html
    assert f'href="/kurum/{faculty.pk}/"' not in html
    # The governorship's own come first; what is below a directorate is on the directorate's page.
    assert html.index(f"/kurum/{office.pk}/") < html.index(f"/kurum/{offices['directorate'].pk}/")
    assert f"/kurum/{branch.pk}/" not in html
    assert html.count(f'href="/kurum/{district.pk}/"') == 1
    assert f'<h3><a href="/kurum/{offices["ministry"].pk}/">' in html
    assert "İlde 6 faal" in html


def test_an_empty_province_and_none_at_all(client):
    assert "kayıtlı faal birim yok" in get(client, "/kurumlar/il/76/")
    for plate in (0, 82, 10**18):
        get(client, f"/kurumlar/il/{plate}/", 404)


# --- Changes ----------------------------------------------------------------------------------


@pytest.fixture
def history() -> dict[str, Unit]:
    first, second = unit("Birinci Bakanlık"), unit("İkinci Bakanlık")
    moved = unit("Daire <b>", first)
    services.move_unit(
        unit=moved.pk,
        parent=second.pk,
        effective_on=DAY,
        actor=None,
        reason="Görev dağılımı değişti.",
        legal_reference="1 sayılı Karar",
    )
    services.devolve_unit(
        unit=first.pk, successor=second.pk, effective_on=dt.date(2021, 1, 1), actor=None
    )
    return {"first": first, "second": second, "moved": moved}


def test_changes_are_told_before_and_after(client, history):
    html = get(client, "/kurumlar/degisiklikler/")
    assert "Bağlı olduğu yer değişti" in html
    assert "Birinci Bakanlık" in html
    assert "Görev dağılımı değişti." in html
    assert "1 sayılı Karar" in html
    assert "<b>" not in html.replace("</b>", "")
    assert html.index("Görevleri devredilerek") < html.index("Bağlı olduğu yer")
    only = get(client, "/kurumlar/degisiklikler/", tur="moved")
    assert "<strong>1</strong> sonuç" in only
    assert "<strong>2</strong> sonuç" in get(
        client, "/kurumlar/degisiklikler/", ust=history["first"].pk
    )


def test_first_registrations_are_listed_only_when_asked_for(client):
    services.record_changes(
        [
            services.Wanted(
                kind="registered",
                unit=50_000_001,
                effective_on=DAY,
                assignments={"name": "Yüklenen", "parent": None},
            )
        ],
        actor=None,
    )
    assert "Yüklenen" not in get(client, "/kurumlar/degisiklikler/")
    assert "Yüklenen" in get(client, "/kurumlar/degisiklikler/", tur="registered")


def test_a_change_taken_back_is_marked(client, history):
    wrong = services.rename_unit(
        unit=history["second"].pk, name="Yanlış", effective_on=DAY, actor=None
    )
    services.void_change(change=wrong, actor=None, reason="Yanlış birim.")
    html = get(client, "/kurumlar/degisiklikler/")
    assert "Sonradan geri alındı" in html
    assert "Geri alınan: 01.01.2020, Adı değişti" in html


def test_markup_in_what_people_type_stays_text(client):
    markup = '<b onclick="x()">&\'</b>'
    above, changed = chain(f"Üst {markup}", f"Eski {markup}")
    services.rename_unit(
        unit=changed.pk,
        name=f"Yeni {markup}",
        effective_on=DAY,
        reason=f"Gerekçe {markup}",
        legal_reference=f"Dayanak {markup}",
        actor=None,
    )
    services.move_unit(
        unit=changed.pk, parent=unit(f"Yer {markup}").pk, effective_on=DAY, actor=None
    )
    services.devolve_unit(unit=above.pk, successor=changed.pk, effective_on=DAY, actor=None)
    for path in ("/kurumlar/degisiklikler/", f"/kurum/{changed.pk}/", f"/kurum/{above.pk}/"):
        html = get(client, path)
        assert "<b onclick" not in html, path
        assert html.count("&lt;b onclick=&quot;x()&quot;&gt;&amp;&#x27;&lt;/b&gt;") > 1, path
    html = get(client, "/kurumlar/", gorunum="liste", q="yeni")
    assert "<b onclick" not in html
    assert "Yeni &lt;b onclick" in html


def test_changes_cost_the_same_however_many(client, history, django_assert_max_num_queries):
    forest([None, *[0] * 60])
    with django_assert_max_num_queries(8):
        get(client, "/kurumlar/degisiklikler/")


# --- Comparison -------------------------------------------------------------------------------


def test_comparison_form_and_result(client, history):
    assert "Sık bakılanlar" in get(client, "/kurumlar/karsilastir/")
    html = get(client, "/kurumlar/karsilastir/", once="2019-12-31", sonra="2020-01-01")
    assert "Bağlılığı değişen" in html
    assert "Birinci Bakanlık" in html
    assert f"/kurum/{history['moved'].pk}/?tarih=2020-01-01" in html
    none = get(client, "/kurumlar/karsilastir/", once="2020-02-01", sonra="2020-03-01")
    assert "fark yok" in none


@pytest.mark.parametrize(
    "query",
    [
        {"once": "2020-01-01", "sonra": "2020-01-01"},
        {"once": "2020-01-01"},
        {"once": "dün", "sonra": "2020-01-01"},
        {"once": "0001-01-01", "sonra": "2020-01-01"},
        {"once": "2019-01-01", "sonra": "2020-01-01", "ust": "99999999"},
        {"once": "2019-01-01", "sonra": "2020-01-01", "ust": "abc"},
    ],
)
def test_a_comparison_that_makes_no_sense(client, query):
    html = get(client, "/kurumlar/karsilastir/", 400, **query)
    assert "Düzeltilmesi gerekenler var" in html


def test_comparison_downloads_all_kinds_or_one(client, history):
    def download(**more: str) -> list[dict]:
        query = {"once": "2019-12-31", "sonra": "2021-06-01", "bicim": "json", **more}
        response = client.get("/kurumlar/karsilastir/", query)
        return json.loads(b"".join(response.streaming_content))

    assert {row["kind"] for row in download()} == {"moved", "closed"}
    (row,) = download(tur="moved")
    assert row["old_parent_name"] == "Birinci Bakanlık"
    assert row["parent"] == history["second"].pk


# --- Old and new numbers ----------------------------------------------------------------------


def test_old_numbers_lead_to_who_does_the_work_now(client, history):
    html = get(client, "/kurumlar/halefler/")
    assert str(history["first"].pk) in html
    response = client.get("/kurumlar/halefler/", {"bicim": "json"})
    (row,) = json.loads(b"".join(response.streaming_content))
    assert row["detsis_no"] == history["first"].pk
    assert row["successors"] == str(history["second"].pk)
    assert row["current_successors"] == str(history["second"].pk)
    assert row["ended_on"] == "2021-01-01"


def test_chains_are_followed_and_what_is_taken_back_is_not(client):
    units = [unit(f"Birim {n}") for n in range(4)]
    for old, new, year in ((0, 1, 2020), (1, 2, 2021)):
        services.devolve_unit(
            unit=units[old].pk,
            successor=units[new].pk,
            effective_on=dt.date(year, 1, 1),
            actor=None,
        )
    wrong = services.devolve_unit(
        unit=units[3].pk, successor=units[2].pk, effective_on=dt.date(2022, 1, 1), actor=None
    )
    services.void_change(change=wrong, actor=None, reason="Yanlış.")
    later = timezone.localdate() + dt.timedelta(days=9)
    services.close_unit(unit=units[3].pk, effective_on=later, actor=None)
    response = client.get("/kurumlar/halefler/", {"bicim": "json"})
    found = json.loads(b"".join(response.streaming_content))
    assert [(row["detsis_no"], row["current_successors"]) for row in found] == [
        (units[1].pk, str(units[2].pk)),
        (units[0].pk, str(units[2].pk)),
    ]
    html = get(client, "/kurumlar/halefler/", q=str(units[0].pk))
    assert "Bugün görevi sürdüren" in html
    assert "İlk halefi:" in html


# --- Home -------------------------------------------------------------------------------------


def test_home_shows_live_figures_and_the_latest_changes(client, history):
    html = get(client, "/")
    assert 'href="/kurumlar/"' in html
    assert "faal birim" in html
    assert "<dd>2</dd>" in html
    assert "Teşkilatta son değişiklikler" in html
    assert "Bağlı olduğu yer değişti" in html
