"""`/ara/` and what belongs to it."""

import re
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaysis.common import indexing, jumps
from kaysis.common.jumps import Jump
from kaysis.search import engine
from kaysis.search.rows import plain_path
from tests.search.conftest import Things

pytestmark = pytest.mark.django_db


def page(client, text, **given):
    response = client.get("/ara/", {"q": text, **given})
    assert response.status_code == 200
    return response.content.decode()


def titles_on(html):
    rows = re.findall(r'k-row__title"><a href="[^"]*">(.*?)</a>', html)
    return [re.sub("</?mark>", "", row) for row in rows]


def test_a_page_of_results(things, client):
    things.add("Iğdır Nüfus Müdürlüğü", "Iğdır", numbers=["72131250"])
    html = page(client, "igdir nufus")
    assert "<title>“igdir nufus” araması: 1 sonuç" in html
    assert 'value="igdir nufus"' in html
    assert "<mark>Iğdır</mark> <mark>Nüfus</mark> Müdürlüğü" in html
    assert '<a href="/sey/1/">' in html
    assert "72131250" in html
    assert '<meta name="robots" content="noindex, follow">' in html
    assert re.search(r"data-announce>\s*1 sonuç", html)
    assert "Sonuç türleri" not in html


def test_the_reader_is_told_what_was_searched_instead(things, client):
    things.add("Iğdır Nüfus Müdürlüğü")
    html = page(client, "igdr nufus")
    assert "“igdr nufus” yazımıyla sonuç yok" in html
    assert '<a href="?q=I%C4%9Fd%C4%B1r+N%C3%BCfus">Iğdır Nüfus</a>' in html
    assert '">Nüfus</a>' in page(client, "nüfus qqqqqqq")
    things.add("Tapu Müdürlüğü")
    assert "hepsini birden içeren kayıt yok" in page(client, "nüfus tapu")


def test_nothing_found_says_what_to_do(things, client):
    html = page(client, "qqqqqqq")
    assert "Sonuç yok" in html
    assert "Nasıl aranır?" in html
    assert "Nasıl aranır?" in page(client, "")
    assert "Nasıl aranır?" in client.get("/ara/").content.decode()


def test_closed_and_renamed_objects_are_marked(things, client):
    things.add("Kapanan Şube", active=False)
    things.add("Yeni Ad", former=["Eski Ünvan"], body="Eski Ünvan")
    assert "Kapalı" in page(client, "kapanan")
    html = page(client, "eski ünvan")
    assert "Eski adı: <mark>Eski</mark> <mark>Ünvan</mark>" in html
    assert "Eski adı" not in page(client, "yeni ad")


def test_names_and_queries_are_escaped(things, client):
    things.add("<script>alert(1)</script> Birim", "<b>Alt</b>", former=["<i>Eski</i>"], body="eski")
    for query in ("birim", "eski", "<script>alert(1)</script>", '"><img src=x>'):
        html = page(client, query)
        assert "<script>alert" not in html
        assert "<img src=x>" not in html
        assert "<b>Alt" not in html
        assert "<i>Eski" not in html


def test_pages(things, client, monkeypatch):
    for n in range(45):
        things.add(f"Aynı Ad {n}")
    first, second = page(client, "aynı ad"), page(client, "aynı ad", sayfa="2")
    assert len(titles_on(first)) == len(titles_on(second)) == 10
    assert not set(titles_on(first)) & set(titles_on(second))
    assert "sayfa 2" in second
    assert '<ol class="k-rows" start="11">' in second
    last = page(client, "aynı ad", sayfa="5")
    assert len(titles_on(last)) == 5
    assert titles_on(page(client, "aynı ad", sayfa="99999")) == titles_on(last)
    for nonsense in ("0", "-1", "x", "²", "1e9", "9" * 50):
        assert titles_on(page(client, "aynı ad", sayfa=nonsense)) == titles_on(first)
    monkeypatch.setitem(engine.look_for.__kwdefaults__, "candidates", 10)
    assert "200 sonuçtan fazla" in page(client, "aynı ad")


def test_a_number_leads_to_its_object(things, client):
    number = things.add("Numaralı")
    jump = Jump(kind="sey", pattern=r"no-(\d+)", find=lambda match: int(match[1]))
    jumps.register(jump)
    try:
        response = client.get("/ara/", {"q": f"  NO – {number} "})
        assert (response.status_code, response["Location"]) == (302, f"/sey/{number}/")
        assert client.get("/ara/", {"q": "no-999"}).status_code == 200
        found = client.get("/ara/oneri/", {"q": f"no-{number}"}).json()["results"]
        assert [row["title"] for row in found] == ["Numaralı"]
        answer = client.get("/api/v1/search/", {"q": f"no-{number}"}).json()
        assert [row["title"] for row in answer["results"]] == ["Numaralı"]
    finally:
        jumps.unregister(jump)


