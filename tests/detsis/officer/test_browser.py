"""The officers' area in a real browser: accessibility, and a proposal by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from detsis import services
from detsis.models import ChangeSet, Unit, UnitChange
from detsis.officer import bulk
from detsis.officer.bulk.columns import HEADERS
from detsis.services import ItemInput
from kaysis.accounts.demo import create_demo_people
from kaysis.accounts.models import Person, RoleGrant
from tests.browser import DESK, PHONE
from tests.factories.detsis import LONG_AGO, chain, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ministry(transactional_db) -> list[Unit]:
    return chain("Cumhurbaşkanlığı", "Tarım ve Orman Bakanlığı", "Bilgi İşlem Dairesi")


@pytest.fixture
def people(ministry) -> dict[str, Person]:
    """The demo people by given name; Zeynep is the central administrator."""
    made = create_demo_people(scopes={"detsis_officer": ministry[1].pk})
    return {person.given_name: person for person in made}


def sign_in(page: Page, live_server, name: str) -> None:
    page.goto(f"{live_server.url}/giris/")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Yetkili alanı")


def cells(**given: str) -> dict[str, str]:
    """A line of a sheet, empty but for these cells."""
    return {**dict.fromkeys(HEADERS, ""), **given}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_accessible(
    live_server,
    *,
    browser: Browser,
    accessible: Callable[[Page], None],
    ministry: list[Unit],
    people: dict[str, Person],
    scheme: str,
    size: dict,
) -> None:
    file = services.create_change_set(
        actor=people["Zeynep"],
        title="Düzenleme",
        effective_on=LONG_AGO.replace(year=2030),
        reason="Kararname",
        items=[
            ItemInput(kind="renamed", unit=ministry[2].pk, assignments={"name": "Yeni Ad"}),
            ItemInput(
                kind="founded", key="yeni-1", assignments={"name": "D", "parent": ministry[1].pk}
            ),
        ],
    )
    wrong = services.create_change_set(
        actor=people["Zeynep"],
        title="Olmayacak",
        effective_on=LONG_AGO.replace(year=2030),
        reason="Deneme",
        items=[ItemInput(kind="closed", unit=ministry[1].pk, assignments={"active": False})],
    )
    change = UnitChange.objects.order_by("id").last()
    rows = [
        bulk.Row(line=2, cells=cells(tur="ad", birim="Bilgi İşlem Dairesi", yeni_ad="Yeni")),
        bulk.Row(line=3, cells=cells(tur="uçur"), problems=[("tur", "“uçur” bilinmiyor.")]),
    ]
    checked = bulk.keep(people["Zeynep"].pk, bulk.Batch(name="oneri.xlsx", rows=rows))
    context = browser.new_context(color_scheme=scheme, viewport=size, locale="tr-TR")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    sign_in(page, live_server, "Zeynep AYDIN")
    for path in (
        "/yetkili/",
        "/yetkili/birimler/",
        f"/yetkili/birimler/oner/{ministry[2].pk}/",
        f"/yetkili/birimler/oner/{ministry[2].pk}/?tur=amended",
        f"/yetkili/birimler/oner/{ministry[2].pk}/?tur=split",
        "/yetkili/birimler/duzenleme/",
        "/yetkili/birimler/toplu/",
        file.get_absolute_url(),
        f"{file.get_absolute_url()}?bolum=agac",
        f"{file.get_absolute_url()}?bolum=gecmis",
        wrong.get_absolute_url(),
        f"{file.get_absolute_url()}bilgiler/",
        f"{file.get_absolute_url()}yeni-birim/",
        f"{file.get_absolute_url()}excel/",
        f"{file.get_absolute_url()}satir/{file.items.all()[0].pk}/",
        f"{file.get_absolute_url()}geri-cek/",
        f"/yetkili/birimler/kayit/{change.pk if change else 0}/geri-al/",
        f"/yetkili/birimler/kayit/{change.pk if change else 0}/duzelt/",
        f"/yetkili/birimler/toplu/{checked}/",
        "/yetkili/kodlar/",
        "/yetkili/kodlar/category/",
        "/yetkili/kodlar/category/19/",
        f"/kurum/{ministry[2].pk}/",
    ):
        page.goto(live_server.url + path)
        accessible(page)
    assert not complaints
    context.close()


def press_until(page: Page, name: str, most: int = 80) -> None:
    """Tab to the control whose label or text begins with `name`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const e = document.activeElement; const l = e.labels && e.labels[0];"
            " return (l ? l.textContent : e.textContent).trim(); }"
        )
        if said.startswith(name):
            return
    raise AssertionError(f"{name} was not reached by Tab on {page.url}")


def follow(page: Page) -> None:
    """Press Enter on what has the focus, and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def pick(page: Page, text: str, name: str) -> None:
    """Type into the unit picker that has the focus, and take the suggestion `name`."""
    page.keyboard.press("Control+A")
    page.keyboard.type(text, delay=20)
    option = page.get_by_role("option").filter(has_text=name).first
    expect(option).to_be_visible()
    for _ in range(page.get_by_role("option").count()):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox").first).to_be_hidden()


def test_a_proposal_by_keyboard_alone(
    live_server, page: Page, ministry: list[Unit], people: dict[str, Person]
) -> None:
    """A new name, then in the same file a move below a unit found in the picker."""
    directorate = unit("Dijital Dönüşüm Genel Müdürlüğü", ministry[1].pk)
    branch = unit("Yazılım Şubesi", ministry[2].pk)
    grants = RoleGrant.objects.filter(role="detsis_officer", scope_detsis_no=ministry[1].pk)
    officer = grants.order_by("id")[0].person
    sign_in(page, live_server, officer.full_name)
    page.goto(f"{live_server.url}/kurum/{ministry[2].pk}/")
    press_until(page, "Değişiklik öner")
    follow(page)
    press_until(page, "Adı değişiyor")
    follow(page)
    press_until(page, "Ad")
    page.keyboard.press("Control+A")
    page.keyboard.type("Bilgi Teknolojileri Dairesi")
    press_until(page, "Önizlemeye geç")
    follow(page)
    # The reason is missing: the summary takes the focus, and its link leads to the field.
    expect(page.locator(".k-error-summary")).to_be_focused()
    press_until(page, "Gerekçe", most=2)
    page.keyboard.press("Enter")
    page.keyboard.type("Kurumun yazısı")
    press_until(page, "Önizlemeye geç")
    follow(page)
    expect(page.get_by_role("heading", name="Onaylanırsa tam olarak bunlar olur")).to_be_visible()
    press_until(page, "Değişiklik eklenecek birim")
    pick(page, "yazilim", "Yazılım Şubesi")
    follow(page)
    press_until(page, "Başka bir birime bağlanıyor")
    follow(page)
    press_until(page, "Bağlı olacağı birim")
    pick(page, "dijital don", directorate.name)
    press_until(page, "Dosyaya kaydet")
    follow(page)
    press_until(page, "Onaya sun")
    follow(page)
    expect(page.get_by_text("Onay bekliyor").first).to_be_visible()
    file = ChangeSet.objects.get()
    assert (file.status, file.reason) == ("submitted", "Kurumun yazısı")
    named, moved = file.items.all()
    assert named.assignments == {"name": "Bilgi Teknolojileri Dairesi"}
    assert (moved.unit_id, moved.assignments) == (branch.pk, {"parent": directorate.pk})
