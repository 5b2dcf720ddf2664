"""What the counterparts with pages share: a server on loopback, and plain HTML."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

LONGEST_REQUEST = 256 * 1024

_PAGE = """<!doctype html>
<html lang="tr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{
  color-scheme: light;
  font: 1rem/1.5 system-ui, sans-serif;
  color: #1c2430;
  background: #eef1f5;
}}
body {{ margin: 0; }}
header {{ background: #7a2048; color: #fff; padding: .75rem 1rem; font-weight: 600; }}
main {{ max-width: 44rem; margin: 1.25rem auto 3rem; padding: 0 1rem; }}
h1 {{ font-size: 1.4rem; line-height: 1.25; }}
h2 {{ font-size: 1.1rem; margin-top: 2rem; }}
section h2 {{ margin-top: 0; }}
section, .box {{
  background: #fff;
  border: 1px solid #cdd5df;
  border-radius: .6rem;
  padding: 1rem 1.25rem;
  margin: 1rem 0;
}}
.code {{ font: 700 1.6rem/1.2 ui-monospace, monospace; letter-spacing: .06em; }}
ul {{ list-style: none; padding: 0; display: grid; gap: .5rem; }}
button {{
  font: inherit;
  padding: .6rem 1rem;
  border-radius: .4rem;
  border: 1px solid #7a2048;
  background: #fff;
  color: #7a2048;
  cursor: pointer;
}}
button.main {{ background: #7a2048; color: #fff; }}
li button {{ width: 100%; text-align: left; }}
form.row {{ display: flex; gap: .75rem; flex-wrap: wrap; }}
table {{ border-collapse: collapse; width: 100%; background: #fff; }}
th, td {{
  text-align: left;
  padding: .4rem .6rem;
  border: 1px solid #cdd5df;
  font-weight: 400;
}}
thead th {{ font-weight: 600; }}
</style>
</head>
<body>
<header>{banner}</header>
<main><h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


class Server(ThreadingHTTPServer):
    """Listens on loopback only: it lets anybody be anybody."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Reads forms, answers pages and redirects."""

    timeout = 10
    banner = ""

    @property
    def route(self) -> str:
        return urlsplit(self.path).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    def body(self) -> bytes:
        """What was posted; nothing if it is too long."""
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length) if 0 < length <= LONGEST_REQUEST else b""

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body().decode("utf-8", "replace")))

    def page(self, title: str, content: str, status: int = 200) -> None:
        """`content` is HTML; `title` is text."""
        text = _PAGE.format(title=escape(title), content=content, banner=escape(self.banner))
        self.answer(text.encode(), "text/html; charset=utf-8", status)

    def go(self, url: str) -> None:
        self.send_response(303)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, data: bytes, content_type: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        with suppress(ConnectionError):  # whoever asked did not wait
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses carry codes."""


AnyServer = TypeVar("AnyServer", bound=ThreadingHTTPServer)


@contextmanager
def serving(server: AnyServer) -> Iterator[AnyServer]:
    """Serve in a thread for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
