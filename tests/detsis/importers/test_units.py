"""Whole files against the register: defects, doubles, known units, updates."""

import csv
import datetime as dt
import io
import json
import tracemalloc
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detsis import counts, loading, services, tree
from detsis.importers import import_units
from detsis.importers.checks import EXTRA, circles
from detsis.importers.report import Outcome
from detsis.models import KepAddress, Unit, UnitChange, UnitVersion
from kaysis.common.exports import export_pieces
from tests.detsis.importers.conftest import HEAD
from tests.factories.detsis import LONG_AGO, chain, unit

pytestmark = pytest.mark.django_db
REAL_FILE = Path(__file__).resolve().parents[4] / "shared/data/detsis/detsis-birimler.csv"


def told(issues):
    return [(issue.line, issue.outcome.value, issue.field, issue.message) for issue in issues]


def sound():
    """What no import may leave behind."""
    assert tree.check() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            """SELECT v.unit_id FROM detsis_unitversion v WHERE v.parent_id IS NOT NULL
               AND NOT v.validity <@ coalesce(
                    (SELECT range_agg(p.validity) FROM detsis_unitversion p
                     WHERE p.unit_id = v.parent_id AND (p.active OR NOT v.active)),
                    '{}'::datemultirange)"""
        )
        assert cursor.fetchall() == []


def parents():
    return dict(Unit.objects.order_by("pk").values_list("pk", "parent_id"))


def test_children_may_stand_before_their_parents_and_there_may_be_several_roots(run):
    summary, issues = run(
        f"{HEAD}\n10000003,C,10000002\n10000002,B,10000001\n10000001,A,\n10000004,D,\n"
    )
    assert (summary.read, summary.new, issues) == (4, 4, [])
    assert parents() == {
        10000001: None, 10000002: 10000001, 10000003: 10000002, 10000004: None,
    }  # fmt: skip
    sound()
    assert counts.of(10000001, timezone.localdate()) == {"units.central": 3}
    change = UnitChange.objects.get(unit=10000003)
    assert (change.kind, change.source) == ("registered", "import")


def test_detached_rows_become_roots_and_are_told(run):
    summary, issues = run(
        f"{HEAD}\n10000001,A,99999999\n10000002,B,10000001\n10000003,C,10000003\n"
    )
    assert summary.new == 3
    assert told(issues) == [
        (2, "mended", "parent_detsis_no", "parent_unknown"),
        (4, "mended", "parent_detsis_no", "own_parent"),
    ]
    assert parents() == {10000001: None, 10000002: 10000001, 10000003: None}
    sound()


def test_a_missing_level_is_bridged_by_the_path(run):
    path = [{"detsis_no": n, "name": "x"} for n in (10000001, 10000005, 10000006, 10000007)]
    _, issues = run(
        [
            {"detsis_no": 10000001, "name": "Bakanlık"},
            {"detsis_no": 10000007, "name": "Şube", "parent_detsis_no": 10000006, "path": path},
            {"detsis_no": 10000008, "name": "Şube", "path": [*path[:2], {"detsis_no": 10000008}]},
        ]
    )
    assert told(issues) == [
        (2, "mended", "parent_detsis_no", "parent_skipped"),
        (3, "mended", "parent_detsis_no", "parent_skipped"),
    ]
    assert parents()[10000007] == parents()[10000008] == 10000001
    sound()


def test_circles_are_cut_where_the_file_first_meets_them(run):
    summary, issues = run(
        f"{HEAD}\n10000001,A,10000003\n10000002,B,10000001\n10000003,C,10000002\n"
        "10000004,D,10000003\n10000005,E,10000006\n10000006,F,10000005\n"
    )
    assert summary.new == 6
    assert told(issues) == [
        (2, "mended", "parent_detsis_no", "circle"),
        (6, "mended", "parent_detsis_no", "circle"),
    ]
    assert parents()[10000001] is None
    assert parents()[10000005] is None
    sound()


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)))
def test_circles_are_found_once_each_and_nothing_else(parent):
    on_circle = set()
    for start in parent:
        node, seen = parent[start], 0
        while node in parent and node != start and seen < 20:
            node, seen = parent[node], seen + 1
        if node == start:
            on_circle.add(start)
    found = circles(parent)
    assert {node for circle in found for node in circle} == on_circle
    assert sum(map(len, found)) == len(on_circle)
    for circle in found:
        assert [parent[node] for node in circle] == [*circle[1:], circle[0]]


