"""The base of the API, on views of its own."""

import base64
import datetime as dt
import json
from decimal import Decimal
from typing import ClassVar

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import F
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.response import Response
from rest_framework.test import APIClient

from kaysis.common.api.pagination import PageNumber
from kaysis.common.api.renderers import OrjsonRenderer
from kaysis.common.api.schema import add_problems
from kaysis.common.api.throttling import parse_rate
from kaysis.common.api.views import ApiView, DetailApiView, ListApiView
from kaysis.common.errors import Conflict, NotAllowed, NotFound, RuleViolation
from tests.common.models import Thing


class ThingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Thing
        fields = ["id", "name", "size", "number"]


class Things(ListApiView):
    """Şeyler."""

    serializer_class = ThingSerializer
    queryset = Thing.objects.all()
    keyset_ordering: ClassVar[tuple[str, ...]] = ("size", "-id")


class ByName(Things):
    keyset_ordering = ("shown", "id")
    queryset = Thing.objects.annotate(shown=F("name"))


class Numbered(Things):
    pagination_class = PageNumber
    queryset = Thing.objects.order_by("id")


class One(DetailApiView):
    """Bir şey."""

    serializer_class = ThingSerializer
    queryset = Thing.objects.all()
    computed: ClassVar[list[int]] = []

    def get_version(self, request, *args, **kwargs):
        return Thing.objects.filter(pk=kwargs["pk"]).values_list("size", flat=True).first()

    def retrieve(self, request, *args, **kwargs):
        self.computed.append(1)
        return super().retrieve(request, *args, **kwargs)


class Nested(serializers.Serializer):
    name = serializers.CharField()


class Body(serializers.Serializer):
    name = serializers.CharField()
    items = Nested(many=True)

    def validate(self, attrs):
        raise serializers.ValidationError("Hepsi birlikte olmaz.")


RAISED = {
    "rule": RuleViolation("Olmaz.", "name", code="no_go"),
    "forbidden": NotAllowed(),
    "missing": NotFound("Yok."),
    "conflict": Conflict(),
    "django": DjangoValidationError({"name": ["Kötü."], "__all__": ["Hep kötü."]}),
    "django_plain": DjangoValidationError("Sadece bu."),
    "http404": Http404(),
    "denied": PermissionDenied("Giremezsiniz."),
    "crash": ZeroDivisionError("secret"),
}


class Raising(ApiView):
    """Hata."""

    def get(self, request, what):
        raise RAISED[what]

    def post(self, request, what):
        Body(data=request.data).is_valid(raise_exception=True)


class SignedIn(BaseAuthentication):
    """Whoever names an application is it; whoever names a user is that user."""

    def authenticate(self, request):
        if name := request.headers.get("X-App"):
            return None, type("Token", (), {"application_id": name})()
        if name := request.headers.get("X-User"):
            user = type("User", (), {"is_authenticated": True, "pk": name})()
            return user, None
        return None


class Throttled(ApiView):
    """Sayılan."""

    authentication_classes = [SignedIn]

    def get(self, request):
        return Response({})


class Scoped(Throttled):
    throttle_scope = "special"


urlpatterns = [
    path("api/things/", Things.as_view()),
    path("api/by-name/", ByName.as_view()),
    path("api/numbered/", Numbered.as_view()),
    path("api/things/<int:pk>/", One.as_view()),
    path("api/raise/<str:what>/", Raising.as_view()),
    path("api/throttled/", Throttled.as_view()),
    path("api/scoped/", Scoped.as_view()),
]
handler404 = "kaysis.common.views.errors.not_found"
handler500 = "kaysis.common.views.errors.server_error"

