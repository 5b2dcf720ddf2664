"""Nothing kept, for this run alone: `cache.clear()` empties the whole database of Valkey, also
under the tests that run beside."""

from django.conf import settings
from django.core.cache import cache


def forget() -> None:
    client = cache._cache.get_client(write=True)
    keys = list(client.scan_iter(f"{settings.CACHES['default']['KEY_PREFIX']}:*", count=1000))
    if keys:
        client.delete(*keys)