def test_doubles_are_skipped_when_they_agree_and_refused_when_they_do_not(run):
    summary, issues = run(
        f"{HEAD},phone\n10000001,A,,1\n10000002,B,10000001,\n10000001,A,,1\n10000002,B2,,\n"
    )
    assert summary.new == 2
    assert [(i.line, i.outcome, i.field, i.value) for i in issues] == [
        (4, Outcome.DUPLICATE, "", "2"),
        (5, Outcome.REFUSED, "name, parent_detsis_no", "3"),
    ]
    assert Unit.objects.get(pk=10000002).name == "B"


def test_days_are_made_to_fit_the_parents(run):
    head = f"{HEAD},valid_from,valid_to\n"
    _, issues = run(
        f"{head}10000001,Kök,,2000-01-01,\n"
        "10000002,Eski,10000001,1990-01-01,\n"  # older than its parent
        "10000003,Kapalı,10000001,2001-01-01,2010-01-01\n"
        "10000004,Yaşayan,10000003,2002-01-01,\n"  # outlives its parent
        "10000005,Tarihsiz,,,\n"
        "10000006,Tarihli,10000005,1950-05-05,\n"  # its parent must be at least as old
        "10000007,Uyumlu,10000003,2003-01-01,2009-01-01\n"
    )
    assert told(issues) == [
        (3, "mended", "valid_from", "parent_younger"),
        (5, "mended", "parent_detsis_no", "parent_closed"),
    ]
    days = dict(Unit.objects.values_list("pk", "valid_from"))
    assert days[10000002] == dt.date(2000, 1, 1)
    assert days[10000005] == days[10000006] == dt.date(1950, 5, 5)
    assert parents()[10000004] is None
    assert parents()[10000007] == 10000003
    assert not Unit.objects.get(pk=10000003).active
    sound()


def test_days_that_had_to_be_assumed_are_told(run):
    day = dt.date(2024, 5, 1)
    text = f"{HEAD},active,valid_to\n10000001,A,,hayır,\n10000002,B,,,2010-01-01\n"
    _, issues = run(text, effective_on=day)
    assert [(i.line, i.message, i.value) for i in issues] == [
        (2, "founding_unknown", "2024-04-30"),
        (2, "closing_unknown", "2024-05-01"),
        (3, "founding_unknown", "2009-12-31"),
    ]
    summary, issues = run(text)
    assert (summary.identical, issues) == (2, [])


def test_below_units_that_are_there_days_and_places_fit_too(run):
    root, child = chain("Kök", "Daire", effective_on=dt.date(2015, 1, 1))
    services.close_unit(unit=child.pk, effective_on=dt.date(2020, 1, 1), actor=None)
    _, issues = run(
        f"{HEAD},valid_from\n10000001,A,{root.pk},1990-01-01\n10000002,B,{child.pk},2016-01-01\n"
    )
    assert told(issues) == [
        (2, "mended", "valid_from", "parent_younger"),
        (3, "mended", "parent_detsis_no", "parent_closed"),
    ]
    assert parents()[10000001] == root.pk
    sound()
    assert counts.of(root.pk, timezone.localdate()) == {"units.central": 2}


def test_civil_authorities_that_do_not_exist_are_left_out(run):
    _, issues = run(
        "detsis_no,name,civil_authority\n10000001,Valilik,\n10000002,Müdürlük,10000001\n"
        "10000003,Müdürlük,10000009\n10000004,Müdürlük,10000004\n"
    )
    assert told(issues) == [
        (4, "mended", "civil_authority", "authority_unknown"),
        (5, "mended", "civil_authority", "authority_unknown"),
    ]
    assert Unit.objects.get(pk=10000002).civil_authority_id == 10000001


