"""Who, from where and why: what every event of one request or one service call carries.

Keys of the context, as stored with each event: `user` (primary key of the person), `ip`,
`request_id`, `source` (web, api, command, job) and `reason`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pghistory
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

from kaysis.accounts import client

if TYPE_CHECKING:
    from kaysis.accounts.models.people import Person

API_PREFIXES = ("/api/", "/ws/")


class AuditMiddleware(HistoryMiddleware):
    """Opens the context of a request. Stands after AuthenticationMiddleware.

    Also follows the person an API authenticates later, inside the view.
    """

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "user": self._user(request),
            "ip": client.address(request),
            "request_id": client.request_id(),
            "source": "api" if request.path.startswith(API_PREFIXES) else "web",
        }

    def _user(self, request: HttpRequest) -> int | None:
        # Asking for the user of a visitor without a session would make the page vary by cookie.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        return request.user.pk


@contextmanager
def because(
    reason: str = "", *, actor: "Person | None" = None, source: str | None = None
) -> Iterator[None]:
    """Events inside this block carry the reason (and actor, and source); earlier ones do not.

        with transaction.atomic(), audit.because(reason=reason, actor=actor):
            unit.save()

    Nested blocks override only what they name. Outside a request the source is "command" unless
    named. `actor` None keeps the person of the request.
    """
    with pghistory.context() as context:
        before = dict(context.metadata)
        named = {"reason": reason, "user": actor.pk if actor else None, "source": source}
        context.metadata.update({key: value for key, value in named.items() if value})
        context.metadata.setdefault("source", "command")
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(before)
    # The context reaches the triggers through settings that live as long as the transaction. After
    # the outermost block they must not stick to what follows in a longer one. (Inside an outer
    # block the next statement sets them anew; after an error the rollback takes them back.)
    if not before and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pghistory.context_metadata', '', true),"
                " set_config('pghistory.context_id', '', true)"
            )


def current() -> dict[str, Any]:
    """The context at hand: that of the request or of the innermost `because`; {} outside both."""
    with pghistory.context() as context:
        return dict(context.metadata)
