"""What a PDF may load: the project's static files and `data:` addresses."""

from typing import Any
from urllib.parse import unquote, urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from weasyprint.urls import URLFetcher, URLFetcherResponse

#: Where relative addresses lead: a host that cannot exist (RFC 2606).
BASE = "http://static.invalid/"


class ResourceRefused(ValueError):
    """The document asked for something that is neither a static file nor `data:`."""


class StaticFetcher(URLFetcher):
    """Gives WeasyPrint our static files, and nothing else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Raises `ResourceRefused`."""
        if url[:5].lower() == "data:":
            return super().fetch(url, headers)
        root = urljoin(BASE, settings.STATIC_URL)
        if not url.startswith(root):
            raise ResourceRefused(url)
        name = unquote(url.removeprefix(root).split("?")[0].split("#")[0])
        return URLFetcherResponse(url, _read_static(name))


def _read_static(name: str) -> bytes:
    """A collected file, or in development one that the finders know."""
    try:
        if staticfiles_storage.exists(name):
            with staticfiles_storage.open(name) as file:
                return file.read()
        path = finders.find(name)
    except SuspiciousFileOperation as error:
        raise ResourceRefused(name) from error
    if not isinstance(path, str):
        raise ResourceRefused(name)
    with open(path, "rb") as file:
        return file.read()
