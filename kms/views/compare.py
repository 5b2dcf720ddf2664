"""`/mevzuat/<id>/karsilastir/`: two texts of an instrument side by side, to the word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from detsis.views.days import day_or_none
from kaysis.common.pagecache import cached_page
from kms.models import TextVersion
from kms.selectors.reading import Texts, texts_of
from kms.text import (
    ArticleType,
    Change,
    Document,
    Edit,
    Node,
    Status,
    compare,
    parse,
    to_plain,
)
from kms.views.instrument import find, head
from kms.views.sections import sections

#: So many changed units are shown; a text that was written anew has more.
SHOWN = 300
#: Of unchanged words so many stand on each side of a change.
AROUND = 30
GAP = "\n[…]"
ARTICLES = {
    ArticleType.ORDINARY: _("Madde"),
    ArticleType.ADDITIONAL: _("Ek madde"),
    ArticleType.PROVISIONAL: _("Geçici madde"),
    ArticleType.REPEATED: _("Mükerrer madde"),
    ArticleType.ADDITIONAL_PROVISIONAL: _("Ek geçici madde"),
    ArticleType.ADDITIONAL_REPEATED: _("Ek mükerrer madde"),
}
LABELS = {
    Status.ADDED: (_("Eklendi"), "success"),
    Status.REMOVED: (_("Çıkarıldı"), "danger"),
    Status.CHANGED: (_("Değişti"), "info"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A unit that differs. `words`: (edit, text); of what came or went, the whole text."""

    anchor: str
    label: Any
    tone: str
    name: str
    words: list[tuple[str, str]]


def differences(old: str, new: str) -> tuple[list[Row], dict[str, int]]:
    """What differs between two texts, and how many units were added, removed, changed, the same."""
    before, after = parse(old), parse(new)
    changes = compare(before, after)
    counts = {status.value: 0 for status in Status}
    rows: list[Row] = []
    for change in changes:
        counts[change.status.value] += 1
        if change.status is not Status.SAME and len(rows) < SHOWN:
            rows.append(_row(change, before, after))
    return rows, counts


def _row(change: Change, before: Document, after: Document) -> Row:
    label, tone = LABELS[change.status]
    node, document = (change.new, after) if change.new is not None else (change.old, before)
    name = ""
    if node is not None:
        name = " ".join(filter(None, (_label(node), node.title))) or change.anchor
    if change.status is Status.CHANGED:
        last = len(change.words) - 1
        words = [
            (run.edit.value, _around(run.text, at, last) if run.edit is Edit.KEEP else run.text)
            for at, run in enumerate(change.words)
        ]
    else:
        edit = "insert" if change.status is Status.ADDED else "delete"
        words = [(edit, to_plain(document, node))] if node is not None else []
    return Row(change.anchor, label, tone, name, words)


def _label(node: Node) -> str:
    """ "Madde 11", "Geçici madde 3"; what is no article, as it is printed."""
    word = ARTICLES.get(node.designation.type) if node.designation else None
    return f"{word} {node.label}".strip() if word else node.label


def _around(text: str, at: int, last: int) -> str:
    """Of many words that stayed only those beside a change: the first ones after it, the last ones
    before it."""
    words = text.split(" ")
    if len(words) <= 3 * AROUND:
        return text
    before = words[:AROUND] if at else []
    after = words[-AROUND:] if at < last else []
    return " ".join([*before, GAP, *after]).lstrip()


def _chosen(request: HttpRequest, texts: Texts, name: str, default: int) -> TextVersion | None:
    """The text asked for by its number or by a day; else the default one, counted from the end."""
    text = request.GET.get(name, "")
    if text.isascii() and text.isdigit():
        return texts.get(int(text[:12]))
    day = day_or_none(request.GET, name)
    if day is not None:
        return texts.on(day)[0]
    return texts.versions[default] if len(texts.versions) >= abs(default) else None


@require_safe
@cached_page(ttl=600)
def compare_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`?eski=` and `?yeni=`: versions or days; without them, the last two texts."""
    instrument = find(request, pk)
    texts = texts_of(instrument)
    old, new = _chosen(request, texts, "eski", -2), _chosen(request, texts, "yeni", -1)
    rows: list[Row] = []
    counts: dict[str, int] = {}
    if old is not None and new is not None and old.pk != new.pk:
        rows, counts = differences(old.text, new.text)
    context = {
        **head(instrument, timezone.localdate()),
        "sections": sections(instrument, "compare"),
        "texts": texts,
        "old": old,
        "new": new,
        "rows": rows,
        "counts": counts,
        "shown": SHOWN,
    }
    context["breadcrumbs"] = [*context["breadcrumbs"], (_("Karşılaştırma"), None)]
    return render(request, "kms/compare.html", context)
