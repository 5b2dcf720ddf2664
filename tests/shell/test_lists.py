"""The base of all lists: page and fragment, filters, chips, sorting, pages, counts."""

import re

import django_filters
import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.test import Client
from django.urls import path

import kaysis.urls
from kaysis.accounts.models import Person
from kaysis.common import pagination, tables
from kaysis.common.exports import Column, ExportMixin
from kaysis.common.filters import FilterSet
from kaysis.common.pagination import BoundedPaginator, counted
from kaysis.common.views import ListPage
from tests.factories.accounts import PersonFactory


class PersonFilter(FilterSet):
    fixed = True

    family_name = django_filters.CharFilter(label="Soyadı", lookup_expr="icontains")
    active = django_filters.ChoiceFilter(
        field_name="is_active", label="Durumu", choices=[("True", "Etkin"), ("False", "Kapalı")]
    )
    staff = django_filters.MultipleChoiceFilter(
        field_name="is_staff", label="Kim", choices=[("True", "İşletmen"), ("False", "Kişi")]
    )

    class Meta:
        model = Person
        fields: list[str] = []


class PersonTable(tables.Table):
    family_name = tables.Column(verbose_name="Soyadı")
    given_name = tables.Column(verbose_name="Adı", orderable=False)
    caption = "Kişiler"


class Base(ExportMixin, ListPage):
    title = "Kişiler"
    filterset_class = PersonFilter
    paginate_by = 10
    export_columns = (Column("family_name", "Soyadı", "family_name"),)

    def get_queryset(self):
        return Person.objects.order_by("family_name")


class TableList(Base):
    table_class = PersonTable


class CardList(Base):
    card_template = "common/empty.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(text="Kişi", symbol="user", **kwargs)


