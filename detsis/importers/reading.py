"""Rows of a file, one after the other: CSV in any common dress, or JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from django.utils.translation import gettext as _

from detsis.importers.fields import headers
from kaysis.common.errors import RuleViolation
from kaysis.common.turkish import fold

Format = Literal["csv", "jsonl"]
_SAMPLE = 1 << 16
_DELIMITERS = ";,\t|"
# Longer than any row that makes sense; the module's own limit is smaller than some path columns.
csv.field_size_limit(1 << 24)


@dataclass(frozen=True, slots=True)
class Raw:
    """A row as the file has it: fields by published name. `problem` is set where it cannot be."""

    line: int
    values: dict[str, Any]
    problem: str = ""


@dataclass(slots=True)
class Source:
    """What the reader learned about the file besides its rows."""

    unknown: tuple[str, ...] = ()


def format_of(path: Path) -> Format:
    """CSV, unless the name says JSON."""
    return "jsonl" if path.suffix.lower() in (".jsonl", ".ndjson", ".json") else "csv"


def read(path: Path, format_name: Format, source: Source) -> Iterator[Raw]:
    """Every row of the file, in flat memory. Raises RuleViolation for a file that is no table."""
    # Opened once, so that a pipe can be read, too.
    with (
        io.BufferedReader(path.open("rb", buffering=0), _SAMPLE) as binary,
        io.TextIOWrapper(binary, _encoding(binary.peek(_SAMPLE)), newline="") as file,
    ):
        yield from _read_csv(file, source) if format_name == "csv" else _read_json(file, source)


def _encoding(sample: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one; otherwise the code page of Turkish Windows."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "cp1254"
    return "utf-8-sig"


def _read_csv(file: TextIO, source: Source) -> Iterator[Raw]:
    head = _first_line(file)
    delimiter = max(_DELIMITERS, key=head.count)
    rows = csv.reader(file, delimiter=delimiter)
    names, source.unknown = _columns(next(csv.reader([head], delimiter=delimiter), []))
    if not {"detsis_no", "name"} <= set(names):
        raise RuleViolation(
            _("Dosyada en az detsis_no ve name (numara ve ad) sütunları bulunmalıdır."),
            field="file",
        )
    before = 1
    for cells in rows:
        line, before = before + 1, rows.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        problem = "too_many_cells" if any(c.strip() for c in cells[len(names) :]) else ""
        given = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        yield Raw(line, given, problem)


def _first_line(file: TextIO) -> str:
    while line := file.readline():
        if line.strip():
            return line.rstrip("\r\n")
    raise RuleViolation(_("Dosya boş."), field="file")


def _columns(cells: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Field of each column ("" for one that is not known or comes twice), and the unknown ones."""
    known = headers()
    names: list[str] = []
    unknown = []
    for cell in cells:
        name = known.get(fold(cell), "")
        if not name and cell.strip():
            unknown.append(cell.strip())
        names.append("" if name in names else name)
    return names, tuple(unknown)


def _read_json(file: TextIO, source: Source) -> Iterator[Raw]:
    """One object per line. Brackets and commas around them are forgiven: so exports write it."""
    known = headers()
    for line, text in enumerate(file, start=1):
        stripped = text.strip().removesuffix(",")
        if stripped in ("", "[", "]"):
            continue
        try:
            found = json.loads(stripped)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            yield Raw(line, {}, "not_json")
            continue
        given: dict[str, Any] = {}
        for key, value in found.items():
            name = known.get(fold(key))
            if name:
                given.setdefault(name, value)
            elif key not in source.unknown and not key.startswith("_"):
                source.unknown += (key,)
        yield Raw(line, given)
