"""An e-Devlet gateway: its sign-in page, the code, the token, and who it was.

`python -m kaysis.counterparts.edevlet --port N`. Anybody signs in as any of the invented people,
at one click. It knows one client, named by `EDEVLET_CLIENT_ID` and `EDEVLET_CLIENT_SECRET`, whose
pages must be on this machine.
"""

import argparse
import hmac
import json
import os
import secrets
import threading
import time
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from kaysis.counterparts import web
from kaysis.counterparts.people import PEOPLE, Holder, fictitious_national_id

PATH = "/OAuth2AuthorizationServer"
SUCCESS = "EDV09.000"
# Somebody whom the state knows and the portal does not.
STRANGER = Holder("Yabancı", "Kişi", fictitious_national_id(900))
HOLDERS = (*PEOPLE, STRANGER)


@dataclass
class Behaviour:
    """What tests turn to see what the portal does."""

    code_seconds: float = 120
    token_seconds: float = 120
    result_code: str = SUCCESS
    # Before each answer to the portal.
    delay_seconds: float = 0
    # Answers with this status and text instead of its own.
    broken: tuple[int, str] | None = None
    # Says it was this one, whoever it was.
    answers_as: Holder | None = None


@dataclass(frozen=True)
class _Code:
    holder: Holder
    redirect_uri: str
    until: float


class Server(web.Server):
    """One gateway; `codes` and `tokens` are good once, and for a short time."""

    def __init__(self, *, client_id: str, client_secret: str, port: int = 0) -> None:
        super().__init__(_Handler, port)
        self.client_id, self.client_secret = client_id, client_secret
        self.behaviour = Behaviour()
        self._codes: dict[str, _Code] = {}
        self._tokens: dict[str, tuple[Holder, float]] = {}
        self._lock = threading.Lock()

    def new_code(self, holder: Holder, redirect_uri: str) -> str:
        code = secrets.token_urlsafe(24)
        until = time.monotonic() + self.behaviour.code_seconds
        with self._lock:
            self._codes[code] = _Code(holder, redirect_uri, until)
        return code

    def new_token(self, code: str, redirect_uri: str) -> str | None:
        """The token for a code; None if the code is not good, or not any more."""
        with self._lock:
            found = self._codes.pop(code, None)
            if found is None or found.until < time.monotonic():
                return None
            if found.redirect_uri != redirect_uri:
                return None
            token = secrets.token_urlsafe(24)
            until = time.monotonic() + self.behaviour.token_seconds
            self._tokens[token] = (found.holder, until)
            return token

    def holder_of(self, token: str) -> Holder | None:
        with self._lock:
            holder, until = self._tokens.pop(token, (None, 0.0))
        return holder if until >= time.monotonic() else None

    def knows(self, client_id: str, client_secret: str) -> bool:
        given, known = f"{client_id}\0{client_secret}", f"{self.client_id}\0{self.client_secret}"
        return hmac.compare_digest(given.encode(), known.encode())


