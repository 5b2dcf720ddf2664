"""The dialogue with the e-Devlet gateway: OAuth 2 with a code, then one question who it is.

The browser carries a state out and a code back; the code is changed for a token, and the token for
a name and a national id. Addresses, fields and result codes are those of the gateway's service
"Kimlik Doğrulama".
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from kaysis.accounts.methods import outgoing
from kaysis.common import national_id

SCOPE = "Kimlik-Dogrula"
WANTED = "Ad-Soyad"
RESOURCE = "1"
SUCCESS = "EDV09.000"


class Refused(Exception):
    """The gateway does not vouch for anybody; `reason` is for the record and names nobody."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Identity:
    """Whom the gateway vouches for. The national id never shows in a log."""

    national_id: str = field(repr=False)
    given_name: str
    family_name: str


def authorization_url(*, state: str, redirect_uri: str) -> str:
    """Where the browser goes to sign in at the gateway."""
    query = {
        "response_type": "code",
        "client_id": settings.EDEVLET_CLIENT_ID,
        "state": state,
        "scope": SCOPE,
        "redirect_uri": redirect_uri,
    }
    return f"{_address('AuthorizationController')}?{urlencode(query)}"


def identify(*, code: str, redirect_uri: str) -> Identity:
    """Whom a code stands for. `Refused`, or `outgoing.Unreachable` if the gateway is away."""
    return _identity(_token(code, redirect_uri))


def _token(code: str, redirect_uri: str) -> str:
    answer = _ask(
        "AccessTokenController",
        grant_type="authorization_code",
        client_id=settings.EDEVLET_CLIENT_ID,
        client_secret=settings.EDEVLET_CLIENT_SECRET,
        code=code,
        redirect_uri=redirect_uri,
    )
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise Refused("code")
    return token


def _identity(token: str) -> Identity:
    answer = _ask(
        "AuthenticationController",
        accessToken=token,
        clientId=settings.EDEVLET_CLIENT_ID,
        resourceId=RESOURCE,
        kapsam=WANTED,
    )
    if answer.get("sonucKodu") != SUCCESS:
        raise Refused("result_code")
    told = answer.get("kullaniciBilgileri")
    if not isinstance(told, dict):
        raise Refused("malformed")
    number, given, family = (str(told.get(name) or "") for name in ("kimlikNo", "ad", "soyad"))
    if not national_id.is_valid(number):
        raise Refused("national_id")
    return Identity(number, given, family)


def _ask(controller: str, **fields: str) -> dict[str, Any]:
    """The JSON object that the gateway answers with; it says no by status 400 or 401."""
    answer = outgoing.post(
        _address(controller), data=fields, headers={"Accept": "application/json"}
    )
    if answer.status_code in (400, 401, 403):
        raise Refused("code")
    if answer.status_code != 200:
        raise outgoing.Unreachable(f"status {answer.status_code}")
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    if not isinstance(found, dict):
        raise Refused("malformed")
    return found


def _address(controller: str) -> str:
    return f"{settings.EDEVLET_URL.rstrip('/')}/OAuth2AuthorizationServer/{controller}"
