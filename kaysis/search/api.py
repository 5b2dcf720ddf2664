"""`/api/v1/search/`: the same search for programs."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from kaysis.common.api.views import ApiView
from kaysis.search import finder
from kaysis.search.engine import CANDIDATES, Found
from kaysis.search.query import LONGEST


class CrumbSerializer(serializers.Serializer):
    """What an object hangs below, from the top."""

    name = serializers.CharField()
    url = serializers.CharField(allow_null=True)


class HitSerializer(serializers.Serializer):
    """An object that was found."""

    kind = serializers.CharField()
    id = serializers.IntegerField()
    number = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    subtitle = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    former_names = serializers.ListField(child=serializers.CharField())
    active = serializers.BooleanField()
    url = serializers.CharField()
    path = CrumbSerializer(many=True)


class AnswerSerializer(serializers.Serializer):
    """A page of results."""

    results = HitSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(
        help_text=gettext_lazy("Sıralanan sonuçların sayısı; `more` doğruysa daha fazlası vardır.")
    )
    more = serializers.BooleanField()
    instead = serializers.CharField(
        allow_blank=True,
        help_text=gettext_lazy("Yazılanla sonuç yoksa onun yerine aranan düzeltilmiş sorgu."),
    )
    approximate = serializers.BooleanField(
        help_text=gettext_lazy("Bütün sözcükleri içeren kayıt yok; biri eksik olanlar verildi.")
    )


_PARAMETERS = [
    OpenApiParameter(
        "q", str, required=True, description=gettext_lazy("Aranan sözcükler ya da numara.")
    ),
    OpenApiParameter(
        "kind", str, description=gettext_lazy("Yalnız bu türden sonuçlar, örneğin `unit`.")
    ),
    OpenApiParameter("page", int, description=gettext_lazy("Sayfa numarası, 1'den başlar.")),
]


class SearchApi(ApiView):
    """Kurum, hizmet, belge ve mevzuatta birlikte arama."""

    @extend_schema(operation_id="search", parameters=_PARAMETERS, responses=AnswerSerializer)
    def get(self, request: Request) -> Response:
        given = request.query_params
        text, kind = given.get("q", ""), given.get("kind", "")
        if not text.strip():
            raise ValidationError({"q": [_("Bir şey yazın.")]})
        if kind and kind not in finder.visible_kinds(request.user):
            raise ValidationError({"kind": [_("Böyle bir tür yok.")]})
        page = _page(given.get("page", "1"))
        target = None if kind else finder.jump(text[:LONGEST], user=request.user)
        if target:
            found = Found([target], 1)
            return Response(_answer(request, finder.Result(finder.parse(text), found), 1))
        result = finder.search(text, user=request.user, kind=kind, page=page)
        return Response(_answer(request, result, page))


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= CANDIDATES):
        raise ValidationError({"page": [_("Böyle bir sayfa yok.")]})
    return int(text)


def _answer(request: Request, result: finder.Result, page: int) -> dict[str, Any]:
    paths = finder.paths_of(result.found.hits)
    here = request.build_absolute_uri()
    last = -(-result.found.total // finder.PAGE)
    return {
        "results": [
            {
                "kind": hit.kind,
                "id": hit.object_id,
                "number": hit.number,
                "title": hit.title,
                "subtitle": hit.subtitle,
                "place": hit.place,
                "former_names": hit.former,
                "active": hit.active,
                "url": hit.url,
                "path": [
                    {"name": name, "url": url}
                    for name, url in paths.get((hit.kind, hit.object_id), ())
                ],
            }
            for hit in result.found.hits
        ],
        "next": replace_query_param(here, "page", page + 1) if page < last else None,
        "previous": replace_query_param(here, "page", page - 1) if page > 1 else None,
        "count": result.found.total,
        "more": result.found.more,
        "instead": result.instead,
        "approximate": result.partial,
    }
