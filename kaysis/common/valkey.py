"""Valkey as Django's cache, with clients that live as long as the process.

Django makes a new client for each call. Making one takes longer than asking it, and a client is
nothing but its pool of connections, which threads share and forks do not.
"""

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class _KeptClients(RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        base: Any = self  # the type stubs do not know these two
        pool = base._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = base._client(connection_pool=pool)
        return self._clients[pool]


class ValkeyCache(RedisCache):
    """`django.core.cache.backends.redis.RedisCache`, faster."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClients
