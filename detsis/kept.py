"""What is worked out once for many readers, until public data changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_all: WeakSet[Kept] = WeakSet()


def forget_all() -> None:
    """For whoever changes data without a new version: tests, whose changes are taken back."""
    for kept in _all:
        kept.forget()


class Kept(Generic[T]):
    """Values by key, all of one data version (`kaysis.common.pagecache.data_version`).

    The version must have been asked for before the value is made: then no older value is kept under
    a newer version.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._version = ""
        self._values: dict[Hashable, T] = {}
        _all.add(self)

    def forget(self) -> None:
        self._version, self._values = "", {}

    def get(self, version: str | None, key: Hashable, make: Callable[[], T]) -> T:
        """The value of `key`; made anew each time where the version is not known."""
        if version is None:
            return make()
        if version != self._version or len(self._values) >= self._most:
            self._version, self._values = version, {}
        if key not in self._values:
            self._values[key] = make()
        return self._values[key]
