"""The desk in a real browser: accessibility, and the afternoon by keyboard alone."""

import datetime as dt
import io
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from detsis.models import Unit
from iyem import services
from iyem.models import Appointment, LegacyManager, LegacyWipe, Manager
from iyem.officer import bulk
from iyem.officer.bulk.columns import HEADERS
from iyem.services.curricula import review_curriculum, submit_curriculum
from kaysis.accounts.demo import create_demo_people
from kaysis.accounts.models import Person
from tests.browser import DESK, PHONE
from tests.factories.accounts import next_national_id
from tests.factories.detsis import chain, unit
from tests.factories.iyem import manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BASE = "/yetkili/iyem"
# Five keys a second is an unhurried typist.
KEYS_IN_TWENTY_SECONDS = 100


@pytest.fixture
def ministry(transactional_db) -> list[Unit]:
    made = chain("Cumhurbaşkanlığı", "Tarım ve Orman Bakanlığı", is_institution=True)
    made.append(unit("Bilgi İşlem Dairesi Başkanlığı", made[1].pk))
    made.append(unit("Hukuk Müşavirliği", made[1].pk))
    return made


@pytest.fixture
def people(ministry) -> dict[str, Person]:
    """The demo people by given name; Ayşe is Yetkili of the ministry."""
    made = create_demo_people(scopes={"iyem_authorised": ministry[1].pk})
    return {person.given_name: person for person in made}


def sign_in(page: Page, live_server, name: str) -> None:
    page.goto(f"{live_server.url}/giris/")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Yetkili alanı")


@pytest.fixture
def filled(ministry, people) -> dict[str, Any]:
    """Something on every page: a head on leave with a proxy, a deputy, old names, a sheet."""
    zeynep, now = people["Zeynep"], timezone.now()
    head, acting = (
        manager(given_name="Mehmet", family_name="Ak"),
        manager(given_name="Can", family_name="Er"),
    )
    LegacyManager.objects.create(unit=ministry[3], name="Eski Müşavir", title="Müşavir")
    LegacyWipe.objects.create(institution=ministry[0], wiped_at=now, wiped_by=zeynep, names=3)
    given: dict[str, Any] = {"actor": zeynep, "title": "Daire Başkanı"}
    held = services.register_appointment(
        unit=ministry[2], manager=head, starts_at=now - dt.timedelta(days=90), **given
    )
    services.register_proxy(
        actor=zeynep,
        unit=ministry[2],
        manager=acting,
        kind="acting_filled",
        starts_at=now - dt.timedelta(days=1),
        ends_at=now + dt.timedelta(hours=1),
        absence="leave",
    )
    later = services.record_absence(
        actor=zeynep,
        appointment=held,
        kind="abroad",
        starts_at=now + dt.timedelta(days=20),
        ends_at=now + dt.timedelta(days=25),
    )
    post = services.open_deputy_post(actor=zeynep, unit=ministry[1])
    services.register_appointment(
        unit=ministry[1], manager=acting, ordinal=1, starts_at=now, **given
    )
    services.link_to_deputy(
        actor=zeynep, unit=ministry[2], post=post, starts_on=timezone.localdate()
    )
    photo = io.BytesIO()
    Image.new("RGB", (300, 380), "slategrey").save(photo, "JPEG")
    curriculum = submit_curriculum(
        actor=zeynep,
        manager=head,
        text="1970'te Konya'da doğdu.\n\nZiraat mühendisi.",
        photo=photo.getvalue(),
        photo_type="image/jpeg",
        consent=True,
    )
    review_curriculum(actor=zeynep, curriculum=curriculum, approve=True)
    submit_curriculum(actor=zeynep, manager=acting, text="Hukukçu.")
    row = {**dict.fromkeys(HEADERS, ""), "ad": "Elif", "soyad": "Çınar", "birim": "Hukuk"}
    rows = [
        bulk.Row(line=2, cells=row, problems=[("unvan", "Boş bırakılamaz.")]),
        bulk.Row(line=3, cells=row, warnings=["Geç kayıt olarak işaretlenecek."]),
    ]
    sheet = bulk.keep(zeynep.pk, bulk.Batch(name="yoneticiler.xlsx", rows=rows))
    return {"held": held, "later": later, "curriculum": curriculum, "sheet": sheet, "head": head}


