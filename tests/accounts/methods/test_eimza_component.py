"""The signing component answers the pages it knows, and signs what its holder agrees to."""

import base64
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from kaysis.counterparts import signer
from kaysis.counterparts.ca import serving
from kaysis.counterparts.signer import Server
from kaysis.counterparts.tokens import PIN
from tests.signing import ELIF, Signing

PORTAL, OTHER = "https://kaysis.example", "https://kotu.example"
TEXT = "Bu metni imzalayarak giriş yapıyorum.\n"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass(frozen=True)
class Caller:
    server: Server

    def __call__(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_address[1])
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        found = connection.getresponse()
        answer = Answer(found.status, found.headers, found.read())
        connection.close()
        return answer

    def ask(self, content: bytes = TEXT.encode(), origin: str = PORTAL) -> Answer:
        body = json.dumps({"content": base64.b64encode(content).decode()}).encode()
        return self("POST", "/v1/imza", body, Origin=origin, Content_Type="application/json")

    def decide(self, key: str, origin: str | None = None, **fields: str) -> Answer:
        """As the holder on the component's own page, unless `origin` is another."""
        return self(
            "POST",
            f"/onay/{key}",
            urlencode(fields).encode(),
            Origin=origin or self.server.url,
            Content_Type="application/x-www-form-urlencoded",
        )

    def form_key(self, key: str) -> str:
        page = self("GET", f"/onay/{key}").body.decode()
        found = re.search(r'name="form_key" value="([^"]+)"', page)
        assert found
        return found[1]


@pytest.fixture
def call(signing_services: Signing) -> Iterator[Caller]:
    server = Server(signing_services.tokens, [PORTAL])
    with serving(server):
        yield Caller(server)


def test_the_portal_may_ask(call: Caller) -> None:
    answer = call("GET", "/v1/durum", Origin=PORTAL)
    assert answer.json == {"component": signer.NAME, "protocol": 1, "cards": 2}
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert answer.headers["Vary"] == "Origin"
    asked = {
        "Access_Control_Request_Method": "POST",
        "Access_Control_Request_Private_Network": "true",
    }
    before = call("OPTIONS", "/v1/imza", Origin=PORTAL, **asked)
    assert before.status == 204
    assert before.headers["Access-Control-Allow-Origin"] == PORTAL
    assert before.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert before.headers["Access-Control-Allow-Private-Network"] == "true"


@pytest.mark.parametrize("headers", [{"Origin": OTHER}, {"Origin": "null"}, {}])
def test_nobody_else_may(call: Caller, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/v1/durum"), ("POST", "/v1/imza"), ("OPTIONS", "/v1/imza")):
        answer = call(method, path, **headers)
        assert answer.status == 403
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_name_that_was_made_to_lead_here_is_refused(call: Caller) -> None:
    for path in ("/v1/durum", "/onay/x"):
        assert call("GET", path, Host="kotu.example", Origin=PORTAL).status == 421


def test_what_is_not_a_short_text_is_not_signed(call: Caller) -> None:
    for content in (b"", b"\xff\xfe\x00", b"a" * (signer.LONGEST_TEXT + 1)):
        assert call.ask(content).status == 400
    for body in (b"", b"[]", b'{"content": "%"}', b'{"content": 1}'):
        assert call("POST", "/v1/imza", body, Origin=PORTAL).status == 400


def test_too_many_requests_are_not_kept(call: Caller) -> None:
    for _ in range(signer.ASKED_AT_ONCE):
        assert call.ask().status == 201
    assert call.ask().status == 429


def test_the_holder_signs_and_the_page_gets_it_once(call: Caller) -> None:
    asked = call.ask().json
    key = asked["id"]
    assert asked["approve"] == f"{call.server.url}/onay/{key}"
    assert call("GET", f"/v1/imza/{key}", Origin=PORTAL).json == {"state": "waiting"}
    page = call("GET", f"/onay/{key}")
    assert TEXT in page.body.decode()
    assert PORTAL in page.body.decode()
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    form = {"form_key": call.form_key(key), "card": ELIF.full_name, "decision": "sign"}
    wrong = call.decide(key, **form, pin="999999")
    assert "PIN yanlış" in wrong.body.decode()
    assert "İmzalandı" in call.decide(key, **form, pin=PIN).body.decode()
    result = call("GET", f"/v1/imza/{key}", Origin=PORTAL).json
    assert result["state"] == "signed"
    assert base64.b64decode(result["signature"]).startswith(b"\x30")
    assert call("GET", f"/v1/imza/{key}", Origin=PORTAL).status == 404


def test_nobody_answers_for_the_holder(call: Caller) -> None:
    """Neither a foreign page nor the portal's own, which knows the number of the request."""
    key = call.ask().json["id"]
    form = {"card": ELIF.full_name, "pin": PIN, "decision": "sign"}
    for origin in (PORTAL, OTHER):
        assert call.decide(key, origin, **form, form_key=call.form_key(key)).status == 403
    assert call.decide(key, **form).status == 404
    assert call.decide(key, **form, form_key="guessed").status == 404
    assert call("GET", f"/v1/imza/{key}", Origin=PORTAL).json == {"state": "waiting"}


def test_a_request_belongs_to_the_origin_that_made_it(call: Caller) -> None:
    call.server.origins.add(OTHER)
    key = call.ask().json["id"]
    assert call("GET", f"/v1/imza/{key}", Origin=OTHER).status == 404


def test_a_request_does_not_wait_for_ever(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    key = call.ask().json["id"]
    form_key = call.form_key(key)
    monkeypatch.setattr(signer, "PATIENCE_SECONDS", 0)
    form = {"card": ELIF.full_name, "pin": PIN, "decision": "sign", "form_key": form_key}
    assert call.decide(key, **form).status == 404
    assert call("GET", f"/v1/imza/{key}", Origin=PORTAL).status == 404


def test_what_a_text_says_is_shown_as_text(call: Caller) -> None:
    key = call.ask(b"<script>alert(1)</script>").json["id"]
    page = call("GET", f"/onay/{key}").body.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_unknown_card_signs_nothing(call: Caller) -> None:
    key = call.ask().json["id"]
    form = {"form_key": call.form_key(key), "card": "Yok", "pin": PIN, "decision": "sign"}
    assert "kart bulunamadı" in call.decide(key, **form).body.decode()
    assert call("GET", f"/v1/imza/{key}", Origin=PORTAL).json == {"state": "waiting"}
