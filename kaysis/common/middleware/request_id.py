"""One number per request, in the answer and in every line of the log."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
# What a proxy in front may send; anything else could forge lines of the log.
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = structlog.get_logger("kaysis.request")


class RequestId:
    """Takes the proxy's X-Request-ID or makes one, and writes one line when the request is done.

    The line says method, path, view, status and time: no query string, no address, no browser,
    no person (rule: no personal data in a log).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                path=request.path,
                view=match.view_name if match else None,
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
            return response
        finally:
            structlog.contextvars.clear_contextvars()
