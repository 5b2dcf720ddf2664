"""`/ara/`: results as a page, as a fragment of it, and as suggestions while typing."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kaysis.common import indexing, turkish
from kaysis.common.indexing import Path
from kaysis.common.pagecache import cached_page
from kaysis.search import finder
from kaysis.search.engine import CANDIDATES, Hit
from kaysis.search.finder import Result
from kaysis.search.rows import rows_of

QUERY, KIND, PAGE = "q", "tur", "sayfa"


@require_safe
@cached_page(ttl=300)
def results(request: HttpRequest) -> HttpResponseBase:
    """Everything a query finds; a query that names one object leads straight to its page."""
    text = request.GET.get(QUERY, "")
    page = _page_number(request.GET.get(PAGE, ""))
    kind = request.GET.get(KIND, "")
    if kind not in finder.visible_kinds(request.user):
        kind = ""
    if not kind and (target := finder.jump(text, user=request.user)):
        return HttpResponseRedirect(target.url)
    result = finder.search(text, user=request.user, kind=kind, page=page)
    paginator = Paginator(range(result.found.total), finder.PAGE)
    if not result.found.hits and result.found.total:
        result = finder.search(text, user=request.user, kind=kind, page=paginator.num_pages)
    current = paginator.get_page(page)
    count = _count(result)
    context = {
        "query": result.query,
        "result": result,
        "count": count,
        "title": _title(result, count, current.number),
        "most": CANDIDATES,
        "rows": list(rows_of(result)),
        "kinds": _kinds(result, kind),
        "paginator": paginator,
        "page_obj": current,
        "page_range": paginator.get_elided_page_range(current.number, on_each_side=1, on_ends=1),
        "breadcrumbs": [(_("Arama"), None)],
    }
    fragment = request.headers.get("HX-Target") == "results" and bool(getattr(request, "htmx", 0))
    template = "search/results_fragment.html" if fragment else "search/results.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _page_number(text: str) -> int:
    """The wanted page, the first one if the text is none."""
    return min(int(text), 10_000) if text.isdecimal() and len(text) < 6 and int(text) else 1


def _count(result: Result) -> str:
    """How much was found, in words."""
    if result.found.more:
        return _("%(most)s sonuçtan fazla") % {"most": CANDIDATES}
    if not result.found.total:
        return _("Sonuç yok")
    shown = {"count": number_format(result.found.total, force_grouping=True)}
    return ngettext("%(count)s sonuç", "%(count)s sonuç", result.found.total) % shown


def _title(result: Result, count: str, page: int) -> str:
    """The name of the page: the query, what was found, and which part of it is shown."""
    if not result.query.text:
        return _("Arama")
    title = _("“%(text)s” araması: %(count)s") % {"text": result.query.text, "count": count}
    return _("%(title)s, sayfa %(page)s") % {"title": title, "page": page} if page > 1 else title


def _kinds(result: Result, chosen: str) -> list[dict[str, Any]]:
    """Links that narrow the results to one kind, with their numbers; empty if there is one kind."""
    if len(result.kinds) < 2 and not chosen:
        return []
    links: list[dict[str, Any]] = [
        {"label": _("Tümü"), "url": _address(result), "count": None, "current": not chosen}
    ]
    for source in indexing.sources():
        if source.kind in result.kinds or source.kind == chosen:
            links.append(
                {
                    "label": source.plural,
                    "url": _address(result, source.kind),
                    "count": result.kinds.get(source.kind, 0),
                    "current": source.kind == chosen,
                }
            )
    return links


def _address(result: Result, kind: str = "") -> str:
    given = {QUERY: result.query.text} | ({KIND: kind} if kind else {})
    return f"{reverse('search:results')}?{urlencode(given)}"


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """`{"results": [{title, kind, path, url}]}` for what has been typed so far."""
    text = request.GET.get(QUERY, "")
    hits = finder.suggest(text, user=request.user)
    labels = {source.kind: str(source.label) for source in indexing.sources()}
    paths = finder.paths_of(hits)
    response = JsonResponse(
        {
            "results": [
                {
                    "title": hit.title,
                    "kind": labels[hit.kind] if hit.active else _("Kapalı"),
                    "path": _standing(hit, paths.get((hit.kind, hit.object_id), ())),
                    "url": hit.url,
                }
                for hit in hits
            ]
        }
    )
    patch_cache_control(response, private=True, max_age=60)
    return response


def _standing(hit: Hit, path: Path) -> str:
    """Where a hit stands, in one line; the place only where the path does not tell."""
    line = " › ".join(name for name, _url in path)
    told = turkish.fold(f"{hit.title} {line}").split()
    if hit.place and turkish.fold(hit.place.split(" / ", 1)[0]) not in told:
        line = f"{line} · {hit.place}" if line else hit.place
    return line or hit.subtitle


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description by which a browser takes the portal into its list of search engines."""
    context = {
        "results": request.build_absolute_uri(reverse("search:results")),
        "suggestions": request.build_absolute_uri(reverse("search:suggestions")),
    }
    return render(
        request,
        "search/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
