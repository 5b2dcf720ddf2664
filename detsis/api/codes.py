"""`/api/v1/codes/<table>/`: the code tables."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from detsis.rules import CODE_TABLES
from kaysis.common.api.views import ApiView
from kaysis.common.turkish import sort_key


class CodeRowSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    active = serializers.BooleanField()
    province = serializers.CharField(required=False, help_text=_("İlçelerde ilin kodu."))


class CodesView(ApiView):
    """All rows of one code table, in the order of their names; retired codes are marked."""

    @extend_schema(
        operation_id="codes",
        summary=_("Kod tablosu"),
        parameters=[
            OpenApiParameter("table", str, OpenApiParameter.PATH, enum=sorted(CODE_TABLES))
        ],
        responses=CodeRowSerializer(many=True),
    )
    def get(self, request: Request, table: str) -> Response:
        model = CODE_TABLES.get(table)
        if model is None:
            raise Http404
        rows: list[Any] = list(model._default_manager.all())
        return Response(
            [
                {
                    "code": str(row.code),
                    "name": row.name,
                    "name_en": row.name_en,
                    "active": row.active,
                    **({"province": str(row.province_id)} if table == "district" else {}),
                }
                for row in sorted(rows, key=lambda row: sort_key(row.name))
            ]
        )
