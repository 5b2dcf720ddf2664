"""From bytes that claim to be a signature to the person who made it.

The order is meant: what costs nothing first, and nobody is asked anything over the network before
the signature has proved right and its certificate to come from an authority we trust.
"""

import asyncio
import hashlib
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from asn1crypto import cms as asn1
from asn1crypto import core, x509
from pyhanko.sign.ades.qualified_asn1 import get_qc_statements
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    get_signing_cert_attr,
    validate_sig_integrity,
)
from pyhanko_certvalidator import CertificateValidator, ValidationContext, errors
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from kaysis.accounts.pki import revocation, trust
from kaysis.accounts.pki.algorithms import DIGESTS, GoodAlgorithms, key_is_good
from kaysis.accounts.pki.refusal import Refused
from kaysis.accounts.pki.subject import Signer, signer_of

log = structlog.get_logger("kaysis.accounts.pki")

# A signature with its chain has some 5,000 bytes and three certificates. The search for a chain
# tries all orders of those that come with it.
CMS_LIMIT = 64 * 1024
MOST_CERTIFICATES = 6
# How far the clocks of authorities may differ from ours when they say what holds now.
CLOCK_DIFFERENCE = timedelta(minutes=1)
QC_COMPLIANCE = "0.4.0.1862.1.1"  # ETSI EN 319 412-5: the certificate is a qualified one

Value = TypeVar("Value")


@dataclass(frozen=True)
class _Signature:
    """A signature that has proved right, by whomever."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


def verify_signature(cms: bytes, content: bytes, at: datetime) -> Signer:
    """Who signed `content`, proved by `cms`: one CAdES-BES signature in DER, detached or attached.

    The certificate must be valid `at` that moment (aware); whether it has been revoked is asked
    now. `Refused` with a code for anything that is not exactly right.
    """
    try:
        signature = _proved(cms, content)
        path = _chain(signature, at)
        _check_usage(signature.certificate)
        signer = signer_of(signature.certificate)
        _check_revocation(signature, path)
    except Refused:
        raise
    except Exception as error:
        # The parser reads as it goes, and it reads a stranger's bytes: whatever it stumbles over,
        # and however, the answer is no.
        log.warning("signature_unreadable", error=type(error).__name__)
        raise Refused("malformed") from error
    return signer


def _proved(cms: bytes, content: bytes) -> _Signature:
    """The signature is whole and over `content`; who made it is not asked yet."""
    signed_data = _parse(cms)
    (signer_info,) = signed_data["signer_infos"]
    enclosed = signed_data["encap_content_info"]["content"]
    if not isinstance(enclosed, core.Void) and enclosed.native != content:
        raise Refused("content")
    _check_algorithms(signer_info)
    certificates = extract_certs_for_validation(signed_data)
    certificate = certificates.signer_cert
    if not key_is_good(certificate.public_key):
        raise Refused("algorithm")
    if get_signing_cert_attr(signer_info["signed_attrs"]) is None:
        raise Refused("malformed")  # what makes CAdES of it: the certificate is signed, too
    digest = hashlib.new(signer_info["digest_algorithm"]["algorithm"].native, content).digest()
    intact, valid = validate_sig_integrity(signer_info, certificate, "data", digest)
    if not valid:
        raise Refused("signature")
    if not intact:
        raise Refused("content")
    return _Signature(certificate, tuple(certificates.other_certs))


def _parse(cms: bytes) -> asn1.SignedData:
    if len(cms) > CMS_LIMIT:
        raise Refused("malformed")
    info = asn1.ContentInfo.load(cms, strict=True)
    if info["content_type"].native != "signed_data":
        raise Refused("malformed")
    signed_data = info["content"]
    if (
        signed_data["encap_content_info"]["content_type"].native != "data"
        or len(signed_data["signer_infos"]) != 1
        or isinstance(signed_data["certificates"], core.Void)
        or len(signed_data["certificates"]) > MOST_CERTIFICATES
        or isinstance(signed_data["signer_infos"][0]["signed_attrs"], core.Void)
    ):
        raise Refused("malformed")
    return signed_data


def _check_algorithms(signer_info: asn1.SignerInfo) -> None:
    policy = GoodAlgorithms()
    digest, algorithm = signer_info["digest_algorithm"], signer_info["signature_algorithm"]
    if not (
        digest["algorithm"].native in DIGESTS
        and policy.signature_algorithm_allowed(algorithm, None, None)
        and policy.digest_combination_allowed(algorithm, digest, None)
    ):
        raise Refused("algorithm")


def _chain(signature: _Signature, at: datetime) -> ValidationPath:
    """The way up to an anchor, all of it valid at that moment; revocation aside."""
    context = ValidationContext(
        trust_roots=list(trust.anchors()),
        other_certs=[*signature.others, *trust.intermediates()],
        moment=at,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
        time_tolerance=timedelta(0),
        algorithm_usage_policy=GoodAlgorithms(),
    )
    try:
        return _run(CertificateValidator(signature.certificate, (), context).async_validate_path())
    except errors.ExpiredError:
        raise Refused("certificate_expired") from None
    except errors.NotYetValidError:
        raise Refused("certificate_not_yet_valid") from None
    except errors.DisallowedAlgorithmError:
        raise Refused("algorithm") from None
    except (errors.PathError, errors.ValidationError) as error:
        raise Refused("untrusted") from error


def _check_usage(certificate: x509.Certificate) -> None:
    """A qualified certificate of a person: for signatures that bind (nonRepudiation), not for a CA.

    It may also be for digitalSignature, as those of some Turkish authorities are.
    """
    usage = certificate.key_usage_value
    statements = {entry["statement_id"].dotted for entry in get_qc_statements(certificate)}
    if (
        usage is None
        or "non_repudiation" not in usage.native
        or "key_cert_sign" in usage.native
        or certificate.ca
        or QC_COMPLIANCE not in statements
    ):
        raise Refused("key_usage")


def _check_revocation(signature: _Signature, path: ValidationPath) -> None:
    """Nothing on the way up is revoked now, whatever moment the signature is from."""
    lists, responses = revocation.gather(path)
    for certificate, _issuer in revocation.pairs(path):
        # Each on its own: what one names is mandatory for it, whatever the others name.
        policy = RevocationCheckingPolicy(
            ee_certificate_rule=revocation.rule(certificate),
            intermediate_ca_cert_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
        )
        context = ValidationContext(
            trust_roots=list(trust.anchors()),
            other_certs=[*signature.others, *trust.intermediates()],
            allow_fetching=False,
            crls=lists,
            ocsps=responses,
            revinfo_policy=CertRevTrustPolicy(policy),
            time_tolerance=CLOCK_DIFFERENCE,
            algorithm_usage_policy=GoodAlgorithms(),
        )
        try:
            _run(CertificateValidator(certificate, (), context).async_validate_path())
        except errors.RevokedError:
            raise Refused("revoked") from None
        except (errors.PathError, errors.ValidationError) as error:
            log.warning("revocation_unknown", error=type(error).__name__)
            raise Refused("revocation_unknown") from error


def _run(work: Coroutine[Any, Any, Value]) -> Value:
    """Run what the library offers only as a coroutine; here nothing in it ever waits.

    In a thread of its own: there may be an event loop in this one.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
