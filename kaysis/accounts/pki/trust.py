"""Whom we believe: the authorities of `settings.SIGNATURE_TRUST_ANCHORS`, and nobody else."""

import ipaddress
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import structlog
from asn1crypto import pem, x509
from django.conf import settings

log = structlog.get_logger("kaysis.accounts.pki")

# In the name of every test authority, which certifies whatever it is asked to.
TEST_MARK = "GERÇEK DEĞİLDİR"


def is_configured() -> bool:
    """Whether any authority is trusted; without one, no signature can ever be accepted."""
    return bool(anchors())


def anchors() -> tuple[x509.Certificate, ...]:
    """The certificates that a chain must end in; none if the file is missing or unreadable."""
    return _certificates(settings.SIGNATURE_TRUST_ANCHORS)


def intermediates() -> tuple[x509.Certificate, ...]:
    """Help to complete chains that a signature brings incomplete; they are not trusted."""
    return _certificates(settings.SIGNATURE_INTERMEDIATES)


def problems() -> Iterator[str]:
    """What is wrong with whom we believe, for a production server; in English."""
    for setting, found in (
        ("SIGNATURE_TRUST_ANCHORS", anchors()),
        ("SIGNATURE_INTERMEDIATES", intermediates()),
    ):
        if getattr(settings, setting) and not found:
            yield f"{setting} names no file with PEM certificates."
        if any(TEST_MARK in one.subject.human_friendly for one in found):
            yield f"{setting} holds a test authority: it is for development only."
    for text in settings.SIGNATURE_PRIVATE_NETWORKS:
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            yield f"SIGNATURE_PRIVATE_NETWORKS: {text} is not a network."
            continue
        if network.is_loopback or network.prefixlen == 0:
            yield f"SIGNATURE_PRIVATE_NETWORKS: {text} is for development only."


def _certificates(name: str) -> tuple[x509.Certificate, ...]:
    if not name:
        return ()
    try:
        changed = Path(name).stat().st_mtime_ns
        return _read(name, changed)
    except (OSError, ValueError) as error:
        log.error("certificates_unreadable", file=name, error=type(error).__name__)
        return ()


@lru_cache(maxsize=8)
def _read(name: str, changed: int) -> tuple[x509.Certificate, ...]:
    """The PEM certificates of a file; read again when it has `changed`."""
    data = Path(name).read_bytes()
    found = [der for kind, _headers, der in pem.unarmor(data, multiple=True)]
    certificates = tuple(x509.Certificate.load(der, strict=True) for der in found)
    for certificate in certificates:
        _ = certificate.subject.native  # parsed now, so that a broken file is noticed here
    return certificates
