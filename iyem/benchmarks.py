"""The rows of the speed table that İYEM answers for (docs/benchmarks.md)."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from iyem.authorising import benchmarks as _authorising  # noqa: F401 — registers its own rows
from kaysis.common.benchmarks import Pair, Row, register

# As many as the goal names: a million at a hundred thousand units; for each unit its past. At a
# million units still a million (a tenth of the units have a past): loading them takes four minutes.
TERMS = 10
MOST = 1_000_000
CLIENTS = 50

# Terms of a hundred days, one after the other, the last one open, each fifth with a leave; managers
# wander from unit to unit; institutions and civil authorities confirm their lists twice a year.
# Triggers that compare copies are left out: the rows are made from one another here.
_LOAD = """
    INSERT INTO accounts_person (public_id, given_name, family_name, national_id_encrypted,
        national_id_hash, email, mobile_phone, work_phone, is_active, is_staff, is_demo,
        session_epoch, created_at)
    SELECT gen_random_uuid(), 'Ad', 'Soyad ' || n, '', 'olcum-' || n, '', '', '', true, false,
        true, 0, now()
    FROM generate_series(1, %(managers)s) n;
    INSERT INTO iyem_manager (manager_code, person_id, registered_at)
    SELECT 10000000 + row_number() OVER (ORDER BY id), id, now()
    FROM accounts_person WHERE national_id_hash LIKE 'olcum-%%';
    INSERT INTO iyem_post (unit_id, kind, ordinal)
    SELECT detsis_no, 'head', 0 FROM detsis_unit ORDER BY detsis_no LIMIT %(units)s;
    CREATE TEMP TABLE load ON COMMIT DROP AS
    SELECT row_number() OVER () AS id, p.id AS post_id, p.unit_id, m.id AS manager_id,
        tstzrange(
            timestamptz '2024-01-01' + (t.n * 100) * interval '1 day',
            CASE WHEN t.n < %(terms)s - 1
                THEN timestamptz '2024-01-01' + (t.n * 100 + 100) * interval '1 day' END
        ) AS validity
    FROM (SELECT p.*, row_number() OVER (ORDER BY id) AS place FROM iyem_post p) p
    CROSS JOIN generate_series(0, %(terms)s - 1) AS t(n)
    JOIN (SELECT m.id, row_number() OVER (ORDER BY id) AS place FROM iyem_manager m) m
        ON m.place = 1 + (p.place * 7 + t.n) %% %(managers)s;
    INSERT INTO iyem_appointment (id, post_id, manager_id, kind, registered_at, source,
        first_registration)
    OVERRIDING SYSTEM VALUE
    SELECT id, post_id, manager_id, 'substantive', lower(validity), 'demo', false FROM load;
    INSERT INTO iyem_appointmentstate (appointment_id, post_id, unit_id, manager_id, kind, slot,
        title, legal_ground, late, left_vacant, validity, known, reason, origin)
    SELECT id, post_id, unit_id, manager_id, 'substantive', 'holder', 'Müdür', '', false, false,
        validity, tstzrange(lower(validity), NULL), '', '{}' FROM load;
    INSERT INTO iyem_absence (id, appointment_id, kind, registered_at, source)
    OVERRIDING SYSTEM VALUE
    SELECT id, id, 'leave', lower(validity), 'demo' FROM load WHERE id %% 5 = 0;
    INSERT INTO iyem_absencestate (absence_id, appointment_id, manager_id, validity, known, reason,
        origin)
    SELECT id, id, manager_id,
        tstzrange(lower(validity) + interval '20 days', lower(validity) + interval '30 days'),
        tstzrange(lower(validity), NULL), '', '{}' FROM load WHERE id %% 5 = 0;
    INSERT INTO iyem_confirmation (scope_id, reach, confirmed_at, confirmed_by_id, units, missing)
    SELECT s.unit, s.reach, timestamptz '2024-01-01' + n * interval '150 days', p.id, 1, 0
    FROM (
        SELECT detsis_no AS unit, 'hierarchy' AS reach FROM detsis_unit WHERE is_institution
        UNION ALL
        SELECT DISTINCT civil_authority_id, 'civil' FROM detsis_unit
        WHERE civil_authority_id IS NOT NULL
    ) s CROSS JOIN generate_series(0, 6) n
    CROSS JOIN (SELECT min(id) AS id FROM accounts_person) p;