def test_a_kep_address_belongs_to_one_unit_at_a_time(run):
    services.amend_unit(
        unit=unit("Eski").pk,
        facts={"kep_addresses": [{"address": "dolu@hs01.kep.tr"}]},
        effective_on=dt.date(2020, 1, 1),
        actor=None,
    )
    _, issues = run(
        "detsis_no,name,kep_addresses\n10000001,A,a@hs01.kep.tr dolu@hs01.kep.tr\n"
        "10000002,B,a@hs01.kep.tr\n10000003,C,c@hs01.kep.tr\n"
    )
    assert [(i.line, i.message, i.value) for i in issues] == [
        (2, "kep_taken", "dolu@hs01.kep.tr"),
        (3, "kep_taken", "a@hs01.kep.tr"),
    ]
    assert dict(KepAddress.objects.filter(unit__gte=1).values_list("address", "unit")) == {
        "dolu@hs01.kep.tr": Unit.objects.get(name="Eski").pk,
        "a@hs01.kep.tr": 10000001,
        "c@hs01.kep.tr": 10000003,
    }
    sound()


def everything():
    return (
        list(Unit.objects.order_by("pk").values()),
        list(UnitVersion.objects.order_by("pk").values_list("pk", flat=True)),
        list(UnitChange.objects.order_by("pk").values_list("pk", flat=True)),
        list(KepAddress.objects.order_by("pk").values_list("pk", flat=True)),
    )


FULL = [
    {"detsis_no": 10000001, "name": "Iğdır Valiliği", "category": 221, "is_institution": True,
     "kep_addresses": [{"address": "igdir@hs01.kep.tr"}], "valid_from": "1992-06-03",
     "founding_legislation": [{"number": "3806", "name": "Kanun"}], "letterhead": ["T.C."]},
    {"detsis_no": 10000002, "name": "İl Nüfus ve Vatandaşlık Müdürlüğü",
     "parent_detsis_no": 10000001, "organisation_type": "provincial", "province": 76,
     "civil_authority": 10000001,
     "valid_from": "1993-01-01", "valid_to": "2010-01-01", "active": False},
]  # fmt: skip


def test_the_same_file_again_changes_nothing(run):
    run(FULL)
    before = everything()
    for options in ({}, {"update": True}):
        summary, issues = run(FULL, **options)
        assert (summary.new, summary.identical, issues) == (0, 2, [])
    assert everything() == before


def test_a_trial_reports_the_same_and_keeps_nothing(run):
    summary, issues = run(f"{HEAD}\n10000001,A,99999999\n", dry_run=True)
    assert (summary.new, len(issues)) == (1, 1)
    assert not Unit.objects.exists()
    assert any("Deneme" in line for line in summary.lines())


def test_a_row_that_differs_is_told_and_nothing_else(run):
    root, child = chain("Kök", "Daire Başkanlığı")
    text = f"{HEAD},phone\n{child.pk},Daire  Başkanlığı,{root.pk},\n{root.pk},Başka,,1\n"
    before = everything()
    summary, issues = run(text)
    assert summary.identical == 1
    assert told(issues) == [
        (2, "mended", "name", "blanks"),
        (3, "differs", "name, phone", "not_as_recorded"),
    ]
    assert everything() == before


def test_a_blank_cell_takes_nothing_away(run):
    root, child = chain("Kök", "Daire")
    summary, issues = run(f"{HEAD},phone\n{child.pk},Daire,,\n", update=True)
    assert (summary.identical, issues) == (1, [])
    assert parents()[child.pk] == root.pk


def test_differences_become_proper_changes(run):
    old = LONG_AGO + dt.timedelta(days=400)
    root, child, grandchild = chain("Kök", "Daire", "Şube")
    other = unit("Öteki")
    day = timezone.localdate() - dt.timedelta(days=3)
    summary, issues = run(
        [
            {"detsis_no": 10000001, "name": "Yeni", "parent_detsis_no": other.pk,
             "valid_from": str(old)},
            {"detsis_no": child.pk, "name": "Daire Başkanlığı", "name_en": "Department",
             "parent_detsis_no": 10000001, "province": 6, "phone": "1",
             "kep_addresses": ["daire@hs01.kep.tr"]},
            {"detsis_no": grandchild.pk, "name": "Şube", "valid_to": str(day), "active": False},
            {"detsis_no": root.pk, "name": "Kök"},
        ],
        update=True,
        effective_on=day,
    )  # fmt: skip
    assert (summary.new, summary.identical) == (1, 1)
    assert [(i.line, i.outcome) for i in issues] == [(2, Outcome.UPDATED), (3, Outcome.UPDATED)]
    changes = UnitChange.objects.filter(unit=child.pk, source="import").order_by("id")
    assert [(c.kind, c.assignments) for c in changes] == [
        ("renamed", {"name": "Daire Başkanlığı", "name_en": "Department"}),
        ("moved", {"parent": 10000001, "province": 6}),
        ("amended", {
            "phone": "1",
            "kep_addresses": [{"address": "daire@hs01.kep.tr", "valid_from": str(day)}],
        }),
    ]  # fmt: skip
    assert {c.effective_on for c in changes} == {day}
    assert Unit.objects.get(pk=grandchild.pk).valid_to == day
    sound()
    assert counts.of(other.pk, timezone.localdate()) == {"units.central": 3}


