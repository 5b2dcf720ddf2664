"""What the header shows of whoever is signed in."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kaysis.accounts.selectors import unread_count


def account(request: HttpRequest) -> dict[str, Any]:
    """`unread_notifications`: counted only where a template asks, and never for a visitor."""
    return {"unread_notifications": SimpleLazyObject(lambda: unread_count(request.user))}
