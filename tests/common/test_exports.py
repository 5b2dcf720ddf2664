"""Exports: the same rows in three formats, safe in a spreadsheet."""

import csv
import datetime as dt
import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from kaysis.common import exports
from kaysis.common.exports import Column, ExportMixin, export_pieces, export_response, sheet, sql
from kaysis.common.exports import text as in_python
from tests.common.models import Thing

COLUMNS = [
    Column("numara", "Numara", "number", kind="number"),
    Column("ad", "Ad", "name"),
    Column("ust", "Üst; birim", "parent__name"),
    Column("etiket", "Etiket", "size", labels={0: "Yok", 1: "=Bir", 2: "Ça;kan"}),
    Column("gun", "Gün", "created_on", kind="date"),
    Column("an", "An", Value(dt.datetime(2026, 11, 24, 21, 5, 7, 999, tzinfo=dt.UTC)), "datetime"),
    Column("var", "Var", Value(True), kind="bool"),
    Column("hesap", "Hesap", Concat(Value("-"), F("name"))),
]
SLOW = [*COLUMNS, Column("islev", "İşlev", lambda row: row.name.upper())]

names = st.text(st.sampled_from("ab ;,\"'=+-@\t\r\n＝\\.ş%"), max_size=6)
things = st.lists(
    st.tuples(names, st.integers(0, 3), st.none() | st.dates(dt.date(1900, 1, 1))), max_size=4
)


def joined(rows, columns, format_name):
    return b"".join(export_pieces(rows, columns, format_name))


def read_csv(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def rows(db, tables):
    parent = Thing.objects.create(number=10, name="=SUM(A1)", size=1)
    Thing.objects.create(number=20, name='Çankaya; "İl"', parent=parent, size=2)
    Thing.objects.create(created_on=dt.date(2026, 11, 24))
    return Thing.objects.order_by("pk")


class TestCsv:
    def test_cells(self, rows):
        found = read_csv(joined(rows, COLUMNS, "csv"))
        assert found[0] == ["Numara", "Ad", "Üst; birim", "Etiket", "Gün", "An", "Var", "Hesap"]
        clock = "2026-11-25 00:05:07"
        assert found[1] == ["10", "'=SUM(A1)", "", "'=Bir", "", clock, "evet", "'-=SUM(A1)"]
        assert found[2][1:4] == ['Çankaya; "İl"', "'=SUM(A1)", "Ça;kan"]
        assert found[3] == ["", "", "", "Yok", "2026-11-24", clock, "evet", "'-"]

    def test_begins_with_a_byte_order_mark_and_speaks_the_readers_language(self, rows):
        assert joined(rows, COLUMNS, "csv").startswith(b"\xef\xbb\xbf")
        with translation.override("en"):
            assert joined(rows.none(), COLUMNS, "csv").startswith(b"\xef\xbb\xbf")

    def test_negative_numbers_stay_numbers(self):
        columns = [Column("n", "N", kind="number"), Column("t", "T")]
        data = joined([{"n": -5, "t": -5}, {"n": Decimal("-1.50"), "t": "@a"}], columns, "csv")
        assert read_csv(data)[1:] == [["-5", "'-5"], ["-1.50", "'@a"]]


@pytest.mark.parametrize("format_name", ["csv", "json"])
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=things)
def test_the_database_writes_what_python_writes(db, tables, format_name, made):
    Thing.objects.all().delete()
    for name, size, day in made:
        Thing.objects.create(size=size, created_on=day, name=name)
    rows = Thing.objects.order_by("pk")
    quick = b"".join(getattr(sql, f"{format_name}_pieces")(rows, COLUMNS))
    slow = b"".join(getattr(in_python, f"{format_name}_pieces")(rows, COLUMNS))
    if format_name == "json":
        quick, slow = json.loads(quick), json.loads(slow)
        for row in quick + slow:
            row["an"] = dt.datetime.fromisoformat(row["an"])
    assert quick == slow


class TestJson:
    def test_values_keep_their_types_and_codes(self, rows):
        for columns in (COLUMNS, SLOW):
            found = json.loads(joined(rows, columns, "json"))
            assert found[0]["numara"] == 10
            assert found[0]["etiket"] == 1
            assert found[0]["ad"] == "=SUM(A1)"
            assert found[1]["ust"] == "=SUM(A1)"
            assert found[2]["gun"] == "2026-11-24"
            assert found[2]["ust"] is None
            assert found[2]["var"] is True
        assert found[1]["islev"] == 'ÇANKAYA; "İL"'

    def test_no_rows_are_an_empty_array(self, rows):
        assert json.loads(joined(rows.none(), COLUMNS, "json")) == []
        assert json.loads(joined(rows.filter(size=99), COLUMNS, "json")) == []
        assert json.loads(joined([], SLOW, "json")) == []

    def test_many_rows_in_many_pieces(self, db, tables):
        Thing.objects.bulk_create(Thing(name=f"a\nb{n}") for n in range(20_000))
        columns = [Column("name", "Ad")]
        pieces = list(export_pieces(Thing.objects.order_by("pk"), columns, "json"))
        assert len(pieces) > 3
        found = json.loads(b"".join(pieces))
        assert [row["name"] for row in found] == [f"a\nb{n}" for n in range(20_000)]


