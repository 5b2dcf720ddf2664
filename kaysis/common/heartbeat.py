"""Workers say now and then that they live; `/saglik/` reads it."""

import logging
import time
from typing import Any

from celery.signals import heartbeat_sent
from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEY = "worker-heartbeat"
EVERY_SECONDS = 10.0
_last = [float("-inf")]


def beat(**kwargs: Any) -> None:
    """Celery's own heartbeat comes every other second; the cache hears of every fifth."""
    now = time.monotonic()
    if now - _last[0] < EVERY_SECONDS:
        return
    _last[0] = now
    try:
        cache.set(KEY, time.time(), timeout=3600)
    except RedisError:
        logger.warning("the heartbeat found no cache")


def listen() -> None:
    """Called once where the Celery application is made."""
    heartbeat_sent.connect(beat, dispatch_uid="kaysis-heartbeat")


def seconds_since_heartbeat() -> float | None:
    """Seconds since any worker was heard of, or None when none was within the hour."""
    seen = cache.get(KEY)
    return None if seen is None else time.time() - seen
