"""Authorisation, campaigns and coverage in a real browser: accessibility, and work by keyboard."""

import datetime as dt
import os
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from detsis.models import Unit
from detsis.seed import StatusCode
from iyem import coverage, services
from iyem.authorising import bulk
from iyem.authorising.bulk import HEADERS
from iyem.models import OfficerApplication
from kaysis.accounts.demo import create_demo_people
from kaysis.accounts.models import Person, Role, RoleGrant
from tests.browser import DESK, PHONE
from tests.factories.accounts import next_national_id
from tests.factories.detsis import unit
from tests.iyem.authorising.test_applications import apply

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BASE = "/yetkili/iyem"


@pytest.fixture
def units(transactional_db) -> dict[str, Unit]:
    head = unit("Cumhurbaşkanlığı", is_institution=True)
    ministry = unit("Tarım ve Orman Bakanlığı", head.pk, is_institution=True)
    region = unit("VI. Bölge Müdürlüğü", ministry.pk, organisation_type="provincial", province=6)
    unit("Ankara Valiliği", head.pk, status=StatusCode.GOVERNORSHIP, province=6)
    unit("Personel Dairesi Başkanlığı", ministry.pk)
    return {"ministry": ministry, "region": region}


@pytest.fixture
def people(units) -> dict[str, Person]:
    """The demo people by given name; Zeynep is the centre, Ayşe Yetkili of the ministry."""
    made = create_demo_people(
        scopes={"iyem_authorised": units["ministry"].pk, "iyem_registrar": units["region"].pk}
    )
    return {person.given_name: person for person in made}


def sign_in(page: Page, live_server, name: str) -> None:
    page.goto(f"{live_server.url}/giris/")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Yetkili alanı")


def sheet_of(person: Person, place: Unit) -> str:
    """The token of a sheet with one wrong row and one right one."""
    rows = []
    for line, problems in ((2, [("tc_kimlik_no", "Geçerli bir T.C. Kimlik No girin.")]), (3, [])):
        cells = {**dict.fromkeys(HEADERS, ""), "ad": "Fatma", "soyad": "Çelik", "yetki": "görevli"}
        rows.append(bulk.Row(line, cells, problems=problems, scope=place.pk, place=place.name))
    return bulk.keep(person.pk, bulk.Batch(name="basvurular.xlsx", rows=rows))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_accessible(
    live_server,
    *,
    browser: Browser,
    accessible: Callable[[Page], None],
    units: dict[str, Unit],
    people: dict[str, Person],
    scheme: str,
    size: dict,
) -> None:
    application = apply(people["Burak"], units["region"])
    decided = apply(people["Burak"], units["region"], given_name="Ömer")
    services.refuse_application(actor=people["Ayşe"], application=decided, reason="Emekli oldu")
    campaign = services.open_campaign(
        actor=people["Zeynep"],
        name="2026 ilk kayıt kampanyası",
        first_day=timezone.localdate(),
        last_day=timezone.localdate() + dt.timedelta(days=30),
        remind_every_days=7,
    )
    coverage.refresh()
    grant = RoleGrant.objects.get(person=people["Burak"])
    token = sheet_of(people["Zeynep"], units["region"])
    context = browser.new_context(color_scheme=scheme, viewport=size, locale="tr-TR")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    sign_in(page, live_server, "Zeynep AYDIN")
    for path in (
        "/yetkili/",
        f"{BASE}/yetkililer/",
        f"{BASE}/yetkililer/eksik/",
        f"{BASE}/yetkililer/{grant.pk}/kaldir/",
        f"{BASE}/basvurular/",
        f"{BASE}/basvurular/?kisi=yok",
        f"{BASE}/basvurular/yeni/",
        f"{BASE}/basvurular/toplu/",
        f"{BASE}/basvurular/toplu/{token}/",
        f"{BASE}/basvurular/{application.pk}/",
        f"{BASE}/basvurular/{decided.pk}/",
        f"{BASE}/kampanyalar/",
        f"{BASE}/kampanyalar/yeni/",
        f"{BASE}/kampanyalar/{campaign.pk}/",
        f"{BASE}/kampanyalar/{campaign.pk}/eksik/",
        f"{BASE}/kapsama/",
        f"{BASE}/kapsama/{units['ministry'].pk}/",
        f"{BASE}/kapsama/iller/",
        f"{BASE}/kapsama/birimler/",
    ):
        page.goto(f"{live_server.url}{path}")
        accessible(page)
        shoot(page, f"{size['width']}-{scheme}-{path.strip('/').replace('/', '_')[:60]}")
    page.goto(f"{live_server.url}{BASE}/basvurular/yeni/")
    page.get_by_role("button", name="Başvuruyu gönder").click()
    expect(page.get_by_role("alert")).to_contain_text("Düzeltilmesi gerekenler var")
    accessible(page)
    shoot(page, f"{size['width']}-{scheme}-error")
    # The answer to what was refused is a 422, which a browser's console reports.
    assert [text for text in complaints if "422" not in text] == []
    context.close()


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_an_officer_is_applied_for_and_authorised_by_keyboard(
    live_server, page: Page, units: dict[str, Unit], people: dict[str, Person]
) -> None:
    sign_in(page, live_server, "Ayşe YILMAZ")
    page.goto(f"{live_server.url}{BASE}/basvurular/yeni/")
    page.get_by_label("İYEM Görevlisi").focus()
    page.keyboard.press("Space")
    page.get_by_label("Görev yeri").focus()
    page.keyboard.type("bölge")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Görev yeri")).to_have_value(
        f"VI. Bölge Müdürlüğü ({units['region'].pk})"
    )
    for text in (
        next_national_id(),
        "Fatma",
        "Çelik",
        "0312 111 11 11",
        "0500 111 11 11",
        "fatma@example.org",
    ):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fatma ÇELİK")
    application = OfficerApplication.objects.get()
    page.goto(f"{live_server.url}{BASE}/basvurular/")
    page.get_by_label("Fatma Çelik başvurusunu seç").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Seçilenlere yetki ver").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 kişiye yetki verildi.")).to_be_visible()
    application.refresh_from_db()
    assert application.status == "granted"
    assert (
        RoleGrant.objects.filter(
            role=Role.IYEM_REGISTRAR, scope_detsis_no=units["region"].pk
        ).count()
        == 2
    )
