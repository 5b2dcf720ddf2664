"""Units for tests, made by the same services the portal uses."""

import datetime as dt
import itertools
from typing import Any

from detsis import services
from detsis.models import Unit
from detsis.services import Wanted, record_changes

LONG_AGO = dt.date(2016, 3, 1)
_numbers = itertools.count(30_000_001)


def unit(name: str = "Deneme Birimi", parent: int | None = None, **given: Any) -> Unit:
    """One unit, founded long ago unless `effective_on` says otherwise."""
    number = given.pop("detsis_no", None) or next(_numbers)
    services.found_unit(
        actor=given.pop("actor", None),
        name=name,
        parent=parent.pk if isinstance(parent, Unit) else parent,
        detsis_no=number,
        effective_on=given.pop("effective_on", LONG_AGO),
        **given,
    )
    return Unit.objects.get(pk=number)


def chain(*names: str, **given: Any) -> list[Unit]:
    """Units below one another, the first one a root."""
    made: list[Unit] = []
    for name in names:
        made.append(unit(name, made[-1].pk if made else None, **given))
    return made


def forest(parents: list[int | None], first: int = 40_000_000) -> list[int]:
    """Many units in one step: the n-th hangs below the `parents[n]`-th one. Returns numbers."""
    numbers = [first + index for index in range(len(parents))]
    record_changes(
        [
            Wanted(
                kind="founded",
                unit=number,
                effective_on=LONG_AGO,
                assignments={
                    "name": f"Birim {number}",
                    "parent": None if parent is None else numbers[parent],
                },
            )
            for number, parent in zip(numbers, parents, strict=True)
        ],
        actor=None,
    )
    return numbers
