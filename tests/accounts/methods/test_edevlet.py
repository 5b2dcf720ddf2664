"""Signing in through e-Devlet, against a gateway on loopback that speaks the real dialogue."""

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from django.test import Client
from playwright.sync_api import Page, expect

from kaysis.accounts import checks
from kaysis.accounts.models import FailedSignIn, Person, SignIn
from kaysis.counterparts.edevlet import HOLDERS, STRANGER, Server
from kaysis.counterparts.people import PEOPLE, Holder
from kaysis.counterparts.web import serving
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db

HOST = "127.0.0.1"
START = "/giris/edevlet/"
BACK = "/giris/edevlet/donus/"
HOME = "/yetkili/"
SECRET = "development-only-edevlet-secret-of-the-tests"
# One answer to both questions.
VOUCHED = '{"access_token":"x","sonucKodu":"EDV09.000"}'
AYSE = next(holder for holder in PEOPLE if holder.given_name == "Ayşe")
CEM = next(holder for holder in PEOPLE if holder.given_name == "Cem")


@pytest.fixture
def gateway(settings) -> Iterator[Server]:
    with serving(Server(client_id="kaysis", client_secret=SECRET)) as server:
        settings.EDEVLET_URL = server.url
        settings.EDEVLET_CLIENT_ID = "kaysis"
        settings.EDEVLET_CLIENT_SECRET = SECRET
        yield server


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


@pytest.fixture
def client() -> Client:
    """A browser that sees the portal at an address of this machine."""
    return Client(SERVER_NAME=HOST)


def begin(client: Client, following: str = "") -> str:
    """The gateway's page that the portal sends the browser to."""
    response = client.get(START, {"next": following} if following else {})
    assert response.status_code == 302
    return str(response.headers["Location"])


def choose(address: str, holder: Holder | None) -> str:
    """What a person does at the gateway; returns where the gateway sends the browser back to."""
    parts = urlsplit(address)
    assert requests.get(address, timeout=5).status_code == 200
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
    fields["person"] = str(HOLDERS.index(holder)) if holder else "none"
    answer = requests.post(address, data=fields, allow_redirects=False, timeout=5)
    return str(answer.headers["Location"])


def come_back(client: Client, location: str, **changed: str):
    parts = urlsplit(location)
    assert parts.path == BACK
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return client.get(BACK, query | changed)


def sign_in(client: Client, holder: Holder | None, following: str = ""):
    return come_back(client, choose(begin(client, following), holder))


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def assert_refused(client: Client, response, reason: str) -> str:
    """Back at the sign-in page, nobody is in, one record says why; returns what the page says."""
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/giris/?") or (
        response.headers["Location"] == "/giris/"
    )
    assert not is_in(client)
    assert not SignIn.objects.exists()
    failure = FailedSignIn.objects.get()
    assert (failure.method, failure.reason, failure.ip_address) == ("edevlet", reason, HOST)
    return client.get(response.headers["Location"]).content.decode()


def test_a_known_person_signs_in(client: Client, gateway: Server, ayse: Person) -> None:
    response = sign_in(client, AYSE, following="/yetkili/hesabim/")
    assert response.headers["Location"] == "/yetkili/hesabim/"
    row = SignIn.objects.get(person=ayse)
    assert (row.method, row.ended_at) == ("edevlet", None)
    assert is_in(client)
    assert not FailedSignIn.objects.exists()


def test_the_dialogue_asks_for_what_the_gateway_wants(client: Client, gateway: Server) -> None:
    parts = urlsplit(begin(client))
    assert parts.path == "/OAuth2AuthorizationServer/AuthorizationController"
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert len(query.pop("state")) >= 40
    assert query == {
        "response_type": "code",
        "client_id": "kaysis",
        "scope": "Kimlik-Dogrula",
        "redirect_uri": f"http://{HOST}{BACK}",
    }


def test_nothing_of_the_person_is_in_an_address_a_session_or_a_log(
    client: Client, gateway: Server, ayse: Person, caplog: pytest.LogCaptureFixture
) -> None:
    seen = [begin(client)]
    seen.append(choose(seen[0], AYSE))
    response = come_back(client, seen[1])
    seen += [response.headers["Location"], str(dict(client.session)), caplog.text]
    seen += [str(dict(client.cookies))]
    assert all(AYSE.national_id not in text for text in seen)
    assert all(SECRET not in text for text in seen)


def test_the_session_gets_a_new_key(client: Client, gateway: Server, ayse: Person) -> None:
    location = choose(begin(client), AYSE)
    before = client.session.session_key
    come_back(client, location)
    assert client.session.session_key != before


@pytest.mark.parametrize("wanted", ["https://kotu.example/", "//kotu.example", "javascript:x"])
def test_next_never_leads_to_another_site(
    client: Client, gateway: Server, ayse: Person, wanted: str
) -> None:
    assert sign_in(client, AYSE, following=wanted).headers["Location"] == HOME


def test_who_is_in_is_not_sent_to_the_gateway(
    client: Client, gateway: Server, ayse: Person
) -> None:
    sign_in(client, AYSE)
    assert client.get(START, {"next": HOME}).headers["Location"] == HOME


