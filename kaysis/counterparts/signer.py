"""A signing component: the small server on somebody's own computer that signs with their card.

`python -m kaysis.counterparts.signer --folder F --authority F --port N --origin URL` serves the
protocol of docs/accounts.md on loopback: a page of one of the named origins asks for a signature,
the holder reads the text on a page of this server's own and types the PIN there, and the asking
page gets the signature. No other origin may ask, and no page but its own may answer for the holder.
"""

import argparse
import base64
import binascii
import json
import secrets
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from kaysis.counterparts import signer_pages as pages
from kaysis.counterparts.ca import Authority
from kaysis.counterparts.people import PEOPLE
from kaysis.counterparts.tokens import TokenError, Tokens, WrongPin

NAME = "KAYSİS İmza Bileşeni"
PROTOCOL = 1
LONGEST_BODY = 64 * 1024
LONGEST_TEXT = 8 * 1024
ASKED_AT_ONCE = 20
PATIENCE_SECONDS = 300
PIN_ATTEMPTS = 3


@dataclass
class Request:
    """One text that a page wants signed. `state`: waiting, signed or refused."""

    origin: str
    content: bytes
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    # Shown only on our own page: whoever asks for the signature cannot answer for the holder.
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    begun: float = field(default_factory=time.monotonic)
    attempts: int = 0
    state: str = "waiting"
    signature: bytes = b""


class Desk:
    """The requests that wait for their holder, each for a few minutes."""

    def __init__(self) -> None:
        self._requests: dict[str, Request] = {}
        self._lock = threading.Lock()

    def ask(self, origin: str, content: bytes) -> Request | None:
        """A new request; None while too many wait."""
        with self._lock:
            now = time.monotonic()
            fresh = {k: r for k, r in self._requests.items() if now - r.begun < PATIENCE_SECONDS}
            self._requests = fresh
            if len(fresh) >= ASKED_AT_ONCE:
                return None
            request = Request(origin, content)
            fresh[request.key] = request
            return request

    def find(self, key: str) -> Request | None:
        with self._lock:
            request = self._requests.get(key)
        if request is None or time.monotonic() - request.begun >= PATIENCE_SECONDS:
            return None
        return request

    def hand_over(self, request: Request) -> None:
        """A signature is given once."""
        with self._lock:
            self._requests.pop(request.key, None)


