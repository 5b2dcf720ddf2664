"""Applications in one Excel sheet: the template, its rows, their check, and where they wait.

Nothing is written to the database before the officer says so. Meanwhile the checked rows are in the
cache, for an hour, under a token that only the same person may use; national ids lie there
encrypted.
"""

from __future__ import annotations

import io
import secrets
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from iyem.access import decided_for
from iyem.models import LookupWay
from iyem.models.officer import PHONE
from iyem.officer import limits
from iyem.services.many_officers import EntryRefused, OfficerEntry, Register, apply_for_many
from kaysis.accounts import cipher
from kaysis.accounts.models import Person, Role
from kaysis.common import national_id
from kaysis.common.errors import NotAllowed, RuleViolation, as_validation_error
from kaysis.common.exports.columns import Column as ExportColumn
from kaysis.common.exports.sheet import xlsx_pieces
from kaysis.common.turkish import fold

MOST_ROWS = 1000
KEEP_SECONDS = 3600
ROLE_WORDS = {
    "gorevli": Role.IYEM_REGISTRAR,
    "yetkili": Role.IYEM_AUTHORISED,
}
# Column → explanation, width; and the field of the service whose complaints belong there.
COLUMNS = {
    "yetki": (gettext_lazy("görevli ya da yetkili."), 12, "role"),
    "gorev_yeri": (gettext_lazy("Birimin sekiz haneli numarası."), 14, "scope"),
    "tc_kimlik_no": (gettext_lazy("On bir rakam; metin olarak yazın."), 16, "national_id"),
    "ad": (gettext_lazy("Adı."), 20, "given_name"),
    "soyad": (gettext_lazy("Soyadı."), 20, "family_name"),
    "is_telefonu": (gettext_lazy("Alan koduyla: 0312 000 00 00."), 18, "work_phone"),
    "cep_telefonu": (gettext_lazy("0500 000 00 00."), 18, "mobile_phone"),
    "e_posta": (gettext_lazy("Kurumsal e-posta adresi."), 30, "email"),
}
HEADERS = tuple(COLUMNS)
_COLUMN_OF = {name: header for header, (_text, _width, name) in COLUMNS.items()}


@dataclass(slots=True)
class Row:
    """A line: its cells (the national id masked), what is wrong, and what the service is given."""

    line: int
    cells: dict[str, str]
    secret: bytes = b""
    fingerprint: str = ""
    # (column or "", message)
    problems: list[tuple[str, str]] = field(default_factory=list)
    role: str = ""
    scope: int | None = None
    place: str = ""

    def wrong(self, column: str, message: str) -> None:
        self.problems.append((column, message))

    def entry(self) -> OfficerEntry:
        """What the service is given of a row that was found right."""
        return OfficerEntry(
            role=Role(self.role),
            scope=self.scope or 0,
            fingerprint=self.fingerprint,
            secret=self.secret,
            given_name=self.cells["ad"],
            family_name=self.cells["soyad"],
            work_phone=self.cells["is_telefonu"],
            mobile_phone=self.cells["cep_telefonu"],
            email=self.cells["e_posta"],
        )


@dataclass(slots=True)
class Batch:
    name: str
    rows: list[Row]

    @property
    def wrong(self) -> int:
        return sum(bool(row.problems) for row in self.rows)


# --- Reading and checking ------------------------------------------------------------------------


def read(file: IO[bytes], person: Person) -> list[Row]:
    """The rows, checked; `ValidationError` where the file itself is of no use."""
    try:
        # Formulas are not computed: what was last shown is read, and never run.
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        lines = sheet.iter_rows(values_only=True, max_col=len(HEADERS) + 20)
        header = [fold(str(cell or "")).replace(" ", "_") for cell in next(lines, ())]
        rows = list(_rows(lines, header))
    except (
        AttributeError,
        IndexError,
        KeyError,
        OSError,
        SyntaxError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ) as error:
        raise ValidationError(_("Dosya okunamadı. Şablonu indirip onu doldurun.")) from error
    missing = [name for name in HEADERS if name not in header]
    if missing:
        raise ValidationError(_("Eksik sütun: %(names)s") % {"names": ", ".join(missing)})
    if not rows:
        raise ValidationError(_("Dosyada dolu satır yok."))
    if len(rows) > MOST_ROWS:
        raise ValidationError(_("Bir dosyada en çok %(n)d satır olabilir.") % {"n": MOST_ROWS})
    _check(rows, person)
    return rows


