"""`/api/v1/signing-authority/`: may this manager sign for this unit at this moment?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from iyem.api import representation
from iyem.authority import Question, ask
from kaysis.common.api.renderers import OrjsonRenderer
from kaysis.common.api.views import ApiView

MOST = 1000
_PLAIN = frozenset({"*/*", OrjsonRenderer.media_type})
_EIGHT = range(10_000_000, 100_000_000)


class SigningQuestionsSerializer(serializers.Serializer):
    questions = serializers.ListField(
        child=representation.SigningQuestionSerializer(), min_length=1, max_length=MOST
    )


class SigningAnswersSerializer(serializers.Serializer):
    results = representation.SigningAuthoritySerializer(many=True)


class SigningAuthorityView(ApiView):
    """Ask by GET for one, by POST for up to a thousand."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """As everywhere; but what nearly all ask for is JSON, and needs no comparing of types."""
        accepted = request.META.get("HTTP_ACCEPT", "*/*")
        if accepted in _PLAIN and "format" not in request.query_params:
            return OrjsonRenderer(), OrjsonRenderer.media_type
        return super().perform_content_negotiation(request, force)

    @extend_schema(
        operation_id="signing_authority",
        summary=gettext_lazy("İmza yetkisi sorgusu"),
        parameters=[
            OpenApiParameter("unit", int, required=True, description=gettext_lazy("Birim no.")),
            OpenApiParameter(
                "manager_code", int, required=True, description=gettext_lazy("T.C. Yönetici Kodu.")
            ),
            OpenApiParameter("at", dt.datetime, description=gettext_lazy("An; yoksa şimdi.")),
            OpenApiParameter(
                "known_at",
                dt.datetime,
                description=gettext_lazy("Kütüğün o an bildiğine göre; yoksa şimdi."),
            ),
        ],
        responses=representation.SigningAuthoritySerializer,
    )
    def get(self, request: Request) -> HttpResponse:
        found = ask([_question(request.query_params)])[0]
        return _json(representation.answer(found))

    @extend_schema(
        operation_id="signing_authority_bulk",
        summary=gettext_lazy("Toplu imza yetkisi sorgusu"),
        request=SigningQuestionsSerializer,
        responses=SigningAnswersSerializer,
    )
    def post(self, request: Request) -> HttpResponse:
        asked = SigningQuestionsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        now = timezone.now()
        questions = [
            Question(each["unit"], each["manager_code"], each.get("at", now), each.get("known_at"))
            for each in asked.validated_data["questions"]
        ]
        return _json({"results": [representation.answer(found) for found in ask(questions)]})


def _json(data: dict[str, Any]) -> HttpResponse:
    """What REST framework would answer, without its detour over template responses. JSON is all
    that is served (`OrjsonRenderer`); other wishes were refused before."""
    return HttpResponse(orjson.dumps(data), content_type=OrjsonRenderer.media_type)


def _question(query: Any) -> Question:
    """By hand and not by a serializer: this is asked thousands of times a minute."""
    errors: dict[str, list[str]] = {}
    unit = _number(query, "unit", errors)
    code = _number(query, "manager_code", errors)
    at = asked_moment(query, "at", errors)
    known_at = asked_moment(query, "known_at", errors)
    if errors:
        raise ValidationError(errors)
    return Question(unit, code, at or timezone.now(), known_at)


def _number(query: Any, name: str, errors: dict[str, list[str]]) -> int:
    text = query.get(name, "")
    if text.isascii() and text.isdigit() and len(text) == 8 and int(text) in _EIGHT:
        return int(text)
    errors[name] = [_("Sekiz rakamlı bir numara girin.")]
    return 0


def asked_moment(query: Any, name: str, errors: dict[str, list[str]]) -> dt.datetime | None:
    """A moment in ISO 8601; one without a zone is Istanbul's."""
    text = query.get(name)
    if not text:
        return None
    try:
        moment = parse_datetime(text)
        if moment is not None and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        if moment is not None:
            moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        errors[name] = [_("Anı 2026-11-24T14:05+03:00 biçiminde yazın.")]
    return moment
