"""The algorithms a signature, a certificate, a CRL or an OCSP response may use: a list of the good.

What is not on it is refused: SHA-1, MD5, DSA, short RSA keys, curves nobody asked for.
"""

from datetime import datetime

from asn1crypto import algos, keys
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint

DIGESTS = frozenset({"sha256", "sha384", "sha512"})
SIGNATURES = frozenset({"rsassa_pkcs1v15", "rsassa_pss", "ecdsa"})
CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
SHORTEST_RSA = 2048


class GoodAlgorithms(CMSAlgorithmUsagePolicy):
    """For chains and for the signature itself; `moment` makes no difference."""

    def digest_algorithm_allowed(
        self, algo: algos.DigestAlgorithm, moment: datetime | None
    ) -> AlgorithmUsageConstraint:
        return AlgorithmUsageConstraint(algo["algorithm"].native in DIGESTS)

    def signature_algorithm_allowed(
        self,
        algo: algos.SignedDigestAlgorithm,
        moment: datetime | None,
        public_key: keys.PublicKeyInfo | None,
    ) -> AlgorithmUsageConstraint:
        return AlgorithmUsageConstraint(
            _signature_is_good(algo) and (public_key is None or key_is_good(public_key))
        )


def key_is_good(key: keys.PublicKeyInfo) -> bool:
    """Whether a public key is long enough to be believed."""
    if key.algorithm in {"rsa", "rsassa_pss"}:
        return bool(key.bit_size >= SHORTEST_RSA)
    if key.algorithm == "ec":
        kind, name = key.curve
        return bool(kind == "named" and name in CURVES)
    return False


def _signature_is_good(algo: algos.SignedDigestAlgorithm) -> bool:
    """A bare `rsa` or `ecdsa` names no digest: it then counts which one the CMS names."""
    try:
        if algo.signature_algo not in SIGNATURES:
            return False
    except ValueError:
        return False
    try:
        return algo.hash_algo in DIGESTS
    except ValueError:
        return algo["algorithm"].native in {"rsassa_pkcs1v15", "ecdsa"}
