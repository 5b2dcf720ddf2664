"""The page of a unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from detsis import asof, counts, selectors, succession
from detsis.asof import Children, Row, Standing
from detsis.counts import INSTITUTIONS
from detsis.demo import numbers
from detsis.letterhead import (
    correspondence_of,
    is_district_governorship,
    is_governorship,
)
from detsis.models import Unit
from detsis.orgchart import units_at_or_below
from detsis.permissions import may_decide
from detsis.querysets import visible_sql
from detsis.selectors import Crumb
from detsis.succession import Line, Successor
from detsis.views.addresses import API_UNITS, list_url, tree_url, unit_url
from detsis.views.days import asked_day, day_query
from detsis.views.paging import RowPage, page_of
from detsis.views.unit import card
from detsis.views.unit.events import changes_of, events_of
from detsis.views.unit.missing import missing_unit
from detsis.wording import Lexicon
from kaysis.common.pagecache import cached_page

PER_PAGE, UNDER_AUTHORITY = 25, 12


@require_safe
@cached_page(ttl=600)
def unit_page(request: HttpRequest, detsis_no: int) -> HttpResponseBase:
    """Everything known of a unit on a day. The number of queries does not depend on the tree."""
    day = asked_day(request)
    standing = asof.standing_of(detsis_no, day)
    if standing is None:
        return missing_unit(request, detsis_no, day)
    now = _as_it_is_today(standing, request.user)
    if now is None:
        return missing_unit(request, detsis_no, day)
    today = timezone.localdate()
    below = Below.read(request, standing, day or today)
    audit = may_decide(request.user)
    changes = changes_of(detsis_no, audit=audit)
    lexicon = Lexicon.of(changes, standing.unit)
    events = events_of(changes, lexicon, today)
    context = {
        **_head(standing, now),
        "facts": card.identity(standing, now, lexicon),
        "today": today,
        "below": below,
        "relatives": Relatives.read(standing, now, below, day or today),
        "kep": card.kep_addresses(detsis_no, day or today) if standing.has_kep else [],
        "correspondence": correspondence_of(standing),
        "events": events,
        "upcoming": [event for event in events if event.scheduled],
        "audit": audit,
        "text": request.GET.get("birim", ""),
        "invented": numbers.is_invented(detsis_no, changes),
        "demo": numbers,
    }
    return render(request, "detsis/unit.html", context)


def _as_it_is_today(standing: Standing, user: Any) -> Unit | None:
    if isinstance(standing.unit, Unit):
        return standing.unit
    # As text: building the statement anew takes longer than PostgreSQL takes to answer it.
    sql = f"SELECT * FROM detsis_unit u WHERE detsis_no = %s AND {visible_sql(user)}"
    return next(iter(Unit.objects.raw(sql, [standing.unit.detsis_no])), None)


def _head(standing: Standing, now: Unit) -> dict[str, Any]:
    """What every page about one unit shows above its content."""
    unit, day = standing.unit, standing.day
    return {
        "unit": unit,
        "now": now,
        "day": day,
        "day_query": day_query(day),
        "breadcrumbs": breadcrumbs(standing),
        "contact": [fact for fact in card.contact(unit) if fact.value],
        "tree_url": tree_url(unit.detsis_no, day),
        "api_url": api_url(unit.detsis_no, day),
        "page_url": unit_url(unit.detsis_no),
    }


def breadcrumbs(standing: Standing, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The full path of the unit, each step linked as of the same day, and what is below it."""
    path: list[tuple[str, str | None]] = [
        (facts.name, unit_url(facts.detsis_no, standing.day)) for facts in standing.chain
    ]
    return [(_("Kurumlar"), reverse("detsis:units") + day_query(standing.day)), *path, *more]


def api_url(detsis_no: int, day: dt.date | None) -> str:
    url = f"{API_UNITS}{detsis_no}/"
    return f"{url}?as_of={day.isoformat()}" if day else url


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit of a list with the number of active units under it."""

    unit: Any
    below: int

    @property
    def label(self) -> str:
        words = ngettext("%(number)s alt birim", "%(number)s alt birim", self.below)
        return words % {"number": number_format(self.below, force_grouping=True)}


@dataclass(frozen=True, slots=True)
class Below:
    """The units under the page's unit: in the hierarchy, and by civil authority."""

    page: RowPage[Row]
    children: list[Counted]
    total: int
    institutions: int
    authority: list[Row]
    more_under_authority: bool
    list_url: str
    authority_url: str

    @classmethod
    def read(cls, request: HttpRequest, standing: Standing, day: dt.date) -> Below:
        """Up to four queries."""
        unit = standing.unit
        text = request.GET.get("birim", "")[:100]
        source = Children(unit.detsis_no, request.user, standing.day, text)
        page = page_of(source, request.GET.get("sayfa"), PER_PAGE)
        authority: list[Row] = []
        if is_governorship(unit) or is_district_governorship(unit):
            authority = asof.under_authority(
                unit.detsis_no, request.user, standing.day, limit=UNDER_AUTHORITY + 1
            )
        figures: dict[int, dict[str, int]] = {}
        # No active unit hangs below one that is not: without children there is nothing to count.
        if page.rows or text:
            figures = counts.of_many([unit.detsis_no, *(row.detsis_no for row in page.rows)], day)
        own = figures.get(unit.detsis_no, {})
        return cls(
            page=page,
            children=[Counted(row, _below(row, figures)) for row in page.rows],
            total=_below(unit, figures),
            institutions=max(0, own.get(INSTITUTIONS, 0) - int(unit.is_institution)),
            authority=authority[:UNDER_AUTHORITY],
            more_under_authority=len(authority) > UNDER_AUTHORITY,
            list_url=list_url(below=unit.detsis_no, active="true"),
            authority_url=list_url(civil_authority=unit.detsis_no, active="true"),
        )


def _below(row: Any, figures: dict[int, dict[str, int]]) -> int:
    return max(0, units_at_or_below(figures.get(row.detsis_no, {})) - int(row.active))


@dataclass(frozen=True, slots=True)
class Named:
    """A unit elsewhere in the tree, with the steps above it that tell it from its namesakes."""

    detsis_no: int
    name: str
    path: Sequence[Crumb]
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Relatives:
    """Units that the page names though they stand elsewhere in the tree."""

    predecessors: list[Named]
    successors: list[Named]
    authority: list[Named]
    ended_on: dt.date | None

    @classmethod
    def read(cls, standing: Standing, now: Unit, below: Below, day: dt.date) -> Relatives:
        """Up to three queries, the last one for all paths together."""
        unit = standing.unit
        lines: list[Line] = []
        if standing.has_predecessors:
            lines = succession.predecessors_of(unit.detsis_no, day)
        successors: list[Successor] = []
        ended_on = None
        if not unit.active and now.valid_from and now.valid_from <= day:
            found = succession.final_successors([unit.detsis_no], day)
            successors = found.get(unit.detsis_no, [])
            ended_on = now.valid_to if isinstance(unit, Unit) else unit.validity.lower
        named: list[Any] = [*lines, *successors, *below.authority]
        paths = selectors.paths([each.detsis_no for each in named], standing.day)

        def make(each: Any, line: Line | None = None) -> Named:
            path = paths.get(each.detsis_no, [])[:-1]
            return Named(each.detsis_no, each.name, path, line)

        return cls(
            predecessors=[make(line, line) for line in lines],
            successors=[make(each) for each in successors],
            authority=[make(each) for each in below.authority],
            ended_on=ended_on,
        )
