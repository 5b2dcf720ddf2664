"""The archive of texts: a tar file, or a folder, of `<slug>/ustveri.json` and `<slug>/metin.md`.

Nothing is unpacked to disk. Members that are no such files are passed over.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from kaysis.common.errors import KaysisError

_META, _TEXT = "ustveri.json", "metin.md"
#: No law is longer; a member that claims to be is refused before it is read.
_MAX_BYTES = 20_000_000


class UnreadableArchive(KaysisError):
    default_code = "unreadable_archive"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the archive; `problem` says why it cannot be taken."""

    slug: str
    metadata: dict[str, object]
    text: str
    problem: str = ""


def entries(path: Path) -> Iterator[Entry]:
    """The documents in the order of the archive. Raises UnreadableArchive."""
    members = _folder(path) if path.is_dir() else _archive(path)
    half: dict[str, dict[str, bytes]] = {}
    for slug, name, data in members:
        found = half.setdefault(slug, {})
        found[name] = data
        if len(found) == 2:
            yield _entry(slug, half.pop(slug))
    for slug, found in half.items():
        missing = _TEXT if _META in found else _META
        yield Entry(slug, {}, "", _("%(file)s eksik.") % {"file": missing})


def _entry(slug: str, found: dict[str, bytes]) -> Entry:
    try:
        metadata = json.loads(found[_META])
        text = found[_TEXT].decode("utf-8")
    except ValueError:
        return Entry(slug, {}, "", _("Dosya UTF-8 ya da JSON olarak okunamadı."))
    if not isinstance(metadata, dict):
        return Entry(slug, {}, "", _("Üstveri bir nesne değil."))
    if not text.strip():
        return Entry(slug, metadata, "", _("Metin boş."))
    return Entry(slug, metadata, text)


def _folder(path: Path) -> Iterator[tuple[str, str, bytes]]:
    for meta in sorted(path.rglob(_META)):
        for name in (_META, _TEXT):
            file = meta.with_name(name)
            if file.exists():
                yield meta.parent.name, name, file.read_bytes()


def _archive(path: Path) -> Iterator[tuple[str, str, bytes]]:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                place = PurePosixPath(member.name)
                if not member.isfile() or place.name not in (_META, _TEXT):
                    continue
                if member.size > _MAX_BYTES:
                    continue
                file: IO[bytes] | None = archive.extractfile(member)
                if file is not None:
                    yield place.parent.name, place.name, file.read()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise UnreadableArchive(
            _("%(file)s okunamadı: %(error)s") % {"file": path.name, "error": error}
        ) from error
