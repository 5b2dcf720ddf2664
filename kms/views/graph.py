"""`/mevzuat/<id>/sema/`, `/etki/`: what an instrument is connected with, what rests on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kaysis.common.pagecache import cached_page
from kms.graph_svg import Box, draw
from kms.models import Instrument, InstrumentType, RelationKind
from kms.selectors.citations import find_place
from kms.selectors.impact import MAX_DEPTH, impact_of
from kms.selectors.relations import Counterpart, Group, groups_of
from kms.text import place_text
from kms.views.instrument import find, head
from kms.views.markup import groups_html
from kms.views.sections import sections

#: So many counterparts of each kind and direction are drawn; all of them are in the list.
DRAWN = 6
#: Who stands on the left: what founds the instrument or acts on it.
_LEFT = {
    (RelationKind.BASED_ON.value, True),
    (RelationKind.AMENDS.value, False),
    (RelationKind.REPEALS.value, False),
    (RelationKind.IMPLEMENTS.value, True),
}


def _drawing(instrument: Instrument, groups: list[Group]) -> SafeString:
    left: list[Box] = []
    right: list[Box] = []
    for group in groups:
        side = left if (group.kind, group.outgoing) in _LEFT else right
        side.extend(_box(each, str(group.label)) for each in group.counterparts[:DRAWN])
    centre = Box(instrument.short_citation, instrument.title, "", "")
    title = gettext("%(name)s: dayanakları ve etkilediği mevzuat")
    return draw(centre, left, right, title % {"name": instrument.short_citation})


def _box(each: Counterpart, label: str) -> Box:
    return Box(each.citation, each.title or gettext("kayıtta yok"), each.url, label)


@require_safe
@cached_page(ttl=600)
def graph_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The drawing, and everything it shows as lists."""
    instrument = find(request, pk)
    groups = groups_of(instrument, most=60)
    context: dict[str, Any] = {
        **head(instrument, timezone.localdate()),
        "sections": sections(instrument, "graph"),
        "groups": groups_html(groups, instrument),
        "drawing": _drawing(instrument, groups),
        "drawn": DRAWN,
    }
    context["breadcrumbs"] = [*context["breadcrumbs"], (_("Şema"), None)]
    return render(request, "kms/graph.html", context)


@require_safe
@cached_page(ttl=600)
def graph_svg(request: HttpRequest, pk: int) -> HttpResponse:
    """The drawing alone."""
    instrument = find(request, pk)
    svg = str(_drawing(instrument, groups_of(instrument, most=60)))
    svg = svg.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" {_STYLE}', 1)
    return HttpResponse(svg, content_type="image/svg+xml")


_STYLE = 'font-family="sans-serif" font-size="12" fill="none" stroke="#456" stroke-width="0.6" '


@require_safe
@cached_page(ttl=600)
def impact_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What rests on the instrument, or with `?madde=` on one of its provisions."""
    instrument = find(request, pk)
    asked = request.GET.get("madde", "").replace("\x00", "").strip()[:60]
    place = find_place(asked) if asked else None
    shown = place_text(place) if place else ""
    impact = impact_of(instrument, place=shown)
    context: dict[str, Any] = {
        **head(instrument, timezone.localdate()),
        "sections": sections(instrument, "impact"),
        "impact": impact,
        "types": [(InstrumentType(kind).label, count) for kind, count in impact.by_type],
        "asked": asked,
        "place": shown,
        "unknown": bool(asked) and place is None,
        "max_depth": MAX_DEPTH,
        "list_url": reverse("kms:relations", args=[pk]),
    }
    context["breadcrumbs"] = [*context["breadcrumbs"], (_("Etki"), None)]
    return render(request, "kms/impact.html", context)
