"""The page of a unit: what it shows of today and of other days, and what it costs."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from detsis import services
from detsis.models import Unit
from kaysis.accounts.models import Role
from kaysis.common import panels
from tests.factories.accounts import person_with
from tests.factories.detsis import LONG_AGO, chain, forest, unit

pytestmark = pytest.mark.django_db
# Of the page itself, and of the panels that other subsystems have on it today.
QUERIES, PANELS = 4, 2


def get(client: Client, number: int | Unit, status: int = 200, **query: str) -> str:
    number = number.pk if isinstance(number, Unit) else number
    response = client.get(f"/kurum/{number}/", query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_identity_card_and_path(client):
    governor = unit("Iğdır Valiliği", status=30)
    ministry, directorate = chain(
        "İçişleri Bakanlığı", "Nüfus Genel Müdürlüğü", is_institution=True
    )
    made = unit(
        "Iğdır İl Nüfus ve Vatandaşlık Müdürlüğü",
        directorate,
        name_en="Iğdır Provincial Directorate",
        organisation_type="provincial",
        category=221,
        status=33,
        budget_type=1,
        province=76,
        civil_authority=governor.pk,
        phone="0476 227 00 00",
        phone_extension="12",
        email="igdir@ornek.gov.tr",
        address="Atatürk Cad. 1",
        postal_code="76000",
        kep_addresses=[
            {"address": "yeni@hs01.kep.tr", "valid_from": "2020-01-01"},
            {"address": "eski@hs02.kep.tr", "valid_from": "2016-03-01", "valid_to": "2020-01-01"},
        ],
        founding_legislation=[{"name": "Nüfus Kanunu", "date": "2006-04-25", "number": "5490"}],
        addressee_suffix="Makamı",
    )
    html = get(client, made)
    for text in (
        "<h1>Iğdır İl Nüfus ve Vatandaşlık Müdürlüğü</h1>",
        str(made.pk),
        "Iğdır Provincial Directorate",
        f'<a href="/kurum/{ministry.pk}/">İçişleri Bakanlığı</a>',
        f'<a href="/kurum/{governor.pk}/">Iğdır Valiliği</a>',
        "Taşra teşkilatı",
        "Mülki İdareye Bağlı",
        "0476 227 00 00 (dahili 12)",
        'href="tel:04762270000"',
        "Atatürk Cad. 1 76000",
        "25.04.2006 tarihli ve 5490 sayılı Nüfus Kanunu",
        "01.03.2016 tarihinden beri",
        "“Makamı” eklenir",
        "IĞDIR VALİLİĞİ",
        f"E-{made.pk}-",
        f"/api/v1/units/{made.pk}/",
    ):
        assert text in html, text
    assert html.index("yeni@hs01.kep.tr") < html.index("eski@hs02.kep.tr")
    assert "Eski KEP adresi" in html
    assert "31.12.2019" in html  # the last day of the old address


def test_names_cannot_inject(client):
    made = unit('<script>alert(1)</script> & "Müdürlüğü"')
    html = get(client, made)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_another_day_shows_names_path_and_links_of_that_day(client):
    old, new = unit("Eski Bakanlık"), unit("Yeni Bakanlık")
    made = unit("Daire", old)
    child = unit("Şube", made)
    services.move_unit(unit=made.pk, parent=new.pk, effective_on=day("2020-06-01"), actor=None)
    services.rename_unit(
        unit=made.pk, name="Büyük Daire", effective_on=day("2021-01-01"), actor=None
    )
    past = get(client, made, tarih="2019-01-01")
    assert "<h1>Daire</h1>" in past
    assert f'<a href="/kurum/{old.pk}/?tarih=2019-01-01">Eski Bakanlık</a>' in past
    assert f'href="/kurum/{child.pk}/?tarih=2019-01-01"' in past
    assert "<strong>01.01.2019</strong> günündeki hâli" in past
    assert "?as_of=2019-01-01" in past
    between = get(client, made, tarih="2020-06-01")
    assert "<h1>Daire</h1>" in between
    assert '?tarih=2020-06-01">Yeni Bakanlık</a>' in between
    now = get(client, made)
    assert "<h1>Büyük Daire</h1>" in now
    assert "günündeki hâli" not in now


def test_today_by_date_is_today(client):
    made = unit("Daire")
    html = get(client, made, tarih=timezone.localdate().isoformat())
    assert "günündeki hâli" not in html


def test_a_day_to_come_shows_what_is_planned(client):
    made = unit("Daire")
    later = timezone.localdate() + dt.timedelta(days=30)
    services.rename_unit(unit=made.pk, name="Başka Ad", effective_on=later, actor=None)
    html = get(client, made)
    assert "<h1>Daire</h1>" in html
    assert "Adı değişecek" in html
    assert "Günü gelmedi" in html
    future = get(client, made, tarih=later.isoformat())
    assert "<h1>Başka Ad</h1>" in future
    assert "bugün bilinen planlara göre" in future


@pytest.mark.parametrize("text", ["dün", "2020-13-01", "01.02.2020", "20200101"])
def test_a_day_that_is_none_is_a_clear_400(client, text):
    html = get(client, unit("Daire"), 400, tarih=text)
    assert "bir tarih değil" in html
    assert "yıl-ay-gün" in html


@pytest.mark.parametrize("text", ["0001-01-01", "2999-01-01"])
def test_a_day_too_far_away_is_told_so(client, text):
    html = get(client, unit("Daire"), 400, tarih=text)
    assert "Tarih 1900 ile 2199 yılları arasında olmalıdır." in html
    assert "bir tarih değil" not in html


def test_before_its_founding_there_is_a_way_on(client):
    made = unit("Daire", effective_on=day("2020-05-04"))
    html = get(client, made, 404, tarih="2020-05-03")
    assert "henüz yoktu" in html
    assert "04.05.2020" in html
    assert f"/kurum/{made.pk}/?tarih=2020-05-04" in html


def test_a_number_never_issued_is_404_with_a_search(client):
    html = get(client, 87_654_321, 404)
    assert "87654321 numarasıyla kayıtlı" in html
    assert 'name="q"' in html


@pytest.mark.parametrize("path", ["/kurum/1234/", "/kurum/012345678/", "/kurum/123456789/"])
def test_what_is_no_number_is_404(client, path):
    assert client.get(path).status_code == 404


def test_a_withdrawn_founding_keeps_its_number_and_says_so(client):
    later = timezone.localdate() + dt.timedelta(days=30)
    change = services.found_unit(actor=None, name="Gelecek", parent=None, effective_on=later)
    html = get(client, change.unit_id)
    assert "tarihinde kurulacak" in html
    services.void_change(change=change, actor=None, reason="Vazgeçildi")
    for query in ({}, {"tarih": later.isoformat()}):
        html = get(client, change.unit_id, 410, **query)
        assert "kuruluşu geri alınmış" in html
        assert "Gelecek" not in html
    for page in ("sema/", "sema.svg", "antet/"):
        assert client.get(f"/kurum/{change.unit_id}/{page}").status_code == 410


def test_a_closed_unit_leads_to_the_end_of_its_line(client):
    first, second, third = unit("Birinci"), unit("İkinci"), unit("Üçüncü")
    services.devolve_unit(
        unit=first.pk, successor=second.pk, effective_on=day("2020-01-01"), actor=None
    )
    services.devolve_unit(
        unit=second.pk, successor=third.pk, effective_on=day("2021-01-01"), actor=None
    )
    html = get(client, first)
    assert "<strong>01.01.2020</strong> tarihinden beri faal değil" in html
    banner = html[html.index("tarihinden beri faal değil") : html.index('id="kimlik"')]
    assert f"/kurum/{third.pk}/" in banner
    assert f"/kurum/{second.pk}/" not in banner
    then = get(client, first, tarih="2020-07-01")
    banner = then[then.index("tarihinden beri faal değil") : then.index('id="kimlik"')]
    assert f"/kurum/{second.pk}/?tarih=2020-07-01" in banner
    assert "görevini devraldı" in get(client, third)
    assert f"/kurum/{second.pk}/" in get(client, third)


def test_history_keeps_corrections_visible(client):
    made = unit("Daire")
    wrong = services.amend_unit(
        unit=made.pk, facts={"phone": "111"}, effective_on=day("2022-01-01"), actor=None
    )
    services.correct_change(
        change=wrong, actor=None, reason="Telefon yanlıştı.", assignments={"phone": "222"}
    )
    moved = services.rename_unit(
        unit=made.pk, name="Yanlış Ad", effective_on=day("2023-01-01"), actor=None
    )
    services.void_change(change=moved, actor=None, reason="Yanlış birim.")
    html = get(client, made)
    history = html[html.index('id="tarihce"') :]
    assert "Düzeltildi" in history
    assert "Telefon yanlıştı." in history
    assert "Geri alındı" in history
    assert "<del>Adı değişti</del>" in history
    assert '<ins><span class="visually-hidden">sonra: </span>222</ins>' in history
    assert "<h1>Daire</h1>" in html
    assert history.index("Yanlış Ad") < history.index(">222<") < history.index("Kuruldu")


def test_who_recorded_it_is_for_the_central_administrator_alone(client, client_of):
    central = person_with(Role.CENTRAL_ADMINISTRATOR, given_name="Zeynep", family_name="AYDIN")
    made = unit("Daire", actor=central)
    officer = person_with(Role.DETSIS_OFFICER, scope_detsis_no=made.pk)
    assert "Zeynep" in get(client_of(central), made)
    assert "kaynak web" in get(client_of(central), made)
    for other in (client, client_of(officer)):
        html = get(other, made)
        assert "Zeynep" not in html
        assert "kaynak web" not in html


def test_sub_units_are_searched_and_paged(client):
    parents = [None, *[0] * 60]
    numbers = forest(parents)
    html = get(client, numbers[0])
    assert "<strong>60</strong> faal birim" in html
    assert f"/kurum/{numbers[1]}/" in html
    assert f"/kurum/{numbers[60]}/" not in html
    assert f"/kurum/{numbers[60]}/" in get(client, numbers[0], sayfa="3")
    one = get(client, numbers[0], birim=str(numbers[42]))
    assert f"/kurum/{numbers[42]}/" in one
    assert f"/kurum/{numbers[1]}/" not in one
    assert "Bu ada uyan" in get(client, numbers[0], birim="yok böyle bir ad")


def test_units_under_a_civil_authority_are_told_apart_by_their_path(client):
    governor = unit("Ankara Valiliği", status=30)
    ministry = unit("Sağlık Bakanlığı")
    under = unit("İl Sağlık Müdürlüğü", ministry, civil_authority=governor.pk)
    own = unit("İl Yazı İşleri Müdürlüğü", governor, civil_authority=governor.pk)
    html = get(client, governor)
    part = html[html.index('id="mulki"') : html.index('id="tarihce"')]
    assert f"/kurum/{under.pk}/" in part
    assert "Sağlık Bakanlığı" in part
    assert f"/kurum/{own.pk}/" not in part  # it stands among the units below
    assert 'id="mulki"' not in get(client, ministry)


def test_panels_of_other_subsystems_are_drawn(client):
    shown = []

    def context(request, obj):
        shown.append(obj.detsis_no)
        return {"facts": []}

    panels.register(
        "detsis.unit",
        panels.Panel(key="deneme", title="Deneme", template="common/card.html", context=context),
    )
    try:
        made = unit("Daire")
        get(client, made)
        get(client, made, tarih=LONG_AGO.isoformat())
    finally:
        panels.unregister("detsis.unit", "deneme")
    assert shown == [made.pk, made.pk]


def test_queries_do_not_depend_on_the_tree(client, django_assert_num_queries):
    firsts = {
        size: forest([None, *[0] * size], first=40_000_000 + size * 1000)[0] for size in (3, 70)
    }
    for first in firsts.values():
        with django_assert_num_queries(QUERIES + PANELS):
            get(client, first)
        with django_assert_num_queries(QUERIES + 2):
            get(client, first, tarih="2020-01-01")


def test_the_richest_page_stays_within_its_queries(client, django_assert_max_num_queries):
    governor = unit("Ankara Valiliği", status=30, province=6, category=221)
    old, other = unit("Eski"), unit("Başka")
    for gone in (old, other):
        services.devolve_unit(
            unit=gone.pk, successor=governor.pk, effective_on=day("2020-01-01"), actor=None
        )
    for n in range(20):
        unit(f"Müdürlük {n}", civil_authority=governor.pk)
    for n in range(20):
        unit(f"Kaymakamlık {n}", governor)
    with django_assert_max_num_queries(13):
        get(client, governor)
    with django_assert_max_num_queries(13):
        get(client, governor, tarih="2021-01-01")
    with django_assert_max_num_queries(13):
        get(client, old)
