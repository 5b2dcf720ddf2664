"""Files as they come: delimiters, encodings, headers, JSON."""

import json
from pathlib import Path

import pytest

from detsis.importers.fields import FIELDS, headers
from detsis.importers.reading import Source, format_of, read
from kaysis.common.errors import RuleViolation

TEXT = (
    "detsis_no;name;parent_detsis_no\r\n"
    "24301050;Adalet Bakanlığı;\r\n\r\n10213773;Iğdır;24301050\r\n"
)
VALUES = [
    {"detsis_no": "24301050", "name": "Adalet Bakanlığı", "parent_detsis_no": ""},
    {"detsis_no": "10213773", "name": "Iğdır", "parent_detsis_no": "24301050"},
]


def rows(tmp_path, content: bytes, name="a.csv", source=None):
    path = tmp_path / name
    path.write_bytes(content)
    return list(read(path, format_of(path), source or Source()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_any_common_dress_gives_the_same_rows(tmp_path, encoding, delimiter):
    found = rows(tmp_path, TEXT.replace(";", delimiter).encode(encoding))
    assert [raw.values for raw in found] == VALUES
    assert [raw.line for raw in found] == [2, 4]
    assert not any(raw.problem for raw in found)


def test_a_quoted_cell_may_hold_the_delimiter_and_line_breaks(tmp_path):
    found = rows(tmp_path, b'detsis_no,name\n10000001,"A, B\nC"\n10000002,D\n')
    assert [(raw.line, raw.values["name"]) for raw in found] == [(2, "A, B\nC"), (4, "D")]


def test_a_row_with_more_cells_than_the_header_is_told(tmp_path):
    found = rows(tmp_path, b"detsis_no,name\n10000001,A,\n10000002,B,C\n")
    assert [raw.problem for raw in found] == ["", "too_many_cells"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("detsisNo,ad,ustDetsisNo,kategori", ["detsis_no", "name", "parent_detsis_no", "category"]),
        ("DETSİS NO,AD,İL,İLÇE", ["detsis_no", "name", "province", "district"]),
        (
            "T.C. Devlet Teşkilatı Numarası,Ad,Bağlı olduğu birimin numarası,Teşkilat türü",
            ["detsis_no", "name", "parent_detsis_no", "organisation_type"],
        ),
    ],
)
def test_published_turkish_and_live_names_are_understood(tmp_path, header, expected):
    (raw,) = rows(tmp_path, f"{header}\n1,2,3,4\n".encode())
    assert list(raw.values) == expected


def test_every_published_field_is_a_header():
    assert set(FIELDS) == set(headers().values())


def test_unknown_columns_are_left_out_and_told(tmp_path):
    source = Source()
    (raw,) = rows(tmp_path, b"detsis_no,kaynak,name\n10000001,x,A\n", source=source)
    assert raw.values == {"detsis_no": "10000001", "name": "A"}
    assert source.unknown == ("kaynak",)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,parent\nA,B\n"])
def test_a_file_that_is_no_table_of_units_is_refused(tmp_path, content):
    with pytest.raises(RuleViolation):
        rows(tmp_path, content)


def test_json_lines_and_exported_arrays_are_read_alike(tmp_path):
    objects = [{"detsis_no": 10000001, "name": "A"}, {"detsis_no": 10000002, "name": "B", "x": 1}]
    lines = "\n".join(json.dumps(o) for o in objects)
    array = "[\n" + ",\n".join(json.dumps(o) for o in objects) + "\n]\n"
    source = Source()
    first = rows(tmp_path, lines.encode(), "a.jsonl", source)
    second = rows(tmp_path, array.encode(), "a.json")
    assert [r.values for r in first] == [r.values for r in second]
    assert first[1].values == {"detsis_no": 10000002, "name": "B"}
    assert source.unknown == ("x",)


def test_a_broken_json_line_does_not_stop_the_others(tmp_path):
    found = rows(tmp_path, b'{"detsis_no": 1\n[1]\n{"name": "A"}\n', "a.jsonl")
    assert [raw.problem for raw in found] == ["not_json", "not_json", ""]


def test_the_documentation_names_every_field():
    text = (Path(__file__).resolve().parents[3] / "docs" / "import.md").read_text("utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in text] == []