def _rows(lines: Any, header: list[str]) -> Iterator[Row]:
    filled = 0
    for number, line in enumerate(lines, start=2):
        cells = dict.fromkeys(HEADERS, "")
        for name, value in zip(header, line, strict=False):
            if name in cells and value is not None:
                cells[name] = _text(value)
        if any(cells.values()):
            filled += 1
            yield _row(number, cells)
        # A sheet may claim a million empty lines.
        if filled > MOST_ROWS or number > MOST_ROWS * 3:
            return


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:200]


def _row(line: int, cells: dict[str, str]) -> Row:
    """The national id goes out of the cells at once."""
    row, typed = Row(line, cells), cells["tc_kimlik_no"]
    try:
        number = national_id.clean(typed)
    except ValidationError as error:
        cells["tc_kimlik_no"] = "*" * 11 if typed else ""
        row.wrong("tc_kimlik_no", error.messages[0])
        return row
    cells["tc_kimlik_no"] = national_id.mask(number)
    row.secret, row.fingerprint = cipher.encrypt(number), cipher.fingerprint(number)
    return row


def _check(rows: list[Row], person: Person) -> None:
    """Everything that the services would refuse, row by row."""
    limits.spend(LookupWay.SHEET, {row.fingerprint for row in rows if row.fingerprint})
    numbers = [int(row.cells["gorev_yeri"]) for row in rows if _is_number(row.cells["gorev_yeri"])]
    register = Register(person, numbers, {row.fingerprint for row in rows if row.fingerprint})
    for row in rows:
        _check_cells(row)
        _check_place(row, register)
        _check_person(row, register)
    twice = Counter((row.role, row.scope, row.fingerprint) for row in rows if row.fingerprint)
    for row in rows:
        if twice[row.role, row.scope, row.fingerprint] > 1:
            row.wrong("tc_kimlik_no", _("Aynı kişi dosyada aynı görev yerine iki kez yazılmış."))


def _is_number(text: str) -> bool:
    return len(text) == 8 and text.isascii() and text.isdigit()


def _check_cells(row: Row) -> None:
    for column in ("ad", "soyad", "is_telefonu", "cep_telefonu", "e_posta"):
        text = row.cells[column]
        if not text:
            row.wrong(column, _("Boş bırakılamaz."))
        elif column in ("ad", "soyad") and len(text) > 100:
            row.wrong(column, _("En çok 100 harf olabilir."))
    for column, check in (("is_telefonu", PHONE), ("cep_telefonu", PHONE)):
        if row.cells[column]:
            _try(row, column, lambda text=row.cells[column], check=check: check(text))
    if row.cells["e_posta"]:
        _try(row, "e_posta", lambda: validate_email(row.cells["e_posta"]))


def _try(row: Row, column: str, check: Any) -> None:
    try:
        check()
    except ValidationError as error:
        row.wrong(column, error.messages[0])
    except NotAllowed as error:
        row.wrong(column, str(error))
    except RuleViolation as error:
        row.wrong(_COLUMN_OF.get(error.field or "", column), str(error))


def _check_place(row: Row, register: Register) -> None:
    role = ROLE_WORDS.get(fold(row.cells["yetki"]))
    text = row.cells["gorev_yeri"]
    if role is None:
        row.wrong("yetki", _("“görevli” ya da “yetkili” yazın."))
    unit = register.units.get(int(text)) if _is_number(text) else None
    if unit is None:
        row.wrong("gorev_yeri", _("Bu numarayla kayıtlı bir birim yok."))
        return
    row.scope, row.place = unit.pk, unit.name
    if role is None:
        return
    row.role = role.value
    _try(row, "gorev_yeri", lambda: register.check_place(role, unit.pk))


