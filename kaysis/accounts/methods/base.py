"""The one interface behind which every way of signing in lives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.urls import URLPattern

from kaysis.common.types import Text


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

    def urlpatterns(self) -> Sequence[URLPattern]:
        """The method's own pages."""
        return ()
