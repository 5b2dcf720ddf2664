"""Answers 503 while the portal is closed; health and metrics go on answering."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kaysis.common import maintenance
from kaysis.common.views.errors import unavailable

STILL_OPEN = ("/saglik/", "/metrics")


class MaintenanceMode:
    """Stands before sessions and everything else that asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        state = maintenance.current()
        if state is None or request.path.startswith(STILL_OPEN):
            return self.get_response(request)
        return unavailable(request, retry_after=state.retry_after, detail=state.message)
