"""The cache keeps its clients, and is otherwise Django's."""

import threading

from django.core.cache import cache


def test_one_client_serves_all_calls():
    clients = {id(cache._cache.get_client(write=write)) for write in (True, False, True)}
    assert len(clients) == 1


def test_what_is_set_is_read_by_another_thread():
    found = []
    cache.set("tests.valkey", {"a": [1, "İ"]}, timeout=30)
    thread = threading.Thread(target=lambda: found.append(cache.get("tests.valkey")))
    thread.start()
    thread.join()
    assert found == [{"a": [1, "İ"]}]
    cache.delete("tests.valkey")
    assert cache.get("tests.valkey") is None
