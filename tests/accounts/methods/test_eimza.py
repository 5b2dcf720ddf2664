"""Signing in with a card: a real one (SoftHSM), a real authority, and all that is refused."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from kaysis.accounts import services
from kaysis.accounts.demo import PEOPLE as DEMO_PEOPLE
from kaysis.accounts.demo import fictitious_national_id
from kaysis.accounts.methods import attempts
from kaysis.accounts.methods.admission import AGAIN, NOTICES, REFUSED
from kaysis.accounts.methods.eimza import METHOD
from kaysis.accounts.methods.eimza.forms import LONGEST, decode
from kaysis.accounts.models import FailedSignIn, Person, SignIn
from kaysis.counterparts import cades, certificates, people
from kaysis.counterparts.ca import Authority, Server, serving
from kaysis.counterparts.certificates import Profile
from kaysis.counterparts.people import Holder
from tests.factories.accounts import Cast, PersonFactory
from tests.signing import ELIF, ZEYNEP, Signing

pytestmark = pytest.mark.django_db

PAGE = "/giris/eimza/"
FILE = "/giris/eimza/metin/"
HOME = "/yetkili/"


@pytest.fixture
def elif_(db: None) -> Person:
    return PersonFactory(
        given_name=ELIF.given_name, family_name=ELIF.family_name, national_id=ELIF.national_id
    )


def begin(client: Client, **query: str) -> bytes:
    """Open the page; the bytes to sign, as the file brings them."""
    assert client.get(PAGE, query).status_code == 200
    return client.get(FILE).content


def send(client: Client, signature: bytes, **more: Any):
    return client.post(PAGE, {"signature": base64.b64encode(signature).decode(), **more})


def is_signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def assert_refused(client: Client, response: Any, reason: str, told: Any = REFUSED) -> None:
    """Not in, written down with its reason, and told the one sentence that everybody is told."""
    assert response.status_code == 302
    page = client.get(response.headers["Location"])
    assert [str(message) for message in page.context["messages"]] == [str(told)]
    assert not is_signed_in(client)
    failure = FailedSignIn.objects.get()
    assert (failure.method, failure.reason, failure.person) == ("eimza", reason, None)
    assert not SignIn.objects.exists()


# --- In --------------------------------------------------------------------------------------


def test_a_card_opens_the_door(client: Client, signing: Signing, elif_: Person) -> None:
    text = begin(client, next="/yetkili/hesabim/")
    response = send(client, signing.by_card(text))
    assert (response.status_code, response.headers["Location"]) == (302, "/yetkili/hesabim/")
    row = SignIn.objects.get(person=elif_)
    assert (row.method, row.ip_address, row.ended_at) == ("eimza", "127.0.0.1", None)
    assert is_signed_in(client)
    assert not FailedSignIn.objects.exists()


@pytest.mark.parametrize("shape", ["der", "base64", "pem"])
def test_a_signed_file_opens_the_door(
    client: Client, signing: Signing, elif_: Person, shape: str
) -> None:
    signature = signing.by_card(begin(client))
    lines = base64.encodebytes(signature)
    data = {
        "der": signature,
        "base64": lines,
        "pem": b"-----BEGIN PKCS7-----\n" + lines + b"-----END PKCS7-----\n",
    }[shape]
    response = client.post(PAGE, {"file": SimpleUploadedFile("giris.p7s", data)})
    assert response.headers["Location"] == HOME
    assert SignIn.objects.get(person=elif_).method == "eimza"


def test_the_text_says_where_when_and_for_how_long(client: Client, signing: Signing) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 9, 30, tzinfo=UTC), tick=False):
        response = client.get(PAGE)
        file = client.get(FILE)
    text = file.content.decode()
    assert "http://127.0.0.1:8000 adresine giriş yapıyorum" in text
    assert "24.11.2026 12:30:00 (Türkiye saati); 5 dakika" in text
    assert re.search(r"Tek kullanımlık kod: [0-9a-f]{32}\n$", text)
    assert "\r" not in text
    page = response.content.decode()
    assert f'data-challenge="{base64.b64encode(file.content).decode()}"' in page
    assert "attachment" in file.headers["Content-Disposition"]
    for answer in (response, file):
        assert "no-store" in answer.headers["Cache-Control"]


def test_every_text_is_another(client: Client, signing: Signing) -> None:
    assert len({begin(client) for _ in range(5)}) == 5


@pytest.mark.parametrize("wanted", ["https://kotu.example/", "//kotu.example", "javascript:x"])
def test_next_never_leads_to_another_site(
    client: Client, signing: Signing, elif_: Person, wanted: str
) -> None:
    text = begin(client, next=wanted)
    assert send(client, signing.by_card(text), next=wanted).headers["Location"] == HOME


def test_the_session_gets_a_new_key(client: Client, signing: Signing, elif_: Person) -> None:
    text = begin(client)
    before = client.session.session_key
    send(client, signing.by_card(text))
    assert client.session.session_key != before


def test_whoever_is_in_is_not_asked_again(client_of, signing: Signing, cast: Cast) -> None:
    assert client_of(cast.ayse).get(PAGE).headers["Location"] == HOME


def test_a_national_id_in_the_form_changes_nothing(
    client: Client, signing: Signing, elif_: Person
) -> None:
    """Who it is comes from the certificate alone, whoever one claims to be."""
    zeynep = PersonFactory(national_id=ZEYNEP.national_id)
    text = begin(client)
    claims = {"national_id": ZEYNEP.national_id, "person": str(zeynep.public_id)}
    send(client, signing.by_card(text, ELIF), **claims)
    assert SignIn.objects.get().person == elif_


# --- Not in ----------------------------------------------------------------------------------


def test_a_signature_is_good_for_one_sign_in(
    client: Client, signing: Signing, elif_: Person
) -> None:
    signature = signing.by_card(begin(client))
    send(client, signature)
    client.post("/cikis/")
    SignIn.objects.all().delete()
    assert_refused(client, send(client, signature), "state", AGAIN)
    # Nor is it good for the text that the page gives next.
    begin(client)
    send(client, signature)
    assert not is_signed_in(client)


def test_a_failed_attempt_uses_the_text_up(client: Client, signing: Signing, elif_: Person) -> None:
    text = begin(client)
    send(client, signing.by_card(b"something else"))
    send(client, signing.by_card(text))
    assert not is_signed_in(client)
    reasons = FailedSignIn.objects.order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["content", "state"]


@pytest.mark.django_db(transaction=True)
def test_two_attempts_at_once_get_one_session(
    client: Client, signing: Signing, elif_: Person
) -> None:
    text = begin(client)
    signature = signing.by_card(text)

    def attempt(_: int) -> str:
        own = Client()
        own.cookies = client.cookies
        try:
            return send(own, signature).headers["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        ends = sorted(threads.map(attempt, range(4)))
    assert ends == ["/giris/", "/giris/", "/giris/", HOME]
    assert SignIn.objects.count() == 1


def test_the_text_of_another_session_is_refused(
    client: Client, signing: Signing, elif_: Person
) -> None:
    """Somebody lets Elif sign the text of their own browser: in hers it is worth nothing."""
    foreign = begin(Client())
    begin(client)
    assert_refused(client, send(client, signing.by_card(foreign)), "content")


def test_a_tampered_text_is_refused(client: Client, signing: Signing, elif_: Person) -> None:
    text = begin(client)
    assert_refused(client, send(client, signing.by_card(text.replace(b"5 ", b"6 "))), "content")


def test_an_enclosed_text_that_was_changed_is_refused(
    client: Client, signing: Signing, elif_: Person
) -> None:
    begin(client)
    attached = signing.sign(b"another text", signing.certificate(), detached=False)
    assert_refused(client, send(client, attached), "content")


def test_a_stale_text_is_refused(client: Client, signing: Signing, elif_: Person) -> None:
    signature = signing.by_card(begin(client))
    later = timezone.now() + timedelta(seconds=attempts.LIFETIME_SECONDS + 1)
    with time_machine.travel(later, tick=False):
        assert client.get(FILE).status_code == 404
        response = send(client, signature)
        assert_refused(client, response, "expired", AGAIN)


def test_a_signature_without_a_text_is_refused(client: Client, signing: Signing) -> None:
    assert client.get(FILE).status_code == 404
    signature = signing.by_card(b"")
    assert_refused(client, send(client, signature), "state", AGAIN)


@pytest.mark.parametrize(
    ("begins", "code"),
    [
        (timedelta(days=-400), "certificate_expired"),
        (timedelta(days=1), "certificate_not_yet_valid"),
    ],
)
def test_a_certificate_out_of_its_time_is_refused(
    client: Client, signing: Signing, elif_: Person, begins: timedelta, code: str
) -> None:
    certificate = signing.certificate(valid_from=datetime.now(UTC) + begins)
    assert_refused(client, send(client, signing.sign(begin(client), certificate)), code)


@pytest.mark.parametrize("known_to", ["crl", "ocsp"])
def test_a_revoked_certificate_is_refused(
    client: Client, signing: Signing, elif_: Person, known_to: str
) -> None:
    certificate = signing.certificate()
    signing.authority.revoke(certificate, crl=known_to == "crl", ocsp=known_to == "ocsp")
    assert_refused(client, send(client, signing.sign(begin(client), certificate)), "revoked")


def test_an_unreachable_responder_is_a_refusal(
    client: Client, signing: Signing, elif_: Person, settings, tmp_path
) -> None:
    server = Server()
    with serving(server):
        authority = Authority.create(tmp_path, server.url)
    settings.SIGNATURE_TRUST_ANCHORS = str(authority.anchors)
    certificate = authority.issue(signing.key.public_key(), ELIF)
    signer = cades.key_signer(signing.key, certificate, authority.chain)
    response = send(client, cades.sign(signer, begin(client)))
    assert_refused(client, response, "revocation_unknown", NOTICES["revocation_unknown"])


def test_a_foreign_authority_is_refused(client: Client, signing: Signing, elif_: Person) -> None:
    certificate = signing.foreign.issue(signing.key.public_key(), ELIF)
    chain = [*signing.foreign.chain, signing.foreign.root]
    signer = cades.key_signer(signing.key, certificate, chain)
    assert_refused(client, send(client, cades.sign(signer, begin(client))), "untrusted")


@pytest.mark.parametrize("profile", [Profile(non_repudiation=False), Profile(qualified=False)])
def test_a_certificate_for_something_else_is_refused(
    client: Client, signing: Signing, elif_: Person, profile: Profile
) -> None:
    certificate = signing.certificate(profile=profile)
    assert_refused(client, send(client, signing.sign(begin(client), certificate)), "key_usage")


def test_a_certificate_with_an_impossible_national_id_is_refused(
    client: Client, signing: Signing, elif_: Person
) -> None:
    certificate = signing.certificate(Holder("Elif", "Şahin", "12345678901"))
    assert_refused(client, send(client, signing.sign(begin(client), certificate)), "national_id")


@pytest.mark.parametrize("rubbish", [b"x", b"0\x80", b"\x30\x03abc", bytes(1000)])
def test_rubbish_is_refused(client: Client, signing: Signing, rubbish: bytes) -> None:
    begin(client)
    assert_refused(client, send(client, rubbish), "malformed")


def test_somebody_unknown_is_not_told_so(client: Client, signing: Signing) -> None:
    response = send(client, signing.by_card(begin(client)))
    assert_refused(client, response, "unknown_person")
    assert ELIF.national_id not in response.content.decode()


def test_a_number_with_another_name_is_refused(client: Client, signing: Signing) -> None:
    """The certificate and the register differ in every name: somebody has made a mistake."""
    person = PersonFactory(national_id=ELIF.national_id)
    response = send(client, signing.by_card(begin(client)))
    assert response.headers["Location"].startswith("/giris/")
    assert not is_signed_in(client)
    failure = FailedSignIn.objects.get()
    assert (failure.reason, failure.person) == ("other_name", person)


def test_a_closed_account_stays_closed(
    client: Client, signing: Signing, elif_: Person, cast: Cast
) -> None:
    services.deactivate_person(actor=cast.zeynep, person=elif_, reason="Ayrıldı")
    response = send(client, signing.by_card(begin(client)))
    assert response.headers["Location"].startswith("/giris/")
    assert not is_signed_in(client)
    failure = FailedSignIn.objects.get()
    assert (failure.method, failure.reason, failure.person) == ("eimza", "inactive", elif_)


def test_a_foreign_site_cannot_send_a_signature(signing: Signing, elif_: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    signature = signing.by_card(begin(client))
    assert send(client, signature).status_code == 403
    assert not is_signed_in(client)


# --- The form --------------------------------------------------------------------------------


def test_an_empty_form_costs_no_attempt(client: Client, signing: Signing, elif_: Person) -> None:
    text = begin(client)
    response = client.post(PAGE)
    assert response.status_code == 422
    assert "İmza dosyasını seçin." in response.content.decode()
    assert not FailedSignIn.objects.exists()
    send(client, signing.by_card(text))
    assert is_signed_in(client)


def test_a_file_that_is_no_signature_by_its_size_is_not_read(
    client: Client, signing: Signing
) -> None:
    begin(client)
    response = client.post(PAGE, {"file": SimpleUploadedFile("a.p7s", bytes(LONGEST + 1))})
    assert response.status_code == 422
    assert "çok büyük" in response.content.decode()


@pytest.mark.parametrize("data", [b"%%%", b"-----BEGIN x", b"\xff\xfe", b"abcde"])
def test_what_cannot_be_decoded_stays_as_it_is(data: bytes) -> None:
    assert decode(data) == data


# --- Where it is connected -------------------------------------------------------------------


def test_only_this_page_may_talk_to_the_component(
    client: Client, signing: Signing, settings
) -> None:
    settings.EIMZA_COMPONENT_URL = "http://127.0.0.1:4321"
    policy = client.get(PAGE).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["connect-src"] == "'self' http://127.0.0.1:4321"
    assert directives["script-src"] == "'self'"
    for other in ("/giris/", "/"):
        assert "127.0.0.1:4321" not in client.get(other).headers["Content-Security-Policy"]


def test_without_authorities_there_is_no_such_page(client: Client, settings) -> None:
    settings.SIGNATURE_TRUST_ANCHORS = ""
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE).status_code == 404
    assert client.get(FILE).status_code == 404


def test_production_refuses_the_test_authority_and_open_networks(
    signing: Signing, settings, tmp_path
) -> None:
    assert METHOD.problems() == [
        "SIGNATURE_TRUST_ANCHORS holds a test authority: it is for development only.",
        "SIGNATURE_PRIVATE_NETWORKS: 127.0.0.0/8 is for development only.",
    ]
    settings.SIGNATURE_TRUST_ANCHORS = str(tmp_path / "missing.pem")
    settings.SIGNATURE_PRIVATE_NETWORKS = ["10.0.0.0/8", "0.0.0.0/0", "everything"]
    settings.EIMZA_COMPONENT_URL = "http://imza.example:8095"
    assert len(METHOD.problems()) == 4
    settings.SIGNATURE_TRUST_ANCHORS = ""
    assert METHOD.problems() == ()


def test_production_takes_an_authority_of_another_name(settings, tmp_path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kök Sertifika")])
    root = certificates.of_authority(name, key.public_key(), certificates.Issuer(name, key))
    file = tmp_path / "roots.pem"
    file.write_bytes(root.public_bytes(Encoding.PEM))
    settings.SIGNATURE_TRUST_ANCHORS = str(file)
    settings.SIGNATURE_PRIVATE_NETWORKS = ["10.20.0.0/16"]
    assert METHOD.problems() == []


def test_the_sign_in_page_leads_here_once_connected(client: Client, signing: Signing) -> None:
    page = client.get("/giris/", {"next": "/yetkili/hesabim/"}).content.decode()
    assert "/giris/eimza/?next=%2Fyetkili%2Fhesabim%2F" in page


def test_the_page_says_how_to_get_the_component(client: Client, signing: Signing, settings) -> None:
    settings.EIMZA_COMPONENT_PAGE = "https://imza.example/kur"
    settings.EIMZA_COMPONENT_NAME = "Örnek İmzacı"
    page = client.get(PAGE).content.decode()
    assert 'href="https://imza.example/kur"' in page
    assert "Örnek İmzacı bulunamadı" in page


def test_the_cards_belong_to_the_demo_people() -> None:
    ours = [
        (person.given_name, person.family_name, fictitious_national_id(position))
        for position, person in enumerate(DEMO_PEOPLE)
    ]
    assert ours == [(p.given_name, p.family_name, p.national_id) for p in people.PEOPLE]
