"""`/api/v1/units/`: the list, one unit, its ancestors, everything below it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Max
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from detsis.api.representation import (
    LineSerializer,
    UnitReferenceSerializer,
    UnitSerializer,
    unit_list,
)
from detsis.filters import UnitAsOfFilter, UnitFilter
from detsis.models import Unit, UnitChange, UnitVersion
from detsis.selectors import path, successors_of
from detsis.views.days import day_or_none
from kaysis.common.api.views import ApiView, ListApiView
from kaysis.common.copy_out import stream_json_array
from kaysis.common.errors import KaysisError
from kaysis.common.functions import Fold, SortKey

AS_OF = OpenApiParameter(
    "as_of", dt.date, description=_("Kayıtların hangi günkü hâli: YYYY-MM-DD. Verilmezse bugün.")
)


def asked_day(request: Request) -> dt.date | None:
    """`?as_of=`; None for today. Raises ValidationError."""
    try:
        day = day_or_none(request.query_params, "as_of")
    except KaysisError as error:
        raise ValidationError({"as_of": [str(error)]}) from error
    return None if day == timezone.localdate() else day


class RegisterVersion:
    """Answers change when a change is recorded, and when a day begins."""

    def get_version(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        last = UnitChange.objects.aggregate(last=Max("id"))["last"]
        return [last, timezone.localdate().isoformat()]


class UnitListView(RegisterVersion, ListApiView):
    """Units, by number or (`ordering=name`) by name; the filters are those of the public list."""

    filterset_class = UnitFilter
    serializer_class = UnitSerializer
    queryset = Unit.objects.none()

    def get_queryset(self) -> Any:
        day = asked_day(self.request)
        if day is None:
            return Unit.objects.visible_to(self.request.user).founded()
        return units_on(day).select_related("unit")

    def filter_queryset(self, queryset: Any) -> Any:
        kind = UnitFilter if asked_day(self.request) is None else UnitAsOfFilter
        found = kind(self.request.query_params, queryset, request=self.request)
        if not found.is_valid():
            raise ValidationError(found.errors)
        return found.qs

    def get_keyset_ordering(self) -> tuple[str, ...]:
        key = "detsis_no" if asked_day(self.request) is None else "unit_id"
        if self.request.query_params.get("ordering") == "name":
            return ("name_sort", key)
        return (key,)

    @extend_schema(
        operation_id="units_list",
        summary=_("Birimler"),
        parameters=[
            AS_OF,
            OpenApiParameter(
                "ordering", str, enum=["detsis_no", "name"], description=_("Sıralama.")
            ),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(unit_list(list(rows or ()), asked_day(request)))


def units_on(day: dt.date) -> Any:
    """The versions of a day under the names the filters know."""
    return UnitVersion.objects.at(day).annotate(
        name_folded=Fold(F("name")),
        name_sort=SortKey(F("name")),
        valid_from=F("unit__valid_from"),
        valid_to=F("unit__valid_to"),
    )


def find(request: Request, detsis_no: int) -> tuple[Any, dt.date | None]:
    """The unit on the day asked for. Http404 when there is none."""
    day = asked_day(request)
    units = Unit.objects.visible_to(request.user).filter(pk=detsis_no)
    row: Any
    if day is None:
        row = units.first()
    else:
        versions = UnitVersion.objects.at(day).filter(unit__in=units)
        row = versions.select_related("unit").first()
    if row is None:
        raise Http404
    return row, day


class UnitView(RegisterVersion, ApiView):
    """One unit. A closed one is still there, and names who carries on its work."""

    @extend_schema(
        operation_id="unit", summary=_("Birim"), parameters=[AS_OF], responses=UnitSerializer
    )
    def get(self, request: Request, detsis_no: int) -> Response:
        row, day = find(request, detsis_no)
        answer = unit_list([row], day)[0]
        answer["successors"] = [] if row.active else successors_of(detsis_no, day)
        return Response(answer)


class AncestorsView(RegisterVersion, ApiView):
    """The units above, root first."""

    @extend_schema(
        operation_id="unit_ancestors",
        summary=_("Üst birimler"),
        parameters=[AS_OF],
        responses=UnitReferenceSerializer(many=True),
    )
    def get(self, request: Request, detsis_no: int) -> Response:
        _row, day = find(request, detsis_no)
        trail = path(detsis_no, day)[:-1]
        return Response([{"detsis_no": crumb.detsis_no, "name": crumb.name} for crumb in trail])


class DescendantsView(ApiView):
    """Every unit below, parents before children, as one streamed list however long it is."""

    @extend_schema(
        operation_id="unit_descendants",
        summary=_("Alt birimler"),
        parameters=[
            AS_OF,
            OpenApiParameter(
                "active",
                bool,
                description=_("Yalnız faal olanlar (true) ya da olmayanlar (false)."),
            ),
        ],
        responses=LineSerializer(many=True),
    )
    def get(self, request: Request, detsis_no: int) -> StreamingHttpResponse:
        row, day = find(request, detsis_no)
        wanted = request.query_params.get("active", "")
        if wanted not in ("", "true", "false"):
            raise ValidationError({"active": ["true / false"]})
        active = {"true": [True], "false": [False]}.get(wanted, [True, False])
        if day is None:
            sql = _BELOW_NOW
            params: list[Any] = [row.lft, row.rght, timezone.localdate(), active]
        else:
            sql = _BELOW_ON
            params = [detsis_no, day, day, active]
        return StreamingHttpResponse(
            stream_json_array(sql, params), content_type="application/json; charset=utf-8"
        )


_LINE = """json_build_object(
    'detsis_no', {no}, 'name', name, 'parent_detsis_no', parent_id,
    'organisation_type', organisation_type, 'is_institution', is_institution,
    'civil_authority', civil_authority_id, 'active', active)"""
_BELOW_NOW = f"""
    SELECT {_LINE.format(no="detsis_no")} FROM detsis_unit
    WHERE tree_id = 1 AND lft > %s AND lft < %s AND valid_from <= %s AND active = ANY(%s)
    ORDER BY lft
"""
_BELOW_ON = f"""
    WITH RECURSIVE below(id, unit_id, height) AS (
        SELECT id, unit_id, 1 FROM detsis_unitversion
        WHERE parent_id = %s AND validity @> %s::date
        UNION ALL
        SELECT v.id, v.unit_id, b.height + 1 FROM below b
        JOIN detsis_unitversion v ON v.parent_id = b.unit_id AND v.validity @> %s::date
        WHERE b.height < 50
    )
    SELECT {_LINE.format(no="v.unit_id")} FROM below b JOIN detsis_unitversion v USING (id)
    WHERE active = ANY(%s) ORDER BY b.height, v.unit_id
"""
