"""One HTTP request to an address that a certificate names, and nothing but it.

A certificate is a stranger's text, even a signed one. So: http and https only, no redirects, no
proxies or credentials of the environment, a limit on size and on the whole time, and no address
inside our own networks unless `settings.SIGNATURE_PRIVATE_NETWORKS` allows it. The name is resolved
once and the connection made to the address that was checked.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
_PORTS = {"http": 80, "https": 443}
_CHUNK = 65_536


class FetchError(Exception):
    """No answer that may be used; the text is for logs and names no person."""


@dataclass(frozen=True)
class _Target:
    secure: bool
    host: str
    port: int
    path: str


def fetch(url: str, *, limit: int, body: bytes | None = None, content_type: str = "") -> bytes:
    """GET, or POST of `body`: at most `limit` bytes of a 200; `FetchError` for anything else."""
    target = _parse(url)
    try:
        raw = socket.create_connection((_address(target), target.port), CONNECT_SECONDS)
    except OSError as error:
        raise FetchError(f"cannot connect: {type(error).__name__}") from error
    # Single reads time out by themselves; a server that drips bytes is cut off by the clock.
    clock = threading.Timer(WHOLE_SECONDS, _cut, [raw])
    clock.daemon = True
    clock.start()
    try:
        with raw:
            return _talk(raw, target, body=body, content_type=content_type, limit=limit)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"no answer: {type(error).__name__}") from error
    finally:
        clock.cancel()


def _talk(
    raw: socket.socket, target: _Target, *, body: bytes | None, content_type: str, limit: int
) -> bytes:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = raw
    if target.secure:
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(raw, server_hostname=target.host)
    try:
        headers = {"Accept": "*/*", "Connection": "close", "User-Agent": "kaysis"}
        if body is not None:
            headers["Content-Type"] = content_type
        connection.request("GET" if body is None else "POST", target.path, body, headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise FetchError(f"status {answer.status}")
        return _read(answer, limit)
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse, limit: int) -> bytes:
    found = bytearray()
    while chunk := answer.read(_CHUNK):
        found += chunk
        if len(found) > limit:
            raise FetchError("too large")
    if answer.length:  # the connection ended before all of it came
        raise FetchError("incomplete")
    return bytes(found)


def _parse(url: str) -> _Target:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError("not an address") from error
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise FetchError("not an address we would ask")
    path = parts.path or "/"
    return _Target(
        secure=parts.scheme == "https",
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        path=f"{path}?{parts.query}" if parts.query else path,
    )


def _address(target: _Target) -> str:
    """The first address of the host; refused if any of them is not for the public."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FetchError("unknown host") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(_may_be_asked, addresses)):
        raise FetchError("an address inside a private network")
    return addresses[0]


def _may_be_asked(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_global and not ip.is_multicast:
        return True
    allowed = map(ipaddress.ip_network, settings.SIGNATURE_PRIVATE_NETWORKS)
    return any(ip.version == network.version and ip in network for network in allowed)


def _cut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself
