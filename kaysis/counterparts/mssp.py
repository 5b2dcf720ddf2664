"""A mobile signature service (ETSI TS 102 204), with the telephones it reaches.

`python -m kaysis.counterparts.mssp --port N --authority FOLDER`. Its SOAP is at `/mss`, the
telephones of all invented people on one page at `/`, where a request is confirmed or declined. It
signs with certificates of the test authority in that folder. It knows one client, named by
`MSSP_AP_ID` and `MSSP_AP_PASSWORD`.
"""

import argparse
import base64
import hashlib
import hmac
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from kaysis.counterparts import cades, web
from kaysis.counterparts.ca import Authority
from kaysis.counterparts.people import PEOPLE, Holder

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
_CONTENT_TYPES = {SOAP11: "text/xml; charset=utf-8", SOAP12: "application/soap+xml; charset=utf-8"}
MSS = "http://uri.etsi.org/TS102204/v1.1.2#"
STATUS = {
    100: "REQUEST_OK",
    101: "WRONG_PARAM",
    104: "UNAUTHORIZED_ACCESS",
    105: "UNKNOWN_CLIENT",
    208: "EXPIRED_TRANSACTION",
    401: "USER_CANCEL",
    402: "PIN_NR_BLOCKED",
    500: "SIGNATURE",
    504: "OUTSTANDING_TRANSACTION",
    900: "INTERNAL_ERROR",
}
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def telephone_of(holder: Holder) -> str:
    """The number of an invented person, as the portal's demo people have it."""
    return f"+905000000{PEOPLE.index(holder) + 1:03d}"


def code_of(text: str) -> str:
    """What a telephone computes from the data to be signed: eight letters of its SHA-256."""
    bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(text.encode()).digest()[:5])
    letters = "".join(_LETTERS[int(bits[at : at + 5], 2)] for at in range(0, 40, 5))
    return f"{letters[:4]}-{letters[4:]}"


