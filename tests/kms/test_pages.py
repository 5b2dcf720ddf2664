"""Public pages of legislation: what they say, how much they ask, what they refuse."""

import datetime as dt
import io
import re

import orjson
import pytest
from django.test import Client
from pypdf import PdfReader

from kms import services
from kms.models import InstrumentType, VersionKind
from tests.factories.detsis import unit
from tests.factories.kms import instrument, publish, text

pytestmark = pytest.mark.django_db
FIRST, LATER = dt.date(2010, 5, 12), dt.date(2015, 1, 1)


@pytest.fixture
def law():
    """A law with two texts, the second one changed by a law that is not recorded."""
    made = instrument("Bilgi Edinme Hakkı Kanunu", number="4982", accepted_on=dt.date(2003, 10, 9))
    publish(
        made,
        text("Amaç: Amaç budur.", "Cevap süresi: Kurumlar otuz gün içinde cevap verir."),
        valid_from=FIRST,
        kind=VersionKind.FIRST,
    )
    publish(
        made,
        text(
            "Amaç: Amaç budur.",
            "Cevap süresi: (Değişik: 1/1/2015-6600/1 md.) Kurumlar on gün içinde cevap verir.",
            "Ek hüküm: Başvurular elektronik ortamda yapılır.",
        ),
        valid_from=LATER,
    )
    return made


def get(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:1500]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def test_the_page_reads_today_and_on_a_day(client, law):
    page = get(client, f"/mevzuat/{law.pk}/")
    assert "on gün içinde" in page
    assert 'id="m2"' in page
    assert "6600 s. Kanun" in page
    old = get(client, f"/mevzuat/{law.pk}/?tarih=2012-01-01")
    assert "otuz gün içinde" in old
    assert "01.01.2012" in old
    before = get(client, f"/mevzuat/{law.pk}/?tarih=1999-01-01")
    assert "bilinen en eski metin" in before


def test_articles_are_found_by_what_people_type(client, law):
    for asked in ("2", "m. 2", "m2", "2/1"):
        assert "on gün içinde" in get(client, f"/mevzuat/{law.pk}/?madde={asked}")
    get(client, f"/mevzuat/{law.pk}/?madde=olmayan")
    get(client, f"/mevzuat/{law.pk}/?bolum=9", 404)
    get(client, f"/mevzuat/{law.pk}/?metin=99999999", 404)
    get(client, f"/mevzuat/{law.pk}/?tarih=dün", 400)
    get(client, "/mevzuat/99999999/", 404)


def test_repealed_says_so_at_the_top_of_every_view(client, law):
    new = instrument("Yeni Kanun", accepted_on=dt.date(2024, 1, 1))
    services.relate(actor=None, source=new, kind="repeals", targets=[law], on=dt.date(2024, 2, 1))
    for view in ("", "yazdir/", "karsilastir/", "sema/", "etki/"):
        page = get(client, f"/mevzuat/{law.pk}/{view}")
        assert "Yürürlükten kalkmıştır." in page, view
    assert "KALKMIŞTIR" in get(client, f"/mevzuat/{law.pk}/metin.txt")
    listed = get(client, "/mevzuat/?durum=repealed")
    assert law.title in listed
    assert new.title not in listed.split("<tbody", 1)[1]


def test_a_hundred_relations_take_no_more_than_twelve_queries(
    client, law, django_assert_max_num_queries
):
    for n in range(100):
        rule = instrument(f"Yönerge {n}", type=InstrumentType.DIRECTIVE, number="")
        services.relate(actor=None, source=rule, kind="based_on", targets=[law])
    unit("Daire", founding_legislation=[{"number": "4982", "date": "2003-10-09"}])
    with django_assert_max_num_queries(12):
        page = get(client, f"/mevzuat/{law.pk}/")
    assert "Dayanak olduğu" in page
    assert re.search(r'k-count">100<', page)
    assert "100 mevzuatın tümü" in page


def test_units_and_instruments_show_each_other(client, law):
    made = unit(
        "Bilgi Edinme Kurulu", founding_legislation=[{"number": "4982", "date": "2003-10-09"}]
    )
    other = unit("Başka", founding_legislation=[{"number": "4982", "date": "1950-01-01"}])
    page = get(client, f"/mevzuat/{law.pk}/")
    assert f"/kurum/{made.pk}/" in page
    assert f"/kurum/{other.pk}/" not in page
    assert f"/mevzuat/{law.pk}/" in get(client, f"/kurum/{made.pk}/")
    rule = instrument(
        "Kurul Yönergesi", type="directive", number="", scope="institutional", issuer=made
    )
    assert f"/mevzuat/{rule.pk}/" in get(client, f"/kurum/{made.pk}/")
    assert rule.title in get(client, f"/mevzuat/?cikaran={made.pk}")