"""
_WITHOUT_TRIGGERS = (
    "iyem_absence",
    "iyem_absencestate",
    "iyem_appointment",
    "iyem_appointmentstate",
    "iyem_manager",
    "accounts_person",
)


def _load(size: int) -> None:
    """Once per database: managers, and appointments in terms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM iyem_appointmentstate)")
        if cursor.fetchone()[0]:
            return
    units = min(size, MOST // TERMS)
    with connection.cursor() as cursor:
        for table in _WITHOUT_TRIGGERS:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        with transaction.atomic():
            cursor.execute(_LOAD, {"managers": units, "units": units, "terms": TERMS})
        for table in _WITHOUT_TRIGGERS:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(
            "VACUUM ANALYZE iyem_appointmentstate, iyem_appointment, iyem_manager,"
            " iyem_absencestate, iyem_confirmation"
        )


def _addresses() -> list[str]:
    """Questions about appointments from everywhere, of the past and of now, half of them no."""
    base = reverse("iyem:api-signing-authority")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.unit_id, m.manager_code FROM iyem_appointmentstate s
               JOIN iyem_manager m ON m.id = s.manager_id
               ORDER BY hashint8(s.id) LIMIT 500"""
        )
        rows = cursor.fetchall()
    moments = itertools.cycle(["2024-02-01T10:00Z", "2025-06-01T10:00Z", "2026-10-01T10:00Z"])
    return [f"{base}?unit={unit}&manager_code={code}&at={next(moments)}" for unit, code in rows]


def _asker(client: Client, addresses: list[str]) -> Callable[[], None]:
    wanted = itertools.cycle(addresses)

    def ask() -> None:
        response = client.get(next(wanted))
        if response.status_code != 200:
            raise RuntimeError(response.content)

    return ask


def _alone(size: int) -> Pair:
    _load(size)
    client = Client()
    return Pair(
        _asker(client, _addresses()), _asker(client, [reverse("common:empty-api")]), rounds=300
    )


def _crowd(size: int) -> Pair:
    """Fifty clients, each asking once, at the same moment."""
    _load(size)
    pool = ThreadPoolExecutor(CLIENTS)
    local = threading.local()

    def each(addresses: list[str]) -> Callable[[int], None]:
        def ask(position: int) -> None:
            client = getattr(local, "client", None)
            if client is None:
                client = local.client = Client()
            address = addresses[position % len(addresses)]
            if client.get(address).status_code != 200:
                raise RuntimeError(address)

        return ask

    def crowd(addresses: list[str]) -> Callable[[], None]:
        ask = each(addresses)
        start = itertools.count(step=CLIENTS)

        def work() -> None:
            first = next(start)
            list(pool.map(ask, range(first, first + CLIENTS)))

        return work

    def finish() -> None:
        gate = threading.Barrier(CLIENTS)

        def close(_position: int) -> None:
            gate.wait()  # each thread once
            connection.close()

        list(pool.map(close, range(CLIENTS)))
        pool.shutdown()

    work, yardstick = crowd(_addresses()), crowd([reverse("common:empty-api")])
    return Pair(work, yardstick, rounds=40, finish=finish)


register(
    Row("signing-authority", "İmza yetkisi sorgusu", 2, _alone, growth=1.2),
    Row("signing-authority.50", "İmza yetkisi sorgusu, 50 istemci birden", 2, _crowd, growth=1.2),
)