urlpatterns = [
    path("tablo/", TableList.as_view()),
    path("kart/", CardList.as_view()),
    *kaysis.urls.urlpatterns,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def people() -> None:
    for n in range(23):
        PersonFactory(family_name=f"SOYAD{n:02}", is_active=n % 2 == 0)


def rows(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*>(\w+)</th>', html)


def test_page_has_filters_count_table_and_pages(client: Client, people: None) -> None:
    html = client.get("/tablo/").content.decode()
    assert html.count("<h1") == 1
    assert "<strong>23</strong> sonuç" in html
    assert rows(html) == [f"SOYAD{n:02}" for n in range(10)]
    assert "<caption>Kişiler</caption>" in html
    assert 'href="?sayfa=3"' in html
    assert 'href="?bicim=csv"' in html
    assert 'hx-get="/tablo/"' in html


def test_fragment_is_only_the_results(client: Client, people: None) -> None:
    html = client.get("/tablo/?sayfa=3", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html
    assert "<form" not in html
    assert rows(html) == ["SOYAD20", "SOYAD21", "SOYAD22"]
    response = client.get("/tablo/")
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_whole_page_where_htmx_wants_it(client: Client, header: str) -> None:
    html = client.get("/tablo/", headers={"HX-Request": "true", header: "true"}).content.decode()
    assert "<html" in html


def test_sorting_keeps_filters_and_says_its_direction(client: Client, people: None) -> None:
    html = client.get("/tablo/?active=True&sirala=-family_name&sayfa=1").content.decode()
    assert rows(html)[0] == "SOYAD22"
    assert 'aria-sort="descending"' in html
    assert 'href="?active=True&amp;sirala=family_name"' in html
    # The filter form carries the order with it.
    assert '<input type="hidden" name="sirala" value="-family_name">' in html


def test_chips_name_the_choice_and_take_it_away(client: Client, people: None) -> None:
    html = client.get(
        "/tablo/?active=True&staff=True&staff=False&family_name=soyad&sayfa=2"
    ).content.decode()
    links = [a.replace("&amp;", "&") for a in re.findall(r'class="k-chip" href="([^"]+)"', html)]
    assert len(links) == 4
    assert "?active=True&staff=False&family_name=soyad" in links
    assert "Etkin" in html
    assert all("sayfa" not in link for link in links)


def test_invalid_filters_narrow_nothing_and_are_told(client: Client, people: None) -> None:
    html = client.get("/tablo/?active=belki").content.decode()
    assert "<strong>23</strong>" in html
    assert "k-chip" not in html
    assert "is-invalid" in html


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_senseless_page_numbers_show_a_page(client: Client, people: None, page: str) -> None:
    response = client.get("/tablo/", {"sayfa": page})
    assert response.status_code == 200
    assert rows(response.content.decode())


def test_nothing_found_says_what_to_do(client: Client, people: None) -> None:
    html = client.get("/tablo/?family_name=yok").content.decode()
    assert "Bu koşullara uyan kayıt yok" in html
    assert "Sonuç yok" in html
    assert "bicim=csv" not in html
    assert "<table" not in html


def test_download_has_all_filtered_rows(client: Client, people: None) -> None:
    response = client.get("/tablo/?active=False&bicim=csv&sayfa=2")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert len(text.split()) == 1 + 11
    assert client.get("/tablo/?bicim=exe").status_code == 200


def test_cards_are_paged_like_tables(client: Client, people: None) -> None:
    html = client.get("/kart/?sayfa=3").content.decode()
    assert html.count('<li class="k-row">') == 3


def test_query_count_is_fixed(client: Client, people: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):  # the page, and the count with it
        client.get("/tablo/?active=True")


def test_counting_stops(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "COUNT_LIMIT", 20)
    paginator = BoundedPaginator(Person.objects.order_by("pk"), 10)
    assert paginator.count == 20
    assert paginator.more
    assert paginator.num_pages == 2
    exact = BoundedPaginator(Person.objects.filter(is_active=False).order_by("pk"), 10)
    assert (exact.count, exact.more) == (11, False)


@pytest.mark.parametrize(
    ("asked", "shown"), [("1", 1), ("2", 2), ("3", 2), ("99", 2), ("0", 1), ("-1", 1), ("x", 1)]
)
def test_a_page_and_the_count_come_together(people: None, asked: str, shown: int) -> None:
    rows = Person.objects.filter(is_active=False).order_by("pk")  # eleven
    page = BoundedPaginator(counted(rows), 10, countable=rows).get_page(asked)
    plain = Paginator(rows, 10).get_page(shown)
    assert page.number == shown
    assert list(page.object_list) == list(plain.object_list)
    assert (page.paginator.count, page.paginator.num_pages) == (11, 2)


def test_no_page_goes_beyond_what_is_counted(people: None) -> None:
    rows = Person.objects.order_by("pk")
    page = BoundedPaginator(counted(rows, 15), 10, countable=rows, limit=15).get_page(2)
    assert len(page.object_list) == 5
    assert (page.paginator.count, page.paginator.more, page.has_next()) == (15, True, False)
    beyond = BoundedPaginator(counted(rows, 15), 10, countable=rows, limit=15).get_page(3)
    assert beyond.number == 2


def test_no_rows_at_all() -> None:
    for rows in (Person.objects.none(), Person.objects.filter(pk__lt=0)):
        page = BoundedPaginator(counted(rows), 10, countable=rows).get_page(1)
        assert (list(page.object_list), page.paginator.count) == ([], 0)


def test_more_than_counted_is_said(
    client: Client, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagination, "COUNT_LIMIT", 20)
    assert "<strong>20</strong>'den fazla sonuç" in client.get("/tablo/").content.decode()


def test_table_without_caption_is_refused() -> None:
    class Nameless(tables.Table):
        name = tables.Column()

    with pytest.raises(ValueError, match="caption"):
        Nameless([])


def test_only_the_filters_that_are_asked_for_are_made_and_all_are_drawn() -> None:
    asked = PersonFilter({"active": "True", "family_name": ""}, Person.objects.all())
    assert list(asked.filters) == list(asked.form.fields) == ["active"]
    for name in ("family_name", "active", "staff"):
        assert f'name="{name}"' in asked.drawn
    assert '<option value="True" selected>Etkin</option>' in asked.drawn


def test_what_one_asked_for_is_not_drawn_for_the_next() -> None:
    asked = PersonFilter({"family_name": "x", "staff": "True"}, Person.objects.all())
    assert '<option value="True" selected>İşletmen' in asked.drawn
    assert 'value="x"' in asked.drawn
    empty = PersonFilter(None, Person.objects.all())
    assert " selected>İşletmen" not in empty.drawn
    assert 'value="x"' not in empty.drawn


def test_a_wrong_value_is_told_at_its_field() -> None:
    wrong = PersonFilter({"active": "belki"}, Person.objects.all())
    assert 'class="k-field k-field--error"' in wrong.drawn_fields["active"]
    assert "k-field--error" not in PersonFilter({}, Person.objects.all()).drawn


def test_links_in_heads_of_tables_keep_the_query_and_escape_it(client: Client, people) -> None:
    html = client.get("/tablo/", {"family_name": "soyad", "ek": '"<', "sayfa": 2}).content.decode()
    assert 'href="?family_name=soyad&amp;ek=%22%3C&amp;sirala=-family_name"' in html
    assert html.count("aria-sort=") == 1


@pytest.mark.parametrize("order", ["a.b", "-", "yok", "given_name", "--family_name"])
def test_an_order_that_does_not_exist_sorts_nothing(client: Client, people, order) -> None:
    plain = rows(client.get("/tablo/").content.decode())
    assert rows(client.get("/tablo/", {"sirala": order}).content.decode()) == plain


def test_an_empty_value_beside_a_given_one_takes_nothing_away() -> None:
    asked = PersonFilter(QueryDict("staff=True&staff="), Person.objects.all())
    assert list(asked.filters) == ["staff"]
