"""The register as a tree and as a list."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.test import Client

from detsis import services
from detsis.filters import PAGE_NAMES, UnitPageFilter
from detsis.models import Category, District, Unit
from detsis.views import browse, filter_panel
from tests.factories.detsis import chain, forest, unit

pytestmark = pytest.mark.django_db
# A branch of a root; one below has the siblings on its path to read, too.
TREE_QUERIES, ROOT_QUERIES, OPEN_QUERIES, LIST_QUERIES = 2, 4, 5, 2


def get(client: Client, status: int = 200, path: str = "/kurumlar/", **query: object) -> str:
    response = client.get(path, query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def listed(html: str) -> list[int]:
    """Numbers of the units linked as items of the tree, in order."""
    return [int(no) for no in re.findall(r'd-tree__name[^"]*" href="/kurum/(\d+)/', html)]


def rows(html: str) -> list[int]:
    return [int(no) for no in re.findall(r'd-cell__name" href="/kurum/(\d+)/', html)]


# --- The tree ---------------------------------------------------------------------------------


def test_roots_with_the_number_of_units_below(client):
    numbers = forest([None, 0, 0, 1, None])
    html = get(client)
    assert listed(html) == [numbers[0], numbers[4]]
    assert "3 birim" in html
    assert f"?ac={numbers[0]}" in html
    assert f"?ac={numbers[4]}" not in html  # nothing below it to open


def test_an_open_branch_shows_its_path_its_siblings_and_its_units(client):
    numbers = forest([None, 0, 0, 1, 3, 3])
    html = get(client, ac=numbers[3])
    assert listed(html) == [
        numbers[0],
        numbers[1],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[2],
    ]
    assert html.count("data-open") == 3


def test_children_are_central_first_then_in_turkish_order(client):
    root = unit("Bakanlık")
    made = {
        name: unit(name, root, organisation_type=kind)
        for name, kind in [
            ("Zonguldak İl Müdürlüğü", "provincial"),
            ("Çankırı İl Müdürlüğü", "provincial"),
            ("Isparta İl Müdürlüğü", "provincial"),
            ("İzmir İl Müdürlüğü", "provincial"),
            ("Teftiş Kurulu", "central"),
        ]
    }
    assert [Unit.objects.get(pk=no).name for no in listed(get(client, ac=root.pk))[1:]] == [
        "Teftiş Kurulu",
        "Çankırı İl Müdürlüğü",
        "Isparta İl Müdürlüğü",
        "İzmir İl Müdürlüğü",
        "Zonguldak İl Müdürlüğü",
    ]
    assert len(made) == 5


def test_thousands_of_siblings_come_page_by_page(client, django_assert_num_queries):
    numbers = forest([None, *[0] * 230, 120])
    with django_assert_num_queries(ROOT_QUERIES):
        html = get(client, ac=numbers[0])
    assert listed(html) == [numbers[0], *numbers[1:101]]
    assert "toplam 230 birim" in html
    assert listed(get(client, ac=numbers[0], sayfa=3))[1:] == numbers[201:231]
    assert listed(get(client, ac=numbers[0], sayfa=99))[1:] == numbers[201:231]
    # A unit beyond the siblings that are shown is there when it is on the open path.
    deep = get(client, ac=numbers[120])
    assert numbers[120] in listed(deep)
    assert numbers[231] in listed(deep)
    assert len(listed(deep)) < 60


def test_siblings_can_be_searched(client):
    numbers = forest([None, *[0] * 230])
    html = get(client, ac=numbers[0], icinde=f"birim {numbers[200]}")
    assert listed(html) == [numbers[0], numbers[200]]
    assert "Bu ada uyan birim yok" in get(client, ac=numbers[0], icinde="yok")


def test_the_tree_of_a_past_day(client):
    first, second = unit("Birinci"), unit("İkinci")
    moved = unit("Daire", first)
    day = dt.date(2020, 1, 1)
    services.move_unit(unit=moved.pk, parent=second.pk, effective_on=day, actor=None)
    services.rename_unit(unit=first.pk, name="Başka", effective_on=day, actor=None)
    past = get(client, ac=first.pk, tarih="2019-06-01")
    assert listed(past) == [first.pk, moved.pk, second.pk]
    assert "Birinci" in past
    assert f"?ac={first.pk}&tarih=2019-06-01" in past or "&amp;tarih=2019-06-01" in past
    assert f'href="/kurum/{moved.pk}/?tarih=2019-06-01"' in past
    assert listed(get(client, ac=second.pk)) == [first.pk, second.pk, moved.pk]
    assert "Bu tarihte kayıtlı birim yok" in get(client, tarih="1950-01-01")


def test_closed_units_are_not_in_the_tree_but_can_be_opened(client):
    root, closed = chain("Bakanlık", "Kapanan")
    services.close_unit(unit=closed.pk, effective_on=dt.date(2020, 1, 1), actor=None)
    assert listed(get(client, ac=root.pk)) == [root.pk]
    html = get(client, ac=closed.pk)
    assert listed(html) == [root.pk, closed.pk]
    assert "faal değil" in html


@pytest.mark.parametrize("number", ["99999999", "abc", "123"])
def test_a_branch_that_does_not_exist(client, number):
    assert "açılacak bir birim yok" in get(client, 404, ac=number)


def test_a_wrong_day_is_told(client):
    assert "bir tarih değil" in get(client, 400, tarih="2020-02-30")


def test_many_roots_come_page_by_page(client):
    numbers = forest([None] * 130)
    html = get(client)
    assert listed(html) == numbers[:100]
    assert "/kurumlar/dal/?sayfa=2" in html
    assert listed(get(client, sayfa=2)) == numbers[100:]
    assert listed(get(client, path="/kurumlar/dal/", sayfa=2)) == numbers[100:]
    assert "Aynı yere bağlı diğer birimler" in get(client, ac=numbers[120])


def test_the_fragment_is_the_items_of_one_branch(client, django_assert_num_queries):
    numbers = forest([None, *[0] * 120])
    with django_assert_num_queries(2):
        html = get(client, path=f"/kurumlar/dal/{numbers[0]}/")
    assert html.lstrip().startswith("<li")
    assert listed(html) == numbers[1:101]
    assert f"/kurumlar/dal/{numbers[0]}/?sayfa=2" in html
    rest = get(client, path=f"/kurumlar/dal/{numbers[0]}/", sayfa=2)
    assert listed(rest) == numbers[101:121]
    assert "data-more" not in rest


def test_tree_queries_do_not_grow(client, django_assert_num_queries):
    for size in (2, 60):
        numbers = forest([None, *[0] * size, *[1] * size], first=41_000_000 + size * 1000)
        with django_assert_num_queries(TREE_QUERIES):
            get(client)
        with django_assert_num_queries(OPEN_QUERIES):
            get(client, ac=numbers[1])


# --- The list ---------------------------------------------------------------------------------


def test_any_filter_means_the_list(client):
    made = unit("Iğdır Nüfus Müdürlüğü")
    unit("Başka")
    html = get(client, q="igdir nufus")
    assert rows(html) == [made.pk]
    assert "<strong>1</strong> sonuç" in html
    assert "Süzgeci kaldır:" in html
    assert rows(get(client, gorunum="liste")) != []
    assert listed(get(client, gorunum="agac", q="x")) != []


def test_every_row_has_its_full_path_and_costs_no_query(
    client, django_assert_num_queries, monkeypatch
):
    first = chain("Sağlık Bakanlığı", "Bilgi İşlem Dairesi Başkanlığı")
    second = chain("Ticaret Bakanlığı", "Bilgi İşlem Dairesi Başkanlığı")
    monkeypatch.setattr(browse, "data_version", lambda: "the version of this test")
    for query in ({"q": "bilgi islem"}, {"gorunum": "liste"}):
        get(client, **query)  # names of codes and the filters' fields are kept from here on
    with django_assert_num_queries(LIST_QUERIES):
        html = get(client, q="bilgi islem")
    assert sorted(rows(html)) == sorted([first[1].pk, second[1].pk])
    assert "<li>Sağlık Bakanlığı</li>" in html
    assert "<li>Ticaret Bakanlığı</li>" in html
    forest([None, *[0] * 40])
    with django_assert_num_queries(LIST_QUERIES):
        get(client, gorunum="liste")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"q": "a & <b>", "faal": "true", "kurulus_ilk": "2020-01-01", "ust": "10000000"},
        {"il": "76", "ilce": "1", "kategori": "19", "statu": "7", "butce": "1"},
        {"ilce": "1"},
        {"teskilat": "central", "ana_kurum": "false", "kep": "true", "dis_yazisma": "false"},
        {"ust": "12", "il": "6"},
    ],
)
@pytest.mark.parametrize("version", [None, "a version"])
def test_the_panel_is_what_the_form_draws(given, version):
    """Options are filled into fields that were drawn empty; nobody can tell."""
    if "ilce" in given:
        district = District.objects.filter(province=76).values_list("pk", flat=True)[0]
        given = given | {"ilce": str(district)}
    names = list(PAGE_NAMES.values())
    form = UnitPageFilter(given, Unit.objects.all(), names=names).form
    form.is_valid()
    whole = "".join(field.as_field_group() for field in form)
    for _ in range(2):
        filters = UnitPageFilter(given, Unit.objects.all(), version=version)
        drawn = filter_panel.fields(filters, version)
        assert drawn.main + drawn.more == whole


def test_what_is_kept_goes_with_the_version_of_the_data(client, monkeypatch):
    unit("Daire", category=19)
    versions = iter(["first", "first", "second"])
    monkeypatch.setattr(browse, "data_version", lambda: next(versions))
    assert "Bakanlık" in get(client, gorunum="liste")
    Category.objects.filter(pk=19).update(name="Nezaret")
    assert "Nezaret" not in get(client, gorunum="liste")
    html = get(client, gorunum="liste")
    assert html.count("Nezaret") == 2  # in the row, and among what can be chosen


def test_sorting_by_name_is_turkish_and_by_number_numeric(client):
    numbers = {
        name: unit(name, detsis_no=no).pk
        for name, no in [("Zafer", 10_000_003), ("Çınar", 10_000_001), ("Ceviz", 10_000_002)]
    }
    names = [numbers[name] for name in ("Ceviz", "Çınar", "Zafer")]
    assert rows(get(client, gorunum="liste")) == names
    assert rows(get(client, gorunum="liste", sirala="-name")) == names[::-1]
    assert rows(get(client, sirala="detsis_no")) == sorted(names)
    assert rows(get(client, sirala="-detsis_no")) == sorted(names, reverse=True)


def test_filters_by_unit_are_named_on_their_chip(client):
    root, child = chain("Tarım ve Orman Bakanlığı", "Daire")
    html = get(client, ust=root.pk)
    assert rows(html) == [child.pk]
    assert "Tarım ve Orman Bakanlığı<svg" in html.replace(" <svg", "<svg")


def test_clearing_leads_to_the_list_not_to_the_tree(client):
    html = get(client, gorunum="liste", q="x")
    assert 'href="/kurumlar/?gorunum=liste">Temizle' in html
    assert '<input type="hidden" name="gorunum" value="liste">' in html


def test_wrong_values_are_told_at_their_field_and_narrow_nothing(client):
    made = unit("Daire")
    html = get(client, ust="12")
    assert "sekiz rakamdan oluşur" in html
    assert rows(html) == [made.pk]


def test_htmx_gets_the_results_alone(client):
    unit("Daire")
    response = client.get("/kurumlar/", {"q": "daire"}, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_the_districts_of_a_province(client):
    html = get(client, path="/kurumlar/ilceler/", il="76")
    assert "Tuzluca" in html
    assert "Çankaya" not in html
    for nonsense in ("", "x", "-1", "9" * 20):
        assert get(client, path="/kurumlar/ilceler/", il=nonsense).count("<option") == 1


def test_downloads_hold_exactly_what_is_filtered(client):
    ministry = unit("=Bakanlık", is_institution=True, category=19, province=6)
    child = unit("Daire", ministry, organisation_type="provincial")
    unit("Başka")
    for n in range(30):
        unit(f"Daire {n}")

    def download(**query: object):
        response = client.get("/kurumlar/", query)
        assert "kurumlar" in response["Content-Disposition"]
        return b"".join(response.streaming_content)

    found = json.loads(download(ust=ministry.pk, bicim="json"))
    assert [row["detsis_no"] for row in found] == [child.pk]
    assert found[0]["parent_detsis_no"] == ministry.pk
    assert found[0]["organisation_type"] == "provincial"
    table = csv.reader(
        io.StringIO(download(q="daire", bicim="csv").decode("utf-8-sig")), delimiter=";"
    )
    assert len(list(table)) == 1 + 31  # more than a page
    text = download(q="bakanlik", bicim="csv").decode("utf-8-sig")
    assert "'=Bakanlık" in text
    assert download(q="daire", bicim="xlsx")[:2] == b"PK"
