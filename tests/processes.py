"""Running something in several real processes against the test database."""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def in_processes(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Call `function(*args)` for each of `calls`, each in a process of its own, at once.

    Returns the results in order; an exception in a process is raised here with its traceback.
    Needs `@pytest.mark.django_db(transaction=True)`: the processes see committed rows only.
    """
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    gate = context.Barrier(len(calls))
    connections.close_all()

    def work(index: int, args: tuple[Any, ...]) -> None:
        try:
            gate.wait(timeout=60)
            queue.put((index, True, function(*args)))
        except BaseException:
            queue.put((index, False, traceback.format_exc()))
        finally:
            connections.close_all()

    started = [context.Process(target=work, args=(index, args)) for index, args in enumerate(calls)]
    for process in started:
        process.start()
    answers = [queue.get(timeout=300) for _ in calls]
    for process in started:
        process.join(timeout=60)
    failed = [text for _, fine, text in answers if not fine]
    assert not failed, "\n".join(failed)
    return [result for _, _, result in sorted(answers)]
