"""Signing in by a mobile signature, against a service on loopback that speaks the real SOAP."""

import datetime as dt
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from kaysis.accounts import checks
from kaysis.accounts.demo import create_demo_people
from kaysis.accounts.methods.mimza import limits, service
from kaysis.accounts.methods.mimza.forms import AskForm
from kaysis.accounts.methods.mimza.text import code_of, display_of, new_text
from kaysis.accounts.models import FailedSignIn, Person, SignIn
from kaysis.counterparts import ca, mssp
from kaysis.counterparts.ca import Authority
from kaysis.counterparts.mssp import Server, telephone_of
from kaysis.counterparts.people import PEOPLE, Holder
from kaysis.counterparts.web import serving
from tests.browser import DESK, PHONE
from tests.cache import forget
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db

ASK = "/giris/mimza/"
CONFIRM = "/giris/mimza/onay/"
HOME = "/yetkili/"
PASSWORD = "development-only-mssp-password-of-the-tests"
AYSE = next(holder for holder in PEOPLE if holder.given_name == "Ayşe")
CEM = next(holder for holder in PEOPLE if holder.given_name == "Cem")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    server = ca.Server()
    server.authority = Authority.create(tmp_path_factory.mktemp("authority"), server.url)
    with serving(server):
        yield server.authority


@pytest.fixture
def mss(settings, authority: Authority) -> Iterator[Server]:
    """One operator, whose telephones sign with certificates of an authority we trust."""
    forget()
    settings.SIGNATURE_TRUST_ANCHORS = str(authority.anchors)
    settings.SIGNATURE_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    with serving(connected(settings, authority.folder)) as server:
        yield server
    forget()


def connected(settings, authority: Path) -> Server:
    server = Server(authority=authority, ap_id="urn:kaysis", ap_password=PASSWORD)
    settings.MIMZA_OPERATORS = {
        "deneme": {
            "name": "Deneme",
            "url": server.address,
            "ap_id": "urn:kaysis",
            "ap_password": PASSWORD,
            "soap": "1.2",
            "mssp_id": "",
            "profile": "urn:profile",
        }
    }
    return server


@pytest.fixture
def ayse(db: None) -> Person:
    return person_of(AYSE)


def person_of(holder: Holder, **facts: object) -> Person:
    return PersonFactory(
        given_name=holder.given_name,
        family_name=holder.family_name,
        national_id=holder.national_id,
        **facts,
    )


def ask(client: Client, holder: Holder = AYSE, **changed: str):
    fields = {
        "national_id": holder.national_id,
        "telephone": telephone_of(holder),
        "operator": "deneme",
    }
    return client.post(ASK, fields | changed)


def poll(client: Client):
    """As the page does it by itself."""
    return client.post(CONFIRM, headers={"HX-Request": "true"})


def last(mss: Server) -> str:
    return list(mss.transactions)[-1]


def sign_in(client: Client, mss: Server, holder: Holder = AYSE, **changed: str):
    assert ask(client, holder, **changed).headers["Location"] == CONFIRM
    mss.confirm(last(mss))
    return client.post(CONFIRM)


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def assert_refused(client: Client, response, reason: str) -> str:
    """Back at the sign-in page, nobody is in, one record says why; returns what the page says."""
    assert response.status_code == 302
    assert response.headers["Location"].split("?")[0] == "/giris/"
    assert not is_in(client)
    assert not SignIn.objects.exists()
    failure = FailedSignIn.objects.get()
    assert (failure.method, failure.reason) == ("mimza", reason)
    # Nothing is left to go on with.
    assert client.get(CONFIRM).headers["Location"] == ASK
    return client.get(response.headers["Location"]).content.decode()


def test_a_known_person_signs_in(client: Client, mss: Server, ayse: Person) -> None:
    ask(client, next="/yetkili/hesabim/")
    assert poll(client).status_code == 204
    assert not is_in(client)
    mss.confirm(last(mss))
    response = poll(client)
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, "/yetkili/hesabim/")
    assert SignIn.objects.get(person=ayse).method == "mimza"
    assert is_in(client)
    assert not FailedSignIn.objects.exists()
    assert poll(client).headers["HX-Redirect"] == HOME


def test_an_operator_that_speaks_soap_1_1(
    client: Client, mss: Server, ayse: Person, settings
) -> None:
    settings.MIMZA_OPERATORS["deneme"]["soap"] = "1.1"
    refused = Client()
    assert_refused(refused, ask(refused, telephone="0599 999 99 99"), "status_105")
    sign_in(client, mss)
    assert is_in(client)