def _check_person(row: Row, register: Register) -> None:
    if not row.fingerprint or not row.role or row.scope is None:
        return
    if (row.role, row.scope, row.fingerprint) in register.waiting:
        row.wrong("tc_kimlik_no", _("Bu kişi için aynı başvuru zaten bekliyor."))
    role, scope = Role(row.role), row.scope
    _try(
        row,
        "tc_kimlik_no",
        lambda: register.check_person(
            row.fingerprint, row.cells["ad"], row.cells["soyad"], role=role, scope=scope
        ),
    )


# --- Saving --------------------------------------------------------------------------------------


def may_grant_all(batch: Batch, person: Person) -> bool:
    """Whether the person who applies could also decide every row."""
    for role in {row.role for row in batch.rows}:
        wanted = {row.scope for row in batch.rows if row.role == role}
        if decided_for(person, role).filter(pk__in=wanted).count() < len(wanted):
            return False
    return True


def save(batch: Batch, *, person: Person, grant: bool) -> int:
    """All rows, or none: the first that is refused tells its line. Returns how many.

    With `grant` they are authorised at once. Raises `RuleViolation`.
    """
    entries = [row.entry() for row in batch.rows]
    try:
        return len(apply_for_many(actor=person, entries=entries, grant=grant))
    except EntryRefused as refused:
        line = batch.rows[refused.place].line
        told = " ".join(as_validation_error(refused.error).messages)
        raise RuleViolation(_("%(n)d. satır: %(text)s") % {"n": line, "text": told}) from refused
    except ValidationError as error:  # what only the database saw
        raise RuleViolation(" ".join(error.messages)) from error


def keep(person: int, batch: Batch) -> str:
    """Put the sheet aside; returns the token of its page."""
    token = secrets.token_urlsafe(24)
    cache.set(_key(person, token), batch, KEEP_SECONDS)
    return token


def kept(person: int, token: str) -> Batch | None:
    """What was put aside by this person; None when it is forgotten."""
    batch: Batch | None = cache.get(_key(person, token))
    return batch


def forget(person: int, token: str) -> None:
    """It was saved: nobody saves it again."""
    cache.delete(_key(person, token))


def _key(person: int, token: str) -> str:
    return f"iyem-officers:{person}:{token[:64]}"


# --- Workbooks -----------------------------------------------------------------------------------


def template() -> bytes:
    """The sheet to fill in, and its explanation."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Başvurular"
    sheet.append(list(HEADERS))
    for number, header in enumerate(HEADERS, start=1):
        cell = sheet.cell(1, number)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE9EA")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = COLUMNS[header][1]
        # As text, so that a spreadsheet does not round numbers or drop a leading zero.
        sheet.column_dimensions[letter].number_format = "@"
    choice = DataValidation(type="list", formula1='"görevli,yetkili"', allow_blank=True)
    choice.add(f"A2:A{MOST_ROWS + 1}")
    sheet.add_data_validation(choice)
    sheet.freeze_panes = "A2"
    about = book.create_sheet("Açıklama")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 18, 90
    for header, (text, _width, _name) in COLUMNS.items():
        about.append([header, str(text)])
    about.append(["", _("Bütün sütunlar zorunludur. Dosyayı yükledikten sonra silin.")])
    for line in about.iter_rows():
        line[1].alignment = Alignment(wrap_text=True, vertical="top")
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def report(rows: Iterable[Row]) -> bytes:
    """The rows as they came, national ids masked, with what is wrong with each."""
    columns = [
        ExportColumn("line", _("satır"), lambda row: row.line, kind="number"),
        ExportColumn(
            "result", _("sonuç"), lambda row: _("düzeltilmeli") if row.problems else _("uygun")
        ),
        ExportColumn("problems", _("sorun"), _told),
        *(ExportColumn(name, name, partial(_cell, name)) for name in HEADERS),
    ]
    return b"".join(xlsx_pieces(rows, columns))


def _cell(name: str, row: Row) -> str:
    return row.cells[name]


def _told(row: Row) -> str:
    return "; ".join(f"{name}: {text}" if name else text for name, text in row.problems)