def test_a_unit_that_the_file_calls_active_is_opened_again(run):
    closed = unit("Kapanmış")
    services.close_unit(unit=closed.pk, effective_on=dt.date(2020, 1, 1), actor=None)
    _, issues = run([{"detsis_no": closed.pk, "name": "Kapanmış", "active": True}], update=True)
    assert told(issues) == [(1, "updated", "active", "recorded")]
    assert Unit.objects.get(pk=closed.pk).active


def test_kep_addresses_that_are_not_named_any_more_end(run):
    made = unit("Kurum", kep_addresses=[{"address": "a@hs01.kep.tr"}, {"address": "b@hs01.kep.tr"}])
    day = timezone.localdate()
    run(f"detsis_no,name,kep_addresses\n{made.pk},Kurum,b@hs01.kep.tr c@hs01.kep.tr\n", update=True)
    found = {k.address[0]: (k.validity.lower, k.validity.upper) for k in made.kep_addresses.all()}
    assert found == {"a": (None, day), "b": (None, None), "c": (day, None)}


def test_what_the_rules_forbid_is_refused_row_by_row(run):
    root, child = chain("Kök", "Daire")
    units = [unit(f"Birim {n}", root) for n in range(20)]
    rows = [{"detsis_no": u.pk, "name": f"{u.name} yeni"} for u in units]
    rows.insert(7, {"detsis_no": root.pk, "name": "Kök", "parent_detsis_no": child.pk})
    rows.append({"detsis_no": units[3].pk, "name": "çelişen"})
    summary, issues = run(rows, update=True)
    assert summary.by_outcome == {"updated": 20, "refused": 2}
    refused = [i for i in issues if i.outcome == Outcome.REFUSED]
    assert [(i.line, i.field) for i in refused] == [
        (8, "parent_detsis_no"),
        (22, "name"),
    ]
    assert "kendi altındaki" in refused[0].value
    assert Unit.objects.filter(name__endswith=" yeni").count() == 20
    sound()


def test_a_recorded_day_is_only_told(run):
    made = unit("Kurum")
    _, issues = run(f"detsis_no,name,valid_from\n{made.pk},Kurum,1990-01-01\n", update=True)
    assert told(issues) == [(2, "differs", "valid_from", "needs_correction")]
    assert Unit.objects.get(pk=made.pk).valid_from == LONG_AGO


def test_an_unknown_parent_of_a_known_unit_changes_nothing(run):
    root, child = chain("Kök", "Daire")
    summary, issues = run(f"{HEAD}\n{child.pk},Daire,99999999\n", update=True)
    assert summary.identical == 1
    assert told(issues) == [(2, "mended", "parent_detsis_no", "unit_ignored")]
    assert parents()[child.pk] == root.pk


@pytest.mark.parametrize("format_name", ["csv", "json"])
def test_what_the_portal_exports_it_imports_as_the_same(run, format_name):
    from detsis.exports import UNIT_COLUMNS

    run(FULL)
    units = Unit.objects.order_by("pk")
    content = b"".join(export_pieces(units, UNIT_COLUMNS, format_name))
    summary, issues = run(content, name=f"birimler.{format_name}")
    assert (summary.read, summary.new, summary.identical, told(issues)) == (2, 0, 2, [])


