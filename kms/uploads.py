"""The text of an uploaded file, believed only for its content: DOCX, PDF, plain text."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from lxml import etree

from kaysis.common.uploads import MEGABYTE, check_zip

MAX_SIZE = 20 * MEGABYTE
MAX_PAGES = 2000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: A PDF breaks lines where the page ends, a paragraph where the sentence does.
_SOFT_BREAK = re.compile(r"(?<![.:;!?”\"])\n(?=[a-zçğıöşü(])")


def text_of(file: IO[bytes], size: int) -> str:
    """The text, paragraphs on lines of their own. Raises ValidationError with a reason."""
    if size > MAX_SIZE:
        raise ValidationError(_("Dosya en çok 20 MB olabilir."), code="size")
    head = file.read(1024)
    file.seek(0)
    if head.startswith(b"PK"):
        return _docx(file)
    if b"%PDF-" in head:
        return _pdf(file)
    return _plain(file)


def _plain(file: IO[bytes]) -> str:
    data = file.read()
    for encoding in ("utf-8-sig", "cp1254"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(character < " " and character not in "\t\n\r\f" for character in text):
            return text
    raise ValidationError(_("Yalnız DOCX, metin içeren PDF ya da düz metin yüklenebilir."))


def _docx(file: IO[bytes]) -> str:
    names = check_zip(file)
    if "word/document.xml" not in names:
        raise ValidationError(_("Bu bir Word (DOCX) dosyası değil."), code="content")
    file.seek(0)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(file) as archive:
            root = etree.fromstring(archive.read("word/document.xml"), parser)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError) as error:
        raise ValidationError(_("Word dosyası okunamadı."), code="content") from error
    paragraphs = []
    for paragraph in root.iter(f"{_W}p"):
        pieces = []
        for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
            pieces.append(node.text or "" if node.tag == f"{_W}t" else "\n")
        paragraphs.append("".join(pieces))
    return "\n\n".join(paragraphs)


def _pdf(file: IO[bytes]) -> str:
    # A third of a second to import: not what a server should start with.
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(file.read()))
        if len(reader.pages) > MAX_PAGES:
            raise ValidationError(_("PDF çok uzun."), code="size")
        text = "\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValidationError(_("PDF okunamadı."), code="content") from error
    if not text.strip():
        raise ValidationError(
            _("PDF'te metin yok; taranmış görüntü olmalı. Metni yapıştırın."), code="scanned"
        )
    return _SOFT_BREAK.sub(" ", text)