# --- Refused -----------------------------------------------------------------------------------


def test_a_stranger_and_a_closed_account_read_the_same(client: Client, gateway: Server) -> None:
    told = assert_refused(client, sign_in(client, STRANGER), "unknown_person")
    assert "portalda açık bir hesabınız yok" in told
    closed = person_of(CEM, is_active=False)
    other = Client(SERVER_NAME=HOST)
    response = sign_in(other, CEM)
    assert not is_in(other)
    failure = FailedSignIn.objects.exclude(person=None).get()
    assert (failure.person, failure.reason) == (closed, "inactive")
    page = other.get(response.headers["Location"]).content.decode()
    assert "portalda açık bir hesabınız yok" in page
    assert closed.family_name not in page.split('id="demo"')[0]


def test_the_person_may_change_their_mind(client: Client, gateway: Server, ayse: Person) -> None:
    told = assert_refused(client, sign_in(client, None), "cancelled")
    assert "vazgeçildi" in told


@pytest.mark.parametrize("state", ["", "x", "ğ", "A" * 43])
def test_a_wrong_state(client: Client, gateway: Server, ayse: Person, state: str) -> None:
    location = choose(begin(client), AYSE)
    assert_refused(client, come_back(client, location, state=state), "state")
    # And the right one is used up with it.
    assert come_back(client, location).headers["Location"] == "/giris/"


def test_an_answer_nobody_asked_for(client: Client, gateway: Server, ayse: Person) -> None:
    code = gateway.new_code(AYSE, f"http://{HOST}{BACK}")
    assert_refused(client, client.get(BACK, {"code": code, "state": "x"}), "state")


def test_a_stolen_state(client: Client, gateway: Server, ayse: Person) -> None:
    """Cem sends Ayşe's browser the answer to a sign-in that he began, or she brings it to his."""
    attacker = Client(SERVER_NAME=HOST)
    location = choose(begin(attacker), CEM)
    assert_refused(client, come_back(client, location), "state")
    begin(client)
    come_back(client, location)
    assert not is_in(client)
    assert set(FailedSignIn.objects.values_list("reason", flat=True)) == {"state"}


def test_a_replay(client: Client, gateway: Server, ayse: Person) -> None:
    location = choose(begin(client), AYSE)
    come_back(client, location)
    client.post("/cikis/")
    assert come_back(client, location).headers["Location"].startswith("/giris/")
    assert not is_in(client)
    assert FailedSignIn.objects.get().reason == "state"


def test_two_answers_at_once_sign_in_once(client: Client, gateway: Server, ayse: Person) -> None:
    """The second request read the session before the first had written it."""
    location = choose(begin(client), AYSE)
    before = dict(client.session)
    come_back(client, location)
    late = Client(SERVER_NAME=HOST)
    session = late.session
    session.update(before)
    session.save()
    come_back(late, location)
    assert not is_in(late)
    assert SignIn.objects.count() == 1


def test_a_code_used_for_two_sign_ins(client: Client, gateway: Server, ayse: Person) -> None:
    location = choose(begin(client), AYSE)
    code = parse_qs(urlsplit(location).query)["code"][0]
    come_back(client, location)
    other = Client(SERVER_NAME=HOST)
    come_back(other, choose(begin(other), CEM), code=code)
    assert not is_in(other)
    assert FailedSignIn.objects.get().reason == "code"


def test_a_code_for_another_page(client: Client, gateway: Server, ayse: Person) -> None:
    location = choose(begin(client), AYSE)
    code = gateway.new_code(AYSE, f"http://{HOST}/elsewhere/")
    assert_refused(client, come_back(client, location, code=code), "code")


def test_an_expired_code(client: Client, gateway: Server, ayse: Person) -> None:
    gateway.behaviour.code_seconds = -1
    assert_refused(client, sign_in(client, AYSE), "code")


def test_an_expired_token(client: Client, gateway: Server, ayse: Person) -> None:
    gateway.behaviour.token_seconds = -1
    assert_refused(client, sign_in(client, AYSE), "result_code")


def test_a_wrong_result_code(client: Client, gateway: Server, ayse: Person) -> None:
    gateway.behaviour.result_code = "EDV09.003"
    assert_refused(client, sign_in(client, AYSE), "result_code")


def test_a_wrong_client_secret(client: Client, gateway: Server, ayse: Person, settings) -> None:
    settings.EDEVLET_CLIENT_SECRET = "another"
    assert_refused(client, sign_in(client, AYSE), "code")


def test_after_five_minutes_it_is_over(client: Client, gateway: Server, ayse: Person) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=True) as clock:
        location = choose(begin(client), AYSE)
        clock.shift(dt.timedelta(minutes=5, seconds=2))
        told = assert_refused(client, come_back(client, location), "expired")
    assert "Yeniden deneyin" in told


def test_a_swapped_national_id(client: Client, gateway: Server, ayse: Person) -> None:
    """The number of one person under the name of another."""
    gateway.behaviour.answers_as = Holder("Cem", "Kaya", AYSE.national_id)
    assert_refused(client, sign_in(client, CEM), "other_name")
    assert FailedSignIn.objects.get().person == ayse


