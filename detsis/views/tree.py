"""The tree view of `/kurumlar/`, opened branch by branch.

Without JavaScript the links `?ac=<no>` open a branch and keep its path open. static/js/tree.js
fetches branches into the page (`/kurumlar/dal/<no>/`) and adds the keyboard of a tree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detsis import asof
from detsis.views.days import asked_day, asked_number
from detsis.views.tree_data import Asked, one_branch, open_tree
from detsis.views.tree_html import TreeWriter
from kaysis.common.errors import NotFound
from kaysis.common.pagecache import cached_page


def tree_page(request: HttpRequest) -> HttpResponse:
    """The tree with the path to `?ac=` open."""
    asked = Asked(
        request.user,
        asked_day(request),
        page=request.GET.get("sayfa", "1"),
        text=request.GET.get("icinde", "").strip()[:100],
    )
    opened = _opened(request, asked.day)
    branch = open_tree(opened, asked)
    context: dict[str, Any] = {
        "items": TreeWriter(asked.day).items(branch, None) if branch.nodes else "",
        "day": asked.day,
        "url": reverse("detsis:units"),
        "opened": opened[-1] if opened else None,
        "text": asked.text,
        "today": timezone.localdate(),
        "breadcrumbs": [(_("Kurumlar ve birimler"), None)],
    }
    return render(request, "detsis/tree.html", context)


@require_safe
@cached_page(ttl=600)
def branch_fragment(request: HttpRequest, detsis_no: int | None = None) -> HttpResponse:
    """One page of the units below a unit (None: of the roots), for static/js/tree.js."""
    asked = Asked(request.user, asked_day(request), page=request.GET.get("sayfa", "1"))
    return HttpResponse(TreeWriter(asked.day).items(one_branch(detsis_no, asked), detsis_no))


def _opened(request: HttpRequest, day: dt.date | None) -> Sequence[Any]:
    """The path to the unit whose branch is open; empty when none is."""
    text = request.GET.get("ac", "")
    if not text:
        return []
    number = asked_number(text)
    standing = asof.standing_of(number, day) if number else None
    if standing is None:
        raise NotFound(_("Bu numarayla açılacak bir birim yok."))
    return standing.chain
