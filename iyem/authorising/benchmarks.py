"""The coverage board in the speed table (docs/benchmarks.md)."""

from __future__ import annotations

import itertools

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from detsis.models import Unit
from iyem import coverage
from iyem.models import UnitCoverage
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.common.benchmarks import Pair, Row, register

_OFFICERS = """
    INSERT INTO accounts_rolegrant (person_id, role, scope_detsis_no, validity, granted_at,
        grant_reason, revoke_reason)
    SELECT %(person)s, 'iyem_authorised', detsis_no, tstzrange(now(), NULL), now(), 'Ölçüm', ''
    FROM detsis_unit WHERE is_institution
    ON CONFLICT DO NOTHING
"""


def _person(key: str) -> tuple[Person, bool]:
    return Person.objects.get_or_create(
        national_id_hash=f"olcum-{key}",
        defaults={"given_name": "Ölçüm", "family_name": key, "national_id_encrypted": b""},
    )


def _reader() -> Client:
    """The centre, signed in. Somebody else is Yetkili of every institution, so that officers come
    down the tree from everywhere."""
    officer, created = _person("yetkili")
    person, _created = _person("merkez")
    if created:
        RoleGrant.objects.create(
            person=person,
            role=Role.CENTRAL_ADMINISTRATOR,
            validity=DateTimeTZRange(timezone.now(), None),
            grant_reason="Ölçüm",
        )
        with connection.cursor() as cursor:
            cursor.execute(_OFFICERS, {"person": officer.pk})
            coverage.refresh()
            cursor.execute("VACUUM ANALYZE iyem_unitcoverage")
            cursor.execute("VACUUM ANALYZE iyem_coveragetotal")
    client = Client(SERVER_NAME="testserver")
    client.force_login(person)
    return client


def _board(size: int) -> Pair:
    """The boards of the largest units, each in turn, against the empty page of the same person."""
    client = _reader()
    numbers = Unit.objects.filter(coverage__units__gt=50).order_by("-coverage__units")[:100]
    boards = [reverse("iyem:coverage-of", args=[unit.pk]) for unit in numbers]
    addresses = itertools.cycle([reverse("iyem:coverage"), *boards])
    empty = reverse("common:empty-page")

    def ask(address: str) -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")

    def work() -> None:
        with override_settings(PAGE_CACHE=False):
            ask(next(addresses))

    return Pair(work, lambda: ask(empty), rounds=100)


def _add_up() -> None:
    """The sums of every unit, added up along the parents one by one: a second way to them."""
    own: dict[int, list[int]] = {}
    parents: dict[int, int | None] = {}
    rows = UnitCoverage.objects.filter(active=True).values_list(
        "pk", "is_signed", "officers", "is_confirmed"
    )
    flags = {
        pk: (1, int(not signed), int(officers < coverage.LEAST_OFFICERS), int(not confirmed))
        for pk, signed, officers, confirmed in rows.iterator()
    }
    units = Unit.objects.order_by("-level").values_list("pk", "parent_id")
    for unit, parent in units.iterator():
        parents[unit] = parent
        own[unit] = list(flags.get(unit, (0, 0, 0, 0)))
    for unit, parent in parents.items():  # the deepest first
        if parent is not None:
            own[parent] = [a + b for a, b in zip(own[parent], own[unit], strict=True)]
    stored = UnitCoverage.objects.values_list(
        "pk", "units", "unsigned", "understaffed", "unconfirmed"
    )
    for unit, *sums in stored.iterator():
        if sums != own[unit]:
            raise RuntimeError(f"{unit}: {sums} instead of {own[unit]}")


def _refresh(size: int) -> Pair:
    """All units anew, against reading and sorting the rows of all units."""
    _reader()
    coverage.refresh()
    _add_up()

    def yardstick() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE plain ON COMMIT DROP AS SELECT * FROM detsis_unit ORDER BY lft"
            )

    # At a million units each takes a minute.
    return Pair(coverage.refresh, yardstick, rounds=5 if size < 1_000_000 else 2)


register(
    Row("page.coverage", "kapsama panosu", 4, _board, growth=1.2),
    Row("iyem.coverage", "kapsamanın bütünüyle hesaplanması", 40, _refresh, growth=13),
)
