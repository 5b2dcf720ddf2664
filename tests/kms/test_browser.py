"""Reading, comparing, finding and editing legislation in a real browser."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from kaysis.accounts.demo import create_demo_people
from kms.models import Instrument, TextVersion, VersionKind
from tests.browser import DESK, PHONE
from tests.factories.detsis import chain
from tests.factories.kms import instrument, publish, text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def law(transactional_db) -> Instrument:
    made = instrument("Bilgi Edinme Hakkı Kanunu", number="4982", accepted_on=dt.date(2003, 10, 9))
    publish(
        made,
        text("Amaç: Amaç budur.", "Süre: Kurumlar otuz gün içinde cevap verir."),
        kind=VersionKind.FIRST,
    )
    publish(
        made,
        text(
            "Amaç: Amaç budur.",
            "Süre: (Değişik: 1/1/2015-6600/1 md.) Kurumlar on gün içinde cevap verir.",
        ),
        valid_from=dt.date(2015, 1, 1),
    )
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_accessible(
    live_server, *, browser: Browser, accessible: Callable[[Page], None], law, scheme, size
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="tr-TR")
    page = context.new_page()
    own = f"/mevzuat/{law.pk}/"
    for path in (
        "/mevzuat/",
        own,
        f"{own}degisiklikler/",
        f"{own}iliskiler/",
        f"{own}karsilastir/",
        f"{own}sema/",
        f"{own}etki/",
        f"{own}yazdir/",
        "/mevzuat/ara/?q=kurum",
        "/mevzuat/istatistik/",
        "/mevzuat/acik-atiflar/",
        "/mevzuat/kural-disi/",
    ):
        page.goto(live_server.url + path)
        accessible(page)
    context.close()


def test_reading_comparing_and_finding(live_server, page: Page, law) -> None:
    page.goto(f"{live_server.url}/mevzuat/")
    page.get_by_role("link", name="Bilgi Edinme Hakkı Kanunu").click()
    expect(page.get_by_text("on gün içinde")).to_be_visible()
    page.get_by_label("Şu günkü metin").fill("2012-06-01")
    page.get_by_role("button", name="Göster").click()
    expect(page.get_by_text("otuz gün içinde")).to_be_visible()
    page.get_by_role("link", name="Bugünkü metin").click()
    page.get_by_label("Madde", exact=True).fill("2")
    page.get_by_role("button", name="Git").click()
    expect(page.locator("#m2")).to_be_visible()
    page.get_by_role("link", name="Metinleri karşılaştır").click()
    expect(page.locator("ins", has_text="on")).to_be_visible()
    page.goto(f"{live_server.url}/mevzuat/ara/")
    page.get_by_label("Aranacak söz").fill("cevap verir")
    page.get_by_role("button", name="Ara", exact=True).last.click()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("link", name="4982 s. Kanun").first.click()
    expect(page).to_have_url(f"{live_server.url}/mevzuat/{law.pk}/?madde=m2#m2")


def test_editing_from_paste_to_publication(
    live_server, page: Page, law, accessible: Callable[[Page], None]
) -> None:
    ministry = chain("Cumhurbaşkanlığı", "Tarım ve Orman Bakanlığı")[1]
    create_demo_people(scopes={"detsis_officer": ministry.pk})
    page.goto(f"{live_server.url}/giris/")
    page.get_by_role("button", name="Zeynep").click()
    page.goto(f"{live_server.url}/yetkili/mevzuat/")
    accessible(page)
    page.get_by_role("link", name="Bilgi Edinme Hakkı Kanunu").click()
    accessible(page)
    page.get_by_role("link", name="Yeni metin").click()
    accessible(page)
    page.get_by_label("Geçerlilik başlangıcı").fill("2020-01-01")
    page.get_by_label("Ya da metni yapıştırın").fill(
        text("Amaç: Amaç budur.", "Süre: (Değişik: 5/5/2020-7250/4 md.) Kurumlar beş günde verir.")
    )
    page.get_by_role("button", name="Kaydet").click()
    expect(page.locator("ins").first).to_be_visible()
    expect(page.get_by_role("heading", name="7250 s. Kanun")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Kontrole sun").click()
    page.get_by_role("button", name="Yayımla").click()
    assert TextVersion.objects.get(last=True).valid_from == dt.date(2020, 1, 1)
    page.goto(f"{live_server.url}/mevzuat/{law.pk}/")
    expect(page.get_by_text("beş günde")).to_be_visible()
