"""Whether any certificate of a chain has been revoked: asked of everybody whom it names.

A certificate may name a list of revoked ones (CRL), a responder (OCSP), or both. All that it names
must answer, and one that knows of a revocation is enough; a certificate that names nobody cannot be
checked and is refused. Answers are kept for a while in the cache that all servers share.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog
from asn1crypto import algos, core, crl, ocsp, x509
from django.core.cache import cache
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import RevocationCheckingRule

from kaysis.accounts.pki.fetching import FetchError, fetch
from kaysis.accounts.pki.refusal import Refused

log = structlog.get_logger("kaysis.accounts.pki")
Answer = TypeVar("Answer", crl.CertificateList, ocsp.OCSPResponse)

CRL_LIMIT = 16 * 1024 * 1024
OCSP_LIMIT = 64 * 1024
# No answer is kept longer than this, nor beyond its own `nextUpdate`.
KEEP_CRL = timedelta(hours=1)
KEEP_OCSP = timedelta(seconds=60)


def gather(path: ValidationPath) -> tuple[list[crl.CertificateList], list[ocsp.OCSPResponse]]:
    """The lists and responses about every certificate of a valid chain but its anchor.

    `Refused("revocation_unknown")` if one of the sources cannot be had.
    """
    lists: list[crl.CertificateList] = []
    responses: list[ocsp.OCSPResponse] = []
    for certificate, issuer in pairs(path):
        lists_at, responders = crl_addresses(certificate), ocsp_addresses(certificate)
        if not lists_at and not responders:
            raise Refused("revocation_unknown")
        if lists_at:
            lists.append(_any_of(lists_at, _crl))
        if responders:
            responses.append(_ocsp(responders, certificate, issuer))
    return lists, responses


def rule(certificate: x509.Certificate) -> RevocationCheckingRule:
    """Both kinds of source are mandatory if the certificate names both."""
    if crl_addresses(certificate):
        if ocsp_addresses(certificate):
            return RevocationCheckingRule.CRL_AND_OCSP_REQUIRED
        return RevocationCheckingRule.CRL_REQUIRED
    return RevocationCheckingRule.OCSP_REQUIRED


def pairs(path: ValidationPath) -> list[tuple[x509.Certificate, x509.Certificate]]:
    """(certificate, issuer) from below the anchor down to the signer's own."""
    chain = list(path)
    return [(chain[at], chain[at - 1]) for at in range(1, len(chain))]


def crl_addresses(certificate: x509.Certificate) -> list[str]:
    """Where the list of revoked certificates is, of which one address is enough.

    `Refused` if the certificate names a list, but none that can be asked for over HTTP.
    """
    points = certificate.crl_distribution_points_value
    if points is None:
        return []
    names = [point["distribution_point"] for point in points]
    found = [
        address
        for name in names
        if not isinstance(name, core.Void) and name.name == "full_name"
        for address in _web_addresses(name.chosen)
    ]
    if not found:
        raise Refused("revocation_unknown")
    return found


def ocsp_addresses(certificate: x509.Certificate) -> list[str]:
    """The responders that a certificate names, of which one is enough."""
    return [
        address
        for entry in certificate.authority_information_access_value or ()
        if entry["access_method"].native == "ocsp"
        for address in _web_addresses([entry["access_location"]])
    ]


def _web_addresses(names: Iterable[x509.GeneralName]) -> list[str]:
    """Those over HTTP; lists also name directories (ldap), which we do not ask."""
    found = [name.native for name in names if name.name == "uniform_resource_identifier"]
    return [url for url in found if url.lower().startswith(("http://", "https://"))]


def _crl(url: str) -> crl.CertificateList:
    key = _key("crl", url.encode())
    kept = cache.get(key)
    data = kept if kept is not None else fetch(url, limit=CRL_LIMIT)
    found = crl.CertificateList.load(data, strict=True)
    if kept is None:
        _keep(key, data, found["tbs_cert_list"]["next_update"].native, KEEP_CRL)
    return found


def _ocsp(
    urls: Sequence[str], certificate: x509.Certificate, issuer: x509.Certificate
) -> ocsp.OCSPResponse:
    request = _ocsp_request(certificate, issuer)

    def ask(url: str) -> ocsp.OCSPResponse:
        key = _key("ocsp", url.encode() + b"\0" + request)
        kept = cache.get(key)
        data = kept
        if data is None:
            data = fetch(
                url, limit=OCSP_LIMIT, body=request, content_type="application/ocsp-request"
            )
        found = ocsp.OCSPResponse.load(data, strict=True)
        if found["response_status"].native != "successful":
            raise FetchError("the responder has no answer")
        if kept is None:
            answers = found.response_data["responses"]
            _keep(key, data, answers[0]["next_update"].native, KEEP_OCSP)
        return found

    return _any_of(urls, ask)


def _ocsp_request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """SHA-1 only names the issuer here, as all responders understand it; nothing rests on it."""
    return ocsp.OCSPRequest(
        {
            "tbs_request": {
                "request_list": [
                    {
                        "req_cert": {
                            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),
                            "issuer_name_hash": issuer.subject.sha1,
                            "issuer_key_hash": issuer.public_key.sha1,
                            "serial_number": certificate.serial_number,
                        }
                    }
                ]
            }
        }
    ).dump()


def _any_of(urls: Sequence[str], ask: Callable[[str], Answer]) -> Answer:
    """The first answer that can be had."""
    for url in urls:
        try:
            return ask(url)
        except (FetchError, ValueError, TypeError, KeyError, IndexError) as error:
            log.warning("revocation_source_failed", url=url, error=str(error)[:200])
    raise Refused("revocation_unknown")


def _keep(key: str, data: bytes, next_update: datetime | None, longest: timedelta) -> None:
    """Keep an answer; whether it is genuine is asked each time it is used."""
    left = longest
    if next_update is not None:
        left = min(left, next_update - datetime.now(UTC))
    if left > timedelta(0):
        cache.set(key, data, left.total_seconds())


def _key(kind: str, text: bytes) -> str:
    return f"pki:{kind}:{hashlib.sha256(text).hexdigest()}"
