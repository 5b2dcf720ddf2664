"""What the base template needs on every page.

Nothing here touches the session, the user or the database: error pages use it too, and a page that
nobody is signed in to must stay cacheable.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from kaysis.common.menu import Entry, entries
from kaysis.common.preferences import theme_of


class Shell:
    """The frame around a page; each part is computed only when the template asks for it."""

    # The search is an upper layer's; its public addresses are fixed.
    search_url = "/ara/"
    suggest_url = "/ara/oneri/"
    opensearch_url = "/ara/opensearch.xml"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def theme(self) -> str:
        """One of light, dark, auto (follow the device)."""
        return theme_of(self.request)

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def menu(self) -> list[Entry]:
        return entries(self.request, "main")

    @property
    def footer(self) -> list[Entry]:
        return entries(self.request, "footer")

    @property
    def account_menu(self) -> list[Entry]:
        return entries(self.request, "account")

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def full_path(self) -> str:
        return self.request.get_full_path()

    @property
    def sign_in_url(self) -> str:
        return resolve_url(settings.LOGIN_URL)

    @property
    def officer_url(self) -> str:
        """The start of the signed-in area."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    @property
    def sign_out_url(self) -> str:
        return resolve_url(settings.SIGN_OUT_URL)

    @property
    def contact_email(self) -> str:
        return settings.CONTACT_EMAIL


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
