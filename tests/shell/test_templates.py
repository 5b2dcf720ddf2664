"""The base template, the pages of the portal itself, and the strictness of templates in tests."""

import re

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.test import Client
from django.utils import translation

from kaysis.common import menu
from kaysis.settings.undefined import UndefinedInTemplate

PAGES = ["/", "/hakkinda/", "/erisilebilirlik/", "/gizlilik/", "/stil/", "/saglik/bos/"]


@pytest.fixture
def entry():
    entry = menu.Entry(
        key="test-entry",
        label="Deneme bölümü",
        url_name="common:about",
        description="Ne işe yaradığı",
        icon="unit",
        figures=lambda: [("birim", 1234567)],
    )
    menu.register(entry)
    yield entry
    menu.unregister(entry.key)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_page_has_the_frame(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert 'href="#main"' in html
    assert re.search(r'<html lang="tr" data-bs-theme="auto">', html)
    assert "undefined" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["tr", "en"])
def test_page_needs_no_inline_code(client: Client, path: str, language: str) -> None:
    html = client.get(path, headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}"' in html
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert "<style" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_anonymous_page_sets_no_cookie(client: Client, path: str) -> None:
    response = client.get(path)
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.django_db
def test_empty_page_asks_the_database_nothing(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        client.get("/saglik/bos/")


@pytest.mark.django_db
def test_home_shows_registered_entries_with_figures(client: Client, entry: menu.Entry) -> None:
    html = client.get("/").content.decode()
    assert html.count("Deneme bölümü") == 2  # in the navigation and as an entry
    assert "1.234.567" in html
    menu.unregister(entry.key)
    html = client.get("/hakkinda/").content.decode()
    assert "Deneme bölümü" not in html


def test_entry_is_hidden_where_it_is_not_visible(rf) -> None:
    request = rf.get("/")
    hidden = menu.Entry(
        key="hidden", label="Gizli", url_name="common:about", visible=lambda request: False
    )
    menu.register(hidden)
    try:
        assert hidden not in menu.entries(request)
        with pytest.raises(ValueError, match="hidden"):
            menu.register(hidden)
    finally:
        menu.unregister("hidden")


def test_theme_is_drawn_by_the_server(client: Client, db: None) -> None:
    light, dark, auto = "light", "dark", "auto"
    pages = {}
    for theme in (light, dark, auto):
        client.cookies["tema"] = theme
        pages[theme] = client.get("/hakkinda/").content.decode()
        assert f'data-bs-theme="{theme}"' in pages[theme]
    assert "dark.css" not in pages[light]
    assert 'dark.css" media="screen"' in pages[dark]
    assert 'dark.css" media="screen and (prefers-color-scheme: dark)"' in pages[auto]
    client.cookies["tema"] = '"><script>'
    assert 'data-bs-theme="auto"' in client.get("/hakkinda/").content.decode()


def test_undefined_name_fails_in_own_templates_only(rf) -> None:
    own = get_template("empty.html").template
    own.engine.string_if_invalid  # noqa: B018 — the engine is the strict one
    node = engines["django"].from_string("{{ nobody_gave_this }}").template
    node.origin.name = f"{settings.BASE_DIR}/templates/x.html"
    from django.template import Context

    with pytest.raises(UndefinedInTemplate, match="nobody_gave_this"):
        node.render(Context({}))
    node.origin.name = "/site-packages/x.html"
    assert node.render(Context({})) == ""


@pytest.mark.parametrize("language", ["tr", "en"])
def test_dates_are_written_the_same_in_both_languages(language: str) -> None:
    template = engines["django"].from_string("{{ day }} {{ moment }}")
    import datetime as dt

    with translation.override(language):
        text = template.render(
            {"day": dt.date(2026, 11, 24), "moment": dt.datetime(2026, 11, 24, 14, 5)}
        )
    assert text == "24.11.2026 24.11.2026 14:05"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_description_says_its_language_and_needs_no_inline_script(client, language):
    html = client.get("/api/docs/", headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}">' in html
    scripts = re.findall(r"<script(.*?)>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 3
    assert all(" src=" in tag and not body for tag, body in scripts)
    description = re.search(r'src="(/api/docs/[^"]*script[^"]*)"', html)[1].replace("&amp;", "&")
    assert "/api/schema/" in client.get(description).content.decode()
