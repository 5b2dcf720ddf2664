"""The list of instruments, one of them, and its relations."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from kaysis.common.api.views import ApiView, ListApiView
from kms.api.representation import (
    InstrumentSerializer,
    RelationSerializer,
    instrument_json,
    relation_json,
    version_json,
)
from kms.filters import InstrumentFilter, RelationFilter
from kms.models import Instrument, Relation
from kms.selectors.reading import texts_of
from kms.selectors.relations import relations_of


class LegislationVersion:
    """Answers change when legislation changes, and when a day begins."""

    def get_version(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        last = Instrument.objects.aggregate(Max("updated_at"), Max("pk"))
        relations = Relation.objects.aggregate(Max("pk"))
        return [*map(str, last.values()), *relations.values(), timezone.localdate().isoformat()]


class InstrumentListView(LegislationVersion, ListApiView):
    """Instruments by key, or (`ordering=title`) by name; the filters are those of the list."""

    filterset_class = InstrumentFilter
    serializer_class = InstrumentSerializer
    queryset = Instrument.objects.none()

    def get_queryset(self) -> Any:
        return Instrument.objects.visible_to(self.request.user).select_related("issuer")

    def filter_queryset(self, queryset: Any) -> Any:
        found = InstrumentFilter(self.request.query_params, queryset, request=self.request)
        if not found.is_valid():
            raise ValidationError(found.errors)
        return found.qs

    def get_keyset_ordering(self) -> tuple[str, ...]:
        if self.request.query_params.get("ordering") == "title":
            return ("title_sort", "id")
        return ("id",)

    @extend_schema(
        operation_id="instruments_list",
        summary=_("Mevzuat"),
        parameters=[
            OpenApiParameter("ordering", str, enum=["id", "title"], description=_("Sıralama."))
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([instrument_json(row) for row in rows or ()])


def find(request: Request, pk: int) -> Instrument:
    """The instrument, with its issuer. Http404 for what may not be seen."""
    rows = Instrument.objects.visible_to(request.user).select_related("issuer")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class InstrumentView(LegislationVersion, ApiView):
    """One instrument with the list of its texts."""

    @extend_schema(
        operation_id="instrument", summary=_("Mevzuat kaydı"), responses=InstrumentSerializer
    )
    def get(self, request: Request, pk: int) -> Response:
        row = find(request, pk)
        texts = texts_of(row)
        versions = [version_json(each) for each in (*texts.versions, *texts.companions)]
        return Response({**instrument_json(row), "versions": versions})


class RelationListView(LegislationVersion, ListApiView):
    """Relations of one instrument, both ways."""

    filterset_class = RelationFilter
    serializer_class = RelationSerializer
    queryset = Relation.objects.none()
    keyset_ordering = ("pk",)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Relation.objects.none()
        self.instrument = find(self.request, self.kwargs["pk"])
        return relations_of(self.instrument, self.request.user)

    def filter_queryset(self, queryset: Any) -> Any:
        found = RelationFilter(
            self.request.query_params,
            queryset,
            request=self.request,
            instrument=self.instrument.pk,
        )
        if not found.is_valid():
            raise ValidationError(found.errors)
        return found.qs

    @extend_schema(operation_id="instrument_relations", summary=_("Mevzuat ilişkileri"))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        answer = [relation_json(row, self.instrument.pk) for row in rows or ()]
        return self.get_paginated_response(answer)
