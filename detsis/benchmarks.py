"""The rows of the speed table that DETSİS answers for (docs/benchmarks.md)."""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from detsis import counts, loading, selectors, services, tree
from detsis.models import ChangeKind, Unit, UnitChange
from kaysis.common.benchmarks import Pair, Row, page_row, register
from kaysis.common.errors import KaysisError


def _some_units(number: int = 200) -> list[int]:
    """Always the same units from everywhere in the tree, not those other rows have only placed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT detsis_no FROM detsis_unit WHERE active AND valid_from IS NOT NULL"
            " ORDER BY hashint4(detsis_no) LIMIT %s",
            [number],
        )
        return [row[0] for row in cursor.fetchall()]


def _unit_addresses() -> list[str]:
    return [reverse("detsis:unit", args=[number]) for number in _some_units()]


def _list_addresses() -> list[str]:
    """Provinces that have units, and the first pages of all."""
    base = f"{reverse('detsis:units')}?gorunum=liste"
    plates = Unit.objects.exclude(province=None).values_list("province", flat=True).distinct()
    return [
        *(f"{base}&il={plate}" for plate in plates.order_by("province")),
        *(f"{base}&sayfa={number}" for number in range(1, 21)),
    ]


def _tree_addresses() -> list[str]:
    """The roots alone, and each time another branch open."""
    base = reverse("detsis:units")
    return [base, *(f"{base}?ac={number}" for number in _some_units(50))]


def _past_addresses() -> list[str]:
    return [f"{address}?tarih=2025-01-01" for address in _unit_addresses()]


def _change_addresses() -> list[str]:
    """Full pages: of everything, and of what stands below an institution."""
    if not UnitChange.objects.filter(kind=ChangeKind.RENAMED).exists():
        _rename(_some_units(1000))
    base = reverse("detsis:changes")
    wide = Unit.objects.filter(is_institution=True).order_by(F("lft") - F("rght"))[:20]
    return [
        *(f"{base}?sayfa={number}" for number in range(1, 21)),
        *(f"{base}?ust={unit.pk}" for unit in wide),
    ]


def _rename(numbers: list[int]) -> None:
    """The demo has no change but the first registrations, which the page leaves out."""
    day = timezone.localdate()
    units = Unit.objects.in_bulk(numbers)
    with transaction.atomic():
        services.record_changes(
            [
                services.Wanted(
                    ChangeKind.RENAMED, number, day, assignments={"name": f"{unit.name} (ölçüm)"}
                )
                for number, unit in units.items()
            ],
            actor=None,
        )


def _insert(size: int) -> Pair:
    parents = itertools.cycle(_some_units())
    today = timezone.localdate()

    def work() -> None:
        services.found_unit(
            actor=None, name="Ölçüm Birimi", parent=next(parents), effective_on=today
        )

    return Pair(work, _plain_insert(), rounds=80)


def _leaf(size: int) -> Pair:
    parents = itertools.cycle(_some_units())

    def work() -> None:
        with transaction.atomic():
            parent = next(parents)
            place = tree.place_leaf(parent)
            _insert_row("detsis_unit", next(_numbers), parent, place)

    return Pair(work, _plain_insert(), rounds=200)


_numbers = itertools.count(98_000_000)


def _plain_insert() -> Callable[[], None]:
    """One row into a table of the same columns, constraints and indexes, committed."""
    parents = itertools.cycle(_some_units())
    _copy_of_units()

    def insert() -> None:
        with transaction.atomic():
            _insert_row("plain_unit", next(_numbers), next(parents), tree.Bounds(1, 2, 0))

    return insert


def _copy_of_units(*, fresh: bool = False) -> None:
    """`plain_unit`: all units in a table without triggers, with the same keys and indexes.

    `fresh`: as they are now; otherwise one that another row has made serves as well.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('plain_unit') IS NOT NULL")
        if cursor.fetchone()[0] and not fresh:
            return
        cursor.execute("DROP TABLE IF EXISTS plain_unit")
        cursor.execute("CREATE TABLE plain_unit (LIKE detsis_unit INCLUDING ALL)")
        cursor.execute(
            f"INSERT INTO plain_unit ({_COLUMNS}) SELECT {_COLUMNS} FROM detsis_unit ORDER BY lft"
        )
        cursor.execute(
            "SELECT string_agg('ADD ' || pg_get_constraintdef(oid), ', ') FROM pg_constraint"
            " WHERE conrelid = 'detsis_unit'::regclass AND contype = 'f'"
        )
        cursor.execute(f"ALTER TABLE plain_unit {cursor.fetchone()[0]}")
        cursor.execute("VACUUM ANALYZE plain_unit")