def addresses(ministry: list[Unit], filled: dict[str, Any]) -> list[str]:
    held, office = filled["held"].pk, ministry[2].pk
    code = filled["head"].manager_code
    return [
        "/yetkili/",
        f"{BASE}/",
        f"{BASE}/birimler/",
        f"{BASE}/kayit/?birim={ministry[3].pk}",
        f"{BASE}/birim/{office}/",
        f"{BASE}/birim/{office}/?bolum=takvim",
        f"{BASE}/birim/{office}/?bolum=gecmis",
        f"{BASE}/birim/{ministry[3].pk}/",
        f"{BASE}/birim/{ministry[1].pk}/",
        f"{BASE}/birim/{ministry[1].pk}/yardimcilar/",
        f"{BASE}/birim/{office}/vekalet/",
        f"{BASE}/gorev/{held}/bitir/",
        f"{BASE}/gorev/{held}/duzelt/",
        f"{BASE}/gorev/{held}/geri-al/",
        f"{BASE}/gorev/{held}/izin/",
        f"{BASE}/izin/{filled['later'].pk}/degistir/",
        f"{BASE}/izin/{filled['later'].pk}/geri-al/",
        f"{BASE}/yonetici/{code}/",
        f"{BASE}/toplu/",
        f"{BASE}/toplu/{filled['sheet']}/",
        f"{BASE}/teyit/",
        f"{BASE}/teyit/{ministry[1].pk}/",
        f"{BASE}/eski-adlar/",
        f"{BASE}/eski-adlar/{LegacyWipe.objects.latest('pk').pk}/",
        f"{BASE}/ozgecmis/",
        f"{BASE}/ozgecmis/{filled['curriculum'].pk}/",
        f"{BASE}/yonetici/{code}/ozgecmis/",
        f"/yonetici/{code}/ozgecmis/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_accessible(
    live_server,
    *,
    browser: Browser,
    accessible: Callable[[Page], None],
    ministry: list[Unit],
    people: dict[str, Person],
    filled: dict[str, Any],
    scheme: str,
    size: dict,
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=size, locale="tr-TR")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    sign_in(page, live_server, "Zeynep AYDIN")
    shots = os.environ.get("SCREENSHOTS")
    for number, path in enumerate(addresses(ministry, filled)):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        if shots:
            name = f"{shots}/{number:02}-{scheme}-{size['width']}.png"
            page.screenshot(path=name, full_page=True)
        accessible(page)
    assert not complaints
    context.close()


