"""How a stored value reads in a history: choices by label, references by name, local times."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import Range
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

# Event models are made at run time: their fields are known only then.
Event = Any
NOTHING = "—"
LONGEST = 500


class Describer:
    """Turns values into text; knows the objects that the values of its events refer to."""

    def __init__(self, names: dict[tuple[type[models.Model], Any], str]) -> None:
        self._names = names

    @classmethod
    def for_events(cls, events: Iterable[tuple[Event | None, Event]]) -> "Describer":
        """Loads every object that a foreign key of these events points at: a query per model."""
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        for pair in events:
            for event in filter(None, pair):
                for field in cls.fields(type(event)):
                    value = getattr(event, field.attname)
                    if field.related_model and value is not None:
                        wanted[field.related_model].add(value)
        return cls(
            {
                (model, pk): str(found)
                for model, keys in wanted.items()
                for pk, found in model._base_manager.in_bulk(keys).items()
            }
        )

    @staticmethod
    def fields(event_model: Any) -> "list[models.Field[Any, Any]]":
        """The fields of the tracked model that its events keep, but for the primary key."""
        key = event_model.pgh_tracked_model._meta.pk.name
        return [
            field
            for field in event_model._meta.fields
            if not field.name.startswith("pgh_") and field.name != key
        ]

    def text(self, field: "models.Field[Any, Any]", value: Any) -> str:
        """One value of one field, as a person reads it; a dash for nothing."""
        if value is None or value == "":
            return NOTHING
        if field.related_model:
            return self._names.get((field.related_model, value), str(value))
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return self._plain(value)

    def _plain(self, value: Any) -> str:
        match value:
            case bool():
                return _("Evet") if value else _("Hayır")
            case datetime():
                local = timezone.localtime(value) if timezone.is_aware(value) else value
                return date_format(local, "d.m.Y H:i")
            case date():
                return date_format(value, "d.m.Y")
            case Range():
                return self._range(value)
            case list() | tuple():
                return ", ".join(self._plain(item) for item in value) or NOTHING
            case _:
                text = str(value)
                return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def _range(self, value: Range) -> str:
        if value.isempty:
            return NOTHING
        lower = self._plain(value.lower) if value.lower is not None else ""
        upper = self._plain(value.upper) if value.upper is not None else ""
        return f"{lower} – {upper}"