def test_a_name_that_a_marriage_changed(client: Client, gateway: Server, ayse: Person) -> None:
    gateway.behaviour.answers_as = Holder("AYŞE NUR", "IŞIK", AYSE.national_id)
    sign_in(client, AYSE)
    assert is_in(client)


@pytest.mark.parametrize("number", ["", "1", "12345678901", "00000000000", "1" * 5000])
def test_a_national_id_that_is_none(
    client: Client, gateway: Server, ayse: Person, number: str
) -> None:
    gateway.behaviour.answers_as = Holder("Ayşe", "Yılmaz", number)
    assert_refused(client, sign_in(client, AYSE), "national_id")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((500, "{}"), "unreachable"),
        ((302, "{}"), "unreachable"),
        ((200, "<html>bakım</html>"), "malformed"),
        ((200, "[]"), "malformed"),
        ((200, "null"), "malformed"),
        ((200, "{}"), "code"),
        ((200, '{"access_token": 5}'), "code"),
        ((200, "[" * 200_000), "malformed"),
        ((200, " " * 300_000), "unreachable"),
        (
            (200, '{"access_token":"x","sonucKodu":"EDV09.000","kullaniciBilgileri":[]}'),
            "malformed",
        ),
        ((200, VOUCHED), "malformed"),
    ],
)
def test_an_answer_that_is_none(
    client: Client, gateway: Server, ayse: Person, answer: tuple[int, str], reason: str
) -> None:
    gateway.behaviour.broken = answer
    assert_refused(client, sign_in(client, AYSE), reason)


def test_a_gateway_that_is_away(client: Client, gateway: Server, ayse: Person, settings) -> None:
    location = choose(begin(client), AYSE)
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        settings.EDEVLET_URL = f"http://{HOST}:{closed.getsockname()[1]}"
        told = assert_refused(client, come_back(client, location), "unreachable")
    assert "ulaşılamıyor" in told


def test_a_gateway_that_is_slow(
    client: Client, gateway: Server, ayse: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaysis.accounts.methods.outgoing.READ_SECONDS", 0.2)
    gateway.behaviour.delay_seconds = 0.6
    assert_refused(client, sign_in(client, AYSE), "unreachable")


def test_a_gateway_that_drips(
    client: Client, ayse: Person, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaysis.accounts.methods.outgoing.WHOLE_SECONDS", 0.3)
    settings.EDEVLET_CLIENT_ID = settings.EDEVLET_CLIENT_SECRET = "x"
    with socket.create_server((HOST, 0)) as listening:

        def drip() -> None:
            connection, _address = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                for _ in range(100):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        settings.EDEVLET_URL = f"http://{HOST}:{listening.getsockname()[1]}"
        state = parse_qs(urlsplit(begin(client)).query)["state"][0]
        response = client.get(BACK, {"state": state, "code": "x"})
    assert_refused(client, response, "unreachable")


# --- Not connected, and misplaced --------------------------------------------------------------


def test_without_a_gateway_there_is_no_such_sign_in(client: Client, settings) -> None:
    settings.EDEVLET_URL = ""
    assert client.get(START).status_code == 404
    assert client.get(BACK).status_code == 404


@pytest.mark.parametrize(
    ("url", "secret", "problems"),
    [
        ("", "", 0),
        ("https://giris.example.gov.tr", "a-real-secret", 0),
        ("http://giris.example.gov.tr", "a-real-secret", 1),
        ("https://127.0.0.1:8100", "a-real-secret", 1),
        ("https://[::1]:8100", "a-real-secret", 1),
        ("https://localhost", "a-real-secret", 1),
        ("https://giris.example.gov.tr", SECRET, 1),
        ("https://giris.example.gov.tr", "", 1),
        ("http://127.0.0.1:8100", SECRET, 2),
    ],
)
def test_production_does_not_start_with_a_counterpart(
    settings, url: str, secret: str, problems: int
) -> None:
    settings.DEBUG = settings.TESTING = False
    settings.EDEVLET_URL, settings.EDEVLET_CLIENT_SECRET = url, secret
    found = [e for e in checks.sign_in_methods(None) if "EDEVLET" in e.msg]
    assert len(found) == problems
    assert all(error.id == "accounts.E007" for error in found)


# --- In a browser ------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_signing_in_with_a_browser(
    live_server, page: Page, gateway: Server, accessible: Callable[[Page], None]
) -> None:
    person_of(AYSE)
    page.goto(f"{live_server.url}/giris/")
    accessible(page)
    page.get_by_role("link", name="e-Devlet ile giriş yap").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kimliğinizi doğrulayın")
    page.get_by_role("button", name=STRANGER.full_name).click()
    expect(page.get_by_text("Giriş yapılamadı")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="e-Devlet ile giriş yap").click()
    page.get_by_role("button", name="Ayşe Yılmaz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Yetkili alanı")
    assert SignIn.objects.get().method == "edevlet"
