"""Language and theme without JavaScript and without a form token."""

import pytest
from django.conf import settings
from django.test import Client

URL = "/tercihler/"


def test_language_is_kept_and_used(client: Client, db: None) -> None:
    response = client.post(URL, {"language": "en", "next": "/hakkinda/?a=1"})
    assert response.status_code == 302
    assert response["Location"] == "/hakkinda/?a=1"
    cookie = response.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie.value == "en"
    assert cookie["samesite"] == "Lax"
    assert '<html lang="en"' in client.get("/hakkinda/").content.decode()


def test_theme_is_kept(client: Client) -> None:
    response = client.post(URL, {"theme": "dark", "next": "/"})
    assert response.cookies["tema"].value == "dark"


def test_referrer_on_this_site_wins(client: Client) -> None:
    response = client.post(
        URL,
        {"theme": "dark", "next": "/"},
        headers={"Referer": "http://testserver/kurumlar/?il=76"},
    )
    assert response["Location"] == "http://testserver/kurumlar/?il=76"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1", ""])
def test_never_redirects_elsewhere(client: Client, target: str) -> None:
    response = client.post(
        URL, {"theme": "dark", "next": target}, headers={"Referer": "https://evil.example/x"}
    )
    assert response["Location"] == "/"


def test_unknown_values_set_nothing(client: Client) -> None:
    response = client.post(URL, {"language": "xx", "theme": "pink"})
    assert not response.cookies


def test_works_without_a_token_but_not_from_another_site() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(URL, {"theme": "dark"}).status_code == 302
    foreign = client.post(URL, {"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert not foreign.cookies


def test_get_changes_nothing(client: Client) -> None:
    assert client.get(URL, {"theme": "dark"}).status_code == 405