def test_two_texts_side_by_side_to_the_word(client, law):
    page = get(client, f"/mevzuat/{law.pk}/karsilastir/")
    assert "<del>otuz</del>" in page
    assert "<ins>on</ins>" in page
    assert "elektronik" in page
    assert "İki metin arasında fark yok" not in page
    days = get(client, f"/mevzuat/{law.pk}/karsilastir/?eski=2011-01-01&yeni=2020-01-01")
    assert "<ins>on</ins>" in days


def test_lists_of_relations_and_amendments(client, law):
    page = get(client, f"/mevzuat/{law.pk}/degisiklikler/")
    assert "m. 2" in page
    assert "Değişik" in page
    assert "6600" in get(client, f"/mevzuat/{law.pk}/iliskiler/?kind=amends&direction=in")
    empty = get(client, f"/mevzuat/{law.pk}/iliskiler/?direction=out")
    assert "6600" not in empty
    csv = get(client, f"/mevzuat/{law.pk}/iliskiler/?bicim=csv")
    assert "6600 s. Kanun" in csv


def test_graph_and_impact_have_lists_beside_the_drawing(client, law):
    rule = instrument("Uygulama Yönergesi", type="directive", number="")
    services.relate(actor=None, source=rule, kind="based_on", targets=[law])
    page = get(client, f"/mevzuat/{law.pk}/sema/")
    assert '<svg class="m-graph"' in page
    assert page.count(f"/mevzuat/{rule.pk}/") >= 2
    svg = client.get(f"/mevzuat/{law.pk}/sema.svg")
    assert svg["Content-Type"] == "image/svg+xml"
    impact = get(client, f"/mevzuat/{law.pk}/etki/")
    assert rule.title in impact
    get(client, f"/mevzuat/{law.pk}/etki/?madde=3")


