"""The person a qualified certificate names."""

from dataclasses import dataclass, field

from asn1crypto import x509

from kaysis.accounts.pki.refusal import Refused
from kaysis.common import national_id

_SERIAL_NUMBER, _COMMON_NAME = "2.5.4.5", "2.5.4.3"
_GIVEN_NAME, _SURNAME = "2.5.4.42", "2.5.4.4"


@dataclass(frozen=True)
class Signer:
    """Whoever signed. The national id never shows in a log: it is not in the `repr`."""

    national_id: str = field(repr=False)
    given_name: str
    family_name: str
    certificate_fingerprint: str  # SHA-256 of the certificate, 64 hex digits


def signer_of(certificate: x509.Certificate) -> Signer:
    """The subject's `serialNumber` is the national id, its CN the name.

    `Refused("national_id")` unless there is exactly one valid number and a name.
    """
    found: dict[str, list[str]] = {}
    for rdn in certificate.subject.chosen:
        for attribute in rdn:
            value = str(attribute["value"].native).strip()
            found.setdefault(attribute["type"].dotted, []).append(value)
    numbers = found.get(_SERIAL_NUMBER, [])
    if len(numbers) != 1 or not national_id.is_valid(numbers[0]):
        raise Refused("national_id")
    given, family = _names(found)
    return Signer(numbers[0], given, family, certificate.sha256.hex())


def _names(found: dict[str, list[str]]) -> tuple[str, str]:
    """Given and family name: from their own attributes, else the last word of CN is the family."""
    given, family = found.get(_GIVEN_NAME, []), found.get(_SURNAME, [])
    if len(given) == 1 and len(family) == 1 and given[0] and family[0]:
        return given[0], family[0]
    words = " ".join(found.get(_COMMON_NAME, [])[:1]).split()
    if len(words) < 2:
        raise Refused("national_id")
    return " ".join(words[:-1]), words[-1]