class TestXlsx:
    def test_types_and_formulas(self, rows):
        book = load_workbook(io.BytesIO(joined(rows, COLUMNS, "xlsx")))
        cells = list(book.active.iter_rows())
        assert [cell.value for cell in cells[0]][:3] == ["Numara", "Ad", "Üst; birim"]
        first = cells[1]
        assert (first[0].value, first[0].data_type) == (10, "n")
        assert (first[1].value, first[1].data_type) == ("=SUM(A1)", "s")
        assert (first[3].value, first[3].data_type) == ("=Bir", "s")
        assert first[5].value == dt.datetime(2026, 11, 25, 0, 5, 7)
        assert first[6].value == "evet"
        assert cells[3][4].value == dt.datetime(2026, 11, 24)
        assert cells[3][4].number_format == "dd.mm.yyyy"
        assert book.active.freeze_panes == "A2"

    def test_no_formula_element_and_no_forbidden_character(self):
        data = joined([{"a": "=1+1"}, {"a": "x\x01\x0by"}], [Column("a", "=A")], "xlsx")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in xml
        cells = list(load_workbook(io.BytesIO(data)).active.values)
        assert cells == [("=A",), ("=1+1",), ("xy",)]

    def test_text_that_looks_like_markup(self):
        texts = ["<a & b>", "&amp;", " x ", "y\nz", "+1", "a" * 40_000]
        data = joined([{"a": text} for text in texts], [Column("a", "A")], "xlsx")
        read = [row[0] for row in load_workbook(io.BytesIO(data)).active.values][1:]
        assert read[:5] == texts[:5]
        assert len(read[5]) == 32_767

    def test_rows_reach_the_client_while_they_are_read(self):
        taken = []

        def rows():
            for number in range(30_000):
                taken.append(number)
                yield {"a": f"{number * 7919 % 10007}", "b": -1.5}

        columns = [Column("a", "A"), Column("b", "B", kind="number")]
        pieces = export_pieces(rows(), columns, "xlsx")
        data = next(pieces)
        assert len(taken) < 30_000
        data += b"".join(pieces)
        cells = list(load_workbook(io.BytesIO(data), read_only=True).active.values)
        assert len(cells) == 30_001
        assert cells[2] == ("7919", -1.5)

    def test_many_rows_continue_on_the_next_sheet(self, monkeypatch):
        monkeypatch.setattr(sheet, "ROWS_PER_SHEET", 3)
        rows = [{"a": n} for n in range(7)]
        book = load_workbook(io.BytesIO(joined(rows, [Column("a", "A", kind="number")], "xlsx")))
        assert [len(list(each.rows)) for each in book] == [4, 4, 2]

    def test_an_empty_workbook_opens(self):
        book = load_workbook(io.BytesIO(joined([], COLUMNS, "xlsx")))
        assert len(list(book.active.rows)) == 1


def test_lists_that_are_filtered_sliced_joined_or_prefetched(rows):
    wanted = rows.exclude(name="").select_related("parent").prefetch_related("thing_set")[:1]
    for format_name in exports.FORMATS:
        assert joined(wanted, COLUMNS, format_name)
    assert [row["numara"] for row in json.loads(joined(wanted, COLUMNS, "json"))] == [10]
    assert len(read_csv(joined(wanted, SLOW, "csv"))) == 2


def test_query_count_does_not_depend_on_rows(rows, django_assert_num_queries):
    for format_name in exports.FORMATS:
        with django_assert_num_queries(0 if format_name != "xlsx" else 1):
            joined(rows, COLUMNS, format_name)
    with django_assert_num_queries(1):
        joined(rows.select_related("parent"), SLOW, "csv")


def test_the_response_is_a_download(rows, time_machine_day):
    response = export_response(rows, COLUMNS, "csv", "Kurumlar ve Birimler")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == (
        f'attachment; filename="kurumlar-ve-birimler-{time_machine_day}.csv"'
    )
    assert "no-store" in response["Cache-Control"]
    assert read_csv(b"".join(response))[1][0] == "10"


@pytest.fixture
def time_machine_day():
    return f"{timezone.localdate():%Y-%m-%d}"


def test_the_mixin_exports_what_it_is_given(rows):
    class Page(ExportMixin):
        export_columns = COLUMNS
        export_filename = "şeyler"

    assert Page.export_formats == ["csv", "xlsx", "json"]
    response = Page().export(rows.filter(number=20), "json")
    assert [row["numara"] for row in json.loads(b"".join(response))] == [20]


def test_an_unknown_format_is_refused(rows):
    with pytest.raises(ValueError, match="pdf"):
        export_pieces(rows, COLUMNS, "pdf")
