"""The public pages in a real browser: accessibility, keyboard, and life without scripts."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from detsis import services
from detsis.models import Unit
from detsis.seed import CategoryCode, StatusCode
from tests.browser import DESK, PHONE
from tests.factories.detsis import forest, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def state(transactional_db: None) -> dict[str, Unit]:
    """A ministry, its directorate in a province, a unit with a history, a crowd of siblings."""
    ministry = unit(
        "Sağlık Bakanlığı",
        is_institution=True,
        category=int(CategoryCode.MINISTRY),
        status=int(StatusCode.MINISTRY),
        phone="0312 000 00 00",
        email="bilgi@ornek.gov.tr",
        website="https://www.ornek.gov.tr",
        kep_addresses=[{"address": "saglik@hs01.kep.tr", "valid_from": "2018-01-01"}],
        name_en="Ministry of Health",
    )
    governor = unit(
        "Iğdır Valiliği",
        is_institution=True,
        status=int(StatusCode.GOVERNORSHIP),
        category=int(CategoryCode.CIVIL_ADMINISTRATION),
        organisation_type="provincial",
        province=76,
    )
    directorate = unit(
        "Iğdır İl Sağlık Müdürlüğü",
        ministry,
        organisation_type="provincial",
        province=76,
        civil_authority=governor.pk,
    )
    office = unit("Bilgi İşlem Dairesi Başkanlığı", ministry)
    old = unit("Eski Daire", ministry)
    day = dt.date(2020, 1, 1)
    services.devolve_unit(unit=old.pk, successor=office.pk, effective_on=day, actor=None)
    wrong = services.rename_unit(unit=office.pk, name="Yanlış", effective_on=day, actor=None)
    services.void_change(change=wrong, actor=None, reason="Yanlış birim.")
    later = timezone.localdate() + dt.timedelta(days=30)
    services.amend_unit(unit=office.pk, facts={"phone": "1"}, effective_on=later, actor=None)
    crowd = Unit.objects.get(pk=forest([None, *[0] * 130])[0])
    return {
        "ministry": ministry,
        "governor": governor,
        "directorate": directorate,
        "office": office,
        "old": old,
        "crowd": crowd,
    }


def paths(state: dict[str, Unit]) -> list[str]:
    ministry, office = state["ministry"].pk, state["office"].pk
    return [
        "/",
        "/kurumlar/",
        f"/kurumlar/?ac={ministry}",
        f"/kurumlar/?ac={state['crowd'].pk}&tarih=2019-01-01",
        "/kurumlar/?gorunum=liste&faal=true&il=76",
        "/kurumlar/?q=yok",
        f"/kurum/{ministry}/",
        f"/kurum/{office}/",
        f"/kurum/{office}/?tarih=2019-01-01",
        f"/kurum/{state['old'].pk}/",
        f"/kurum/{state['governor'].pk}/",
        f"/kurum/{ministry}/sema/",
        f"/kurum/{ministry}/antet/?muhatap={state['governor'].pk}",
        f"/kurum/{ministry}/antet/?muhatap=1",
        "/kurumlar/il/",
        "/kurumlar/il/76/",
        "/kurumlar/degisiklikler/",
        "/kurumlar/karsilastir/?once=2019-01-01&sonra=2021-01-01",
        "/kurumlar/karsilastir/?once=2021-01-01&sonra=2019-01-01",
        "/kurumlar/halefler/",
        f"/kurum/{ministry}/?tarih=2010-01-01",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_accessible(
    live_server,
    *,
    browser: Browser,
    accessible: Callable[[Page], None],
    state: dict[str, Unit],
    scheme: str,
    size: dict,
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=size, locale="tr-TR")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda m: (
            complaints.append(m.text)
            if m.type == "error" and "Failed to load" not in m.text
            else None
        ),
    )
    for path in paths(state):
        page.goto(live_server.url + path)
        accessible(page)
    assert not complaints
    context.close()


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_the_tree_by_keyboard_alone(live_server, page: Page, state: dict[str, Unit]) -> None:
    page.goto(f"{live_server.url}/kurumlar/")
    tree = page.get_by_role("tree", name="Teşkilat ağacı")
    expect(tree).to_be_visible()
    # One stop for Tab, then arrows.
    assert page.locator("[role=treeitem][tabindex='0']").count() == 1
    page.locator("[role=treeitem][tabindex='0']").focus()
    page.keyboard.press("s")  # type ahead
    assert focused(page) == "Sağlık Bakanlığı"
    item = page.get_by_role("treeitem", name="Sağlık Bakanlığı")
    expect(item).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect(item).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("treeitem", name="Bilgi İşlem Dairesi Başkanlığı")).to_be_visible()
    page.keyboard.press("ArrowRight")
    assert focused(page) == "Bilgi İşlem Dairesi Başkanlığı"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Iğdır İl Sağlık Müdürlüğü"
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "Sağlık Bakanlığı"
    page.keyboard.press("ArrowLeft")
    expect(item).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Home")
    first = focused(page)
    page.keyboard.press("End")
    assert focused(page) != first
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/kurum/{state['ministry'].pk}/$"))


def test_a_crowded_branch_loads_on(live_server, page: Page, state: dict[str, Unit]) -> None:
    page.goto(f"{live_server.url}/kurumlar/")
    crowd = page.locator(f"#d-{state['crowd'].pk}")
    crowd.locator(".d-tree__toggle").click()
    expect(crowd.locator("ul > li")).to_have_count(101)
    more = crowd.get_by_text("Devamını göster")
    more.focus()
    page.keyboard.press("Enter")
    expect(crowd.locator("ul > li")).to_have_count(130)
    assert focused(page) == f"Birim {state['crowd'].pk + 101}"


def test_tree_and_filters_without_scripts(
    live_server, browser: Browser, state: dict[str, Unit]
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="tr-TR")
    page = context.new_page()
    page.goto(f"{live_server.url}/kurumlar/")
    page.get_by_role("link", name="Sağlık Bakanlığı: altındakileri aç").click()
    expect(page.get_by_role("link", name="Bilgi İşlem Dairesi Başkanlığı")).to_be_visible()
    page.get_by_role("link", name="Liste ve süzgeçler").click()
    page.get_by_label("Ad ya da numara").fill("IGDIR")
    page.get_by_role("button", name="Süz", exact=True).click()
    expect(page.get_by_role("link", name="Iğdır Valiliği")).to_be_visible()
    expect(page.get_by_role("link", name="Sağlık Bakanlığı", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Iğdır İl Sağlık Müdürlüğü").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Iğdır İl Sağlık Müdürlüğü")
    page.get_by_label("Şu gündeki hâli").fill("2018-05-01")
    page.get_by_role("button", name="Göster").click()
    expect(page.get_by_text("01.05.2018 günündeki hâli")).to_be_visible()
    context.close()


def test_filters_work_in_place(live_server, page: Page, state: dict[str, Unit]) -> None:
    page.goto(f"{live_server.url}/kurumlar/?gorunum=liste")
    page.locator("#id_il").select_option(label="Iğdır")
    expect(page.locator("#results")).to_contain_text("2 sonuç")
    expect(page.locator("#live")).to_contain_text("2 sonuç")
    expect(page.locator("#id_ilce option")).not_to_have_count(1)
    expect(page).to_have_url(re.compile("il=76"))
    page.get_by_role("link", name="Süzgeci kaldır: İl: Iğdır").click()
    expect(page.locator("#results")).to_contain_text("136 sonuç")


def test_sub_units_are_found_in_place(live_server, page: Page, state: dict[str, Unit]) -> None:
    page.goto(f"{live_server.url}/kurum/{state['crowd'].pk}/")
    last = state["crowd"].pk + 130
    page.get_by_label("Doğrudan bağlı birimlerde ara").fill(str(last))
    page.keyboard.press("Enter")
    expect(page.locator("#alt-birimler .d-children li")).to_have_count(1)
    expect(page.get_by_role("link", name=f"Birim {last}")).to_be_visible()