class Refused(Exception):
    """Answered as a SOAP fault with this status code."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Transaction:
    """One request to one telephone, waiting or decided."""

    number: str
    holder: Holder
    text: str
    display: str
    until: float
    state: Literal["waiting", "signed", "declined"] = "waiting"
    cms: bytes = b""

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting" and time.monotonic() < self.until


@dataclass
class Behaviour:
    """What tests turn to see what the portal does."""

    # Answered instead of the real status of a transaction.
    status: int | None = None
    # Before each answer to the portal.
    delay_seconds: float = 0
    # Answers with this status and text instead of its own.
    broken: tuple[int, str] | None = None
    # Said to come from this telephone, or to belong to this message, whatever is true.
    msisdn: str = ""
    ap_transaction: str = ""
    # Another signs in the place of whoever was asked; or this is signed instead of the text.
    signs_as: Holder | None = None
    signs_instead: str = ""


@dataclass
class Telephones:
    """Keys and certificates, made when somebody first signs."""

    authority: Path
    _held: dict[Holder, tuple[ec.EllipticCurvePrivateKey, x509.Certificate]] = field(
        default_factory=dict
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sign(self, holder: Holder, text: str) -> bytes:
        """The CAdES signature of this person over the text."""
        authority = Authority(self.authority)
        with self._lock:
            if holder not in self._held:
                key = ec.generate_private_key(ec.SECP256R1())
                self._held[holder] = (key, authority.issue(key.public_key(), holder))
            key, certificate = self._held[holder]
        signer = cades.key_signer(key, certificate, authority.chain)
        return cades.sign(signer, text.encode(), detached=False)


class Server(web.Server):
    """One service with all its telephones."""

    def __init__(self, *, authority: Path, ap_id: str, ap_password: str, port: int = 0) -> None:
        super().__init__(_Handler, port)
        self.ap_id, self.ap_password = ap_id, ap_password
        self.behaviour = Behaviour()
        self.telephones = Telephones(authority)
        self.transactions: dict[str, Transaction] = {}

    @property
    def address(self) -> str:
        """Where the portal asks."""
        return f"{self.url}/mss"

    def begin(self, msisdn: str, text: str, display: str, seconds: int) -> Transaction:
        holder = next((each for each in PEOPLE if telephone_of(each) == msisdn), None)
        if holder is None:
            raise Refused(105)
        until = time.monotonic() + seconds
        made = Transaction(f"M{secrets.token_hex(12)}", holder, text, display, until)
        self.transactions[made.number] = made
        return made

    def confirm(self, number: str) -> None:
        """What the owner of the telephone does with their PIN."""
        found = self.transactions[number]
        if found.is_waiting:
            signer = self.behaviour.signs_as or found.holder
            text = self.behaviour.signs_instead or found.text
            found.cms = self.telephones.sign(signer, text)
            found.state = "signed"

    def decline(self, number: str) -> None:
        found = self.transactions[number]
        if found.is_waiting:
            found.state = "declined"


class _Handler(web.Handler):
    server: Server
    banner = "Deneme mobil imza telefonları · gerçek değildir"

    def do_GET(self) -> None:
        if self.route == "/":
            self.page("Telefonlar", _waiting(self.server) + _OWNERS)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        if self.route == "/mss":
            self._soap()
            return
        fields = self.form()
        if fields.get("number") in self.server.transactions:
            decide = self.server.confirm if "yes" in fields else self.server.decline
            decide(fields["number"])
        self.go("/")

    def _soap(self) -> None:
        message = self.body()
        # It answers in the version it is asked in.
        soap = SOAP11 if SOAP11.encode() in message else SOAP12
        content_type = _CONTENT_TYPES[soap]
        behaviour = self.server.behaviour
        time.sleep(behaviour.delay_seconds)
        if behaviour.broken:
            status, text = behaviour.broken
            self.answer(text.encode(), content_type, status)
            return
        try:
            answer = _answer(self.server, message, soap)
        except Refused as refused:
            self.answer(_fault(refused.status, soap), content_type, 500)
        else:
            self.answer(answer, content_type)


# --- SOAP --------------------------------------------------------------------------------------


def _answer(server: Server, message: bytes, soap: str) -> bytes:
    asked = _parse(message, soap)
    info = asked.find(f"{{{MSS}}}AP_Info")
    if info is None or not hmac.compare_digest(
        f"{info.get('AP_ID')}\0{info.get('AP_PWD')}".encode(),
        f"{server.ap_id}\0{server.ap_password}".encode(),
    ):
        raise Refused(104)
    transaction_of_ap = server.behaviour.ap_transaction or str(info.get("AP_TransID"))
    if asked.tag == f"{{{MSS}}}MSS_SignatureReq":
        begun = server.begin(
            asked.findtext(f"{{{MSS}}}MobileUser/{{{MSS}}}MSISDN", ""),
            asked.findtext(f"{{{MSS}}}DataToBeSigned", ""),
            asked.findtext(f"{{{MSS}}}DataToBeDisplayed", ""),
            int(asked.get("TimeOut", "120")),
        )
        response = _message("MSS_Signature", transaction_of_ap, begun, 100)
        response.set("MSSP_TransID", begun.number)
    else:
        found = server.transactions.get(asked.get("MSSP_TransID", ""))
        if found is None:
            raise Refused(101)
        status = server.behaviour.status or _status(found)
        if status not in (500, 504):
            raise Refused(status)
        response = _message("MSS_StatusQuery", transaction_of_ap, found, status)
    if server.behaviour.msisdn:
        response.find(f".//{{{MSS}}}MSISDN").text = server.behaviour.msisdn
    operation = "MSS_Signature" if response.get("MSSP_TransID") else "MSS_StatusQuery"
    wrapper = etree.Element(f"{operation}Response")
    wrapper.append(response)
    return _envelope(wrapper, soap)


def _parse(message: bytes, soap: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        envelope = etree.fromstring(message, parser)
    except etree.XMLSyntaxError:
        raise Refused(101) from None
    for name in ("MSS_SignatureReq", "MSS_StatusReq"):
        found = envelope.find(f"{{{soap}}}Body/*/{{{MSS}}}{name}")
        if found is not None:
            return found
    raise Refused(101)


def _status(transaction: Transaction) -> int:
    if transaction.state == "waiting":
        return 504 if transaction.is_waiting else 208
    return 500 if transaction.state == "signed" else 401


def _message(operation: str, ap: str, transaction: Transaction, status: int) -> etree._Element:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    name = f"{{{MSS}}}{operation.removesuffix('Query')}Resp"
    message = etree.Element(name, nsmap={"mss": MSS})
    message.attrib.update({"MajorVersion": "1", "MinorVersion": "1"})
    info = _add(message, "AP_Info")
    info.attrib.update({"AP_ID": "urn:kaysis", "AP_TransID": ap, "AP_PWD": "", "Instant": now})
    _add(_add(_add(message, "MSSP_Info"), "MSSP_ID"), "URI", "urn:kaysis:mssp")
    _add(_add(message, "MobileUser"), "MSISDN", telephone_of(transaction.holder))
    if status == 500:
        signed = base64.b64encode(transaction.cms).decode()
        _add(_add(message, "MSS_Signature"), "Base64Signature", signed)
    told = _add(message, "Status")
    _add(told, "StatusCode").set("Value", str(status))
    _add(told, "StatusMessage", STATUS.get(status))
    return message


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    made = etree.SubElement(parent, f"{{{MSS}}}{name}")
    made.text = text
    return made


def _fault(status: int, soap: str) -> bytes:
    """A fault, with the status code where that version of SOAP has room for it."""
    fault = etree.Element(f"{{{soap}}}Fault", nsmap={"soap": soap, "mss": MSS})
    code, reason = f"mss:_{status}", STATUS.get(status, "")
    if soap == SOAP11:
        etree.SubElement(fault, "faultcode").text = code
        etree.SubElement(fault, "faultstring").text = reason
        return _envelope(fault, soap)
    codes = etree.SubElement(fault, f"{{{soap}}}Code")
    etree.SubElement(codes, f"{{{soap}}}Value").text = "soap:Receiver"
    etree.SubElement(etree.SubElement(codes, f"{{{soap}}}Subcode"), f"{{{soap}}}Value").text = code
    text = etree.SubElement(etree.SubElement(fault, f"{{{soap}}}Reason"), f"{{{soap}}}Text")
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    text.text = reason
    return _envelope(fault, soap)


def _envelope(content: etree._Element, soap: str) -> bytes:
    envelope = etree.Element(f"{{{soap}}}Envelope", nsmap={"soap": soap})
    etree.SubElement(envelope, f"{{{soap}}}Body").append(content)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


# --- The page of the telephones ----------------------------------------------------------------


def _waiting(server: Server) -> str:
    waiting = [each for each in server.transactions.values() if each.is_waiting]
    if not waiting:
        return (
            "<p>Bekleyen imza isteği yok. Portalda m-imza ile giriş başlatın, sonra bu sayfayı"
            ' yenileyin.</p><form method="get"><button class="main">Yenile</button></form>'
        )
    return "".join(
        f"<section><h2>{escape(each.holder.full_name)} · {telephone_of(each.holder)}</h2>"
        f"<p>{escape(each.display)}</p><p>İmzalanacak verinin kodu:</p>"
        f'<p class="code">{code_of(each.text)}</p>'
        '<form method="post" class="row">'
        f'<input type="hidden" name="number" value="{each.number}">'
        '<button class="main" name="yes" value="1">Onayla</button>'
        '<button name="no" value="1">Reddet</button></form></section>'
        for each in reversed(waiting)
    )


_OWNERS = (
    "<h2>Telefonların sahipleri</h2><p>Bu kişiler uydurulmuştur.</p><table><thead><tr>"
    "<th>Kişi</th><th>T.C. kimlik numarası</th><th>Telefon</th></tr></thead><tbody>"
    + "".join(
        f"<tr><td>{escape(holder.full_name)}</td><td>{holder.national_id}</td>"
        f"<td>{telephone_of(holder)}</td></tr>"
        for holder in PEOPLE
    )
    + "</tbody></table>"
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m kaysis.counterparts.mssp", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--authority", type=Path, required=True)
    options = parser.parse_args(arguments)
    server = Server(
        authority=options.authority,
        ap_id=os.environ["MSSP_AP_ID"],
        ap_password=os.environ["MSSP_AP_PASSWORD"],
        port=options.port,
    )
    print(f"Deneme mobil imza telefonları · test telephones: {server.url}", flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
