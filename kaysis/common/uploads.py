"""Uploads, believed only for what they contain.

The name and the content type are the sender's claim; here the content is looked at. Zip containers
(XLSX, and e-Yazışma packages later) are measured before anything is unpacked.
"""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1 << 20
#: A container may hold so many files, and so many bytes when unpacked.
MAX_ENTRIES = 5_000
MAX_UNPACKED = 300 * MEGABYTE
#: No honest document shrinks further than this.
MAX_RATIO = 200


def check_zip(
    file: IO[bytes], *, max_entries: int = MAX_ENTRIES, max_unpacked: int = MAX_UNPACKED
) -> frozenset[str]:
    """The names in a zip that is safe to unpack. Raises ValidationError.

    Refused are bombs, encrypted entries, and names that leave the folder. Sizes are those the
    directory states; `zipfile` itself never unpacks more of an entry than that.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError):
        raise ValidationError(
            _("Dosya bozuk ya da beklenen türde değil."), code="content"
        ) from None
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    bomb = (
        len(entries) > max_entries
        or unpacked > max_unpacked
        or unpacked > max(packed, 1024) * MAX_RATIO
    )
    if bomb:
        raise ValidationError(_("Dosya açıldığında izin verilenden büyük."), code="bomb")
    for entry in entries:
        steps = entry.filename.replace("\\", "/").split("/")
        if entry.flag_bits & 0x1 or ".." in steps or steps[0] == "" or ":" in steps[0]:
            raise ValidationError(_("Dosya güvenli değil."), code="unsafe")
    return frozenset(entry.filename for entry in entries)


def _is_pdf(file: IO[bytes]) -> bool:
    head = file.read(1024)
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2048))
    return b"%PDF-" in head and b"%%EOF" in file.read()


def _is_xlsx(file: IO[bytes]) -> bool:
    names = check_zip(file)
    return {"[Content_Types].xml", "xl/workbook.xml"} <= names


def _is_text(file: IO[bytes]) -> bool:
    """UTF-8 without control characters in its first and last 64 KiB."""
    head = file.read(1 << 16)
    file.seek(0, 2)
    file.seek(max(0, file.tell() - (1 << 16)))
    tail = file.read()
    return all(_decodes(piece) for piece in (head, tail))


def _decodes(piece: bytes) -> bool:
    # A piece may begin or end within a character of up to four bytes.
    text = piece.decode("utf-8", errors="replace").strip("\ufffd")
    return not any(
        character == "\ufffd" or (character < " " and character not in "\t\n\r\f")
        for character in text
    )


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its extension, its content type when served, and how its content looks."""

    extension: str
    content_type: str
    matches: Callable[[IO[bytes]], bool]


KINDS: Mapping[str, FileKind] = {
    kind.extension: kind
    for kind in (
        FileKind("pdf", "application/pdf", _is_pdf),
        FileKind(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _is_xlsx,
        ),
        FileKind("csv", "text/csv; charset=utf-8", _is_text),
        FileKind("json", "application/json", _is_text),
    )
}
