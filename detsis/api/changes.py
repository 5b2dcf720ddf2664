"""`/api/v1/changes/?since=`: every change in the order in which it became visible.

A client that keeps its last cursor and applies the entries by the rule of `detsis.timeline` has
the whole register, exactly, for every day (docs/api.md; `tests/detsis/api/test_replay.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from detsis.models import ChangeKind
from kaysis.common.api.pagination import read_limit
from kaysis.common.api.views import ApiView
from kaysis.common.copy_out import RAW_JSON, stream_copy


class ChangeSerializer(serializers.Serializer):
    """From `effective_on` on, `assignments` hold. An entry with `voids` takes that entry back."""

    cursor = serializers.IntegerField()
    detsis_no = serializers.IntegerField()
    kind = serializers.ChoiceField(ChangeKind.choices)
    effective_on = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    assignments = serializers.DictField()
    successors = serializers.ListField(child=serializers.IntegerField())
    reason = serializers.CharField(allow_blank=True)
    legal_reference = serializers.CharField(allow_blank=True)
    voids = serializers.IntegerField(allow_null=True)
    replaces = serializers.IntegerField(allow_null=True)


class ChangePageSerializer(serializers.Serializer):
    """`cursor`: what to give as `since` next time; `next`: null when there is nothing more yet."""

    results = ChangeSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    cursor = serializers.IntegerField()


class ChangesView(ApiView):
    """The change feed of the units."""

    @extend_schema(
        operation_id="changes",
        summary=_("Değişiklik akışı"),
        parameters=[
            OpenApiParameter("since", int, description=_("Bilinen son imleç; baştan 0.")),
            OpenApiParameter(
                "limit", int, description=_("Bir yanıttaki kayıt sayısı, en çok 1000.")
            ),
            OpenApiParameter(
                "stream",
                bool,
                description=_("true: kalan bütün kayıtlar, her satırda bir tane (NDJSON)."),
            ),
        ],
        responses=ChangePageSerializer,
    )
    def get(self, request: Request) -> HttpResponse | StreamingHttpResponse:
        since = self._since(request)
        if request.query_params.get("stream") == "true":
            return StreamingHttpResponse(entries_after(since), content_type="application/x-ndjson")
        limit = read_limit(request)
        with connection.cursor() as cursor:
            cursor.execute(f"{_ENTRIES} LIMIT %s", [since, limit + 1])
            rows = [(number, text) for number, text in cursor.fetchall()]
        more = len(rows) > limit
        rows = rows[:limit]
        last = rows[-1][0] if rows else since
        url = replace_query_param(request.build_absolute_uri(), "since", str(last))
        # The entries are JSON already; only the frame around them is made here.
        body = b'{"results":[%b],"next":%b,"previous":null,"cursor":%d}' % (
            ",".join(text for _, text in rows).encode(),
            orjson.dumps(url if more else None),
            last,
        )
        return HttpResponse(body, content_type="application/json")

    @staticmethod
    def _since(request: Request) -> int:
        text = request.query_params.get("since") or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise ValidationError({"since": [_("Bir yanıtta `cursor` olarak gelen sayıyı verin.")]})
        return int(text)


def entries_after(since: int) -> Iterator[bytes]:
    """All entries after the cursor, one JSON object a line; memory stays flat."""
    return stream_copy(f"SELECT entry FROM ({_ENTRIES}) AS e", [since], options=RAW_JSON)


# A row as JSON takes less time than an object that is put together from names and values.
_ENTRIES = """
    SELECT e.cursor, row_to_json(e)::text AS entry FROM (
        SELECT c.id AS cursor, c.unit_id AS detsis_no, c.kind, c.effective_on, c.recorded_at,
            c.assignments,
            CASE WHEN c.kind IN ('merged', 'split', 'devolved')
                THEN (SELECT coalesce(json_agg(s.successor_id ORDER BY s.successor_id), '[]')
                      FROM detsis_succession s WHERE s.change_id = c.id)
                ELSE '[]' END AS successors,
            c.reason, c.legal_reference, c.voids_id AS voids, c.replaces_id AS replaces
        FROM detsis_unitchange c WHERE c.id > %s ORDER BY c.id) e
"""