def test_kinds_are_links_with_numbers(things, client):
    laws = Things("yasa")
    indexing.register(laws.source(order=200))
    things.add("Orman Müdürlüğü")
    laws.add("Orman Kanunu")
    laws.add("Orman Tüzüğü")
    html = page(client, "orman")
    links = re.findall(r'<li><a href="(/ara/[^"]*)"( aria-current="true")?>(.*?)</a></li>', html)
    assert [
        (href, bool(current), re.sub("<[^>]*>", "", text)) for href, current, text in links
    ] == [
        ("/ara/?q=orman", True, "Tümü"),
        ("/ara/?q=orman&amp;tur=sey", False, "Seyler 1"),
        ("/ara/?q=orman&amp;tur=yasa", False, "Yasaler 2"),
    ]
    assert titles_on(page(client, "orman", tur="yasa")) == ["Orman Kanunu", "Orman Tüzüğü"]
    assert len(titles_on(page(client, "orman", tur="yok"))) == 3
    # A kind without results stays, so that the reader sees why there are none.
    assert "Yasaler <" in page(client, "müdürlüğü", tur="yasa")


def test_the_fragment_is_the_results_alone(things, client):
    things.add("Orman")
    headers = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "results"}
    response = client.get("/ara/", {"q": "orman"}, headers=headers)
    html = response.content.decode()
    assert "<html" not in html
    assert titles_on(html) == ["Orman"]
    assert "<title>“orman” araması: 1 sonuç" in html
    assert {"HX-Request", "HX-Target"} <= {v.strip() for v in response["Vary"].split(",")}
    assert "<html" in client.get("/ara/", {"q": "orman"}, headers={"HX-Request": "true"}).text


def test_suggestions(things, client, django_assert_num_queries):
    things.add("Iğdır Nüfus Müdürlüğü", "Iğdır")
    things.add("Nüfus Arşivi", active=False)
    with django_assert_num_queries(2):
        response = client.get("/ara/oneri/", {"q": "nuf"})
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "results": [
            {"title": "Iğdır Nüfus Müdürlüğü", "kind": "Sey", "path": "Iğdır", "url": "/sey/1/"},
            {"title": "Nüfus Arşivi", "kind": "Kapalı", "path": "", "url": "/sey/2/"},
        ]
    }
    assert client.get("/ara/oneri/").json() == {"results": []}
    assert client.post("/ara/oneri/").status_code == 405


def test_the_description_for_browsers(client):
    response = client.get("/ara/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)
    url = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.get("template") == "http://testserver/ara/?q={searchTerms}"
    assert 'href="/ara/opensearch.xml"' in client.get("/ara/").content.decode()


def test_rows_look_like_those_of_the_shell():
    path = [("Üst <birim>", "/x/"), ("Alt", None)]
    drawn = render_to_string("common/unit_path.html", {"path": path, "plain": True})
    assert plain_path(path) == drawn.strip()


def test_number_of_statements_of_a_page(things, client, django_assert_num_queries):
    for n in range(30):
        things.add(f"Orman {n}")
    with django_assert_num_queries(2):
        page(client, "orman")


# --- API --------------------------------------------------------------------------------------


def test_the_api_answers_like_the_page(things, client):
    for n in range(25):
        things.add(f"Aynı Ad {n}", "Alt", numbers=[str(n)])
    answer = client.get("/api/v1/search/", {"q": "ayni ad"}).json()
    assert len(answer["results"]) == 10
    assert (answer["count"], answer["more"], answer["instead"]) == (25, False, "")
    assert answer["previous"] is None
    row = answer["results"][0]
    assert row | {"title": "", "number": "", "id": 0, "url": ""} == {
        "kind": "sey", "id": 0, "number": "", "title": "", "subtitle": "Alt", "place": "",
        "former_names": [], "active": True, "url": "", "path": [],
    }  # fmt: skip
    last = client.get(client.get(answer["next"]).json()["next"]).json()
    assert len(last["results"]) == 5
    assert last["next"] is None
    assert "page=2" in last["previous"]
    assert client.get("/api/v1/search/", {"q": "aymı ad"}).json()["instead"] == "Aynı Ad"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "q"),
        ({"q": " "}, "q"),
        ({"q": "a", "kind": "yok"}, "kind"),
        ({"q": "a", "page": "0"}, "page"),
        ({"q": "a", "page": "x"}, "page"),
        ({"q": "a", "page": "9" * 30}, "page"),
    ],
)
def test_the_api_says_what_is_wrong(things, client, given, field):
    response = client.get("/api/v1/search/", given)
    assert response.status_code == 400
    assert response["Content-Type"].startswith("application/problem+json")
    assert [error["field"] for error in response.json()["errors"]] == [field]


# --- Anything at all --------------------------------------------------------------------------

any_query = st.one_of(
    st.text(max_size=60),
    st.text("&|!:*()<->'\\\"%_\0\u202e ab1İı🏛️", max_size=60),
    st.sampled_from(["x" * 5000, "müdürlüğü " * 500, "\0", "E-1-1", "9" * 5000, "a" * 201]),
)


@given(text=any_query, kind=st.sampled_from(["", "sey", "\0", "yok"]), number=st.text(max_size=3))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_query_breaks_a_page(things, text, kind, number):
    client = Client()
    for path, given_ in (
        ("/ara/", {"q": text, "tur": kind, "sayfa": number}),
        ("/ara/oneri/", {"q": text}),
        ("/api/v1/search/", {"q": text, "kind": kind, "page": number}),
    ):
        assert client.get(path, given_).status_code in (200, 302, 400)


def test_a_long_query_is_cut_and_shown_as_it_was_read(things, client):
    things.add("Uzun " + "ad " * 60)
    html = page(client, "uzun " + "ad " * 500)
    assert escape(("uzun " + "ad " * 500)[:199].strip()) in html
    assert len(titles_on(html)) == 1
