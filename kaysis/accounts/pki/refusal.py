"""Why a signature is not accepted."""

from typing import Literal, get_args

Code = Literal[
    "malformed",  # not one CAdES signature, or too large
    "content",  # a signature over something else
    "signature",  # the signature itself is wrong
    "algorithm",  # too weak, or unknown
    "untrusted",  # no valid chain to a configured authority
    "certificate_expired",
    "certificate_not_yet_valid",
    "key_usage",  # not a qualified certificate for signing
    "national_id",  # the certificate names no person we can know
    "revoked",
    "revocation_unknown",  # whoever knows about revocation could not be asked
]
CODES: tuple[Code, ...] = get_args(Code)


class Refused(Exception):
    """`code` is for the record of failures; what people read must say no more than it must."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code
