"""What the header, the footer and the home page lead to.

A subsystem registers its entry in `AppConfig.ready()`; an app that registers nothing has no entry,
so a room whose door does not exist yet is never shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import reverse

from kaysis.common.types import Text

Place = Literal["main", "footer", "account"]

Figures = Callable[[], Iterable[tuple[Text, int | str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One way in.

    `place` is where it shows: "main" (header and home page), "footer", or "account" (the signed-in
    area's own list). `figures` gives live (label, value) pairs for the home page and must be cheap:
    one statement each. `visible` decides per request; without it everybody sees the entry.
    """

    key: str
    label: Text
    url_name: str
    order: int = 100
    description: Text = ""
    icon: str = "arrow-right"
    place: Place = "main"
    figures: Figures | None = None
    visible: Callable[[HttpRequest], bool] | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry. Raises ValueError when the key is taken."""
    if entry.key in _entries:
        raise ValueError(f"menu entry {entry.key!r} is already registered")
    _entries[entry.key] = entry


def unregister(key: str) -> None:
    """Take an entry away again (tests)."""
    _entries.pop(key, None)


def entries(request: HttpRequest, place: Place = "main") -> list[Entry]:
    """The entries of one place that this request may see, in order."""
    shown = [
        entry
        for entry in _entries.values()
        if entry.place == place and (entry.visible is None or entry.visible(request))
    ]
    return sorted(shown, key=lambda entry: (entry.order, entry.key))
