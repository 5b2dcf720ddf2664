"""Who asks the API: nobody in particular, or a client with a bearer token (OAuth 2)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from oauth2_provider.models import AccessToken
from oauth2_provider.settings import oauth2_settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.request import Request

from kaysis.accounts.models import ApiClient


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. Without it everybody is a visitor; a token that is unknown, over
    or of a closed client is refused, never taken for a visitor's.

    One query. `request.auth` is the token; `request.user` stays a visitor: what a client may do is
    asked with `client_of`.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        token = None
        if len(header) == 2:
            found = AccessToken.objects.filter(
                token_checksum=_checksum(header[1]), expires__gt=timezone.now()
            )
            token = found.select_related("application__api_client__responsible").first()
        client = getattr(getattr(token, "application", None), "api_client", None)
        if client is None or not client.active:
            raise AuthenticationFailed(_("Erişim belirteci geçersiz ya da süresi dolmuş."))
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="kaysis"'


def _checksum(token: bytes) -> str:
    return hashlib.sha256(token).hexdigest()


def client_of(request: Request, scope: str) -> ApiClient:
    """The client behind the request, which must hold the OAuth scope. 401 or 403 otherwise."""
    token: Any = request.auth
    if token is None:
        raise NotAuthenticated(_("Bu işlem için erişim belirteci gerekir."))
    if not token.allow_scopes([scope]):
        raise PermissionDenied(_("Erişim belirteci bu işlemi kapsamıyor."))
    client: ApiClient = token.application.api_client
    return client


class BearerScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes it."""

    target_class = "kaysis.accounts.tokens.BearerAuthentication"
    name = "oauth2"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        flow = {"tokenUrl": "/api/token/", "scopes": oauth2_settings.SCOPES}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}
