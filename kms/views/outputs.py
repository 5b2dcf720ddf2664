"""The text of an instrument in other forms: print, PDF, plain text, JSON, Akoma Ntoso."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from detsis.views.days import asked_day
from kaysis.common.pagecache import cached_page
from kaysis.common.pdf import pdf_response
from kaysis.common.turkish import slug
from kms.akn import akoma_ntoso
from kms.api.representation import instrument_json, version_json
from kms.models import Instrument, Passage, TextVersion
from kms.selectors.reading import pages_of, passages, texts_of
from kms.views.instrument import facts_of, find, head

#: A PDF holds at most so many pages of the reading view; of longer texts, those asked for.
PDF_PARTS = 10


def _asked(request: HttpRequest, pk: int) -> tuple[Instrument, TextVersion]:
    """The instrument and its text on `?tarih=`, or the one of `?metin=`. Http404 without one."""
    instrument = find(request, pk)
    texts = texts_of(instrument)
    wanted = request.GET.get("metin", "")
    if wanted.isascii() and wanted.isdigit():
        version = texts.get(int(wanted[:12]))
    else:
        version, _known = texts.on(asked_day(request) or timezone.localdate())
    if version is None:
        raise Http404(gettext("Bu mevzuatın kayıtlı bir metni yok."))
    return instrument, version


def _filename(instrument: Instrument, ending: str) -> str:
    name = slug(f"{instrument.number} {instrument.title}"[:90]).strip("-") or "mevzuat"
    return f"{name}.{ending}"


def _printed(version: TextVersion, first: int, last: int) -> dict[str, Any]:
    found = pages_of(version, first, last)
    return {
        "html": mark_safe(found.html),  # noqa: S308 — escaped by rendering
        "footnotes": mark_safe(found.footnotes),  # noqa: S308 — the same
    }


@require_safe
@cached_page(ttl=600)
def print_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole text on one page, to print."""
    instrument, version = _asked(request, pk)
    return render(
        request,
        "kms/print.html",
        {
            **head(instrument, timezone.localdate()),
            **_printed(version, 1, version.parts),
            "version": version,
            "facts": facts_of(instrument),
        },
    )


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tagged PDF (PDF/UA). Of a long text the part `?bolum=` begins with, ten pages of reading."""
    instrument, version = _asked(request, pk)
    first, last = 1, version.parts
    if version.parts > PDF_PARTS:
        wanted = request.GET.get("bolum", "1")
        first = int(wanted[:4]) if wanted.isdecimal() else 1
        if not 1 <= first <= version.parts:
            raise Http404
        last = min(version.parts, first + PDF_PARTS - 1)
    context = {
        **head(instrument, timezone.localdate()),
        **_printed(version, first, last),
        "version": version,
        "facts": facts_of(instrument),
        "first": first,
        "paper": "A4",
        "last": last,
    }
    name = _filename(instrument, "pdf").removesuffix(".pdf")
    return pdf_response("kms/text_pdf.html", context, request, filename=name)


@require_safe
@cached_page(ttl=600)
def plain(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One paragraph a line; a repealed instrument says so first."""
    instrument, version = _asked(request, pk)
    context = head(instrument, timezone.localdate())
    lines = [instrument.title, f"{context['type_label']} {instrument.number}".strip()]
    if context["repealed"]:
        lines.append(gettext("YÜRÜRLÜKTEN KALKMIŞTIR."))
    rows = Passage.objects.filter(version=version).order_by("ordinal")
    bodies = rows.values_list("body", flat=True)
    text = "\n".join([*lines, "", *bodies]) + "\n"
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{_filename(instrument, "txt")}"'},
    )


@require_safe
@cached_page(ttl=600)
def json_text(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The instrument with its text, article by article."""
    instrument, version = _asked(request, pk)
    rows = passages(version)
    bodies = dict(Passage.objects.filter(version=version).values_list("ordinal", "body"))
    data = {
        **instrument_json(instrument),
        "text": {
            **version_json(version),
            "passages": [
                {
                    "anchor": row.anchor,
                    "kind": row.kind,
                    "title": row.title,
                    "text": bodies.get(row.ordinal, ""),
                }
                for row in rows
            ],
        },
    }
    return HttpResponse(orjson.dumps(data), content_type="application/json; charset=utf-8")


@require_safe
@cached_page(ttl=600)
def akn(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Akoma Ntoso 3.0."""
    instrument, version = _asked(request, pk)
    full = TextVersion.objects.get(pk=version.pk)
    return HttpResponse(
        akoma_ntoso(instrument, full, today=timezone.localdate()),
        content_type="application/akn+xml; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{_filename(instrument, "xml")}"'},
    )
