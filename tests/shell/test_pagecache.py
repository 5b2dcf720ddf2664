"""Kept pages are right or not kept."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import path
from redis.exceptions import ConnectionError as Gone

import kaysis.urls
from kaysis.common import pagecache
from kaysis.common.pagecache import bump_data_version, cached_page
from tests.cache import forget

calls: list[str] = []
NOON = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


@cached_page(ttl=60)
def page(request: HttpRequest, kind: str = "plain") -> HttpResponse:
    calls.append(request.get_full_path())
    body = f"{kind} {len(calls)} {request.LANGUAGE_CODE} {bool(request.htmx)}"
    response = HttpResponse(body)
    match kind:
        case "cookie":
            response.set_cookie("a", "b")
        case "token":
            response = HttpResponse(get_token(request))
        case "private":
            response["Cache-Control"] = "private"
        case "missing":
            response.status_code = 404
        case "stream":
            return StreamingHttpResponse([body])
        case "session":
            request.session["seen"] = True
        case "clock":
            for moment in (NOON, NOON + dt.timedelta(minutes=5)):
                pagecache.keep_until(moment)
        case "link":
            response["Link"] = '</x>; rel="canonical"'
    return response


urlpatterns = [
    path("dene/", page),
    path("dene/<str:kind>/", page),
    *kaysis.urls.urlpatterns,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def empty_cache(settings):
    settings.PAGE_CACHE = True
    forget()
    calls.clear()
    yield
    forget()


def test_second_reader_gets_the_kept_page(client: Client) -> None:
    first, second = client.get("/dene/"), client.get("/dene/")
    assert first.content == second.content
    assert len(calls) == 1
    assert second["ETag"] == first["ETag"]
    assert second["Cache-Control"] == "no-cache"
    for header in ("Accept-Language", "Cookie", "HX-Request"):
        assert header in second["Vary"]
    assert second["X-Request-ID"] != first["X-Request-ID"]
    assert "Content-Security-Policy" in second


def test_hits_and_misses_are_counted(client: Client) -> None:
    def counted(result: str) -> float:
        return pagecache._served.labels(result)._value.get()

    before = {result: counted(result) for result in ("hit", "miss", "bypass")}
    client.get("/dene/")
    client.get("/dene/")
    client.post("/dene/")
    assert {result: counted(result) - before[result] for result in before} == {
        "hit": 1,
        "miss": 1,
        "bypass": 1,
    }


def test_kept_page_asks_the_database_nothing(client: Client, django_assert_num_queries) -> None:
    client.get("/dene/")
    with django_assert_num_queries(0):
        client.get("/dene/")


def test_what_the_page_depends_on_keeps_pages_apart(client: Client) -> None:
    variants = [
        client.get("/dene/"),
        client.get("/dene/", {"sayfa": 2}),
        client.get("/dene/", headers={"Accept-Language": "en"}),
        client.get("/dene/", headers={"HX-Request": "true"}),
        client.get("/dene/", headers={"HX-Request": "true", "HX-Boosted": "true"}),
        client.get("/dene/", headers={"Accept": "application/ld+json"}),
        client.get("/dene/", secure=True),
    ]
    client.cookies["tema"] = "dark"
    variants.append(client.get("/dene/"))
    assert len({response.content for response in variants}) == len(variants)


@pytest.mark.parametrize("kind", ["cookie", "token", "private", "missing", "stream", "session"])
def test_never_kept(kind: str) -> None:
    for _ in range(2):
        Client().get(f"/dene/{kind}/")
    assert len(calls) == 2


def test_a_token_is_not_kept_even_for_who_has_the_cookie(client: Client) -> None:
    tokens = {client.get("/dene/token/").content for _ in range(3)}
    assert len(tokens) == 3  # masked anew each time


def test_signed_in_readers_and_messages_pass_by(client: Client, client_of) -> None:
    from tests.factories.accounts import PersonFactory

    client.get("/dene/")
    client_of(PersonFactory()).get("/dene/")
    assert len(calls) == 2
    client.cookies["messages"] = "x"
    client.get("/dene/")
    assert len(calls) == 3
    client.cookies.clear()
    client.get("/dene/", headers={"Authorization": "Bearer x"})
    assert len(calls) == 4


def test_post_passes_by(client: Client) -> None:
    client.get("/dene/")
    client.post("/dene/")
    assert len(calls) == 2


def test_conditional_request_gets_304(client: Client) -> None:
    etag = client.get("/dene/")["ETag"]
    response = client.get("/dene/", headers={"If-None-Match": etag})
    assert response.status_code == 304
    assert response.content == b""
    assert response["ETag"] == etag
    assert client.get("/dene/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_headers_of_the_view_are_kept(client: Client) -> None:
    client.get("/dene/link/")
    assert client.get("/dene/link/")["Link"] == '</x>; rel="canonical"'
    assert len(calls) == 1


def test_a_change_is_seen_at_once_after_its_commit(
    client: Client, django_capture_on_commit_callbacks
) -> None:
    client.get("/dene/")
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        bump_data_version()
        bump_data_version()
        client.get("/dene/")
        assert len(calls) == 1  # not committed: nothing to see yet
    assert len(callbacks) == 1
    client.get("/dene/")
    assert len(calls) == 2


def test_a_change_that_is_rolled_back_changes_nothing(
    client: Client, django_capture_on_commit_callbacks
) -> None:
    client.get("/dene/")
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        bump_data_version()
        transaction.set_rollback(True)
    assert not callbacks
    client.get("/dene/")
    assert len(calls) == 1


def test_a_page_drawn_during_the_change_is_not_served_after_it(rf: RequestFactory) -> None:
    """Read old data, then the change commits, then the page is stored: it must not be served."""

    @cached_page(ttl=60)
    def slow(request: HttpRequest) -> HttpResponse:
        if not calls:
            pagecache._bump()
        calls.append("slow")
        return HttpResponse(str(len(calls)))

    def get() -> bytes:
        request = rf.get("/yavas/")
        return slow(request).content

    assert get() == b"1"
    assert get() == b"2"
    assert get() == b"2"


def test_no_cache_no_harm(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise Gone

    for name in ("get_many", "set", "get", "add"):
        monkeypatch.setattr(cache, name, gone, raising=False)
    assert client.get("/dene/").status_code == 200
    assert client.get("/dene/").status_code == 200
    assert len(calls) == 2
    pagecache._bump()


def test_long_addresses_are_not_kept(client: Client) -> None:
    for _ in range(2):
        client.get("/dene/", {"q": "x" * 600})
    assert len(calls) == 2


def test_a_page_ends_when_something_on_it_changes_by_the_clock(client: Client, time_machine):
    def made_at(moment: dt.datetime) -> int:
        time_machine.move_to(moment, tick=False)
        client.get("/dene/clock/")
        return len(calls)

    assert made_at(NOON - dt.timedelta(seconds=20)) == 1
    assert made_at(NOON - dt.timedelta(seconds=1)) == 1
    assert made_at(NOON) == 2


def test_no_page_outlives_its_day(client: Client, time_machine):
    # 24 November ends in Istanbul three hours before it does in UTC.
    midnight = dt.datetime(2026, 11, 24, 21, 0, tzinfo=dt.UTC)
    for moment, made in (
        (midnight - dt.timedelta(seconds=30), 1),
        (midnight - dt.timedelta(seconds=1), 1),
        (midnight, 2),
    ):
        time_machine.move_to(moment, tick=False)
        client.get("/dene/")
        assert len(calls) == made


def test_outside_of_a_page_there_is_nothing_to_end():
    pagecache.keep_until(NOON)
    assert pagecache._end.get() is None
