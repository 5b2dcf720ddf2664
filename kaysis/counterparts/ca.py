"""A certificate authority: a root, an issuing authority below it, CRLs and an OCSP responder.

`python -m kaysis.counterparts.ca --folder F --port N` serves it on loopback. What it has issued and
revoked is kept in the folder, so it is the same authority at the next start; at another address it
begins anew, because its certificates name the address at which their revocation is asked for.
"""

import argparse
import base64
import binascii
import fcntl
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509 import ocsp

from kaysis.counterparts import certificates
from kaysis.counterparts.certificates import QUALIFIED, Issuer, Profile
from kaysis.counterparts.people import Holder

LONGEST_REQUEST = 64 * 1024
_PARTS = ("root", "issuing", "ocsp")
_CRL_LIFE = timedelta(hours=1)
_OCSP_LIFE = timedelta(minutes=5)


class Authority:
    """An authority whose keys and records are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base_url = str(self._state()["base_url"])
        self.root = _load_certificate(folder / "root.pem")
        self.issuing = _load_certificate(folder / "issuing.pem")
        self._responder = _load_certificate(folder / "ocsp.pem")
        self._root_key = _load_key(folder / "root.key")
        self._issuing_key = _load_key(folder / "issuing.key")
        self._responder_key = _load_key(folder / "ocsp.key")

    @classmethod
    def create(cls, folder: Path, base_url: str, name: str = "KAYSİS Deneme") -> "Authority":
        """A new authority that is reached at `base_url`; replaces the one in that folder."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = {part: ec.generate_private_key(ec.SECP384R1()) for part in _PARTS}
        top = Issuer(certificates.name(f"{name} Kök Sertifika"), keys["root"])
        below = Issuer(certificates.name(f"{name} Nitelikli Sertifika"), keys["issuing"])
        root = certificates.of_authority(top.name, top.key.public_key(), top, path_length=1)
        issuing = certificates.of_authority(
            below.name, below.key.public_key(), top, crl_url=f"{base_url}/kok.crl"
        )
        responder = certificates.of_responder(
            certificates.name(f"{name} OCSP"), keys["ocsp"].public_key(), below
        )
        for part, certificate in zip(_PARTS, (root, issuing, responder), strict=True):
            _write(folder / f"{part}.key", _key_bytes(keys[part]))
            _write(folder / f"{part}.pem", certificate.public_bytes(serialization.Encoding.PEM))
        _write(folder / "state.json", json.dumps({"base_url": base_url, "revoked": {}}).encode())
        return cls(folder)

    @classmethod
    def at(cls, folder: Path, base_url: str) -> "Authority":
        """The one in that folder if it lives at that address, else a new one.

        Several processes may call this at once: the first makes it, the others find it.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            try:
                found = cls(folder)
            except (OSError, ValueError, KeyError):
                return cls.create(folder, base_url)
            return found if found.base_url == base_url else cls.create(folder, base_url)

    @property
    def anchors(self) -> Path:
        """The PEM file with the root: what the portal is told to trust."""
        return self.folder / "root.pem"

    @property
    def chain(self) -> list[x509.Certificate]:
        """What a signature brings along besides the signer's own certificate."""
        return [self.issuing]

    def issue(
        self,
        key: CertificatePublicKeyTypes,
        person: Holder,
        *,
        profile: Profile = QUALIFIED,
        valid_from: datetime | None = None,
        valid_for: timedelta = timedelta(days=1095),
    ) -> x509.Certificate:
        """A certificate for a person who does not exist. Nothing is checked: that is the point."""
        return certificates.of_person(
            key,
            Issuer(self.issuing.subject, self._issuing_key),
            person,
            profile=profile,
            base_url=self.base_url,
            begins=valid_from,
            lasts=valid_for,
        )

    def revoke(self, certificate: x509.Certificate, *, crl: bool = True, ocsp: bool = True) -> None:
        """From now on. `crl`, `ocsp`: whether the list and the responder know of it."""
        with self._changing() as state:
            now = datetime.now(UTC).replace(microsecond=0)
            state["revoked"][str(certificate.serial_number)] = {
                "at": now.isoformat(),
                "crl": crl,
                "ocsp": ocsp,
            }

    def crl(self) -> bytes:
        """The list of the issuing authority as it is now, in DER."""
        return self._list(self.issuing, self._issuing_key)

    def root_crl(self) -> bytes:
        """The list of the root, which may hold the issuing authority."""
        return self._list(self.root, self._root_key)

    def ocsp(self, request: bytes) -> bytes:
        """The responder's answer to a request in DER; ValueError if it is none."""
        asked = ocsp.load_der_ocsp_request(request)
        entry = self._state()["revoked"].get(str(asked.serial_number))
        revoked = bool(entry and entry["ocsp"])
        now = datetime.now(UTC)
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=asked.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=now,
            next_update=now + _OCSP_LIFE,
            revocation_time=datetime.fromisoformat(entry["at"]) if revoked else None,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self._responder)
        builder = builder.certificates([self._responder])
        signed = builder.sign(self._responder_key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def _list(self, issuer: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> bytes:
        """Serial numbers are random: that each list has those of both issuers does no harm."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(now)
            .next_update(now + _CRL_LIFE)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()),
                critical=False,
            )
        )
        for serial, entry in self._state()["revoked"].items():
            if entry["crl"]:
                at = datetime.fromisoformat(entry["at"])
                revoked = x509.RevokedCertificateBuilder(int(serial), at)
                builder = builder.add_revoked_certificate(revoked.build())
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _state(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads((self.folder / "state.json").read_bytes()))

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """The records, held alone and written when done: others may serve the same folder."""
        with _alone(self.folder):
            state = self._state()
            yield state
            _write(self.folder / "state.json", json.dumps(state).encode())


# --- Served ------------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    """Lists and responder over HTTP on loopback. `authority` may be set after the port is known."""

    daemon_threads = True
    authority: Authority

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 10

    def do_GET(self) -> None:
        authority = self.server.authority
        match self.path.split("/")[1:]:
            case ["nes.crl"]:
                self._answer(authority.crl(), "application/pkix-crl")
            case ["kok.crl"]:
                self._answer(authority.root_crl(), "application/pkix-crl")
            case ["kok.pem"]:
                self._answer(authority.anchors.read_bytes(), "application/x-pem-file")
            case ["ocsp", *rest] if rest:
                self._ocsp(_decoded("/".join(rest)))
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/ocsp" or not 0 < length <= LONGEST_REQUEST:
            self.send_error(404)
            return
        self._ocsp(self.rfile.read(length))

    def _ocsp(self, request: bytes) -> None:
        try:
            answer = self.server.authority.ocsp(request)
        except ValueError:
            refused = ocsp.OCSPResponseBuilder.build_unsuccessful(
                ocsp.OCSPResponseStatus.MALFORMED_REQUEST
            )
            answer = refused.public_bytes(serialization.Encoding.DER)
        self._answer(answer, "application/ocsp-response")

    def _answer(self, data: bytes, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: each sign-in asks three times."""


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Serve in a thread for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m kaysis.counterparts.ca", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    server = Server(options.port)
    server.authority = Authority.at(options.folder, server.url)
    print(f"Deneme sertifika otoritesi · test certificate authority: {server.url}", flush=True)
    server.serve_forever()
    return 0


# --- Files -------------------------------------------------------------------------------------


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the records of a folder alone; waits for whoever has them."""
    with (folder / "state.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    return cast("ec.EllipticCurvePrivateKey", key)


def _load_certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _write(path: Path, data: bytes) -> None:
    """Readers see the old file or the new one; keys are for ourselves alone."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(data)
    fresh.replace(path)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(unquote(text), validate=True)
    except (binascii.Error, ValueError):
        return b""


if __name__ == "__main__":
    raise SystemExit(main())
