"""The one interface behind which every way of signing in lives."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from django.urls import URLPattern

from kaysis.common.types import Text

# Written into every secret that the counterparts of development take.
PUBLISHED = "development-only"


@dataclass(frozen=True)
class Method:
    """A way of signing in: a folder with a subclass of this, called `METHOD`, in its `__init__`.

    The folder may bring views (`urlpatterns`, mounted below `/giris/<key>/`) and templates. Once it
    has proved who somebody is, it calls `services.sign_in`; if it refuses, `record_failure`.
    """

    key: ClassVar[str]
    label: ClassVar[Text]
    description: ClassVar[Text]
    icon: ClassVar[str] = "user"

    def available(self) -> bool:
        """Whether this installation is connected to what the method needs."""
        return False

    def start_url(self, next_url: str) -> str:
        """Where signing in begins; called only where `available`. `next_url` is safe already."""
        raise NotImplementedError

    def problems(self) -> Sequence[str]:
        """What keeps a production server with these settings from starting; in English."""
        return ()

    def urlpatterns(self) -> Sequence[URLPattern]:
        """The method's own pages."""
        return ()


def address_problems(name: str, url: str) -> list[str]:
    """Why production may not send secrets to `url`, which the setting `name` holds."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host:
        return [f"{name} must be an https address."]
    if host == "localhost" or host.endswith(".localhost") or _is_loopback(host):
        return [f"{name} points at this machine: it is for development only."]
    return []


def secret_problems(name: str, value: str) -> list[str]:
    """Why production may not use `value` as the secret of the setting `name`."""
    if not value:
        return [f"{name} is missing."]
    return [f"{name} is one from development."] if PUBLISHED in value else []


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
