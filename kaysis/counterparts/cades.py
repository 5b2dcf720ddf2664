"""Making CAdES-BES signatures, with whatever holds the key."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

DIGEST = "sha256"


def sign(signer: Signer, content: bytes, *, detached: bool = True, digest: str = DIGEST) -> bytes:
    """The signature in DER. In a thread, since the library offers only a coroutine."""
    work = signer.async_sign_general_data(
        content,
        digest,
        detached=detached,
        use_cades=True,
        signed_attr_settings=PdfCMSSignedAttributes(),
    )
    with ThreadPoolExecutor(1) as thread:
        return bytes(thread.submit(asyncio.run, work).result().dump())


def key_signer(
    key: PrivateKeyTypes, certificate: x509.Certificate, chain: Sequence[x509.Certificate] = ()
) -> SimpleSigner:
    """A signer whose key is in memory, as on a telephone's SIM or in a test."""
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store = SimpleCertificateStore()
    store.register_multiple(map(as_asn1, chain))
    return SimpleSigner(
        signing_cert=as_asn1(certificate),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=store,
    )


def as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    """The same certificate as the signing library wants it."""
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
