"""Numbers that are issued once and for ever: of organisations, services, documents, managers.

Random, so that they tell nothing; unique for ever, because rows are never deleted; and unique under
concurrency, because whoever issues one holds a lock on it until the transaction that writes the row
ends, and looks whether it is taken only after getting the lock.
"""

import random

from django.db import models, router

from kaysis.common.locks import advisory_lock, try_advisory_lock

_random = random.SystemRandom()
_TRIES = 1000  # a space that is half full fails a thousand times once in 2^1000
_BATCH = 10_000


class NumbersExhausted(RuntimeError):
    """So many numbers of this length are taken that none was found: issue longer ones."""


def random_number(digits: int = 8) -> int:
    """A number of exactly `digits` digits that may be taken: whoever uses it holds the lock of its
    field, as `issue_numbers` does, and looks."""
    return _random.randrange(10 ** (digits - 1), 10**digits)


def issue_number(model: type[models.Model], field: str, digits: int = 8) -> int:
    """A free random number of exactly `digits` digits for `field` of a new row of `model`.

    Call it in the transaction that saves the row, and save the row before asking for the next
    number (for several at once: `issue_numbers`). Raises `LockOutsideTransaction`,
    `NumbersExhausted`.
    """
    using = router.db_for_write(model)
    advisory_lock(*_lock(model, field), shared=True, using=using)
    for _try in range(_TRIES):
        number = random_number(digits)
        if try_advisory_lock(*_lock(model, field), number, using=using) and not _taken(
            model, field, [number], using
        ):
            return number
    raise NumbersExhausted(f"{model._meta.label}.{field} has no free number of {digits} digits")


def issue_numbers(model: type[models.Model], field: str, count: int, digits: int = 8) -> list[int]:
    """`count` different free numbers, for a bulk load.

    Other issuers of the same field wait until the transaction ends, so load in batches that commit.
    """
    using = router.db_for_write(model)
    advisory_lock(*_lock(model, field), using=using)
    lowest, end = 10 ** (digits - 1), 10**digits
    found: dict[int, None] = {}
    for _try in range(_TRIES + count // _BATCH):
        if len(found) >= count:
            return list(found)
        size = min(_BATCH, end - lowest, 2 * (count - len(found)) + 10)
        wanted = [n for n in _random.sample(range(lowest, end), size) if n not in found]
        taken = _taken(model, field, wanted, using)
        free = [number for number in wanted if number not in taken]
        found.update(dict.fromkeys(free[: count - len(found)]))
    raise NumbersExhausted(f"{model._meta.label}.{field} has no {count} numbers of {digits} digits")


def _lock(model: type[models.Model], field: str) -> tuple[str, str, str]:
    return ("number", model._meta.label_lower, field)


def _taken(model: type[models.Model], field: str, numbers: list[int], using: str) -> set[int]:
    """Which of `numbers` a row has, whatever its manager would hide."""
    rows = model._base_manager.using(using).filter(**{f"{field}__in": numbers})
    return {int(number) for number in rows.values_list(field, flat=True)}