_COLUMNS = ", ".join(
    str(field.column)
    for field in Unit._meta.concrete_fields
    if not getattr(field, "generated", False)
)


def _insert_row(table: str, number: int, parent: int | None, place: tree.Bounds) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {table} (detsis_no, name, name_en, organisation_type, is_institution,
                    corresponds_externally, active, addressee_suffix, addressee_cut, letterhead,
                    phone, phone_extension, fax, email, website, address, postal_code,
                    founding_legislation, parent_id, lft, rght, level, tree_id)
                VALUES (%s, 'Ölçüm Birimi', '', 'central', false, true, true, '', '', '{{}}',
                    '', '', '', '', '', '', '', '[]', %s, %s, %s, %s, 1)""",
            [number, parent, place.lft, place.rght, place.level],
        )


def _move(size: int) -> Pair:
    """A subtree of some hundred units, each time below another unit, of any size and with whatever
    room it has; against an UPDATE of the same rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT u.detsis_no, u.lft, u.rght FROM detsis_unit u
               WHERE u.level BETWEEN 1 AND 3 AND (SELECT count(*) FROM detsis_unit d
                   WHERE d.tree_id = 1 AND d.lft > u.lft AND d.lft < u.rght) BETWEEN 100 AND 400
               ORDER BY u.detsis_no LIMIT 1"""
        )
        number, lft, rght = cursor.fetchone()
    inside = set(Unit.objects.at_or_below(Unit.objects.get(pk=number)).values_list("pk", flat=True))
    parents = itertools.cycle([unit for unit in _some_units(500) if unit not in inside])
    _copy_of_units(fresh=True)
    shifts = itertools.count()

    def work() -> None:
        with transaction.atomic():
            tree.move(number, next(parents))

    def yardstick() -> None:
        """The same rows of the copy, in one indexed range, all their bounds changed."""
        shift = next(shifts)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE plain_unit SET lft = lft + 1, rght = rght + 1, level = level + 1"
                " WHERE tree_id = 1 AND lft >= %s AND lft < %s",
                [lft + shift, rght + shift],
            )
            if cursor.rowcount != len(inside):
                raise RuntimeError(f"{cursor.rowcount} rows instead of {len(inside)}")

    return Pair(work, yardstick, rounds=60)


def _ancestors(size: int) -> Pair:
    numbers = itertools.cycle(_some_units())

    def yardstick() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM detsis_unit WHERE detsis_no = %s", [next(numbers)])
            cursor.fetchone()

    return Pair(lambda: selectors.path(next(numbers)), yardstick, rounds=500)


def _counts(size: int) -> Pair:
    """All figures at the root, after moves at random."""
    root = Unit.objects.filter(parent=None).order_by("lft").values_list("pk", flat=True)[0]
    dice = random.Random(size)
    numbers = _some_units()
    today = timezone.localdate()
    for _ in range(1000 if size <= 100_000 else 100):
        try:
            services.move_unit(
                actor=None,
                unit=dice.choice(numbers),
                parent=dice.choice(numbers),
                effective_on=today,
            )
        except KaysisError:
            continue

    def yardstick() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM detsis_unit WHERE detsis_no = %s", [root])
            cursor.fetchone()

    return Pair(lambda: counts.of(root, today), yardstick, rounds=300)


# What a load writes, and how its rows are found there.
_TABLES = {
    "detsis_unit": "detsis_no",
    "detsis_unitversion": "unit_id",
    "detsis_unitchange": "unit_id",
    "detsis_unitcount": "unit_id",
    "search_searchentry": "kind = 'unit' AND object_id",
}


def _load(size: int) -> Pair:
    """Load as many units as there are; against a bare COPY of all rows that the load writes."""
    source = Unit.objects.filter(parent=None).order_by("lft")[0]
    taken = set(Unit.objects.values_list("pk", flat=True))
    free = (number for number in range(20_000_000, 99_999_999) if number not in taken)
    numbers = list(itertools.islice(free, size))
    rows = [
        {
            "detsis_no": number,
            "name": f"Yüklenen Birim {index}",
            "parent": source.pk if index < 50 else numbers[(index - 50) // 20],
            "organisation_type": "provincial",
            "valid_from": "2020-01-01",
            "line": index,
        }
        for index, number in enumerate(numbers)
    ]

    def work() -> None:
        with transaction.atomic():
            loading.stage(rows)
            loading.insert_staged(actor_id=None, source="import", today=timezone.localdate())
            _take_back()

    rounds = 3 if size <= 100_000 else 1
    return Pair(work, _bare_copy(rows), rounds=rounds, finish=_vacuum)


def _vacuum() -> None:
    """Rows that were loaded and taken back lie about, in the way of whatever is measured next."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _take_back() -> None:
    """Ends a transaction as a commit does, with its checks of foreign keys, and undoes it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)


def _bare_copy(rows: list[dict[str, Any]]) -> Callable[[], None]:
    """COPY of the rows a load writes, from a dump, into the same tables."""
    dumps: dict[str, io.BytesIO] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        loading.stage(rows)
        loading.insert_staged(actor_id=None, source="import", today=timezone.localdate())
        for table, key in _TABLES.items():
            columns = _columns_of(cursor, table)
            dumps[table] = io.BytesIO()
            cursor.copy_expert(
                f"COPY (SELECT {columns} FROM {table} WHERE {key} IN (SELECT detsis_no FROM"
                f" {loading.STAGED})) TO STDOUT",
                dumps[table],
            )
        transaction.set_rollback(True)

    def copy() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, dump in dumps.items():
                dump.seek(0)
                cursor.copy_expert(f"COPY {table} ({_columns_of(cursor, table)}) FROM STDIN", dump)
            _take_back()

    return copy


def _columns_of(cursor: Any, table: str) -> str:
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)"
        " FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return cursor.fetchone()[0]


def _feed(size: int) -> Pair:
    client = Client(SERVER_NAME="testserver")

    def work() -> None:
        response: Any = client.get(reverse("detsis:api-changes") + "?stream=true")
        for _chunk in response.streaming_content:
            pass

    def yardstick() -> None:
        with connection.cursor() as cursor, open("/dev/null", "wb") as nowhere:
            cursor.copy_expert(
                "COPY (SELECT * FROM detsis_unitchange ORDER BY id) TO STDOUT", nowhere
            )

    return Pair(work, yardstick, rounds=7)


def _api_unit(size: int) -> Pair:
    client = Client(SERVER_NAME="testserver")
    numbers = itertools.cycle(_some_units())
    assert not settings.DEBUG

    def work() -> None:
        client.get(reverse("detsis:api-unit", args=[next(numbers)]))

    return Pair(work, lambda: client.get(reverse("common:empty-page")), rounds=100)


register(
    page_row("page.unit", "birim sayfası", _unit_addresses),
    page_row("page.past", "birim sayfası, geçmiş bir günde", _past_addresses),
    page_row("page.list", "birim listesi", _list_addresses),
    page_row("page.tree", "teşkilat ağacı", _tree_addresses),
    page_row("page.changes", "değişiklikler sayfası", _change_addresses),
    page_row("page.unit.cached", "birim sayfası, önbellekten", _unit_addresses, cached=True),
    Row("tree.insert", "birim kurma (değişiklik, sayım, arama dahil)", 5, _insert),
    Row("tree.leaf", "ağaca bir yaprak ekleme", 5, _leaf),
    Row("tree.move", "k birimlik dalı taşıma", 5, _move),
    Row("tree.ancestors", "üst birimlerin yolu", 2, _ancestors, growth=1.2),
    Row("tree.counts", "kökün altındaki sayımlar", 5, _counts, growth=1.2),
    Row("load", "dosyadan birim yükleme", 3, _load, growth=11),
    Row("feed", "değişiklik akışının tamamı", 2, _feed),
    Row("api.unit", "API: bir birim", 4, _api_unit, growth=1.2),
)
