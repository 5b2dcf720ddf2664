"""Many changes in one Excel sheet: the template, the reading, and the check row by row.

Nothing is written before the officer has seen the check: the rows wait in the cache, under a key
that only the same person's next request can use, and are forgotten after an hour.
"""

from __future__ import annotations

import datetime as dt
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook

from detsis.models import ChangeKind
from detsis.officer.fields import UnitField
from detsis.services import ItemInput

MOST_ROWS = 2000
KEEP_SECONDS = 3600
HEADERS = ("tur", "birim", "yeni_ad", "bagli_oldugu", "halefler", "gecici_ad", "tarih")
_KINDS = {
    "ad": ChangeKind.RENAMED,
    "tasi": ChangeKind.MOVED,
    "kur": ChangeKind.FOUNDED,
    "kapat": ChangeKind.CLOSED,
    "birlestir": ChangeKind.MERGED,
    "bol": ChangeKind.SPLIT,
    "devret": ChangeKind.DEVOLVED,
    "ac": ChangeKind.REOPENED,
}
_EXAMPLES = [
    ("ad", "24316060", "Yeni Ad", "", "", "", ""),
    ("tasi", "17311665", "", "39985474", "", "", ""),
    ("kur", "", "Yeni Daire Başkanlığı", "24316060", "", "yeni-1", ""),
    ("birlestir", "42218640", "", "", "yeni-1", "", ""),
]


@dataclass(slots=True)
class Row:
    """A line of the sheet: what it wants, or what is wrong with it, cell by cell."""

    line: int
    cells: dict[str, str]
    problems: list[str] = field(default_factory=list)
    item: dict[str, Any] | None = None


def template() -> bytes:
    """An Excel file to fill in, with explanations and examples."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Değişiklikler")
    sheet.append(list(HEADERS))
    help_sheet = book.create_sheet("Açıklama")
    for line in (
        ("Sütun", "Açıklama"),
        ("tur", _("ad, tasi, kur, kapat, birlestir, bol, devret ya da ac")),
        ("birim", _("Birimin numarası ya da adı; kuruluşta boş bırakılır.")),
        ("yeni_ad", _("Ad değişikliğinde ve kuruluşta.")),
        ("bagli_oldugu", _("Taşımada ve kuruluşta üst birim ya da geçici ad.")),
        ("halefler", _("Birleşme, bölünme ve devirde; birden çoksa noktalı virgülle.")),
        ("gecici_ad", _("Kuruluşta, dosyanın başka satırlarında kullanmak için: yeni-1")),
        ("tarih", _("Boşsa dosyanın tarihi geçerlidir: 2027-01-01")),
        (),
        (_("Örnekler"),),
        HEADERS,
        *_EXAMPLES,
    ):
        help_sheet.append(list(line))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def read(file: IO[bytes]) -> list[Row]:
    """The rows of an uploaded sheet, each checked by itself. Raises ValidationError on the file."""
    try:
        # Formulas are not computed: what was last shown is read, and never run.
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
    except (KeyError, ValueError, IndexError, OSError) as error:
        raise ValidationError(_("Dosya okunamadı. Şablonu indirip onu doldurun.")) from error
    lines = sheet.iter_rows(values_only=True)
    header = [str(cell or "").strip().lower() for cell in next(lines, ())]
    missing = [name for name in HEADERS[:2] if name not in header]
    if missing:
        raise ValidationError(_("Eksik sütun: %(names)s") % {"names": ", ".join(missing)})
    rows = list(_rows(lines, header))
    if not rows:
        raise ValidationError(_("Dosyada dolu satır yok."))
    if len(rows) > MOST_ROWS:
        raise ValidationError(_("Bir dosyada en çok %(n)d satır olabilir.") % {"n": MOST_ROWS})
    keys = {row.cells["gecici_ad"] for row in rows if row.cells["gecici_ad"]}
    for row in rows:
        _check(row, keys)
    return rows


def _rows(lines: Any, header: list[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=2):
        cells = dict.fromkeys(HEADERS, "")
        for name, value in zip(header, line, strict=False):
            if name in cells and value is not None:
                text = value.date().isoformat() if isinstance(value, dt.datetime) else str(value)
                cells[name] = text.strip()[:500]
        if any(cells.values()):
            yield Row(number, cells)
        if number > MOST_ROWS + 1000:
            return


def _check(row: Row, keys: set[str]) -> None:
    cells = row.cells
    kind = _KINDS.get(cells["tur"].lower())
    if kind is None:
        row.problems.append(_("tur: “%(text)s” bilinmiyor.") % {"text": cells["tur"]})
        return
    item: dict[str, Any] = {"kind": str(kind), "assignments": {}, "successors": []}
    if kind == ChangeKind.FOUNDED:
        item["key"] = cells["gecici_ad"] or f"satir-{row.line}"
        item["assignments"]["name"] = _needed(row, "yeni_ad")
        item["assignments"]["parent"] = _unit(row, "bagli_oldugu", keys)
    else:
        item["unit"] = _unit(row, "birim", set())
    if kind == ChangeKind.RENAMED:
        item["assignments"]["name"] = _needed(row, "yeni_ad")
    if kind == ChangeKind.MOVED:
        item["assignments"]["parent"] = _unit(row, "bagli_oldugu", keys)
    if kind in (ChangeKind.CLOSED, ChangeKind.MERGED, ChangeKind.SPLIT, ChangeKind.DEVOLVED):
        item["assignments"] = {"active": False}
    if kind == ChangeKind.REOPENED:
        item["assignments"] = {"active": True}
    if kind in (ChangeKind.MERGED, ChangeKind.SPLIT, ChangeKind.DEVOLVED):
        item["successors"] = [
            found
            for part in cells["halefler"].split(";")
            if part.strip() and (found := _unit(row, "halefler", keys, part.strip())) is not None
        ]
    item["effective_on"] = _day(row)
    row.item = None if row.problems else item


def _needed(row: Row, name: str) -> str:
    if not row.cells[name]:
        row.problems.append(_("%(name)s: boş bırakılamaz.") % {"name": name})
    return row.cells[name]


def _unit(row: Row, name: str, keys: set[str], text: str = "") -> int | str | None:
    try:
        return UnitField(keys=keys).clean(text or row.cells[name])
    except ValidationError as error:
        row.problems.append(f"{name}: {' '.join(error.messages)}")
        return None


def _day(row: Row) -> str | None:
    text = row.cells["tarih"]
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007 — a day
        except ValueError:
            continue
    row.problems.append(_("tarih: “%(text)s” bir tarih değil.") % {"text": text})
    return None


def keep(person: int, rows: list[Row]) -> str:
    """Put the checked rows aside; returns the token of the confirming request."""
    token = secrets.token_urlsafe(24)
    cache.set(_key(person, token), [row.item for row in rows], KEEP_SECONDS)
    return token


def kept(person: int, token: str) -> list[ItemInput] | None:
    """The rows put aside, as the services take them; None when they are forgotten."""
    items = cache.get(_key(person, token))
    if items is None:
        return None
    return [
        ItemInput(
            **{
                **item,
                "effective_on": dt.date.fromisoformat(item["effective_on"])
                if item.get("effective_on")
                else None,
            }
        )
        for item in items
    ]


def _key(person: int, token: str) -> str:
    return f"detsis-bulk:{person}:{token}"
