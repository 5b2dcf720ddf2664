"""The shell in a real browser: accessibility, keyboard, themes, and life without JavaScript."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from kaysis.common import menu
from tests.browser import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/",
    "/stil/",
    "/hakkinda/",
    "/erisilebilirlik/",
    "/gizlilik/",
    "/stil/hata/403/",
    "/stil/hata/404/",
    "/stil/hata/409/",
    "/stil/hata/500/",
    "/stil/hata/503/",
]


@pytest.fixture(autouse=True)
def entries():
    """A menu as full as it will ever be."""
    labels = ["Deneme bölümü", "Hizmetler", "Mevzuat", "Belgeler", "Dosya planı", "Standartlar"]
    keys = [f"browser-{n}" for n in range(len(labels))]
    for order, (key, label) in enumerate(zip(keys, labels, strict=True)):
        menu.register(
            menu.Entry(
                key=key,
                label=label,
                url_name="common:about",
                order=order,
                description="Birimleri, bağlı oldukları yeri ve tarihçelerini gösterir.",
                icon="unit",
                figures=lambda: [("birim", 92417), ("kurum", 1893)],
            )
        )
    yield
    for key in keys:
        menu.unregister(key)


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
    assert not complaints
    context.close()


def test_dark_by_device_and_dark_by_choice_look_the_same(live_server, browser: Browser) -> None:
    """The theme "dark" and a dark device with the theme "auto" give every variable one value."""
    values = []
    for scheme, cookie in (("dark", None), ("light", "dark")):
        context = browser.new_context(color_scheme=scheme)
        if cookie:
            context.add_cookies([{"name": "tema", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/hakkinda/")
        values.append(
            page.evaluate(
                """() => {
                  const style = getComputedStyle(document.documentElement), used = {};
                  for (const sheet of document.styleSheets)
                    for (const rule of sheet.cssRules)
                      for (const name of rule.style ?? [])
                        if (name.startsWith("--k-")) used[name] = style.getPropertyValue(name);
                  return {...used, bg: getComputedStyle(document.body).backgroundColor,
                          link: getComputedStyle(document.querySelector("main a")).color};
                }"""
            )
        )
        context.close()
    assert values[0] == values[1]
    assert values[0]["--k-bg"] == "#0e1618"


def test_theme_button_repaints_and_is_remembered(live_server, page: Page) -> None:
    page.goto(f"{live_server.url}/hakkinda/")
    page.get_by_role("button", name="Koyu görünüm").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="Koyu görünüm")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Açık görünüm").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    # On a page drawn light the dark sheet is not there: the form does the work.
    page.get_by_role("button", name="Koyu görünüm").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_skip_link_is_first_and_leads_to_the_content(live_server, page: Page) -> None:
    page.goto(f"{live_server.url}/hakkinda/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="İçeriğe geç")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_focus_is_visible_everywhere(live_server, page: Page) -> None:
    page.goto(f"{live_server.url}/stil/")
    page.locator(".k-skip").focus()  # the error summary had taken the focus
    visited = 0
    while True:
        page.keyboard.press("Tab")
        style, width, tag, html = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [s.outlineStyle, parseFloat(s.outlineWidth), e.tagName, e.outerHTML]; })()"
        )
        if tag == "BODY":
            break
        visited += 1
        assert style != "none", html
        assert width >= 2, html
    assert visited > 50


def test_targets_are_large_enough(live_server, page: Page) -> None:
    """24 by 24 CSS pixels, but for links within sentences (WCAG 2.5.8)."""
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/stil/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input, select, summary")]
          .filter(e => e.checkVisibility() && !e.closest("p, li.k-prose") && e.type !== "hidden"
                       && !e.matches(".k-skip, .visually-hidden *"))
          .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 120)])
          .filter(([box]) => box.width < 24 || box.height < 24)
          .map(([box, html]) => `${box.width}x${box.height} ${html}`)"""
    )
    assert not small, "\n".join(small)


def test_menu_on_a_phone_by_keyboard(live_server, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/hakkinda/")
    entry = page.get_by_role("link", name="Deneme bölümü")
    expect(entry).to_be_hidden()
    button = page.get_by_role("button", name="Menü")
    button.focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(button).to_be_focused()


def test_error_summary_takes_the_focus_and_leads_to_the_field(live_server, page: Page) -> None:
    page.goto(f"{live_server.url}/stil/")
    summary = page.locator(".k-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_wrong-name")).to_be_focused()


@pytest.fixture
def suggesting(page: Page):
    """A search that answers like kaysis.search does."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        results = [
            {
                "title": f"Birim {n}",
                "kind": "Kurum",
                "path": "Iğdır Valiliği",
                "url": f"/hakkinda/?{n}",
            }
            for n in range(3)
        ]
        results[2]["title"] = "<img src=x onerror=alert(1)>"
        route.fulfill(
            status=200, content_type="application/json", body=json.dumps({"results": results})
        )

    page.route(re.compile("/ara/oneri/"), answer)
    return asked


def test_suggestions_by_keyboard(
    live_server, page: Page, suggesting: list[str], accessible: Callable[[Page], None]
) -> None:
    page.goto(live_server.url + "/")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("ığdır", delay=20)
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert suggesting[-1].endswith("q=%C4%B1%C4%9Fd%C4%B1r")
    assert len(suggesting) < 5  # waits for the hand to rest
    accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "search-suggest-1")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("ığdır")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hakkinda/?0")


def test_suggested_text_is_only_text(live_server, page: Page, suggesting: list[str]) -> None:
    page.goto(live_server.url + "/")
    page.get_by_role("combobox").fill("ığdır")
    expect(page.get_by_role("option").nth(2)).to_contain_text("<img src=x")
    assert page.locator(".k-suggest img").count() == 0


def test_enter_without_a_choice_searches(live_server, page: Page, suggesting: list[str]) -> None:
    page.route(re.compile(r"/ara/\?"), lambda route: route.fulfill(status=200, body="ok"))
    page.goto(live_server.url + "/")
    page.get_by_role("combobox").fill("igdir nufus")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ara/\?q=igdir\+nufus$"))


def test_everything_works_without_javascript(live_server, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="tr-TR", viewport=PHONE)
    page = context.new_page()
    page.route(re.compile(r"/ara/\?"), lambda route: route.fulfill(status=200, body="ok"))
    page.goto(f"{live_server.url}/hakkinda/?a=1")
    page.get_by_role("button", name="Menü").click()
    page.get_by_role("button", name="Koyu görünüm").click()
    assert page.url.endswith("/hakkinda/?a=1")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Menü").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    box = page.get_by_role("searchbox")
    box.fill("ığdır")
    box.press("Enter")
    page.wait_for_url(re.compile(r"/ara/\?q="))
    context.close()


def test_printed_page_has_the_content_and_not_the_shell(live_server, page: Page) -> None:
    page.goto(f"{live_server.url}/stil/")
    page.emulate_media(media="print")
    for gone in (".k-nav", ".k-header .k-search", ".k-pages", ".k-export", ".k-heading__actions"):
        expect(page.locator(gone).first).to_be_hidden()
    for kept in ("h1", ".k-table", ".k-card-list", ".k-brand"):
        expect(page.locator(kept).first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