numbers = st.integers(10_000_001, 10_000_012)
days = st.one_of(st.none(), st.integers(0, 9).map(lambda n: f"20{10 + n}-01-01"))
messy_rows = st.lists(
    st.fixed_dictionaries(
        {"detsis_no": numbers, "name": st.sampled_from(["A", " B", "C"])},
        optional={
            "parent_detsis_no": st.integers(10_000_001, 10_000_014),
            "civil_authority": st.integers(10_000_001, 10_000_014),
            "valid_from": days,
            "valid_to": days,
            "active": st.booleans(),
            "is_institution": st.booleans(),
            "path": st.lists(numbers, max_size=3),
            "kep_addresses": st.lists(st.sampled_from(["a@hs01.kep.tr", "b@hs01.kep.tr"])),
        },
    ),
    max_size=12,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(messy_rows, messy_rows)
def test_no_mess_leaves_the_register_unsound(run, first, second):
    from django.db import transaction

    with transaction.atomic():
        for rows in (first, second):
            summary, issues = run(rows, update=True)
            sound()
            assert summary.read == len(rows)
            told_once = summary.by_outcome
            left = told_once.get("refused", 0) + told_once.get("duplicate", 0)
            assert summary.new + summary.identical + left <= len(rows)
            assert {i.line for i in issues} <= set(range(1, len(rows) + 1))
        found = {row["detsis_no"] for row in first + second}
        assert set(Unit.objects.values_list("pk", flat=True)) <= found
        before = everything()
        again, _ = run(second)
        assert again.new == 0
        assert everything() == before
        transaction.set_rollback(True)


def test_memory_stays_flat_while_a_file_streams_by():
    def rows(number):
        for n in range(number):
            yield {"detsis_no": 20_000_000 + n, "name": f"Birim {n}", "valid_from": LONG_AGO,
                   "line": n, "stated": 0, "above": None}  # fmt: skip

    peaks = []
    for number in (2_000, 20_000):
        tracemalloc.start()
        loading.stage(rows(number), extra=EXTRA)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + 200_000


def test_the_command_prints_a_summary_and_writes_the_report(tmp_path):
    path, report = tmp_path / "birimler.csv", tmp_path / "rapor.csv"
    path.write_text(f"{HEAD},kaynak\n10000001,  A,\n0,B,\n", encoding="utf-8")
    out = io.StringIO()
    call_command("import_units", path, report=report, stdout=out)
    assert "Yeni kaydedilen birim" in out.getvalue()
    assert "kaynak" in out.getvalue()
    rows = list(csv.reader(io.StringIO(report.read_text("utf-8-sig")), delimiter=";"))
    assert [row[:4] for row in rows[1:]] == [
        ["2", "10000001", "düzeltilerek alındı", "name"],
        ["3", "", "alınmadı", "detsis_no"],
    ]


def test_the_command_refuses_a_file_that_is_not_there_or_no_table(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_units", tmp_path / "yok.csv")
    path = tmp_path / "bos.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError):
        call_command("import_units", path)


@pytest.mark.skipif(not REAL_FILE.exists(), reason="the folder with real public data is not here")
def test_the_real_public_units_are_imported_and_recognised():
    summary = import_units(REAL_FILE)
    assert (summary.read, summary.new) == (132, 132)
    assert summary.unknown_columns == ("kaynak",)
    assert Unit.objects.get(pk=42218640).parent_id == 39985474
    sound()
    again = import_units(REAL_FILE, update=True)
    assert (again.new, again.identical) == (0, 132)


def test_json_of_the_live_identity_card_is_understood(run):
    card = {
        "detsisNo": 24325150, "birimAdi": "Ulaştırma ve Altyapı Bakanlığı", "anaKurumMu": True,
        "butceTuru": "Genel Bütçe (I Sayılı Cetvel)", "kategori": "BAKANLIK", "statu": "Bakanlık",
        "tuzelKisilik": "Devlet Tüzel Kişiliği", "kep": "uab@hs01.kep.tr",
        "kurulusMevzuatlari": [{"mevzuatSayisi": "1", "mevzuatTarihi": "10/07/2018"}],
    }  # fmt: skip
    _, issues = run(json.dumps(card), name="kunye.jsonl")
    assert issues == []
    found = Unit.objects.get(pk=24325150)
    assert (found.category_id, found.status_id, found.budget_type_id) == (19, 3, 1)
    assert found.founding_legislation == [{"number": "1", "date": "2018-07-10"}]
