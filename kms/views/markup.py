"""Rows as markup, put together here: templates take five times as long for a hundred rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kaysis.common.templatetags.shell import number
from kms.models import Instrument, InstrumentType
from kms.selectors.relations import Counterpart, Group
from kms.selectors.search import Found


def facets_html(counts: Mapping[str, int], asked: QueryDict) -> SafeString:
    """The types with their counts, each leading to its instruments; `asked` is the query string."""
    kept = [(name, value) for name, values in asked.lists() for value in values]
    kept = [(name, value) for name, value in kept if name not in ("tur", "sayfa")]
    chosen, rows = asked.get("tur", ""), ""
    for kind in InstrumentType:
        if kind.value in counts:
            url = escape(f"?{urlencode([*kept, ('tur', kind.value)])}")
            current = ' aria-current="true"' if kind.value == chosen else ""
            count = f'<span class="k-count">{number(counts[kind.value])}</span>'
            rows += f'<li><a href="{url}"{current}>{escape(str(kind.label))} {count}</a></li>'
    if not rows:
        return SafeString("")
    name = escape(_("Türlere göre"))
    return SafeString(f'<ul class="m-facets" aria-label="{name}">{rows}</ul>')


def groups_html(groups: Sequence[Group], of: Instrument) -> SafeString:
    """The counterparts of an instrument by kind and direction, each group with its heading."""
    return SafeString("".join(_group(group, of) for group in groups))


def _group(group: Group, of: Instrument) -> str:
    key = f"g-{group.kind}-{group.direction}"
    rows = "".join(_counterpart(each) for each in group.counterparts)
    more = ""
    if group.total > len(group.counterparts):
        url = f"/mevzuat/{of.pk}/iliskiler/?kind={group.kind}&amp;direction={group.direction}"
        text = _("%(shown)s mevzuatın tümü") % {"shown": number(group.total)}
        more = f'<p><a href="{url}">{escape(text)}</a></p>'
    return (
        f'<section aria-labelledby="{key}"><h3 class="m-group" id="{key}">'
        f'{escape(str(group.label))} <span class="k-count">{number(group.total)}</span></h3>'
        f'<ul class="m-counterparts">{rows}</ul>{more}</section>'
    )


def _counterpart(each: Counterpart) -> str:
    name = escape(each.citation)
    if each.pk is not None:
        title = cut(each.title, 90)
        name = f'<a href="{each.url}">{name}</a>'
        if title != each.citation:
            name += f' <span class="k-muted">{escape(title)}</span>'
    facts = [
        date_format(each.until, "d.m.Y") if each.until else "",
        _("bütünüyle") if each.whole else "",
        _("hükümsüz") if each.undone else "",
        ", ".join(each.places),
        _many(each.relations) if each.relations > 1 else "",
    ]
    meta = " · ".join(escape(fact) for fact in facts if fact)
    return f'<li>{name}<span class="m-counterparts__meta">{meta}</span></li>'


def _many(count: int) -> str:
    return ngettext("%(shown)s hüküm", "%(shown)s hüküm", count) % {"shown": number(count)}


def parts_html(parts: int, current: int, query: str) -> SafeString:
    """Links to the pages of a long text; `query` begins the query string, escaped."""
    page = escape(_("Sayfa"))
    rows = "".join(
        f'<li><a href="{query}bolum={n}"{here if n == current else ""}>'
        f'<span class="visually-hidden">{page} </span>{n}</a></li>'
        for here in (' aria-current="page"',)
        for n in range(1, parts + 1)
    )
    return SafeString(f"<ul>{rows}</ul>")


def links_html(links: Sequence[tuple[str, str]]) -> SafeString:
    """(address, text) as a list: the contents of a text. Addresses are escaped already."""
    rows = "".join(f'<li><a href="{url}">{escape(text)}</a></li>' for url, text in links)
    return SafeString(f'<ol class="m-contents">{rows}</ol>')


def named_html(rows: Sequence[Instrument]) -> SafeString:
    """Instruments whose name or number fits what was searched for."""
    return _rows(
        f'<p class="k-row__title"><a href="/mevzuat/{row.pk}/">{escape(row.title)}</a></p>'
        f'<p class="k-row__meta"><span>{escape(cut(row.short_citation, 60))}</span>'
        f"<span>{escape(str(row.status.label))}</span></p>"
        for row in rows
    )


def hits_html(hits: Sequence[Found]) -> SafeString:
    """Articles in which the words stand; their snippets are marked up already."""
    return _rows(_hit(hit) for hit in hits)


def _hit(hit: Found) -> str:
    status = f"<span>{escape(str(hit.status.label))}</span>" if hit.status else ""
    return (
        f'<p class="k-row__title"><a href="{escape(hit.url)}">{escape(hit.citation)}'
        f' {escape(cut(hit.title, 120))}</a></p><p class="k-row__meta">'
        f"<span>{escape(cut(hit.instrument_title, 110))}</span>{status}</p>"
        f'<p class="m-snippet">{hit.snippet}</p>'
    )


def _rows(rows: Iterable[str]) -> SafeString:
    listed = "".join(f'<li class="k-row">{row}</li>' for row in rows)
    return SafeString(f'<ol class="k-rows">{listed}</ol>')


def cut(text: str, length: int) -> str:
    """At most `length` characters, the last of them an ellipsis where something is left out."""
    return text if len(text) <= length else f"{text[: length - 1]}…"
