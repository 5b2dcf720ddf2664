"""One request, to the address that was named, and to nothing that it might lead to."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kaysis.accounts.pki import fetching
from kaysis.accounts.pki.fetching import FetchError, fetch


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/good")
            self.end_headers()
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.05)
        elif self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
        elif self.path == "/long":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(bytes(100_001))
        else:
            self.send_response(200 if self.path.startswith("/good") else 503)
            self.end_headers()
            self.wfile.write(b"answer")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Content-Type"].encode() + b" " + body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, as ours does."""


@pytest.fixture
def server() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def url(server: _Server, settings) -> str:
    settings.SIGNATURE_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_an_answer_comes_back(url: str, server: _Server) -> None:
    assert fetch(f"{url}/good?list=1", limit=100) == b"answer"
    assert server.asked == ["/good?list=1"]
    assert fetch(f"{url}/", limit=100, body=b"?", content_type="a/b") == b"a/b ?"


def test_proxies_of_the_environment_are_not_used(url: str, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert fetch(f"{url}/good", limit=100) == b"answer"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/moved", "status 302"),
        ("/broken", "status 503"),
        ("/long", "too large"),
        ("/cut", "IncompleteRead|incomplete"),
    ],
)
def test_anything_but_a_whole_answer_is_none(url: str, server, path: str, told: str) -> None:
    with pytest.raises(FetchError, match=told):
        fetch(url + path, limit=100_000)
    assert server.asked == [path]


def test_a_server_that_drips_is_cut_off(url: str, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.3)
    start = time.monotonic()
    try:
        got = fetch(f"{url}/drip", limit=1000)
    except FetchError:
        got = b""
    assert time.monotonic() - start < 2
    assert len(got) < 100


def test_a_server_that_never_answers_is_given_up(settings, monkeypatch) -> None:
    settings.SIGNATURE_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(fetching, "CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        with pytest.raises(FetchError):
            fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/", limit=10)
        assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "address",
    [
        "ftp://127.0.0.1/list",
        "file:///etc/passwd",
        "ldap://127.0.0.1/list",
        "http:///list",
        "http://user:secret@127.0.0.1/list",
        "http://127.0.0.1:port/list",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/a\r\nHost: evil",
        "http://127.0.0.1/ş",
        "",
    ],
)
def test_addresses_that_are_not_asked(address: str, settings) -> None:
    settings.SIGNATURE_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    with pytest.raises(FetchError, match="address"):
        fetch(address, limit=10)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "2130706433",  # 127.0.0.1 as one number
    ],
)
def test_our_own_networks_are_not_asked(host: str, settings) -> None:
    settings.SIGNATURE_PRIVATE_NETWORKS = []
    with pytest.raises(FetchError, match=r"private network|unknown host"):
        fetch(f"http://{host}/list", limit=10)


def test_a_private_network_is_asked_only_if_it_is_named(url: str, settings) -> None:
    settings.SIGNATURE_PRIVATE_NETWORKS = ["10.0.0.0/8", "fd00::/8"]
    with pytest.raises(FetchError, match="private network"):
        fetch(f"{url}/good", limit=100)


def test_a_name_with_one_private_address_is_not_asked(monkeypatch, settings) -> None:
    """Or the second address could be tried when the first does not answer."""
    settings.SIGNATURE_PRIVATE_NETWORKS = []
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("8.8.8.8", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    connected: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_: connected.append(a))
    with pytest.raises(FetchError, match="private network"):
        fetch("http://crl.example/list", limit=10)
    assert connected == []
