"""What `COPY (…) TO STDOUT` says, as a stream of bytes with flat memory.

psycopg's COPY pushes; a response pulls. A thread lets PostgreSQL write into a pipe from which the
caller reads, so the server waits when the client is slow.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_CHUNK = 1 << 17
# JSON text has no control characters, so with these nothing in it is quoted or escaped by COPY.
RAW_JSON = r"FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01'"


def stream_copy(
    sql: str,
    params: Sequence[Any] = (),
    *,
    options: str = "FORMAT csv",
    using: str = DEFAULT_DB_ALIAS,
) -> Iterator[bytes]:
    """Yield the output of `COPY (sql) TO STDOUT WITH (options)` in pieces of up to 128 KiB.

    `sql` is written as for `cursor.execute`, with `params`. It runs on the connection of the
    calling thread and in its transaction; that connection must not be used for anything else until
    the iterator is exhausted or closed. Closing it early, as a response does when the client is
    gone, cancels the statement and leaves the connection usable outside a transaction. A database
    error is raised where it occurs, possibly after part of the output.
    """
    wrapper = connections[using]
    wrapper.ensure_connection()
    connection = wrapper.connection
    cursor = connection.cursor()
    query = cursor.mogrify(sql, tuple(params)) if params else sql.encode()
    statement = b"COPY (" + query + b") TO STDOUT WITH (" + options.encode() + b")"
    reader, writer = os.pipe()
    failures: list[BaseException] = []

    def copy() -> None:
        try:
            with os.fdopen(writer, "wb", buffering=_CHUNK) as pipe:
                cursor.copy_expert(statement, pipe)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=copy, name="copy-out", daemon=True)
    thread.start()
    exhausted = False
    try:
        while piece := os.read(reader, _CHUNK):
            yield piece
        exhausted = True
    finally:
        if not exhausted:
            _abandon(connection, reader)
        os.close(reader)
        thread.join()
        cursor.close()
    if failures:
        with wrapper.wrap_database_errors:
            raise failures[0]


def stream_json_array(
    sql: str, params: Sequence[Any] = (), *, using: str = DEFAULT_DB_ALIAS
) -> Iterator[bytes]:
    """The single JSON column of `sql` as one array, streamed like `stream_copy`."""
    yield b"[\n"
    held = b""
    for piece in stream_copy(sql, params, options=RAW_JSON, using=using):
        line_ends = piece.endswith(b"\n")
        yield held + (piece[:-1] if line_ends else piece).replace(b"\n", b",\n")
        held = b",\n" if line_ends else b""
    yield b"\n]\n"


def _abandon(connection: Any, reader: int) -> None:
    """Cancel the statement and swallow what is under way, so that the protocol stays in step."""
    with suppress(Exception):
        connection.cancel()
    while os.read(reader, _CHUNK):
        pass
