"""Reading the trail of an object: entries with before → after, ready to be shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pghistory import core

from kaysis.accounts.audit.display import Describer, Event
from kaysis.accounts.audit.tracking import masked_fields
from kaysis.accounts.models.people import Person
from kaysis.common.types import Text

MASK = "••••••"
DEFAULT_LIMIT = 200

ACTIONS: dict[str, Text] = {
    "insert": _("Oluşturuldu"),
    "update": _("Değiştirildi"),
    "delete": _("Silindi"),
    # The values are not kept: `accounts.models.Person`.
    "contact": _("İletişim bilgileri değiştirildi"),
}
SOURCES: dict[str, Text] = {
    "web": _("Portal"),
    "api": _("API"),
    "command": _("Komut"),
    "job": _("Zamanlanmış iş"),
}


@dataclass(frozen=True)
class Change:
    """One field, before → after, as text. `before` is empty where the object was just made."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One insert, update or delete of one object.

    `actor` is None for the system. `ip` is for those who administer people, not for every reader.
    """

    at: datetime
    action: str
    action_label: Text
    object_label: str
    actor: Person | None
    ip: str
    source: Text
    reason: str
    request_id: str
    changes: tuple[Change, ...]


def event_model_of(model: type[models.Model]) -> Event:
    """The event model that `@audited` gave to `model`; LookupError if it is not audited."""
    found = core.event_models(tracks_model=model)
    if not found:
        raise LookupError(f"{model._meta.label} is not audited.")
    return found[0]


def history_of(
    *objects: models.Model | models.QuerySet[Any], limit: int = DEFAULT_LIMIT
) -> list[Entry]:
    """The trail of one object, or of several told as one story, newest entry first.

    An object may be given as a QuerySet of rows that belong together (the versions of a unit).
    At most `limit` entries of each model are read. Queries: at most two per model, one for the
    actors, one per kind of object that values refer to; none depends on the number of entries.
    """
    events = [pair for group in _groups(objects) for pair in _pairs(*group, limit=limit)]
    events.sort(key=lambda pair: (pair[1].pgh_created_at, pair[1].pgh_id), reverse=True)
    events = events[:limit]
    describer = Describer.for_events(events)
    actor_ids = {(event.pgh_context or {}).get("user") for _before, event in events}
    people = Person.objects.in_bulk([pk for pk in actor_ids if pk])
    return [_entry(before, event, describer, people) for before, event in events]


def _groups(
    objects: Iterable[models.Model | models.QuerySet[Any]],
) -> Iterator[tuple[type[models.Model], Any]]:
    """Each model once, with the primary keys (a list or a subquery) whose trail is wanted."""
    single: dict[type[models.Model], list[Any]] = {}
    for item in objects:
        if isinstance(item, models.QuerySet):
            yield item.model, item.values("pk")
        else:
            single.setdefault(type(item), []).append(item.pk)
    yield from single.items()


def _pairs(
    model: type[models.Model], keys: Any, *, limit: int
) -> Iterator[tuple[Event | None, Event]]:
    """Each event with the one before it of the same object (None for the first)."""
    event_model = event_model_of(model)
    events = list(event_model.objects.filter(pgh_obj__in=keys).order_by("-pgh_id")[:limit])
    oldest = {event.pgh_obj_id: event for event in events}
    latest = _predecessors(
        event_model, [event for event in oldest.values() if event.pgh_label != "insert"]
    )
    for event in reversed(events):
        yield latest.get(event.pgh_obj_id), event
        latest[event.pgh_obj_id] = event


def _predecessors(event_model: Any, events: list[Event]) -> dict[Any, Event]:
    """By object: the event before the given one of the same object. One query, or none."""
    if not events:
        return {}
    before = reduce(or_, (Q(pgh_obj=e.pgh_obj_id, pgh_id__lt=e.pgh_id) for e in events))
    found = (
        event_model.objects.filter(before).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    )
    return {event.pgh_obj_id: event for event in found}


def _entry(
    before: Event | None, event: Event, describer: Describer, people: dict[int, Person]
) -> Entry:
    context: dict[str, Any] = event.pgh_context or {}
    tracked = event.pgh_tracked_model
    return Entry(
        at=event.pgh_created_at,
        action=event.pgh_label,
        action_label=ACTIONS[event.pgh_label],
        object_label=str(tracked._meta.verbose_name),
        actor=people.get(context.get("user", 0)),
        ip=context.get("ip") or "",
        source=SOURCES.get(context.get("source", ""), ""),
        reason=context.get("reason", ""),
        request_id=context.get("request_id", ""),
        changes=tuple(_changes(before, event, describer)),
    )


def _changes(before: Event | None, event: Event, describer: Describer) -> Iterator[Change]:
    if event.pgh_label == "delete":
        return
    masked = masked_fields.get(event.pgh_tracked_model._meta.label_lower, frozenset())
    for field in describer.fields(type(event)):
        old = getattr(before, field.attname) if before else None
        new = getattr(event, field.attname)
        if old == new or (before is None and (new in (None, "") or not field.editable)):
            continue
        hidden = field.name in masked
        yield Change(
            field=field.name,
            label=str(field.verbose_name),
            before=(MASK if hidden else describer.text(field, old)) if before else "",
            after=MASK if hidden else describer.text(field, new),
        )
