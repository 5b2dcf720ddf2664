"""The range in which organisation numbers are invented, and how such a number is marked."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from django.db import connection
from django.utils.translation import gettext_lazy as _

from detsis.models import UnitChange

# The `source` of the changes that `load_demo` records.
SOURCE = "demo"
MARK = _("Örnek numara")
EXPLANATION = _(
    "Gerçek T.C. Devlet Teşkilatı Numarası bilinmeyen birimlere örnek veride uydurma bir numara "
    "verilmiştir. Bu numaraları resmî yazışmada kullanmayın."
)

# No published number lies in them. Units that are no more have a range of their own, so that their
# numbers do not depend on how many others there are.
DEMO = range(96_000_000, 98_000_000)
ENDED = range(95_000_000, 95_000_100)


def is_demo(detsis_no: int) -> bool:
    """Whether the number lies where `load_demo` invents them."""
    return detsis_no in DEMO or detsis_no in ENDED


def invented(numbers: Iterable[int]) -> frozenset[int]:
    """Those of `numbers` that `load_demo` gave to units of this register.

    The range alone does not tell: numbers are issued from it as from any other, here and in a
    register that holds no demo state. One query, and none where no number lies in the range.
    """
    possible = [number for number in numbers if is_demo(number)]
    if not possible:
        return frozenset()
    with connection.cursor() as cursor:
        # As text: every list asks this, and building the same with the ORM takes twice as long.
        cursor.execute(_LOADED, [possible, SOURCE])
        return frozenset(number for (number,) in cursor.fetchall())


_LOADED = "SELECT unit_id FROM detsis_unitchange WHERE unit_id = ANY(%s) AND source = %s"


def is_invented(detsis_no: int, changes: Iterable[UnitChange]) -> bool:
    """The same of one unit, of which all changes are at hand."""
    return is_demo(detsis_no) and any(change.source == SOURCE for change in changes)


def fresh() -> Iterator[int]:
    """Invented numbers, the same ones every time. Spread over the range, as real ones are."""
    # 999,983 is prime, so every step lands on a number not seen before.
    size = len(DEMO)
    return (DEMO.start + step * 999_983 % size for step in itertools.count(1))
