"""COPY TO STDOUT as a stream."""

import gc
import threading
import time
import tracemalloc

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.utils import DataError

from kaysis.common.copy_out import stream_copy

# In the select list, so that the rows are made one by one.
ENDLESS = "SELECT repeat('x', 1000), generate_series(1, 100000000)"
# Real transactions; nothing is written, so no table of any app needs to be emptied afterwards.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["kaysis.common"])


def test_yields_what_copy_says():
    out = b"".join(stream_copy("SELECT n, %s FROM generate_series(1, %s) n", ["a%,ş", 3]))
    assert out.decode() == '1,"a%,ş"\n2,"a%,ş"\n3,"a%,ş"\n'
    assert b"".join(stream_copy("SELECT 1 WHERE 'a' LIKE 'b%'")) == b""
    assert b"".join(stream_copy("SELECT 1 AS n", options="FORMAT csv, HEADER")) == b"n\n1\n"


def test_sees_the_transaction_it_runs_in():
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE copied (n int) ON COMMIT DROP")
            cursor.execute("INSERT INTO copied VALUES (5)")
        assert b"".join(stream_copy("SELECT n FROM copied")) == b"5\n"


def test_errors_arrive_as_djangos():
    with pytest.raises(ProgrammingError):
        list(stream_copy("SELECT nothing"))
    seen = []
    with pytest.raises(DataError):
        seen.extend(stream_copy("SELECT 100 / (100000 - n) FROM generate_series(1, 100000) n"))
    assert seen
    assert b"".join(stream_copy("SELECT 1")) == b"1\n"


def test_memory_stays_flat():
    list(stream_copy("SELECT 1"))
    gc.collect()
    tracemalloc.start()
    size = sum(map(len, stream_copy("SELECT repeat('x', 1000) FROM generate_series(1, 50000)")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 50_000 * 1001
    assert peak < 2_000_000


def test_a_client_that_leaves_stops_the_statement():
    threads = threading.active_count()
    stream = stream_copy(ENDLESS)
    next(stream)
    begun = time.monotonic()
    stream.close()
    assert time.monotonic() - begun < 5
    assert threading.active_count() == threads
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_stream_that_is_never_read_costs_nothing():
    stream = stream_copy("SELECT 1")
    stream.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_lost_connection_is_an_error_not_a_hang():
    stream = stream_copy(ENDLESS)
    next(stream)
    pid = connection.connection.info.backend_pid
    other = threading.Thread(target=_terminate, args=(pid,))
    other.start()
    other.join()
    try:
        with pytest.raises(DatabaseError):
            list(stream)
    finally:
        connection.close()


def _terminate(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    connection.close()