def test_both_screens_show_the_same_code(client: Client, mss: Server) -> None:
    ask(client)
    asked = mss.transactions[last(mss)]
    page = client.get(CONFIRM).content.decode()
    shown = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    assert shown is not None
    assert shown[0] == mssp.code_of(asked.text)
    assert asked.display == f"KAYSIS girisi. Kod: {shown[0]}"


@given(st.text(max_size=60))
def test_the_code_is_computed_alike_on_both_sides(text: str) -> None:
    assert code_of(text) == mssp.code_of(text)


def test_no_two_texts_are_alike_and_telephones_can_show_them(settings) -> None:
    texts = {new_text() for _ in range(50)}
    assert len(texts) == len({code_of(text) for text in texts}) == 50
    assert all(text.isascii() and len(text) <= 160 for text in texts)
    assert all(display_of(text).isascii() for text in texts)


def test_it_works_without_a_script(client: Client, mss: Server, ayse: Person) -> None:
    ask(client)
    response = client.post(CONFIRM)
    assert response.headers["Location"] == CONFIRM
    assert "henüz onaylanmadı" in client.get(CONFIRM).content.decode()
    mss.confirm(last(mss))
    assert client.post(CONFIRM).headers["Location"] == HOME


def test_nothing_of_the_person_is_in_an_address_a_session_or_a_log(
    client: Client, mss: Server, ayse: Person, caplog: pytest.LogCaptureFixture
) -> None:
    seen = [ask(client).headers["Location"], str(dict(client.session))]
    mss.behaviour.status = 402
    seen += [client.post(CONFIRM).headers["Location"], caplog.text, repr(service.operators())]
    for secret in (AYSE.national_id, telephone_of(AYSE), telephone_of(AYSE)[3:], PASSWORD):
        assert all(secret not in text for text in seen)


