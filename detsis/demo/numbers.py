"""The range in which organisation numbers are invented, and how such a number is marked."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models.expressions import RawSQL
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


def invented() -> RawSQL:
    """Of a unit in a query: whether `load_demo` gave it its number.

    The range alone does not tell: numbers are issued from it as from any other, here and in a
    register that holds no demo state.
    """
    return RawSQL(_INVENTED, [SOURCE], models.BooleanField())


# A value, not EXISTS: that PostgreSQL answers by reading all changes where it expects many rows.
_INVENTED = f"""coalesce(
    (detsis_unit.detsis_no BETWEEN {DEMO.start} AND {DEMO.stop - 1}
        OR detsis_unit.detsis_no BETWEEN {ENDED.start} AND {ENDED.stop - 1})
    AND (SELECT true FROM detsis_unitchange c
        WHERE c.unit_id = detsis_unit.detsis_no AND c.source = %s LIMIT 1),
    false)"""


def is_invented(detsis_no: int, changes: Iterable[UnitChange]) -> bool:
    """The same of one unit, of which all changes are at hand."""
    return is_demo(detsis_no) and any(change.source == SOURCE for change in changes)


def fresh() -> Iterator[int]:
    """Invented numbers, the same ones every time. Spread over the range, as real ones are."""
    # 999,983 is prime, so every step lands on a number not seen before.
    size = len(DEMO)
    return (DEMO.start + step * 999_983 % size for step in itertools.count(1))
