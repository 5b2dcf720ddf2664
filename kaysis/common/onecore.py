"""One core for a measurement: the process and the part of PostgreSQL that serves it.

Work that asks and waits costs more where the asking and the answering process sleep on cores of
their own: an idle core of a virtual machine takes 0.1 to 0.3 ms to wake up, whatever it is then
asked to do. On one core, as on the busy cores of a server, the next process simply goes on.
"""

from __future__ import annotations

import os
from typing import Any

from django.db.backends.signals import connection_created


def stay() -> bool:
    """From here on. False where the system cannot do it."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    core = {max(os.sched_getaffinity(0))}
    os.sched_setaffinity(0, core)

    def follow(connection: Any, **kwargs: Any) -> None:
        if _is_here(connection):
            os.sched_setaffinity(connection.connection.info.backend_pid, core)

    connection_created.connect(follow, weak=False)
    return True


def _is_here(connection: Any) -> bool:
    """Whether the server's processes are those of this machine: it is asked over a socket file."""
    return str(connection.settings_dict["HOST"]).startswith("/")
