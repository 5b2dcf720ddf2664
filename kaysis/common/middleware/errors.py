"""The errors that views and services raise, when no form caught them, as pages."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from kaysis.common.errors import KaysisError, TooMany
from kaysis.common.views.errors import error_response, not_found


class DomainErrors:
    """Turns an uncaught `KaysisError` into its page: 403, 404, 409, 422 …

    Http404 of a view, too: with DEBUG, Django would show its technical page instead of what people
    see. That page remains for addresses that lead nowhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            return not_found(request, exception)
        if not isinstance(exception, KaysisError):
            return None
        response = error_response(request, exception.status, detail=str(exception))
        if isinstance(exception, TooMany):
            response["Retry-After"] = str(exception.retry_after)
        return response
