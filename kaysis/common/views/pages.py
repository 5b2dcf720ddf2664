"""Home, the pages about the portal itself, and the pages only developers see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kaysis.common import menu
from kaysis.common.api.views import ApiView
from kaysis.common.pagecache import cached_page


@require_safe
@cached_page(ttl=300)
def home(request: HttpRequest) -> HttpResponse:
    """Search first; then every registered subsystem with its live figures; then what changed."""
    entries = [
        {"entry": entry, "figures": list(entry.figures()) if entry.figures else []}
        for entry in menu.entries(request)
    ]
    return render(request, "home.html", {"entries": entries})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about/about.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "about/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "about/privacy.html")


@require_safe
def empty_page(request: HttpRequest) -> HttpResponse:
    """The base template and nothing else: what every other page is measured against."""
    return render(request, "empty.html")


class EmptyApi(ApiView):
    """A view of the API that asks nothing: what the others are measured against."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response({})
