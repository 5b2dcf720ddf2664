"""Signing in with a card in a real browser, by a signing component that really signs."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kaysis.accounts.models import FailedSignIn, Person, SignIn
from kaysis.counterparts.ca import serving
from kaysis.counterparts.signer import Server
from kaysis.counterparts.tokens import PIN
from tests.browser import DESK, PHONE
from tests.factories.accounts import PersonFactory
from tests.signing import ELIF, ZEYNEP, Signing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/giris/eimza/"


@pytest.fixture
def component(signing: Signing, live_server, settings) -> Iterator[Server]:
    server = Server(signing.tokens, [live_server.url])
    settings.EIMZA_COMPONENT_URL = server.url
    with serving(server):
        yield server


@pytest.fixture
def elif_(transactional_db: None) -> Person:
    return PersonFactory(
        given_name=ELIF.given_name, family_name=ELIF.family_name, national_id=ELIF.national_id
    )


def expect_told(page: Page, text: str) -> None:
    """What the page says about the component (the live region says it, too)."""
    expect(page.locator("#component").get_by_text(text)).to_be_visible()


def ask_to_sign(page: Page, live_server) -> Page:
    """From the sign-in page to the component's own page, which opens in a window of its own."""
    page.goto(f"{live_server.url}/giris/?next=/yetkili/hesabim/")
    page.get_by_role("link", name="e-imza ile giriş yap").click()
    expect_told(page, "bu bilgisayarda çalışıyor")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="İmzala ve giriş yap").click()
    return opened.value


def approve(window: Page, pin: str, holder: str = ELIF.full_name) -> None:
    window.get_by_label("Kart").select_option(label=holder)
    window.get_by_label("PIN").fill(pin)
    window.get_by_role("button", name="İmzala").click()


def test_signing_in_with_a_card(
    live_server, page: Page, component: Server, elif_: Person, accessible: Callable[[Page], None]
) -> None:
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    window = ask_to_sign(page, live_server)
    # The holder sees who asks, and what they sign, on a page that is not the portal's.
    assert window.url.startswith(component.url)
    expect(window.get_by_text(live_server.url)).to_be_visible()
    text = page.locator("#challenge").inner_text()
    assert "Tek kullanımlık kod" in text
    shown = window.locator("pre").inner_text()
    assert re.sub(r"\s+", " ", shown).strip() == re.sub(r"\s+", " ", text).strip()
    accessible(window)
    approve(window, "999999")
    expect(window.get_by_role("alert")).to_have_text("PIN yanlış.")
    approve(window, PIN)
    expect(window.get_by_role("heading", level=1)).to_have_text("İmzalandı")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hesabım")
    assert SignIn.objects.get(person=elif_).method == "eimza"
    assert not complaints


def test_declining_signs_nothing(live_server, page: Page, component: Server, elif_: Person) -> None:
    window = ask_to_sign(page, live_server)
    window.get_by_role("button", name="Vazgeç").click()
    expect(window.get_by_text("Hiçbir şey imzalanmadı.")).to_be_visible()
    expect_told(page, "Metin imzalanmadı.")
    page.get_by_role("button", name="Yeniden dene").click()
    expect_told(page, "bu bilgisayarda çalışıyor")
    assert not SignIn.objects.exists()
    assert not FailedSignIn.objects.exists()


def test_three_wrong_pins_end_the_request(
    live_server, page: Page, component: Server, elif_: Person
) -> None:
    window = ask_to_sign(page, live_server)
    for _ in range(3):
        approve(window, "000000")
    expect(window.get_by_role("heading", level=1)).to_have_text("İmzalanmadı")
    expect_told(page, "Metin imzalanmadı.")


def test_a_card_of_somebody_unknown_does_not_come_in(
    live_server, page: Page, component: Server, elif_: Person
) -> None:
    window = ask_to_sign(page, live_server)
    approve(window, PIN, ZEYNEP.full_name)
    expect(page.get_by_text("Giriş yapılamadı")).to_be_visible()
    assert not SignIn.objects.exists()
    assert FailedSignIn.objects.get().reason == "unknown_person"


def test_the_page_says_what_is_missing(
    live_server, page: Page, signing: Signing, component: Server, settings
) -> None:
    """Without the component, and then with it: the person starts it and looks again."""
    settings.EIMZA_COMPONENT_URL = "http://127.0.0.1:9"
    settings.EIMZA_COMPONENT_PAGE = "https://imza.example/kur"
    page.goto(live_server.url + PAGE)
    expect_told(page, "bulunamadı: http://127.0.0.1:9")
    expect(page.get_by_role("link", name="nasıl kurulur?")).to_be_visible()
    page.get_by_role("button", name="Yeniden bak").click()
    expect_told(page, "bulunamadı: http://127.0.0.1:9")
    settings.EIMZA_COMPONENT_URL = component.url
    page.reload()
    expect_told(page, "bu bilgisayarda çalışıyor")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_is_accessible(
    live_server,
    *,
    browser: Browser,
    component: Server,
    accessible: Callable[[Page], None],
    settings,
    scheme: str,
    size: dict,
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=size, locale="tr-TR")
    page = context.new_page()
    page.goto(live_server.url + PAGE)
    expect_told(page, "bu bilgisayarda çalışıyor")
    accessible(page)
    settings.EIMZA_COMPONENT_URL = "http://127.0.0.1:9"
    page.goto(live_server.url + PAGE)
    expect_told(page, "bulunamadı: http://127.0.0.1:9")
    accessible(page)
    context.close()


@pytest.fixture
def without_script(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False, locale="tr-TR")
    yield context
    context.close()


def test_a_file_signs_in_without_javascript(
    live_server, without_script: BrowserContext, signing: Signing, elif_: Person, tmp_path
) -> None:
    page = without_script.new_page()
    page.goto(live_server.url + PAGE)
    expect(page.get_by_role("heading", name="Bilgisayarımdaki kartla imzala")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="İmzalanacak metni indirin").click()
    text = download.value.path().read_bytes()
    signed = tmp_path / "giris.p7s"
    signed.write_bytes(signing.by_card(text))
    page.get_by_label("İmza dosyası").set_input_files(signed)
    page.get_by_role("button", name="İmzayı gönder ve giriş yap").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Yetkili alanı")
    assert SignIn.objects.get(person=elif_).method == "eimza"


def test_a_foreign_page_gets_nothing_from_the_component(
    live_server, page: Page, component: Server
) -> None:
    """The browser keeps a page of another origin from reading, and the component from asking."""
    other = live_server.url.replace("localhost", "127.0.0.1")
    assert other not in component.origins
    page.goto(f"{other}/hakkinda/")
    outcome = page.evaluate(
        """async (url) => {
          try { return (await fetch(`${url}/v1/durum`)).status } catch (error) { return error.name }
        }""",
        component.url,
    )
    assert outcome == "TypeError"
