"""The mobile signature service of an operator (MSSP), asked as ETSI TS 102 204 says.

`MSS_Signature` in the mode asynchClientServer begins a transaction; `MSS_StatusQuery` asks how it
stands. A refusal comes as a SOAP fault whose subcode is the status code, or as a status.
"""

import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import requests
import structlog
import zeep
from django.conf import settings
from django.utils import timezone
from lxml import etree

from kaysis.accounts.methods import outgoing

log = structlog.get_logger("kaysis.accounts.mimza")

WSDL = Path(__file__).with_name("mss.wsdl")
# By `Operator.soap`. The standard means SOAP 1.2; some services still speak 1.1.
BINDINGS = {"1.1": "{urn:kaysis:mss}SOAP11", "1.2": "{urn:kaysis:mss}SOAP12"}
# How long the telephone asks; shorter than an attempt lives, so that the answer still counts.
TELEPHONE_SECONDS = 180
ACCEPTED, SIGNED, SIGNED_AND_VALID, OUTSTANDING = 100, 500, 502, 504
# What people can do something about; everything else is told as a refusal.
REASONS = {401: "cancelled", 208: "expired"}


class Refused(Exception):
    """There will be no signature; `reason` is for the record and names nobody."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Operator:
    """How one operator's service is reached, and as whom."""

    key: str
    name: str
    url: str
    ap_id: str
    ap_password: str = field(repr=False)
    soap: str  # a key of BINDINGS
    # Both as the operator names them; without, its own address and its usual profile.
    mssp_id: str
    profile: str


@dataclass(frozen=True)
class Signed:
    """A signature nobody has verified yet, and the telephone it is said to come from."""

    cms: bytes
    msisdn: str = field(repr=False)


def operators() -> dict[str, Operator]:
    """All that this installation is connected to, by key."""
    return {key: Operator(key=key, **facts) for key, facts in settings.MIMZA_OPERATORS.items()}


def request_signature(operator: Operator, *, msisdn: str, text: str, display: str) -> str:
    """Have `text` signed on the telephone `msisdn` (+905…), which shows `display`.

    Returns the service's number of the transaction. `Refused`, or `outgoing.Unreachable`.
    """
    answer = _call(
        operator,
        "MSS_Signature",
        MobileUser={"MSISDN": msisdn},
        DataToBeSigned=_plain(text),
        DataToBeDisplayed=_plain(display),
        SignatureProfile={"mssURI": operator.profile} if operator.profile else None,
        MessagingMode="asynchClientServer",
        TimeOut=TELEPHONE_SECONDS,
    )
    if _status(answer) != ACCEPTED or not answer.MSSP_TransID:
        raise Refused(_reason(_status(answer)))
    return str(answer.MSSP_TransID)


def signature(operator: Operator, transaction: str) -> Signed | None:
    """What has come of a transaction; None while the person has not decided yet.

    `Refused`, or `outgoing.Unreachable`.
    """
    answer = _call(operator, "MSS_StatusQuery", MSSP_TransID=transaction)
    status = _status(answer)
    if status == OUTSTANDING:
        return None
    if status not in (SIGNED, SIGNED_AND_VALID):
        raise Refused(_reason(status))
    cms = answer.MSS_Signature and answer.MSS_Signature.Base64Signature
    if not cms:
        raise Refused("malformed")
    return Signed(bytes(cms), str(answer.MobileUser.MSISDN))


def _call(operator: Operator, operation: str, **message: Any) -> Any:
    """The answer to one message, which repeats the number that we gave the message."""
    number = f"K{secrets.token_hex(16)}"
    message |= {
        "MajorVersion": 1,
        "MinorVersion": 1,
        "AP_Info": {
            "AP_ID": operator.ap_id,
            "AP_PWD": operator.ap_password,
            "AP_TransID": number,
            "Instant": timezone.now(),
        },
        "MSSP_Info": {"MSSP_ID": {"URI": operator.mssp_id or operator.url}},
    }
    name = operation.removesuffix("Query") + "Req"
    service = _client().create_service(BINDINGS[operator.soap], operator.url)
    try:
        answer = getattr(service, operation)(**{name: message})
    except outgoing.Unreachable:
        raise
    except zeep.exceptions.Fault as fault:
        raise Refused(_reason(_status_of(fault))) from None
    except zeep.exceptions.TransportError as error:
        raise outgoing.Unreachable(f"status {error.status_code}") from None
    except Exception as error:
        # The library reads a stranger's bytes; whatever it stumbles over, the answer is none.
        log.warning("mimza_unreadable", operator=operator.key, error=type(error).__name__)
        raise Refused("malformed") from None
    if answer.AP_Info.AP_TransID != number:
        raise Refused("other_message")
    return answer


def _status(answer: Any) -> int | None:
    status = answer.Status.StatusCode.Value
    return None if status is None else int(status)


def _status_of(fault: zeep.exceptions.Fault) -> int | None:
    """The number in `mss:_401`: the subcode of SOAP 1.2, the fault code of SOAP 1.1."""
    codes = [etree.QName(code).localname for code in fault.subcodes or ()]
    for code in (*codes, str(fault.code).rpartition(":")[2]):
        number = code.removeprefix("_")
        if number.isascii() and number.isdigit() and len(number) == 3:
            return int(number)
    return None


def _reason(status: int | None) -> str:
    if status is None:
        return "malformed"
    return REASONS.get(status, f"status_{status}"[:20])


def _plain(text: str) -> dict[str, str]:
    return {"_value_1": text, "MimeType": "text/plain", "Encoding": "UTF-8"}


@cache
def _client() -> zeep.Client:
    """Reads the service's description, a file of ours, once. Keeps no connection between calls."""
    strict = zeep.Settings(strict=True, forbid_dtd=True, forbid_entities=True)
    return zeep.Client(str(WSDL), transport=_Transport(), settings=strict)


class _Transport(zeep.Transport):
    """Sends each message over a connection of its own, so threads may share it."""

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> requests.Response:
        return outgoing.post(address, data=message, headers=headers)
