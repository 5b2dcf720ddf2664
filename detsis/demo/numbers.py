"""The range in which organisation numbers are invented."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

# No published number lies in them. Units that are no more have a range of their own, so that their
# numbers do not depend on how many others there are.
DEMO = range(96_000_000, 98_000_000)
ENDED = range(95_000_000, 95_000_100)


def is_demo(detsis_no: int) -> bool:
    """Whether the number was invented by `load_demo`."""
    return detsis_no in DEMO or detsis_no in ENDED


def fresh() -> Iterator[int]:
    """Invented numbers, the same ones every time. Spread over the range, as real ones are."""
    # 999,983 is prime, so every step lands on a number not seen before.
    size = len(DEMO)
    return (DEMO.start + step * 999_983 % size for step in itertools.count(1))
