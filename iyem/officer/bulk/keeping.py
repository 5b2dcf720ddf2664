"""Where checked rows wait for the officer's word."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.cache import cache

from iyem.officer.bulk.reading import Row

KEEP_SECONDS = 3600


@dataclass(slots=True)
class Batch:
    """An uploaded sheet and its checked rows."""

    name: str
    rows: list[Row]

    @property
    def wrong(self) -> int:
        return sum(bool(row.problems) for row in self.rows)

    @property
    def fine(self) -> int:
        return len(self.rows) - self.wrong


def keep(person: int, batch: Batch) -> str:
    """Put the sheet aside; returns the token of its page."""
    token = secrets.token_urlsafe(24)
    cache.set(_key(person, token), batch, KEEP_SECONDS)
    return token


def kept(person: int, token: str) -> Batch | None:
    """What was put aside by this person; None when it is forgotten."""
    batch: Batch | None = cache.get(_key(person, token))
    return batch


def claim(person: int, token: str) -> bool:
    """Whether this is the first time the sheet is saved: sent twice, it is saved once.

    `release` it when saving failed.
    """
    return bool(cache.add(f"{_key(person, token)}:saved", 1, KEEP_SECONDS))


def release(person: int, token: str) -> None:
    cache.delete(f"{_key(person, token)}:saved")


def _key(person: int, token: str) -> str:
    return f"iyem-bulk:{person}:{token[:64]}"