class Typist:
    """Works with the keyboard alone, and counts the keys."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text, delay=15)

    def tab_to(self, name: str, most: int = 90) -> None:
        """Tab to the control whose label or text begins with `name`."""
        for _ in range(most):
            self.press("Tab")
            said = self.page.evaluate(
                "() => { const e = document.activeElement; const l = e.labels && e.labels[0];"
                " return (l ? l.textContent : e.textContent).trim(); }"
            )
            if said.startswith(name):
                return
        raise AssertionError(f"{name} was not reached by Tab on {self.page.url}")

    def pick(self, text: str, name: str) -> None:
        """Type into a picker and take the first suggestion, which is `name`."""
        self.type(text)
        found = self.page.locator(".k-suggest__item:visible").first
        expect(found).to_contain_text(name)
        self.press("ArrowDown")
        self.press("Enter")
        expect(found).to_be_hidden()

    def moment(self, day: dt.date, hour: str) -> None:
        """Into a field of day and hour; this browser writes them the American way."""
        self.type(f"{day:%m%d%Y}")
        self.press("ArrowRight")
        self.type(hour)

    def follow(self) -> None:
        with self.page.expect_navigation():
            self.press("Enter")


def test_the_afternoon_by_keyboard_alone(
    live_server, page: Page, ministry: list[Unit], people: dict[str, Person]
) -> None:
    """Register a new manager and a known one, a proxy for leave, an end with its successor; then
    anybody verifies the signature."""
    known = manager(given_name="Elif", family_name="Çınar")
    sign_in(page, live_server, "Ayşe YILMAZ")
    page.goto(f"{live_server.url}{BASE}/kayit/")
    hands = Typist(page)
    # Somebody who was never registered.
    hands.tab_to("Yönetici")
    hands.type(next_national_id())
    hands.tab_to("Adı")
    hands.type("Mehmet")
    hands.tab_to("Soyadı")
    hands.type("Ak")
    hands.tab_to("Birim")
    hands.pick("bilgi", "Bilgi İşlem Dairesi Başkanlığı")
    hands.tab_to("Unvan")
    hands.type("Daire Başkanı")
    preview = page.locator("#onizleme")
    expect(preview).to_contain_text("Çakışma yok")
    expect(preview).to_contain_text("İlk kez kaydediliyor")
    assert not Manager.objects.filter(person__family_name="Ak").exists()
    hands.follow()
    expect(page.get_by_role("status").first).to_be_attached()
    expect(page.locator("main")).to_contain_text("Mehmet AK")
    head = Appointment.objects.get()

    # A known one, counted from the empty form to the saved record.
    page.goto(f"{live_server.url}{BASE}/kayit/")
    page.locator("#id_who").focus()
    hands.keys = 0
    hands.pick("çınar", "Elif ÇINAR")
    hands.tab_to("Birim")
    hands.pick("hukuk", "Hukuk Müşavirliği")
    hands.tab_to("Unvan")
    hands.type("Hukuk Müşaviri")
    hands.follow()
    assert hands.keys <= KEYS_IN_TWENTY_SECONDS
    expect(page.locator("main")).to_contain_text("Elif ÇINAR")

    # Leave of the head, and who acts meanwhile, in one form.
    page.goto(f"{live_server.url}{BASE}/birim/{ministry[2].pk}/")
    hands.tab_to("Vekâlet ya da imza devri")
    hands.follow()
    hands.tab_to("Vekil ya da imza yetkisi verilen")
    hands.pick("elif", "Elif ÇINAR")
    hands.tab_to("Asıl yöneticinin ayrılışı")
    # Its first letter: what no key has, Chromium puts into the field that was last written in.
    hands.type("Y")
    hands.tab_to("Bitiş")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    hands.moment(tomorrow, "0600PM")
    expect(preview).to_contain_text("Çakışma yok")
    hands.press("Enter")
    expect(page.locator("main")).to_contain_text("Daire Başkanı V.")
    proxy = Appointment.objects.get(kind="acting_filled")
    assert proxy.represents == head

    # Anybody verifies: the proxy signs, the head on leave does not.
    page.goto(f"{live_server.url}/imza-yetkisi/")
    verify(page, ministry[2].pk, known.manager_code)
    expect(page.get_by_role("heading", level=2, name="Yetkili", exact=True)).to_be_visible()
    verify(page, ministry[2].pk, head.manager.manager_code)
    expect(page.get_by_role("heading", level=2, name="Yetkili değil")).to_be_visible()

    # The head of the law office leaves; the successor is registered at once.
    page.goto(f"{live_server.url}{BASE}/birim/{ministry[3].pk}/")
    hands.tab_to("Görevi bitir")
    hands.follow()
    later = timezone.localdate() + dt.timedelta(days=2)
    hands.tab_to("Ayrılış zamanı")
    hands.moment(later, "1000AM")
    hands.tab_to("Yerine gelen şimdi kaydedilecek")
    hands.press("Space")
    hands.tab_to("Ayrılış nedeni")
    hands.type("Emeklilik")
    hands.tab_to("Görevi bitir")
    hands.follow()
    expect(page.locator("#id_unit")).to_have_value(f"Hukuk Müşavirliği ({ministry[3].pk})")
    hands.tab_to("Yönetici")
    hands.pick("mehmet", "Mehmet AK")
    # Head elsewhere, too: said, and allowed.
    expect(preview).to_contain_text("biriminde de asaleten görevli")
    hands.tab_to("Kaydet")
    hands.follow()
    expect(page.get_by_role("heading", name="İleri tarihli kayıtlar")).to_be_visible()
    assert Appointment.objects.filter(post__unit=ministry[3]).count() == 2


def verify(page: Page, number: int, code: int) -> None:
    page.get_by_label("Birimin Devlet Teşkilatı Numarası").fill(str(number))
    page.get_by_label("T.C. Yönetici Kodu").fill(str(code))
    with page.expect_navigation():
        page.keyboard.press("Enter")
