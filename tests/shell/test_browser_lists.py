"""A list in a real browser: what htmx adds, and that nothing is lost without it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE
from tests.factories.accounts import PersonFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.shell.test_lists"),
]


@pytest.fixture(autouse=True)
def people(transactional_db: None) -> None:
    for n in range(23):
        PersonFactory(family_name=f"SOYAD{n:02}", is_active=n % 2 == 0)


def test_filter_changes_the_list_in_place(
    live_server, page: Page, accessible: Callable[[Page], None]
) -> None:
    page.goto(f"{live_server.url}/tablo/")
    accessible(page)
    page.evaluate("window.stillHere = true")
    page.get_by_label("Durumu").select_option("False")
    expect(page.locator(".k-results__count")).to_have_text("11 sonuç")
    expect(page.locator("#live")).to_have_text("11 sonuç")
    assert "active=False" in page.url
    assert page.evaluate("window.stillHere")
    chip = page.locator(".k-chip")
    expect(chip).to_contain_text("Kapalı")
    accessible(page)
    page.go_back()
    expect(page.locator(".k-results__count")).to_have_text("23 sonuç")


def test_list_works_without_javascript(live_server, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="tr-TR")
    page = context.new_page()
    page.goto(f"{live_server.url}/tablo/")
    page.get_by_label("Durumu").select_option("False")
    page.get_by_role("button", name="Süz").click()
    expect(page.locator(".k-results__count")).to_have_text("11 sonuç")
    page.get_by_role("link", name="Soyadı").click()
    assert "sirala=-family_name" in page.url  # the list came in ascending order
    assert "active=False" in page.url
    page.get_by_role("link", name="Sonraki").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.locator(".k-chip").click()
    expect(page.locator(".k-results__count")).to_have_text("23 sonuç")
    context.close()


def test_filters_are_a_sheet_on_phones(
    live_server, page: Page, accessible: Callable[[Page], None]
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/tablo/")
    accessible(page)
    field = page.locator("#id_family_name")
    expect(field).to_be_hidden()
    page.get_by_role("button", name="Süzgeçler").press("Enter")
    expect(field).to_be_visible()
    accessible(page)
    field.fill("SOYAD07")
    field.press("Enter")
    page.get_by_role("button", name="Kapat").last.click()
    expect(field).to_be_hidden()
    expect(page.locator(".k-results__count")).to_have_text("1 sonuç")
    # Rows are cards now, and still a table for who cannot see them.
    expect(page.get_by_role("rowheader", name="SOYAD07")).to_be_visible()


def test_failed_request_is_told(live_server, page: Page) -> None:
    page.goto(f"{live_server.url}/tablo/")
    page.route(re.compile("active=True"), lambda route: route.fulfill(status=500, body="x"))
    page.get_by_label("Durumu").select_option("True")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Sunucudan yanıt alınamadı")
    page.get_by_label("Durumu").select_option("False")
    expect(page.locator(".k-results__count")).to_have_text("11 sonuç")
    expect(alert).to_have_count(0)
