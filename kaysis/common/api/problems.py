"""Problem details (RFC 9457): the one form in which the API says what went wrong.

`type` is `about:blank` where the status says everything, else `urn:kaysis:problem:CODE`. `errors`
is always there, and lists the fields a client can correct.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypedDict

import orjson
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from kaysis.common.errors import KaysisError

CONTENT_TYPE = "application/problem+json"
_URN = "urn:kaysis:problem:"

logger = logging.getLogger(__name__)


class FieldError(TypedDict):
    """`field` is a path such as `kep_addresses.0.address`, or "" for the request as a whole."""

    field: str
    message: str


class NotModified(Exception):
    """What the client has is current: 304."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def document(
    path: str,
    status: int,
    *,
    title: str = "",
    detail: str = "",
    code: str = "",
    errors: Iterable[FieldError] = (),
) -> dict[str, Any]:
    """The members of a problem."""
    return {
        "type": f"{_URN}{code}" if code else "about:blank",
        "title": title or _title(status),
        "status": status,
        "detail": detail,
        "instance": path,
        "errors": list(errors),
    }


def problem_response(
    request: HttpRequest, status: int, *, title: str = "", detail: str = ""
) -> HttpResponse:
    """A problem outside REST framework: unknown addresses, maintenance, crashes."""
    body = orjson.dumps(document(request.path, status, title=title, detail=detail))
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE)


def _title(status: int) -> str:
    return {
        400: _("İstek anlaşılamadı"),
        401: _("Kimlik doğrulaması gerekiyor"),
        403: _("Bu işlem için yetkiniz yok"),
        404: _("Kayıt bulunamadı"),
        405: _("Bu adres bu yöntemi desteklemiyor"),
        406: _("İstenen gösterim sunulmuyor"),
        409: _("İşlem şu anki durumla çelişiyor"),
        415: _("Gönderilen içerik türü desteklenmiyor"),
        422: _("Bu işlem kurallara uymuyor"),
        429: _("Çok fazla istek gönderdiniz"),
        500: _("Beklenmeyen bir hata oluştu"),
        503: _("Bakım çalışması yapılıyor"),
    }.get(status) or HTTPStatus(status).phrase


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's `EXCEPTION_HANDLER`. Unknown exceptions are left to Django's handler500."""
    if isinstance(error, NotModified):
        return Response(status=304, headers={"ETag": error.etag})
    request = context.get("request")
    path = request.path if request is not None else ""
    if isinstance(error, KaysisError):
        set_rollback()
        fields = [FieldError(field=error.field, message=str(error))] if error.field else []
        found = document(path, error.status, detail=str(error), code=error.code, errors=fields)
        return _answer(found)
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(_as_drf_detail(error))
    response = drf_exception_handler(error, dict(context))
    if response is None:
        return None
    found = document(path, response.status_code, **_members(error))
    return _answer(found, response)


def _answer(problem: dict[str, Any], like: Response | None = None) -> Response:
    headers = dict(like.headers) if like is not None else {}
    headers.pop("Content-Type", None)
    return Response(problem, status=problem["status"], headers=headers, content_type=CONTENT_TYPE)


def _members(error: Exception) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flat(error.detail))
        whole = " ".join(each["message"] for each in errors if not each["field"])
        detail = whole or _("Bazı alanlar geçerli değil.")
        return {"detail": detail, "code": "validation", "errors": errors}
    if isinstance(error, exceptions.Throttled):
        return {"detail": _wait(getattr(error, "wait", None))}
    if isinstance(error, exceptions.APIException):
        return {"detail": str(error.detail)}
    if isinstance(error, PermissionDenied | Http404) and error.args:
        own = isinstance(error.args[0], str)
        return {"detail": str(error) if own else ""}
    return {}


def _wait(seconds: float | None) -> str:
    if seconds is None:
        return _("Daha sonra yeniden deneyin.")
    return _("%(seconds)d saniye sonra yeniden deneyin.") % {"seconds": max(1, round(seconds))}


def _as_drf_detail(error: DjangoValidationError) -> Any:
    if hasattr(error, "error_dict"):
        return {
            ("" if field == NON_FIELD_ERRORS else field): messages
            for field, messages in error.message_dict.items()
        }
    return error.messages


def _flat(detail: Any, path: Sequence[str] = ()) -> Iterator[FieldError]:
    """REST framework's nested details as (path, message) pairs."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            general = name in ("", api_settings.NON_FIELD_ERRORS_KEY)
            yield from _flat(inner, path if general else (*path, str(name)))
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _flat(inner, (*path, str(place)) if nested else path)
    else:
        yield FieldError(field=".".join(path), message=str(detail))
