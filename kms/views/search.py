"""`/mevzuat/ara/`: full text of all legislation, and the feeds of what was published."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kaysis.common.pagecache import cached_page
from kms import feeds
from kms.filters import InstrumentPageFilter
from kms.models import Instrument, InstrumentType
from kms.selectors.citations import find_cited, find_named
from kms.selectors.search import CANDIDATES, PAGE, full_text
from kms.views.markup import hits_html, named_html

NAMED = 5


@require_safe
@cached_page(ttl=300)
def text_search(request: HttpRequest) -> HttpResponseBase:
    """`?q=` with the filters of the list; quotes make a phrase, a minus leaves a word out."""
    query = request.GET.get("q", "").replace("\x00", " ").strip()[:300]
    rows = Instrument.objects.visible_to(request.user)
    given = request.GET.copy()
    given["q"] = ""
    filterset = InstrumentPageFilter(given, rows, request=request)
    text = request.GET.get("sayfa", "1")
    page = max(1, min(int(text[:4]) if text.isdecimal() else 1, CANDIDATES // PAGE))
    results = full_text(query, filterset.qs, narrowed=bool(filterset.filters), page=page)
    named = find_cited(query)[:NAMED]
    if page == 1 and not named:
        named = find_named(query, request.user, most=NAMED)
    return render(
        request,
        "kms/search.html",
        {
            "query": query,
            "filter": filterset,
            "results": results,
            "named": named_html(named) if page == 1 and named else "",
            "hits": hits_html(results.hits),
            "page": page,
            "has_next": page * PAGE < results.total,
            "types": InstrumentType.choices,
            "breadcrumbs": [
                (_("Mevzuat"), reverse("kms:instruments")),
                (_("Metinlerde ara"), None),
            ],
        },
    )


@require_safe
@cached_page(ttl=300)
def atom(request: HttpRequest) -> HttpResponse:
    """The texts published last, as Atom."""
    return HttpResponse(
        feeds.atom(feeds.latest(request.user)), content_type="application/atom+xml; charset=utf-8"
    )


@require_safe
@cached_page(ttl=300)
def json_feed(request: HttpRequest) -> HttpResponse:
    """The same as JSON Feed 1.1."""
    return HttpResponse(
        feeds.json_feed(feeds.latest(request.user)),
        content_type="application/feed+json; charset=utf-8",
    )
