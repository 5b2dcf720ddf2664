"""`/kurumlar/il/`: the organisation of the state in a province."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detsis.models import Category, OrganisationType, Province, Unit
from detsis.seed import CategoryCode, StatusCode
from detsis.selectors import Crumb
from detsis.views.addresses import list_url
from kaysis.common.errors import NotFound
from kaysis.common.pagecache import cached_page
from kaysis.common.turkish import sort_key, upper

# Under a governorship stand its directorates; more than this are left to the list.
DIRECTORATES = 400


@require_safe
@cached_page(ttl=3600)
def provinces(request: HttpRequest) -> HttpResponse:
    """All provinces by their first letter."""
    rows = sorted(Province.objects.filter(active=True), key=lambda row: sort_key(row.name))
    letters = [
        (letter, list(group)) for letter, group in groupby(rows, key=lambda row: upper(row.name[0]))
    ]
    context = {
        "letters": letters,
        "breadcrumbs": [(_("Kurumlar"), reverse("detsis:units")), (_("İller"), None)],
    }
    return render(request, "detsis/provinces.html", context)


@dataclass(frozen=True, slots=True)
class Group:
    """Units of one institution in the province."""

    institution: Crumb | None
    units: list[Unit]


@require_safe
@cached_page(ttl=600)
def province(request: HttpRequest, plate: int) -> HttpResponse:
    """Governorships, directorates, municipalities and universities of one province."""
    found = Province.objects.filter(pk=plate).first()
    if found is None:
        raise NotFound(_("%(plate)s plaka kodlu bir il yok.") % {"plate": plate})
    units = Unit.objects.visible_to(request.user).filter(province=found, active=True)
    parts = _parts(units)
    governorship = next(iter(parts["governorships"]), None)
    directorates: list[Unit] = []
    if governorship is not None:
        under = Unit.objects.visible_to(request.user).filter(
            civil_authority=governorship, active=True
        )
        directorates = list(under.order_by("name_sort", "detsis_no")[: DIRECTORATES + 1])
    context = {
        "province": found,
        "governorship": governorship,
        **parts,
        "groups": _by_institution(_outermost(directorates[:DIRECTORATES], parts), governorship),
        "more_directorates": len(directorates) > DIRECTORATES,
        "directorates_url": list_url(civil_authority=governorship.pk, active="true")
        if governorship
        else "",
        "figures": _figures(units, found),
        "list_url": list_url(province=found.pk, active="true"),
        "breadcrumbs": [
            (_("Kurumlar"), reverse("detsis:units")),
            (_("İller"), reverse("detsis:provinces")),
            (found.name, None),
        ],
    }
    return render(request, "detsis/province.html", context)


def _parts(units: Any) -> dict[str, list[Unit]]:
    """The offices of general administration, the local ones and the universities. One query."""
    civil = Q(status__in=[StatusCode.GOVERNORSHIP, StatusCode.DISTRICT_GOVERNORSHIP])
    local = Q(
        category__in=[CategoryCode.MUNICIPALITY, CategoryCode.SPECIAL_PROVINCIAL_ADMINISTRATION],
        is_institution=True,
    )
    university = Q(category=CategoryCode.HIGHER_EDUCATION, is_institution=True)
    rows = units.filter(civil | local | university).select_related("district")
    found: dict[str, list[Unit]] = {
        "governorships": [],
        "districts": [],
        "special": [],
        "municipalities": [],
        "universities": [],
    }
    for unit in rows.order_by("name_sort", "detsis_no"):
        found[_part_of(unit)].append(unit)
    return found


def _part_of(unit: Unit) -> str:
    if unit.status_id == StatusCode.GOVERNORSHIP:
        return "governorships"
    if unit.status_id == StatusCode.DISTRICT_GOVERNORSHIP:
        return "districts"
    if unit.category_id == CategoryCode.HIGHER_EDUCATION:
        return "universities"
    return "municipalities" if unit.category_id == CategoryCode.MUNICIPALITY else "special"


def _figures(units: Any, found: Province) -> dict[str, Any]:
    """How many active units of each kind stand in the province. Two queries."""
    kinds = dict(units.order_by().values_list("organisation_type").annotate(Count("pk")))
    by_category = units.order_by().values_list("category_id").annotate(n=Count("pk"))
    names = Category.objects.in_bulk()
    return {
        "total": sum(kinds.values()),
        "kinds": [(kind.label, kinds.get(kind.value, 0)) for kind in OrganisationType],
        "categories": [
            (str(names[code]), number, list_url(province=found.pk, category=code, active="true"))
            for code, number in sorted(by_category, key=lambda row: -row[1])
            if code in names
        ],
    }


def _outermost(units: list[Unit], parts: dict[str, list[Unit]]) -> list[Unit]:
    """Without the offices that have a list of their own, and without what is below another one."""
    listed = {unit.pk for unit in units}
    apart = {unit.pk for unit in parts["districts"]}
    return [unit for unit in units if unit.pk not in apart and unit.parent_id not in listed]


def _by_institution(units: list[Unit], governorship: Unit | None) -> list[Group]:
    """The units by the institution they belong to: first the governorship's own. One query."""
    institutions = institutions_of(unit.pk for unit in units)
    groups: dict[Crumb | None, list[Unit]] = defaultdict(list)
    for unit in units:
        groups[institutions.get(unit.pk)].append(unit)
    own = governorship.pk if governorship else 0

    def order(crumb: Crumb | None) -> tuple[bool, str]:
        return (crumb is None or crumb.detsis_no != own, sort_key(crumb.name) if crumb else "~")

    ordered = sorted(groups, key=order)
    return [Group(crumb, groups[crumb]) for crumb in ordered]


def institutions_of(numbers: Iterable[int]) -> dict[int, Crumb]:
    """Unit → the nearest institution at or above it. One query for any number of units."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTITUTIONS, [list(numbers)])
        return {start: Crumb(number, name) for start, number, name in cursor.fetchall()}


_INSTITUTIONS = """
    WITH RECURSIVE up(start, detsis_no, name, parent_id, is_institution) AS (
        SELECT detsis_no, detsis_no, name, parent_id, is_institution
        FROM detsis_unit WHERE detsis_no = ANY(%s)
        UNION ALL
        SELECT up.start, p.detsis_no, p.name, p.parent_id, p.is_institution
        FROM up JOIN detsis_unit p ON p.detsis_no = up.parent_id
        WHERE NOT up.is_institution
    ) SELECT start, detsis_no, name FROM up WHERE is_institution
"""