class Server(ThreadingHTTPServer):
    """`origins` are the portals that may ask, as in `https://kaysis.example`."""

    daemon_threads = True

    def __init__(self, tokens: Tokens, origins: Collection[str], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.tokens = tokens
        self.origins = set(origins)
        self.desk = Desk()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 10

    def do_OPTIONS(self) -> None:
        """The browser asks whether a page may ask."""
        if self._foreign():
            return
        self.send_response(204)
        self._allow()
        self.send_header("Access-Control-Allow-Methods", "GET, POST")
        self.send_header("Access-Control-Allow-Headers", "Content-Type")
        self.send_header("Access-Control-Max-Age", "600")
        if self.headers.get("Access-Control-Request-Private-Network") == "true":
            self.send_header("Access-Control-Allow-Private-Network", "true")
        self.end_headers()

    def do_GET(self) -> None:
        match self.path.split("/")[1:]:
            case ["v1", *rest]:
                if not self._foreign():
                    self._tell(rest)
            case ["onay", key]:
                if not self._rebound():
                    self._page(key)
            case ["stil.css"]:
                self._send(200, pages.STYLE.encode(), "text/css; charset=utf-8")
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        match self.path.split("/")[1:]:
            case ["v1", "imza"]:
                if not self._foreign():
                    self._ask()
            case ["onay", key]:
                if not self._rebound() and self._from_own_page():
                    self._decide(key)
            case _:
                self.send_error(404)

    # --- For the portal's page ---

    def _tell(self, what: list[str]) -> None:
        match what:
            case ["durum"]:
                cards = len(self.server.tokens.cards())
                self._json({"component": NAME, "protocol": PROTOCOL, "cards": cards})
            case ["imza", key]:
                self._result(key)
            case _:
                self._json({"error": "unknown"}, 404)

    def _ask(self) -> None:
        try:
            asked = json.loads(self._body())
            content = base64.b64decode(asked["content"], validate=True)
            content.decode("utf-8")
        except (ValueError, KeyError, TypeError, binascii.Error):
            content = b""
        # What cannot be read cannot be agreed to: text only.
        if not content or len(content) > LONGEST_TEXT:
            self._json({"error": "content"}, 400)
            return
        request = self.server.desk.ask(self.headers["Origin"], content)
        if request is None:
            self._json({"error": "busy"}, 429)
            return
        approve = f"{self.server.url}/onay/{request.key}"
        self._json({"id": request.key, "approve": approve}, 201)

    def _result(self, key: str) -> None:
        request = self.server.desk.find(key)
        if request is None or request.origin != self.headers["Origin"]:
            self._json({"error": "unknown"}, 404)
            return
        answer = {"state": request.state}
        if request.state == "signed":
            answer["signature"] = base64.b64encode(request.signature).decode()
            self.server.desk.hand_over(request)
        self._json(answer)

    # --- For the holder ---

    def _page(self, key: str, error: str = "") -> None:
        request = self.server.desk.find(key)
        if request is None:
            self._html(pages.gone(), 404)
        elif request.state == "waiting":
            self._html(pages.approve(request, self.server.tokens.cards(), error))
        else:
            self._html(pages.done(request.state))

    def _decide(self, key: str) -> None:
        request = self.server.desk.find(key)
        form = parse_qs(self._body().decode("utf-8", "replace"))
        given = {name: values[0] for name, values in form.items()}
        if request is None or not secrets.compare_digest(
            request.form_key, given.get("form_key", "")
        ):
            self._html(pages.gone(), 404)
            return
        error = ""
        if request.state == "waiting":
            if given.get("decision") == "sign":
                error = self._sign(request, given.get("card", ""), given.get("pin", ""))
            else:
                request.state = "refused"
        self._page(key, error)

    def _sign(self, request: Request, card: str, pin: str) -> str:
        """What went wrong, for the holder; empty when the card has signed."""
        try:
            request.signature = self.server.tokens.sign(card, pin, request.content)
        except WrongPin as error:
            request.attempts += 1
            if request.attempts >= PIN_ATTEMPTS:
                request.state = "refused"
            return str(error)
        except TokenError as error:
            return str(error)
        request.state = "signed"
        return ""

    # --- Who is asking ---

    def _foreign(self) -> bool:
        """True, and answered, unless a page of an allowed origin asks."""
        if self._rebound():
            return True
        if self.headers.get("Origin") not in self.server.origins:
            self._send(403, b"", "text/plain")
            return True
        return False

    def _rebound(self) -> bool:
        """True, and answered, if a foreign name was made to lead here."""
        port = self.server.server_address[1]
        if self.headers.get("Host") not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            self._send(421, b"", "text/plain")
            return True
        return False

    def _from_own_page(self) -> bool:
        if self.headers.get("Origin") == f"http://{self.headers['Host']}":
            return True
        self._send(403, b"", "text/plain")
        return False

    # --- HTTP ---

    def _body(self) -> bytes:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = 0
        return self.rfile.read(length) if 0 < length <= LONGEST_BODY else b""

    def _allow(self) -> None:
        self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
        self.send_header("Vary", "Origin")

    def _json(self, answer: dict[str, Any], status: int = 200) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json", shared=True)

    def _html(self, page: str, status: int = 200) -> None:
        self._send(status, page.encode(), "text/html; charset=utf-8")

    def _send(self, status: int, data: bytes, content_type: str, *, shared: bool = False) -> None:
        self.send_response(status)
        if shared:
            self._allow()
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "same-origin")
        self.send_header("Content-Security-Policy", pages.POLICY)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the asking page looks every second."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m kaysis.counterparts.signer", description=__doc__
    )
    parser.add_argument("--folder", type=Path, required=True, help="where the cards are kept")
    parser.add_argument("--authority", type=Path, required=True, help="folder of the authority")
    parser.add_argument("--authority-url", required=True, help="the address it is served at")
    parser.add_argument("--port", type=int, help="without it, only prepare the cards")
    parser.add_argument("--origin", action="append", default=[], help="a portal that may ask")
    options = parser.parse_args(arguments)
    tokens = Tokens(options.folder)
    authority = Authority.at(options.authority, options.authority_url)
    if fresh := tokens.prepare(authority, PEOPLE):
        print(f"Kartlar hazırlandı · cards made: {', '.join(fresh)}", flush=True)
    if options.port is not None:
        server = Server(tokens, options.origin, options.port)
        print(f"{NAME}: {server.url}", flush=True)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
