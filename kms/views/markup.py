"""Relations as markup, put together here: templates take five times as long for a hundred rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kaysis.common.templatetags.shell import number
from kms.models import Instrument
from kms.selectors.relations import Counterpart, Group


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
    known = each.instrument
    name = escape(each.citation)
    if known is not None:
        title = known.title if len(known.title) < 90 else known.title[:89] + "…"
        name = f'<a href="/mevzuat/{known.pk}/">{name}</a>'
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
