"""A plugin for tests that sign: a certificate authority that answers, and cards (SoftHSM).

`signing` connects the portal to them. One authority and one set of cards serve a whole run: SoftHSM
is loaded once by a process, and keys are costly. Certificates are issued as a test needs them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from kaysis.counterparts import cades
from kaysis.counterparts.ca import Authority, Server, serving
from kaysis.counterparts.certificates import QUALIFIED, Profile
from kaysis.counterparts.people import PEOPLE, Holder
from kaysis.counterparts.tokens import PIN, Tokens
from tests.cache import forget

ELIF = next(person for person in PEOPLE if person.given_name == "Elif")
ZEYNEP = next(person for person in PEOPLE if person.given_name == "Zeynep")


@dataclass(frozen=True)
class Signing:
    """What a test signs with. `foreign` is as good an authority, which the portal does not know."""

    authority: Authority
    foreign: Authority
    tokens: Tokens
    key: rsa.RSAPrivateKey

    def certificate(
        self,
        person: Holder = ELIF,
        *,
        profile: Profile = QUALIFIED,
        valid_from: datetime | None = None,
        valid_for: timedelta = timedelta(days=365),
    ) -> x509.Certificate:
        """A certificate for the key in memory."""
        return self.authority.issue(
            self.key.public_key(),
            person,
            profile=profile,
            valid_from=valid_from,
            valid_for=valid_for,
        )

    def sign(self, content: bytes, certificate: x509.Certificate, **how: Any) -> bytes:
        """By the key in memory."""
        signer = cades.key_signer(self.key, certificate, self.authority.chain)
        return cades.sign(signer, content, **how)

    def by_card(self, content: bytes, person: Holder = ELIF) -> bytes:
        """By the person's card."""
        return self.tokens.sign(person.full_name, PIN, content)


@pytest.fixture(scope="session")
def signing_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    folder = tmp_path_factory.mktemp("signing")
    server, elsewhere = Server(), Server()
    server.authority = Authority.create(folder / "ca", server.url)
    elsewhere.authority = Authority.create(folder / "foreign", elsewhere.url)
    tokens = Tokens(folder / "cards")
    tokens.prepare(server.authority, [ELIF, ZEYNEP])
    key = rsa.generate_private_key(65537, 2048)
    with serving(server), serving(elsewhere):
        yield Signing(server.authority, elsewhere.authority, tokens, key)


@pytest.fixture
def signing(signing_services: Signing, settings: Any) -> Iterator[Signing]:
    """The portal trusts this authority alone, and remembers no answer of an earlier test."""
    settings.SIGNATURE_TRUST_ANCHORS = str(signing_services.authority.anchors)
    settings.SIGNATURE_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    forget()
    yield signing_services
    forget()
