"""Where checked rows wait for the officer's word."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache

from detsis.officer.bulk.reading import Row
from detsis.services import ItemInput

KEEP_SECONDS = 3600


@dataclass(slots=True)
class Batch:
    """An uploaded sheet: its checked rows, and the heading of the file it is to become.

    `file` is the one the rows are to join instead. Saved twice, `key` makes it one file.
    """

    name: str
    rows: list[Row]
    header: dict[str, Any] = field(default_factory=dict)
    file: int | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def wrong(self) -> int:
        return sum(bool(row.problems) for row in self.rows)

    def items(self) -> list[ItemInput]:
        """The rows as the services take them."""
        return [ItemInput(**row.item) for row in self.rows if row.item]


def keep(person: int, batch: Batch) -> str:
    """Put the sheet aside; returns the token of its page."""
    token = secrets.token_urlsafe(24)
    cache.set(_key(person, token), batch, KEEP_SECONDS)
    return token


def kept(person: int, token: str) -> Batch | None:
    """What was put aside by this person; None when it is forgotten."""
    batch: Batch | None = cache.get(_key(person, token))
    return batch


def _key(person: int, token: str) -> str:
    return f"detsis-bulk:{person}:{token[:64]}"