class _Handler(web.Handler):
    server: Server
    banner = "Deneme e-Devlet Kapısı · gerçek değildir"

    def do_GET(self) -> None:
        if self.route == f"{PATH}/AuthorizationController":
            self._sign_in_page(self.query)
        elif self.route == "/":
            self.page(self.banner, "<p>Giriş, portalın giriş sayfasından başlatılır.</p>")
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        fields = self.form()
        if self.route == f"{PATH}/AuthorizationController":
            self._chosen(fields)
            return
        behaviour = self.server.behaviour
        time.sleep(behaviour.delay_seconds)
        if behaviour.broken:
            status, text = behaviour.broken
            self.answer(text.encode(), "text/html", status)
        elif self.route == f"{PATH}/AccessTokenController":
            self._token(fields)
        elif self.route == f"{PATH}/AuthenticationController":
            self._identity(fields)
        else:
            self.send_error(404)

    def _sign_in_page(self, asked: dict[str, str]) -> None:
        if problem := self._problem(asked):
            self.page("İstek kabul edilmedi", f"<p>{escape(problem)}</p>", 400)
            return
        kept = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in asked.items()
        )
        people = "".join(
            f'<li><button name="person" value="{position}">{escape(holder.full_name)}</button></li>'
            for position, holder in enumerate(HOLDERS)
        )
        self.page(
            "Kimliğinizi doğrulayın",
            "<p>Bu sayfa, e-Devlet Kapısının bu bilgisayardaki taklididir. Aşağıdaki kişiler"
            " uydurulmuştur; biri seçildiğinde portala onun kimliği bildirilir.</p>"
            f'<form method="post">{kept}<ul>{people}</ul>'
            '<p><button name="person" value="none">Vazgeç</button></p></form>',
        )

    def _chosen(self, fields: dict[str, str]) -> None:
        if problem := self._problem(fields):
            self.page("İstek kabul edilmedi", f"<p>{escape(problem)}</p>", 400)
            return
        back = {"state": fields.get("state", "")}
        person = fields.get("person", "")
        if person.isdigit() and int(person) < len(HOLDERS):
            back["code"] = self.server.new_code(HOLDERS[int(person)], fields["redirect_uri"])
        else:
            back["error"] = "access_denied"
        self.go(f"{fields['redirect_uri']}?{urlencode(back)}")

    def _problem(self, asked: dict[str, str]) -> str:
        if asked.get("client_id") != self.server.client_id:
            return "İstemci tanınmıyor (client_id)."
        if asked.get("response_type") != "code" or asked.get("scope") != "Kimlik-Dogrula":
            return "İstek anlaşılamadı (response_type, scope)."
        if urlsplit(asked.get("redirect_uri", "")).hostname not in ("127.0.0.1", "localhost"):
            return "Dönüş adresi kayıtlı değil (redirect_uri)."
        return ""

    def _token(self, fields: dict[str, str]) -> None:
        if not self.server.knows(fields.get("client_id", ""), fields.get("client_secret", "")):
            self._json({"error": "invalid_client"}, 401)
            return
        token = None
        if fields.get("grant_type") == "authorization_code":
            token = self.server.new_token(fields.get("code", ""), fields.get("redirect_uri", ""))
        if token is None:
            self._json({"error": "invalid_grant"}, 400)
        else:
            self._json({"access_token": token, "token_type": "bearer", "expires_in": 120})

    def _identity(self, fields: dict[str, str]) -> None:
        holder = self.server.holder_of(fields.get("accessToken", ""))
        right = (fields.get("clientId"), fields.get("resourceId"), fields.get("kapsam")) == (
            self.server.client_id,
            "1",
            "Ad-Soyad",
        )
        code = self.server.behaviour.result_code
        if holder is None or not right or code != SUCCESS:
            refused = code if code != SUCCESS else "EDV09.001"
            self._json({"sonucKodu": refused, "sonucAciklamasi": "Kimlik doğrulanamadı"})
            return
        told = self.server.behaviour.answers_as or holder
        self._json(
            {
                "kullaniciBilgileri": {
                    "kimlikNo": told.national_id,
                    "ad": told.given_name,
                    "soyad": told.family_name,
                },
                "sonucKodu": SUCCESS,
                "sonucAciklamasi": "İşlem başarılı",
            }
        )

    def _json(self, found: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(found, ensure_ascii=False).encode()
        self.answer(data, "application/json; charset=utf-8", status)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m kaysis.counterparts.edevlet", description=__doc__
    )
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    server = Server(
        client_id=os.environ["EDEVLET_CLIENT_ID"],
        client_secret=os.environ["EDEVLET_CLIENT_SECRET"],
        port=options.port,
    )
    print(f"Deneme e-Devlet Kapısı · test e-Devlet gateway: {server.url}", flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