def test_other_forms_of_the_text(client, law):
    assert "elektronik ortamda" in get(client, f"/mevzuat/{law.pk}/metin.txt")
    data = orjson.loads(get(client, f"/mevzuat/{law.pk}/metin.json"))
    assert data["number"] == "4982"
    assert [p["anchor"] for p in data["text"]["passages"] if p["kind"] == "article"] == [
        "m1",
        "m2",
        "m3",
    ]
    assert "<article" in get(client, f"/mevzuat/{law.pk}/metin.akn.xml")
    pdf = client.get(f"/mevzuat/{law.pk}/metin.pdf")
    assert pdf.content.startswith(b"%PDF")
    root = PdfReader(io.BytesIO(pdf.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    empty = instrument("Metinsiz Kanun")
    for view in ("metin.txt", "metin.pdf", "yazdir/"):
        get(client, f"/mevzuat/{empty.pk}/{view}", 404)
    get(client, f"/mevzuat/{empty.pk}/")


def test_citations_lead_to_the_instrument(client, law):
    response = client.get("/mevzuat/atif/kanun/4982/?t=2003-10-09&m=m.+2")
    assert response["Location"] == f"/mevzuat/{law.pk}/?madde=m2#m2"
    other = instrument("Öteki 4982", number="4982", accepted_on=dt.date(1945, 1, 1), series=3)
    both = get(client, "/mevzuat/atif/kanun/4982/")
    assert law.title in both
    assert other.title in both
    get(client, "/mevzuat/atif/kanun/99999/", 404)
    assert client.get(law.eli)["Location"] == f"/mevzuat/{law.pk}/"
    assert client.get(f"{law.eli}2012-01-01/")["Location"].endswith("?tarih=2012-01-01")


def test_the_two_laws_657_have_their_own_pages(client):
    civil = instrument("Devlet Memurları Kanunu", number="657", accepted_on=dt.date(1965, 7, 14))
    maps = instrument(
        "Harita Genel Müdürlüğü Kanunu", number="657", accepted_on=dt.date(1925, 4, 22), series=3
    )
    assert civil.eli != maps.eli
    for made in (civil, maps):
        assert made.title in get(client, made.get_absolute_url())
        assert client.get(made.eli)["Location"] == made.get_absolute_url()
    page = get(client, "/mevzuat/?q=657")
    assert civil.title in page
    assert maps.title in page


def test_the_list_filters_and_downloads(client, law):
    instrument("Tebliğ", type="communique", number="", accepted_on=dt.date(2021, 1, 1))
    page = get(client, "/mevzuat/?tur=law&yil_en_cok=2010")
    assert law.title in page
    assert "1</span>" in page
    assert law.title in get(client, "/mevzuat/?q=bilgi edinme")
    assert law.title in get(client, "/mevzuat/?q=BİLGİ HAKKI")
    assert law.title in get(client, "/mevzuat/?q=4982 sayılı Kanun")
    assert "uyan mevzuat yok" in get(client, "/mevzuat/?q=olmayan sözcük")
    rows = orjson.loads(get(client, "/mevzuat/?bicim=json"))
    assert {row["status"] for row in rows} == {"in_force"}
    assert len(rows) == 2
    assert client.get("/mevzuat/?bicim=xlsx").status_code == 200


def test_full_text_finds_other_endings_phrases_and_folded_words(client, law):
    for query in ("gün cevapları", '"on gün içinde"', "basvuru elektronik"):
        page = get(client, f"/mevzuat/ara/?q={query}")
        assert f"/mevzuat/{law.pk}/?madde=m" in page, query
        assert "<mark>" in page
    assert "Hiçbir maddede" in get(client, '/mevzuat/ara/?q="gün on içinde"')
    assert "Hiçbir maddede" in get(client, "/mevzuat/ara/?q=elektronik&tur=communique")
    assert "otuz" not in get(client, "/mevzuat/ara/?q=otuz gün")[-4000:].split("<mark>", 1)[0]
    get(client, "/mevzuat/ara/?q=%22%22&sayfa=99")


def test_drafts_are_nobody_elses(client):
    hidden = instrument("Gizli Taslak", published=False)
    get(client, f"/mevzuat/{hidden.pk}/", 404)
    assert hidden.title not in get(client, "/mevzuat/")
    assert client.get(f"/api/v1/instruments/{hidden.pk}/").status_code == 404
    assert hidden.title not in get(client, "/mevzuat/?bicim=csv")


@pytest.mark.parametrize(
    ("address", "nothing"),
    [
        ("/mevzuat/acik-atiflar/", "Metinlerin andığı mevzuatın tümü kayıtlı."),
        ("/mevzuat/kural-disi/", "Kayıtlı bütün ilişkiler sıra ve dayanak kurallarına uyuyor."),
    ],
)
def test_an_empty_list_without_filters_does_not_speak_of_filters(client, db, address, nothing):
    page = get(client, address)
    assert nothing in page
    assert "Süzgeçlerden birini kaldırın" not in page
    assert f'href="{address}" aria-current="page"' in page


def test_statistics_references_violations_and_feeds(client, law):
    page = get(client, "/mevzuat/istatistik/")
    assert "Kanun" in page
    assert "sürüyor" in page
    assert "Kanun,1,0,1" in get(client, "/mevzuat/istatistik/?bicim=csv").replace(";", ",")
    assert client.get("/mevzuat/istatistik.pdf").content.startswith(b"%PDF")
    assert "6600 s. Kanun" in get(client, "/mevzuat/acik-atiflar/")
    get(client, "/mevzuat/kural-disi/")
    assert law.title in get(client, "/mevzuat/atom.xml")
    items = orjson.loads(get(client, "/mevzuat/feed.json"))["items"]
    assert items[0]["_kms"]["instrument"] == law.pk


def test_the_api_gives_the_names_clients_rely_on(client, law):
    rows = client.get("/api/v1/instruments/?type=law").json()["results"]
    promised = {
        "id", "type", "number", "series", "title", "accepted_on", "gazette_date",
        "gazette_number", "status", "issuer",
    }  # fmt: skip
    assert promised <= set(rows[0])
    one = client.get(f"/api/v1/instruments/{law.pk}/").json()
    assert [v["kind"] for v in one["versions"]] == ["first", "consolidated"]
    relations = client.get(f"/api/v1/instruments/{law.pk}/relations/").json()["results"]
    assert relations[0]["kind"] == "amends"
    assert relations[0]["direction"] == "in"
    assert relations[0]["citation"] == "6600 s. Kanun"
    assert relations[0]["provision"] == "m. 2"
    assert relations[0]["resolved"] is False
    assert {"instrument", "date"} <= set(relations[0])
    assert client.get("/api/v1/instruments/?type=yok").status_code == 400


def test_search_of_the_portal_finds_and_jumps(client, law):
    page = get(client, "/ara/?q=bilgi edinme")
    assert f"/mevzuat/{law.pk}/" in page
    assert client.get("/ara/?q=4982")["Location"] == f"/mevzuat/{law.pk}/"
    assert client.get("/ara/?q=4982 m. 2")["Location"].startswith(f"/mevzuat/{law.pk}/?madde=m2")


def test_what_is_still_to_come_is_told(client, law):
    coming = instrument("Gelecek Kanun", accepted_on=dt.date(2026, 1, 1))
    day = dt.date.today() + dt.timedelta(days=90)
    services.relate(
        actor=None, source=coming, kind="amends", targets=[law], on=day, target_place="m. 2"
    )
    page = get(client, f"/mevzuat/{law.pk}/")
    assert "Yürürlüğe girecek değişiklikler var." in page
    assert f"{day:%d.%m.%Y}" in page
