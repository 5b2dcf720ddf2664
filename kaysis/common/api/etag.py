"""Conditional answers: a client that has the current version gets 304 and no body."""

import hashlib
from typing import Any, ClassVar

import orjson
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from kaysis.common.api.problems import NotModified


class ETagMixin:
    """A view whose answers have a version.

    `get_version` returns anything JSON can express that changes whenever the answer would (a change
    number, a timestamp); it must be much cheaper than the answer, and must itself refuse what the
    client may not see. `None` means that there is no version. The ETag also depends on the address,
    the query and the language. Set `etag_strong` only if equal versions mean equal bytes.
    """

    etag_strong: ClassVar[bool] = False
    _etag: str | None = None

    def get_version(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After authentication, permissions and throttling; before anything is computed."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # of the APIView beside
        if request.method not in ("GET", "HEAD"):
            return
        version = self.get_version(request, *args, **kwargs)
        if version is None:
            return
        self._etag = self._make(request, version)
        met = get_conditional_response(request._request, etag=self._etag)
        if met is not None and met.status_code == 304:
            raise NotModified(self._etag)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final: Response = super().finalize_response(  # type: ignore[misc]  # of the APIView beside
            request, response, *args, **kwargs
        )
        if self._etag and final.status_code == 200:
            final["ETag"] = self._etag
        return final

    def _make(self, request: Request, version: Any) -> str:
        renderer = getattr(request, "accepted_renderer", None)
        told = [
            version,
            request.get_full_path(),
            get_language(),
            renderer.media_type if renderer else "",
        ]
        digest = hashlib.sha256(orjson.dumps(told, default=str)).hexdigest()[:32]
        return f'"{digest}"' if self.etag_strong else f'W/"{digest}"'