# --- The form ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("national_id", ""),
        ("national_id", "12345678901"),
        ("telephone", "0312 000 00 00"),
        ("telephone", "٠٥٠٠٠٠٠٠٠٠١"),
        ("telephone", "+1 500 000 00 01"),
        ("operator", "baska"),
        ("operator", ""),
    ],
)
def test_a_form_that_is_wrong_asks_no_telephone(
    client: Client, mss: Server, field: str, value: str
) -> None:
    response = ask(client, **{field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not mss.transactions


@pytest.mark.parametrize(
    "typed",
    ["05000000005", "0500 000 00 05", "+90 (500) 000-00-05", "905000000005", "500.000.00.05"],
)
def test_a_number_however_it_is_typed(mss: Server, typed: str) -> None:
    form = AskForm({"national_id": AYSE.national_id, "telephone": typed, "operator": "deneme"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["telephone"] == "+905000000005"


def test_the_demo_people_have_these_telephones(mss: Server) -> None:
    for person, holder in zip(create_demo_people(), PEOPLE, strict=True):
        form = AskForm({"telephone": person.mobile_phone, "national_id": "", "operator": ""})
        form.is_valid()
        assert form.cleaned_data["telephone"] == telephone_of(holder)


def test_a_telephone_is_not_made_to_ask_without_end(
    client: Client, mss: Server, ayse: Person
) -> None:
    for _ in range(limits.PER_TELEPHONE):
        ask(client)
    other = Client()
    told = assert_refused(other, ask(other), "too_often")
    assert "On dakika sonra" in told
    assert len(mss.transactions) == limits.PER_TELEPHONE
    assert ask(client, CEM).headers["Location"] == CONFIRM


def test_a_stranger_is_asked_too(client: Client, mss: Server) -> None:
    """Whether the portal knows somebody shows only to whoever has the telephone."""
    told = assert_refused(client, sign_in(client, mss), "unknown_person")
    assert "portalda açık bir hesabınız yok" in told


# --- Refused -----------------------------------------------------------------------------------


def test_a_closed_account(client: Client, mss: Server) -> None:
    closed = person_of(AYSE, is_active=False)
    assert_refused(client, sign_in(client, mss), "inactive")
    assert FailedSignIn.objects.get().person == closed


def test_declined_on_the_telephone(client: Client, mss: Server, ayse: Person) -> None:
    ask(client)
    mss.decline(last(mss))
    told = assert_refused(client, client.post(CONFIRM), "cancelled")
    assert "vazgeçildi" in told


def test_nobody_looks_at_the_telephone(client: Client, mss: Server, ayse: Person) -> None:
    ask(client)
    mss.transactions[last(mss)].until = 0
    assert_refused(client, client.post(CONFIRM), "expired")


def test_after_five_minutes_it_is_over(client: Client, mss: Server, ayse: Person) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=True) as clock:
        ask(client)
        mss.confirm(last(mss))
        clock.shift(dt.timedelta(minutes=5, seconds=2))
        assert_refused(client, client.post(CONFIRM), "expired")


def test_another_browser_gains_nothing(client: Client, mss: Server, ayse: Person) -> None:
    ask(client)
    mss.confirm(last(mss))
    assert_refused(Client(), Client().post(CONFIRM), "state")
    assert client.post(CONFIRM).headers["Location"] == HOME


def test_a_replay(client: Client, mss: Server, ayse: Person) -> None:
    """A session copied before the end of a sign-in: its signature has been used."""
    ask(client)
    mss.confirm(last(mss))
    before = dict(client.session)
    assert client.post(CONFIRM).headers["Location"] == HOME
    late = Client()
    session = late.session
    session.update(before)
    session.save()
    late.post(CONFIRM)
    assert not is_in(late)
    assert FailedSignIn.objects.get().reason == "state"


def test_the_signature_of_another_sign_in(client: Client, mss: Server, ayse: Person) -> None:
    ask(client)
    old = mss.transactions[last(mss)].text
    mss.behaviour.signs_instead = old
    assert_refused(Client(), sign_in(Client(), mss), "content")


def test_a_swapped_national_id(client: Client, mss: Server, ayse: Person) -> None:
    """Cem signs, on Ayşe's telephone or wherever; neither comes in."""
    person_of(CEM)
    mss.behaviour.signs_as = CEM
    assert_refused(client, sign_in(client, mss), "other_person")


def test_the_national_id_of_another_person(client: Client, mss: Server, ayse: Person) -> None:
    person_of(CEM)
    response = sign_in(client, mss, AYSE, national_id=CEM.national_id)
    assert_refused(client, response, "other_person")


def test_an_answer_about_another_telephone(client: Client, mss: Server, ayse: Person) -> None:
    ask(client)
    mss.confirm(last(mss))
    mss.behaviour.msisdn = telephone_of(CEM)
    assert_refused(client, client.post(CONFIRM), "other_telephone")


def test_an_answer_to_another_message(client: Client, mss: Server, ayse: Person) -> None:
    mss.behaviour.ap_transaction = "K00"
    assert_refused(client, ask(client), "other_message")


def test_a_revoked_certificate(
    client: Client, mss: Server, ayse: Person, authority: Authority
) -> None:
    mss.telephones.sign(CEM, "first")
    _key, certificate = mss.telephones._held[CEM]
    authority.revoke(certificate)
    person_of(CEM)
    assert_refused(client, sign_in(client, mss, CEM), "revoked")


def test_a_foreign_authority(
    client: Client, mss: Server, ayse: Person, settings, tmp_path: Path
) -> None:
    foreign = Authority.create(tmp_path, "http://127.0.0.1:1")
    settings.SIGNATURE_TRUST_ANCHORS = str(foreign.anchors)
    assert_refused(client, sign_in(client, mss), "untrusted")


@pytest.mark.parametrize("status", [402, 209, 900])
def test_a_wrong_status(client: Client, mss: Server, ayse: Person, status: int) -> None:
    ask(client)
    mss.behaviour.status = status
    assert_refused(client, client.post(CONFIRM), f"status_{status}")


def test_a_signed_status_without_a_signature(client: Client, mss: Server, ayse: Person) -> None:
    ask(client)
    mss.behaviour.status = 500
    assert_refused(client, client.post(CONFIRM), "malformed")


def test_a_telephone_the_operator_does_not_know(client: Client, mss: Server) -> None:
    response = ask(client, telephone="0599 999 99 99")
    told = assert_refused(client, response, "status_105")
    assert "portalda açık bir hesabınız yok" in told


def test_a_wrong_password(client: Client, mss: Server, ayse: Person, settings) -> None:
    settings.MIMZA_OPERATORS["deneme"]["ap_password"] = "another"
    assert_refused(client, ask(client), "status_104")


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>&b;</e:Body></e:Envelope>'
)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, ""), "unreachable"),
        ((200, "<html>bakım</html>"), "malformed"),
        ((200, "{}"), "unreachable"),
        ((200, BOMB), "malformed"),
        ((200, BOMB.replace("&b;", "")), "malformed"),
        ((200, " " * 300_000), "unreachable"),
        ((302, ""), "unreachable"),
        ((503, "down"), "unreachable"),
        ((500, "<x/>"), "malformed"),
    ],
)
def test_an_answer_that_is_none(
    client: Client, mss: Server, ayse: Person, answer: tuple[int, str], reason: str
) -> None:
    ask(client)
    mss.behaviour.broken = answer
    assert_refused(client, client.post(CONFIRM), reason)


