"""Giving an institution's system access to the API, and taking it."""

from __future__ import annotations

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import AccessToken, Application

from kaysis.accounts import scopes
from kaysis.accounts.audit import because
from kaysis.accounts.models import ApiClient, Person


class Credentials(NamedTuple):
    """The secret is shown once: only its hash is kept."""

    client: ApiClient
    client_id: str
    client_secret: str


@transaction.atomic
def create_api_client(*, name: str, scope_detsis_no: int, responsible: Person) -> Credentials:
    """For set-up commands: nobody is asked for permission. `ValidationError` for an unknown unit
    or an inactive person."""
    if scopes.describe(scope_detsis_no) is None:
        raise ValidationError({"scope_detsis_no": _("Bu numarayla kayıtlı bir birim yok.")})
    if not responsible.is_active:
        raise ValidationError({"responsible": _("Hesabı kapalı bir kişi sorumlu olamaz.")})
    client_id, secret = generate_client_id(), generate_client_secret()
    application = Application.objects.create(
        name=name,
        client_id=client_id,
        client_secret=secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    with because(str(_("API istemcisi kaydı"))):
        client = ApiClient(
            application=application,
            name=name,
            scope_detsis_no=scope_detsis_no,
            responsible=responsible,
        )
        client.full_clean()
        client.save()
    return Credentials(client, client_id, secret)


@transaction.atomic
def deactivate_api_client(*, client: ApiClient, reason: str) -> None:
    """Its tokens end at once."""
    if not reason.strip():
        raise ValidationError({"reason": _("Gerekçe yazılmalıdır.")})
    with because(reason.strip()):
        client.active = False
        client.save(update_fields=["active"])
    AccessToken.objects.filter(application=client.application).delete()
