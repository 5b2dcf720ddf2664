"""Advisory locks that end with the transaction.

Never session locks: those outlive an error, and a pooler in transaction mode hands them to
strangers.
"""

from django.db import DEFAULT_DB_ALIAS, connections


class LockOutsideTransaction(RuntimeError):
    """Outside a transaction the lock would be gone before the next statement."""


def advisory_lock(
    name: str, *keys: int | str, shared: bool = False, using: str = DEFAULT_DB_ALIAS
) -> None:
    """Wait for the lock `name`, `keys` and hold it until the transaction ends.

    Taking it again in the same transaction is harmless. Whoever needs several takes them in one
    agreed order. Raises `LockOutsideTransaction`.
    """
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    _call(function, name, keys, using)


def try_advisory_lock(
    name: str, *keys: int | str, shared: bool = False, using: str = DEFAULT_DB_ALIAS
) -> bool:
    """Take the lock if it is free; False if another transaction holds it."""
    function = "pg_try_advisory_xact_lock_shared" if shared else "pg_try_advisory_xact_lock"
    return bool(_call(function, name, keys, using))


def _call(function: str, name: str, keys: tuple[int | str, ...], using: str) -> object:
    connection = connections[using]
    if not connection.in_atomic_block:
        raise LockOutsideTransaction(f"the lock {name!r} needs transaction.atomic() around it")
    text = "/".join([name, *map(str, keys)])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [text])
        return cursor.fetchone()[0]
