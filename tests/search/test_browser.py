"""The search in a real browser: accessibility, keyboard, and life without JavaScript."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from kaysis.common import indexing
from kaysis.common.indexing import Source
from tests.browser import DESK, PHONE
from tests.factories.detsis import chain, unit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("register"),
]

PAGES = [
    "/ara/",
    "/ara/?q=igdir+nufus",
    "/ara/?q=igdr+nufus",
    "/ara/?q=n%C3%BCfus&tur=ilan",
    "/ara/?q=qqqqqq",
    "/ara/?q=%C5%9Fube&sayfa=2",
]


@pytest.fixture
def register() -> Iterator[None]:
    """Some units, and one of them as a second kind."""
    _, above, directorate = chain(
        "İçişleri Bakanlığı",
        "Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü",
        "Iğdır İl Nüfus ve Vatandaşlık Müdürlüğü",
    )
    for number in range(45):
        unit(f"{number}. Şube Müdürlüğü", above.pk)
    given = {"sql": indexing.source("unit").sql, "id_column": "u.detsis_no"}
    indexing.register(Source(kind="ilan", label="İlan", plural="İlanlar", **given))
    with transaction.atomic():
        indexing.reindex("ilan", [directorate.pk])
    yield
    indexing.unregister("ilan")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_accessible(
    live_server, browser: Browser, accessible: Callable[[Page], None], scheme: str, size: dict
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=size, locale="tr-TR")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        page.goto(live_server.url + path)
        accessible(page)
    page.goto(live_server.url + "/ara/")
    page.get_by_role("combobox").press_sequentially("nüf")
    expect(page.get_by_role("option").first).to_be_visible()
    accessible(page)
    assert not complaints
    context.close()


def test_by_keyboard_from_the_first_letter_to_the_unit(live_server, page: Page) -> None:
    page.goto(live_server.url)
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("igdir nuf")
    expect(page.get_by_role("option").first).to_contain_text("Iğdır İl Nüfus")
    expect(page.get_by_role("option").first).to_contain_text("Genel Müdürlüğü")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/kurum/\d{8}/$"))


def test_kinds_and_pages_change_in_place_and_are_announced(live_server, page: Page) -> None:
    page.goto(f"{live_server.url}/ara/?q=nufus")
    page.evaluate("window.here = true")
    page.get_by_role("navigation", name="Sonuç türleri").get_by_role("link", name="İlanlar").click()
    expect(page).to_have_url(re.compile("tur=ilan"))
    expect(page.locator(".k-row")).to_have_count(1)
    expect(page.locator("#live")).to_have_text("1 sonuç")
    expect(page).to_have_title(re.compile("“nufus” araması: 1 sonuç · KAYSİS"))
    page.go_back()
    expect(page.locator(".k-row")).not_to_have_count(1)
    page.goto(f"{live_server.url}/ara/?q=sube")
    page.evaluate("window.here = true")
    page.get_by_role("navigation", name="Sayfalar").get_by_role("link", name="Sonraki").click()
    expect(page).to_have_url(re.compile("sayfa=2"))
    expect(page.locator("#results")).to_be_focused()
    assert page.evaluate("window.here")


def test_without_javascript(live_server, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="tr-TR")
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("searchbox").fill("igdr nufus")
    page.get_by_role("button", name="Ara", exact=True).click()
    page.get_by_role("link", name="Iğdır Nüfus", exact=True).click()
    page.get_by_role("link", name="İlanlar").click()
    page.get_by_role("link", name="Tümü").click()
    page.locator(".k-row__title a").first.click()
    expect(page.locator("h1")).to_contain_text("Iğdır İl Nüfus ve Vatandaşlık Müdürlüğü")
    context.close()