def test_a_service_that_is_away(client: Client, mss: Server, ayse: Person, settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        settings.MIMZA_OPERATORS["deneme"]["url"] = f"http://127.0.0.1:{port}/mss"
        told = assert_refused(client, ask(client), "unreachable")
    assert "ulaşılamıyor" in told


def test_a_service_that_is_slow(
    client: Client, mss: Server, ayse: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaysis.accounts.methods.outgoing.READ_SECONDS", 0.2)
    ask(client)
    mss.behaviour.delay_seconds = 0.6
    assert_refused(client, client.post(CONFIRM), "unreachable")


def test_an_operator_that_is_disconnected_meanwhile(
    client: Client, mss: Server, ayse: Person, settings
) -> None:
    ask(client)
    settings.MIMZA_OPERATORS = {"baska": settings.MIMZA_OPERATORS["deneme"]}
    assert_refused(client, client.post(CONFIRM), "operator")


# --- Not connected, and misplaced --------------------------------------------------------------


@pytest.mark.parametrize("missing", ["MIMZA_OPERATORS", "SIGNATURE_TRUST_ANCHORS"])
def test_without_an_operator_or_an_authority_there_is_no_such_sign_in(
    client: Client, mss: Server, settings, missing: str
) -> None:
    setattr(settings, missing, "" if missing.startswith("SIG") else {})
    assert client.get(ASK).status_code == 404
    assert client.post(CONFIRM).status_code == 404


def test_who_is_in_is_not_asked_again(client: Client, mss: Server, ayse: Person) -> None:
    sign_in(client, mss)
    assert client.get(ASK, {"next": HOME}).headers["Location"] == HOME


def test_production_does_not_start_with_a_counterpart(settings, mss: Server) -> None:
    settings.DEBUG = settings.TESTING = False
    found = [error.msg for error in checks.sign_in_methods(None) if "MIMZA" in error.msg]
    assert len(found) == 2
    assert found[0].startswith("MIMZA_DENEME_URL")
    assert found[1].startswith("MIMZA_DENEME_AP_PASSWORD")
    settings.MIMZA_OPERATORS["deneme"]["soap"] = "2.0"
    assert len([e for e in checks.sign_in_methods(None) if "MIMZA_DENEME_SOAP" in e.msg]) == 1
    settings.MIMZA_OPERATORS["deneme"] |= {
        "soap": "1.1",
        "url": "https://mss.example.com.tr/mss",
        "ap_password": "a-real-one",
    }
    assert not [error for error in checks.sign_in_methods(None) if "MIMZA" in error.msg]


# --- In a browser ------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_signing_in_with_a_browser(
    live_server,
    *,
    browser: Browser,
    mss: Server,
    accessible: Callable[[Page], None],
    size: dict,
    scheme: str,
) -> None:
    person_of(AYSE)
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="tr-TR")
    page, telephone = context.new_page(), context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(f"{live_server.url}/giris/")
    accessible(page)
    page.get_by_role("link", name="m-imza ile giriş yap").click()
    accessible(page)
    page.get_by_label("T.C. kimlik numarası").fill(AYSE.national_id)
    page.get_by_label("Cep telefonu numarası").fill(telephone_of(AYSE))
    page.get_by_label("Operatör").select_option("deneme")
    page.get_by_role("button", name="Telefonuma gönder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Telefonunuzda onaylayın")
    accessible(page)
    code = page.locator(".m-confirm__code").inner_text()
    telephone.goto(mss.url)
    expect(telephone.locator(".code")).to_have_text(code)
    telephone.get_by_role("button", name="Onayla").click()
    # The page goes on by itself.
    expect(page.get_by_role("heading", level=1)).to_have_text("Yetkili alanı", timeout=15_000)
    assert SignIn.objects.get().method == "mimza"
    assert not complaints
    context.close()
