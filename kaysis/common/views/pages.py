"""Home, the pages about the portal itself, and the pages only developers see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


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
