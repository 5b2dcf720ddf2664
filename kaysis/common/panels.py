"""Panels: what an upper subsystem shows on a page of a lower one.

The page of a unit has a slot (`{% load kaysis %}{% panels "detsis.unit" unit %}`); the service
inventory registers a panel for it in its `AppConfig.ready()`. Neither imports the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from kaysis.common.types import Text

Context = Callable[[HttpRequest, Any], dict[str, Any] | None]
Permission = Callable[[HttpRequest, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel of a slot.

    `template` is rendered with what `context(request, obj)` returns, plus `panel`, `object` and
    `request`; `None` hides the panel. `permission` decides first, and without it everybody sees the
    panel. `key` is the panel's anchor on the page.
    """

    key: str
    title: Text
    template: str
    context: Context
    order: int = 100
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel that is to be rendered, with its context."""

    panel: Panel
    context: dict[str, Any]


_slots: dict[str, list[Panel]] = {}


def register(slot: str, panel: Panel) -> None:
    """Add a panel to a slot. Raises ValueError when the slot has that key already."""
    panels = _slots.setdefault(slot, [])
    if any(other.key == panel.key for other in panels):
        raise ValueError(f"the panel {panel.key!r} is already registered for {slot!r}")
    panels.append(panel)
    panels.sort(key=lambda each: (each.order, each.key))


def unregister(slot: str, key: str) -> None:
    """Take a panel away again (tests)."""
    _slots[slot] = [panel for panel in _slots.get(slot, []) if panel.key != key]


def shown(slot: str, request: HttpRequest, obj: Any) -> list[Shown]:
    """The panels of `slot` that this request sees about `obj`, in order."""
    found = []
    for panel in _slots.get(slot, []):
        if panel.permission is not None and not panel.permission(request, obj):
            continue
        context = panel.context(request, obj)
        if context is not None:
            found.append(Shown(panel, context))
    return found
