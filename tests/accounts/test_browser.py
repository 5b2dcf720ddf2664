"""Sign-in and the signed-in area in a real browser: accessibility, and work by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from kaysis.accounts import services
from kaysis.accounts.demo import create_demo_people
from kaysis.accounts.models import Person, RoleGrant
from tests.accounts.conftest import UNIT_A, UNIT_B
from tests.browser import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db: None) -> dict[str, Person]:
    """The demo people by given name; Zeynep is the central administrator."""
    made = create_demo_people(scopes={"detsis_officer": UNIT_A, "iyem_authorised": UNIT_B})
    return {person.given_name: person for person in made}


def sign_in(page: Page, live_server, name: str) -> None:
    page.goto(f"{live_server.url}/giris/")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Yetkili alanı")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_accessible(
    live_server,
    *,
    browser: Browser,
    accessible: Callable[[Page], None],
    people: dict[str, Person],
    scheme: str,
    size: dict,
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=size, locale="tr-TR")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(f"{live_server.url}/giris/")
    accessible(page)
    sign_in(page, live_server, "Zeynep AYDIN")
    elif_ = people["Elif"]
    services.update_person(
        actor=people["Zeynep"], person=elif_, reason="Evlilik", family_name="Işık"
    )
    grant = RoleGrant.objects.get(person=elif_)
    for path in (
        "/yetkili/",
        "/yetkili/bildirimler/",
        "/yetkili/hesabim/",
        "/yetkili/hesabim/iletisim/",
        "/yetkili/yetkiler/",
        f"/yetkili/yetkiler/{grant.pk}/",
        f"/yetkili/yetkiler/{grant.pk}/kaldir/",
        "/yetkili/kisiler/",
        "/yetkili/kisiler/yeni/",
        f"/yetkili/kisiler/{elif_.public_id}/",
        f"/yetkili/kisiler/{elif_.public_id}/yetki-ver/",
        f"/yetkili/kisiler/{elif_.public_id}/durum/",
    ):
        page.goto(live_server.url + path)
        accessible(page)
    assert not complaints
    context.close()


def test_a_role_is_given_and_taken_by_keyboard_alone(
    live_server, page: Page, accessible: Callable[[Page], None], people: dict[str, Person]
) -> None:
    page.goto(f"{live_server.url}/giris/?next=/yetkili/kisiler/")
    page.get_by_role("button", name="Zeynep AYDIN").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Ad soyad ya da T.C. kimlik numarası").focus()
    page.keyboard.type("deniz ates")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Deniz ATEŞ").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Yetki ver").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Yetki ver").focus()
    page.keyboard.press("Enter")
    # Nothing was filled in: the summary has the focus and leads to the field.
    expect(page.locator(".k-error-summary")).to_be_focused()
    accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Yetki", exact=True)).to_be_focused()
    page.keyboard.type("DETSİS")
    page.keyboard.press("Tab")
    page.keyboard.type(str(UNIT_A))
    page.get_by_label("Gerekçe").focus()
    page.keyboard.type("Kurum yazısı")
    page.get_by_role("button", name="Yetki ver").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Yetki verildi.")).to_be_visible()
    grant = RoleGrant.objects.get(person=people["Deniz"])
    page.get_by_role("link", name="DETSİS yetkilisi").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Yetkiyi kaldır").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Gerekçe").focus()
    page.keyboard.type("Görevi bitti")
    page.get_by_role("button", name="Yetkiyi kaldır").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Yetki kaldırıldı")).to_be_visible()
    grant.refresh_from_db()
    assert grant.revoke_reason == "Görevi bitti"


def test_everything_works_without_javascript(
    live_server, browser: Browser, people: dict[str, Person]
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="tr-TR")
    page = context.new_page()
    sign_in(page, live_server, "Elif ŞAHİN")
    expect(page.get_by_text("Deneme Bakanlığı")).to_be_visible()
    page.locator("main").get_by_role("button", name=re.compile("^Aç")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hesabım")
    context.close()
