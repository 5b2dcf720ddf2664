"""Asking another server on somebody's behalf, while they wait: short, bounded, no detours."""

import time
from typing import Any

import requests
from urllib3.exceptions import HTTPError

CONNECT_SECONDS = 4.0
# Between two pieces of an answer, and for all of it.
READ_SECONDS = 8.0
WHOLE_SECONDS = 12.0
LONGEST_ANSWER = 256 * 1024
_PIECE = 16 * 1024


class Unreachable(Exception):
    """No usable answer. The text is for logs and carries nothing of the request."""


def post(url: str, **arguments: Any) -> requests.Response:
    """POST and read the whole answer; follows no redirect, which would carry the secrets along.

    `Unreachable` for network failures and for answers too slow or too large; any status is fine.
    """
    started = time.monotonic()
    try:
        with (
            requests.Session() as session,
            session.post(
                url,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
                **arguments,
            ) as answer,
        ):
            body = bytearray()
            # Whatever has come, however little: a server that drips is cut off by the clock.
            while piece := answer.raw.read1(_PIECE, decode_content=True):
                body += piece
                if len(body) > LONGEST_ANSWER:
                    raise Unreachable("too large")
                if time.monotonic() - started > WHOLE_SECONDS:
                    raise Unreachable("too slow")
    except (requests.RequestException, HTTPError, OSError) as error:
        # Not chained: the text of these errors has the address, and some of them the request.
        raise Unreachable(type(error).__name__) from None
    answer._content = bytes(body)  # as `Response.content` would have kept it
    return answer
