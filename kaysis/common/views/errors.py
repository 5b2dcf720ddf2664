"""Pages for what went wrong: each says what happened and what to do next.

Addresses under /api/ get problem details (RFC 9457) instead. A part of a page that htmx asked for
is not replaced by an error; static/js/kaysis.js says that it failed.
"""

import logging
import re

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from kaysis.common.api.problems import problem_response

logger = logging.getLogger(__name__)

API_PREFIX = "/api/"
ERROR_STATUSES = (400, 403, 404, 409, 422, 429, 500, 503)
_OF_A_SHORTCUT = re.compile(r"No \w+ matches the given query\.")
# Shown when even the template of the error page cannot be drawn.
LAST_RESORT = (
    '<!doctype html><html lang="tr"><meta charset="utf-8"><title>KAYSİS</title>'
    "<h1>Beklenmeyen bir hata oluştu</h1><p>Lütfen biraz sonra yeniden deneyin.</p>"
)


def error_response(request: HttpRequest, status: int, *, detail: str = "") -> HttpResponse:
    """The error page of a status in ERROR_STATUSES, with an optional explanation.

    `detail` is shown to the reader: never pass what a stranger must not see.
    """
    if request.path.startswith(API_PREFIX):
        response = problem_response(request, status, detail=detail)
    else:
        context = {"status": status, "detail": detail, "query": _words_of(request.path)}
        html = render_to_string(f"errors/{status}.html", context, request=request)
        response = HttpResponse(html, status=status)
    add_never_cache_headers(response)
    return response


def _words_of(path: str) -> str:
    """The words of an address nobody answers to, as a first guess of what was sought."""
    return " ".join(part for part in path.replace("-", " ").split("/") if part)[:100]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # Only our own words: Django's suspicious-operation texts are for the log.
    detail = str(exception) if isinstance(exception, BadRequest) else ""
    return error_response(request, 400, detail=detail)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    detail = str(exception) if isinstance(exception, PermissionDenied) else ""
    return error_response(request, 403, detail=detail)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # Only our own words: the resolver's Http404 carries a structure of patterns, and that of
    # `get_object_or_404` an English sentence with the name of a class.
    detail = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    own = isinstance(detail, str) and not _OF_A_SHORTCUT.fullmatch(detail)
    return error_response(request, 404, detail=detail if own else "")


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For `kaysis.common.errors.Conflict`: somebody else was faster, or the state forbids it."""
    return error_response(request, 409, detail=str(exception) if exception else "")


def unavailable(request: HttpRequest, *, retry_after: int, detail: str = "") -> HttpResponse:
    response = error_response(request, 503, detail=detail)
    response["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    try:
        return error_response(request, 500)
    except Exception:
        logger.exception("the page of error 500 failed itself")
        return HttpResponse(LAST_RESORT, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or that did not come from here."""
    detail = _(
        "Form çok uzun süre açık kalmış ya da tarayıcınız çerezleri kabul etmiyor olabilir. "
        "Geri dönüp sayfayı yenileyin ve formu yeniden gönderin."
    )
    return error_response(request, 403, detail=detail)
