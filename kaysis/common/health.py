"""Whether this server can do its work: `/saglik/` (ready) and `/saglik/canli/` (alive).

Ready runs every check and answers 503 when a required one fails: a load balancer then sends nobody
here. Alive asks nothing at all: a process that answers need not be killed because the database is
away. The answers name the checks and never say why one failed; the log does.
"""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache as remember

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kaysis.common.heartbeat import seconds_since_heartbeat

logger = logging.getLogger(__name__)

WORKER_SILENT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Check:
    """`run` returns, or raises. An optional check that fails is reported and refuses nothing."""

    name: str
    run: Callable[[], None]
    required: Callable[[], bool] = lambda: True


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def shared_cache() -> None:
    key, value = f"health:{uuid.uuid4().hex}", uuid.uuid4().hex
    cache.set(key, value, timeout=10)
    if cache.get(key) != value:
        raise RuntimeError("the cache does not give back what it was given")


@remember
def _all_applied() -> bool:
    """Remembered only while true (it raises otherwise): reading all migrations takes a moment."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise RuntimeError(f"{len(missing)} migrations are not applied")
    return True


def migrations() -> None:
    _all_applied()


def worker() -> None:
    silent = seconds_since_heartbeat()
    if silent is None or silent > WORKER_SILENT_SECONDS:
        raise RuntimeError("no worker has been heard of")


CHECKS = (
    Check("database", database),
    Check("cache", shared_cache),
    Check("migrations", migrations),
    Check("worker", worker, required=lambda: settings.HEALTH_REQUIRE_WORKER),
)


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 {"status": "ok", "checks": {name: {"ok", "ms"}}}, or 503 with "status": "failed"."""
    failed = False
    results: dict[str, dict[str, object]] = {}
    for check in CHECKS:
        started = time.perf_counter()
        try:
            check.run()
            ok = True
        except Exception:
            ok = False
            if check.required():
                failed = True
                logger.exception("health check %s failed", check.name)
        results[check.name] = {"ok": ok, "ms": round((time.perf_counter() - started) * 1000, 1)}
    status = "failed" if failed else "ok"
    return JsonResponse({"status": status, "checks": results}, status=503 if failed else 200)


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})
