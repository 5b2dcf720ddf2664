"""Cards with a key inside: SoftHSM tokens, one for each person, spoken to over PKCS#11.

A process has one folder of tokens: SoftHSM reads where it is when it is loaded.
"""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pkcs11 import Attribute, KeyType, ObjectClass
from pyhanko.sign.pkcs11 import PKCS11Signer

from kaysis.counterparts import cades
from kaysis.counterparts.ca import Authority
from kaysis.counterparts.people import Holder

# Printed on every demo card; nothing they sign is worth anything.
PIN = "123456"
_SO_PIN = "12345678"
_OWN, _CHAIN = b"\x01", b"\x02"
_LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)


class TokenError(Exception):
    """A message for whoever holds the card."""


class WrongPin(TokenError):
    """The card does not open."""


@dataclass(frozen=True)
class Card:
    """What can be read from a card without its PIN."""

    label: str
    certificate: x509.Certificate

    @property
    def holder(self) -> str:
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value)


class Tokens:
    """The cards in a folder; `prepare` makes those that are missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._one_at_a_time = threading.Lock()  # a card is open for one person
        (folder / "tokens").mkdir(mode=0o700, parents=True, exist_ok=True)
        configuration = folder / "softhsm2.conf"
        configuration.write_text(
            f"directories.tokendir = {folder / 'tokens'}\n"
            "objectstore.backend = file\n"
            "log.level = ERROR\n"
            "slots.removable = true\n",
            encoding="utf-8",
        )
        os.environ["SOFTHSM2_CONF"] = str(configuration)
        self._library = pkcs11.lib(_library())

    def prepare(self, authority: Authority, people: Sequence[Holder]) -> list[str]:
        """A card for each, with a certificate of this authority; returns the labels of new ones.

        Keys are made on the card and never leave it. Certificates of another authority, or of one
        that has begun anew, are replaced.
        """
        there = {token.label for token in self._tokens()}
        missing = [person.full_name for person in people if person.full_name not in there]
        for label in missing:
            _initialise(label)
        if missing:
            self._library.reinitialize()
        for person in people:
            with self._open(person.full_name, PIN, rw=True) as session:
                _personalise(session, authority, person)
        return missing

    def public_key(self, label: str) -> rsa.RSAPublicKey:
        """The key a card signs with."""
        with self._open(label, PIN) as session:
            return _public_key(session)

    def cards(self) -> list[Card]:
        """All that have a certificate, by name."""
        found = []
        with self._one_at_a_time:
            for token in self._tokens():
                with token.open() as session:
                    certificates = _certificates(session, _OWN)
                if certificates:
                    found.append(Card(token.label, certificates[0]))
        return sorted(found, key=lambda card: card.label)

    def sign(self, label: str, pin: str, content: bytes, *, detached: bool = True) -> bytes:
        """A CAdES-BES signature. `WrongPin` or `TokenError` if the card does not give one."""
        with self._open(label, pin) as session:
            own, chain = _certificates(session, _OWN), _certificates(session, _CHAIN)
            signer = PKCS11Signer(
                session,
                signing_cert=cades.as_asn1(own[0]),
                key_id=_OWN,
                ca_chain=[cades.as_asn1(certificate) for certificate in chain],
            )
            return cades.sign(signer, content, detached=detached)

    def _tokens(self) -> list[Any]:
        """Those that are initialised; SoftHSM always shows one more that is not."""
        tokens = self._library.get_tokens()
        return [t for t in tokens if t.flags & pkcs11.TokenFlag.TOKEN_INITIALIZED]

    @contextmanager
    def _open(self, label: str, pin: str, *, rw: bool = False) -> Iterator[Any]:
        with self._one_at_a_time:
            for token in self._tokens():
                if token.label == label:
                    break
            else:
                raise TokenError(f"{label}: kart bulunamadı.")
            try:
                session = token.open(user_pin=pin, rw=rw)
            except (pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinInvalid):
                raise WrongPin("PIN yanlış.") from None
            with session:
                yield session


def _library() -> str:
    for path in _LIBRARIES:
        if Path(path).exists():
            return path
    raise TokenError("SoftHSM bulunamadı / not found: apt-get install softhsm2")


def _initialise(label: str) -> None:
    program = shutil.which("softhsm2-util")
    if program is None:
        raise TokenError("softhsm2-util bulunamadı / not found: apt-get install softhsm2")
    command = [program, "--init-token", "--free", "--label", label]
    done = subprocess.run(
        [*command, "--so-pin", _SO_PIN, "--pin", PIN], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise TokenError(f"{label}: {done.stderr.strip() or done.stdout.strip()}")


def _personalise(session: Any, authority: Authority, person: Holder) -> None:
    if not list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})):
        session.generate_keypair(KeyType.RSA, 2048, id=_OWN, label="imza", store=True)
    own = _certificates(session, _OWN)
    chain = _certificates(session, _CHAIN)
    if not own or chain != authority.chain:
        certificate = authority.issue(_public_key(session), person)
        _store(session, certificate, authority.chain)


def _store(session: Any, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> None:
    for old in list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})):
        old.destroy()
    for number, one in ((_OWN, certificate), *((_CHAIN, above) for above in chain)):
        parsed = asn1.Certificate.load(one.public_bytes(serialization.Encoding.DER))
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.PRIVATE: False,
                Attribute.ID: number,
                Attribute.SUBJECT: parsed.subject.dump(),
                Attribute.VALUE: parsed.dump(),
            }
        )


def _certificates(session: Any, number: bytes) -> list[x509.Certificate]:
    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: number}
    found = session.get_objects(wanted)
    return [x509.load_der_x509_certificate(bytes(one[Attribute.VALUE])) for one in found]


def _public_key(session: Any) -> rsa.RSAPublicKey:
    key = session.get_key(object_class=ObjectClass.PUBLIC_KEY, id=_OWN)
    exponent, modulus = key[Attribute.PUBLIC_EXPONENT], key[Attribute.MODULUS]
    numbers = rsa.RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
    return numbers.public_key()