pytestmark = [
    pytest.mark.urls("tests.common.test_api"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("tables"),
]


@pytest.fixture
def api():
    return APIClient(raise_request_exception=False)


@pytest.fixture(autouse=True)
def plain_middleware(settings):
    settings.MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def read_all(api, url, link="next"):
    pages, answer = [], None
    while url:
        answer = api.get(url).json()
        pages.append([row["id"] for row in answer["results"]])
        url = answer[link]
    return pages, answer


class TestKeyset:
    @settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(sizes=st.lists(st.integers(0, 3), max_size=12), limit=st.integers(1, 5))
    def test_pages_forwards_and_backwards_are_the_whole_list(self, api, sizes, limit):
        Thing.objects.all().delete()
        Thing.objects.bulk_create(Thing(size=size) for size in sizes)
        expected = list(Thing.objects.order_by("size", "-id").values_list("id", flat=True))
        pages, last = read_all(api, f"/api/things/?limit={limit}")
        assert [pk for page in pages for pk in page] == expected
        assert all(len(page) == limit for page in pages[:-1])
        back, _first = read_all(api, last["previous"], "previous")
        assert [pk for page in [*reversed(back), pages[-1]] for pk in page] == expected

    def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(self, api):
        Thing.objects.bulk_create(Thing(size=size) for size in (1, 2, 3, 4))
        first = api.get("/api/things/?limit=2").json()
        Thing.objects.create(size=0)
        Thing.objects.filter(size=1).delete()
        second = api.get(first["next"]).json()
        assert [row["size"] for row in first["results"] + second["results"]] == [1, 2, 3, 4]

    def test_links_keep_the_other_parameters(self, api):
        Thing.objects.bulk_create(Thing() for _ in range(3))
        answer = api.get("/api/things/?limit=1&q=x").json()
        assert "q=x" in answer["next"]
        assert "limit=1" in answer["next"]
        assert answer["previous"] is None

    def test_orders_by_an_annotation_in_turkish(self, api):
        for name in ("ç", "c", "d"):
            Thing.objects.create(name=name)
        pages, _last = read_all(api, "/api/by-name/?limit=1")
        assert len(pages) == 3

    def test_limit(self, api, django_assert_num_queries):
        Thing.objects.bulk_create(Thing() for _ in range(1002))
        with django_assert_num_queries(1):
            assert len(api.get("/api/things/").json()["results"]) == 100
        assert len(api.get("/api/things/?limit=5000").json()["results"]) == 1000
        for bad in ("0", "-1", "x", "1.5", "٣"):
            answer = api.get("/api/things/", {"limit": bad})
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["field"] == "limit"

    @pytest.mark.parametrize(
        "values",
        [
            *(None, "x", [], ["n"], ["n", 1], ["x", 1, 1], ["n", "a", 1], ["n", None, 1]),
            *(["n", [1], 1], ["n", 10**30, 1], ["n", "\0", 1]),
        ],
    )
    @pytest.mark.parametrize("address", ["/api/things/", "/api/by-name/"])
    def test_a_forged_cursor_is_refused_or_harmless(self, api, values, address):
        cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
        answer = api.get(address, {"cursor": cursor})
        assert answer.status_code in ((400,) if address == "/api/things/" else (200, 400))
        if answer.status_code == 400:
            assert answer.json()["errors"][0]["field"] == "cursor"

    def test_garbage_cursor(self, api):
        for cursor in ("%", "ş", "a", "AAAA====", "=" * 9):
            assert api.get("/api/things/", {"cursor": cursor}).status_code == 400


class TestPageNumber:
    def test_counts(self, api):
        Thing.objects.bulk_create(Thing() for _ in range(5))
        answer = api.get("/api/numbered/?limit=2&page=2").json()
        assert answer["count"] == 5
        assert len(answer["results"]) == 2
        assert "page=3" in answer["next"]
        assert answer["previous"]
        assert api.get("/api/numbered/?page=9").status_code == 404


class TestProblems:
    def problem(self, answer):
        assert answer["Content-Type"] == "application/problem+json"
        body = answer.json()
        assert set(body) == {"type", "title", "status", "detail", "instance", "errors"}
        assert body["status"] == answer.status_code
        assert body["title"]
        return body

    @pytest.mark.parametrize(
        ("what", "status", "detail"),
        [
            ("rule", 422, "Olmaz."),
            ("forbidden", 403, "Bu işlem için yetkiniz yok."),
            ("missing", 404, "Yok."),
            ("conflict", 409, "Kayıt bu sırada değişti. Sayfayı yenileyip yeniden deneyin."),
            ("django", 400, "Hep kötü."),
            ("django_plain", 400, "Sadece bu."),
            ("http404", 404, ""),
            ("denied", 403, "Giremezsiniz."),
            ("crash", 500, ""),
        ],
    )
    def test_every_error_has_one_form(self, api, what, status, detail):
        body = self.problem(api.get(f"/api/raise/{what}/", headers={"Accept-Language": "tr"}))
        assert (body["status"], body["detail"]) == (status, detail)
        assert body["instance"] == f"/api/raise/{what}/"
        assert "secret" not in str(body)

    def test_rule_violations_name_code_and_field(self, api):
        body = self.problem(api.get("/api/raise/rule/"))
        assert body["type"] == "urn:kaysis:problem:no_go"
        assert body["errors"] == [{"field": "name", "message": "Olmaz."}]

    def test_fields_of_django_and_of_serializers(self, api):
        body = self.problem(api.get("/api/raise/django/"))
        assert {"field": "name", "message": "Kötü."} in body["errors"]
        assert {"field": "", "message": "Hep kötü."} in body["errors"]
        data = {"items": [{"name": "a"}, {}]}
        body = self.problem(api.post("/api/raise/x/", data, format="json"))
        assert [each["field"] for each in body["errors"]] == ["name", "items.1.name"]
        data = {"name": "a", "items": []}
        body = self.problem(api.post("/api/raise/x/", data, format="json"))
        assert body["errors"] == [{"field": "", "message": "Hepsi birlikte olmaz."}]

    def test_what_never_reaches_a_view(self, api):
        assert self.problem(api.get("/api/nothing/"))["status"] == 404
        answer = api.delete("/api/raise/x/")
        assert self.problem(answer)["status"] == 405
        assert "GET" in answer["Allow"]
        answer = api.post("/api/raise/x/", "{", content_type="application/json")
        assert self.problem(answer)["status"] == 400
        answer = api.post("/api/raise/x/", "x", content_type="text/plain")
        assert self.problem(answer)["status"] == 415
        assert self.problem(api.get("/api/throttled/?format=xml"))["status"] == 404


class TestThrottle:
    @pytest.fixture(autouse=True)
    def rates(self, settings):
        settings.API_THROTTLES = {"anonymous": "2/h", "client": "4/h", "special": "1/h"}

    def statuses(self, api, url="/api/throttled/", count=6, **headers):
        return [api.get(url, headers=headers).status_code for _ in range(count)]

    def test_counts_each_client_for_itself(self, api):
        assert self.statuses(api) == [200] * 2 + [429] * 4
        assert self.statuses(api, **{"X-User": "7"}) == [200] * 4 + [429] * 2
        assert self.statuses(api, **{"X-App": "7"}) == [200] * 4 + [429] * 2
        assert self.statuses(api, **{"X-User": "8"}, count=1) == [200]

    def test_a_scope_is_counted_apart(self, api):
        assert self.statuses(api, "/api/scoped/", 2) == [200, 429]
        assert self.statuses(api, count=1) == [200]

    def test_says_when_to_come_back(self, api):
        self.statuses(api, count=2)
        answer = api.get("/api/throttled/")
        assert answer["Content-Type"] == "application/problem+json"
        assert 0 < int(answer["Retry-After"]) <= 3600
        assert answer.json()["status"] == 429

    def test_a_forged_forwarding_header_changes_nothing(self, api):
        seen = [
            api.get("/api/throttled/", headers={"X-Forwarded-For": f"9.9.9.{n}"}).status_code
            for n in range(3)
        ]
        assert seen == [200, 200, 429]

    def test_rates(self, settings, api):
        assert parse_rate("600/m") == (600, 60)
        assert parse_rate("5/10s") == (5, 10)
        with pytest.raises(ValueError, match="600/m"):
            parse_rate("5/minute")
        settings.API_THROTTLES = {}
        assert self.statuses(api) == [200] * 6


class TestETag:
    def test_304_without_computing(self, api):
        thing = Thing.objects.create(size=1)
        first = api.get(f"/api/things/{thing.pk}/")
        assert first["ETag"].startswith('W/"')
        One.computed.clear()
        again = api.get(f"/api/things/{thing.pk}/", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, One.computed) == (304, b"", [])
        assert again["ETag"] == first["ETag"]

    def test_a_change_another_query_and_another_language_are_other_versions(self, api):
        thing = Thing.objects.create(size=1)
        url = f"/api/things/{thing.pk}/"
        seen = {api.get(url)["ETag"], api.get(url + "?a=1")["ETag"]}
        seen.add(api.get(url, headers={"Accept-Language": "en"})["ETag"])
        Thing.objects.update(size=2)
        answer = api.get(url, headers={"If-None-Match": ", ".join(seen)})
        assert answer.status_code == 200
        assert len({*seen, answer["ETag"]}) == 4

    def test_without_a_version_there_is_none(self, api):
        answer = api.get("/api/things/999999/")
        assert answer.status_code == 404
        assert "ETag" not in answer
        assert "ETag" not in api.get("/api/things/")


def test_renderer():
    data = {
        "d": dt.date(2026, 11, 24),
        "n": Decimal("1.50"),
        "t": gettext_lazy("Türkçe"),
        1: {"set": {1}},
    }
    assert json.loads(OrjsonRenderer().render(data)) == {
        "d": "2026-11-24",
        "n": "1.50",
        "t": "Türkçe",
        "1": {"set": [1]},
    }
    assert OrjsonRenderer().render(None) == b""


def test_the_schema_describes_problems_and_pages():
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator(urlconf="tests.common.test_api").get_schema(request=None, public=True)
    schema = add_problems(schema)
    things = schema["paths"]["/api/things/"]["get"]
    assert {each["name"] for each in things["parameters"]} == {"cursor", "limit"}
    assert things["responses"]["default"]["content"]["application/problem+json"]["schema"] == {
        "$ref": "#/components/schemas/Problem"
    }
    assert "errors" in schema["components"]["schemas"]["Problem"]["required"]
    page = schema["components"]["schemas"]["PaginatedThingList"]
    assert set(page["properties"]) == {"results", "next", "previous"}
