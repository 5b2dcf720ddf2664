"""Request numbers, headers, timing, maintenance, health, metrics."""

import io
import json
import logging
import logging.config
import re

import pytest
import structlog
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from kaysis.common import health, heartbeat, logs, maintenance
from kaysis.common.middleware import timing
from kaysis.common.middleware.request_id import RequestId

PUBLIC = "/hakkinda/"


# --- request ids ------------------------------------------------------------------------------
def test_request_id_is_made_and_returned(client: Client, db: None) -> None:
    first, second = client.get(PUBLIC), client.get(PUBLIC)
    assert re.fullmatch(r"[0-9a-f]{32}", first["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_proxys_request_id_is_taken(client: Client, db: None) -> None:
    response = client.get(PUBLIC, headers={"X-Request-ID": "proxy-12345678"})
    assert response["X-Request-ID"] == "proxy-12345678"


@pytest.mark.parametrize("forged", ["short", "a b c d e f g h", "x" * 65, 'x"} {"level":"y'])
def test_forged_request_id_is_replaced(client: Client, db: None, forged: str) -> None:
    assert client.get(PUBLIC, headers={"X-Request-ID": forged})["X-Request-ID"] != forged


# --- logs -------------------------------------------------------------------------------------
@pytest.fixture
def json_log():
    """What production would write."""
    stream = io.StringIO()
    config = logs.configure(json=True)
    handler = logging.StreamHandler(stream)
    formatter = dict(config["formatters"]["structured"])
    handler.setFormatter(formatter.pop("()")(**formatter))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_request_line_has_no_query_and_no_person(client: Client, db: None, json_log) -> None:
    client.get(
        PUBLIC,
        {"q": "Ayşe Yılmaz 10000000146"},
        headers={"User-Agent": "Secret Browser", "X-Request-ID": "request-0001"},
    )
    (line,) = [entry for entry in json_log() if entry["event"] == "request"]
    assert line["path"] == PUBLIC
    assert line["view"] == "common:about"
    assert line["status"] == 200
    assert line["request_id"] == "request-0001"
    text = json.dumps(line, ensure_ascii=False)
    assert "10000000146" not in text
    assert "Secret" not in text
    assert "127.0.0.1" not in text


def test_foreign_libraries_lines_are_scrubbed_too(json_log) -> None:
    log = logging.getLogger("some.library")
    try:
        raise ValueError("kimlik 10000000146, ayse@kurum.gov.tr")
    except ValueError:
        log.exception("GET /ara/?q=Ayşe failed for %s", {"tc": 10000000146})
    (line,) = json_log()
    text = json.dumps(line, ensure_ascii=False)
    assert "ValueError" in text
    for secret in ("10000000146", "ayse@", "Ayşe"):
        assert secret not in text


def test_lines_outside_a_request_carry_no_number(json_log, rf: RequestFactory) -> None:
    RequestId(lambda request: HttpResponse())(rf.get("/"))
    structlog.get_logger("kaysis.job").info("job", count=3)
    line = json_log()[-1]
    assert line["event"] == "job"
    assert line["count"] == 3
    assert "request_id" not in line


# No letters that a uuid could be made of.
AROUND = st.text(alphabet="klm ,;:/\"'()ığİ", max_size=20)


@given(AROUND, st.integers(10**10, 10**11 - 1), AROUND)
def test_no_eleven_digit_number_passes(before: str, number: int, after: str) -> None:
    assert str(number) not in logs.scrub_text(f"{before}{number}{after}")


@pytest.mark.parametrize(
    "public",
    [
        "24316060",
        "E-67915368-903.07.02-4752",
        "2026-11-24T14:05:00.123456Z",
        "1732450000.123",
        "f4a10000000146bd9e7c21a3b5d6e7f8",
        "0f8fad5b-d9cb-469f-a165-c10000000146",
        "05321234567abcdef0123456789abcde",
    ],
)
def test_what_is_no_personal_data_stays(public: str) -> None:
    assert logs.scrub_text(f"birim {public} açıldı") == f"birim {public} açıldı"


@pytest.mark.parametrize(
    "secret",
    [
        "f4a-10000000146",
        "10000000146bd9e7c",
        "ayse.yilmaz@icisleri.gov.tr",
        "0532 123 45 67",
        "+905321234567",
        "/ara/?q=Ayşe+Yılmaz",
    ],
)
def test_other_personal_data_is_cut(secret: str) -> None:
    assert secret not in logs.scrub_text(f"x {secret} y")


# --- headers ----------------------------------------------------------------------------------
def test_security_headers(client: Client, db: None) -> None:
    response = client.get(PUBLIC)
    policy = response["Content-Security-Policy"]
    for directive in ("script-src 'self'", "style-src 'self'", "object-src 'none'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert "Server-Timing" not in response


def test_signed_in_pages_are_not_stored(client_of, db: None) -> None:
    from tests.factories.accounts import PersonFactory

    response = client_of(PersonFactory()).get(PUBLIC)
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_server_timing_counts_queries_and_templates(rf: RequestFactory, db: None) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        health.database()
        template = timing.TimedTemplates(
            {
                "NAME": "timed",
                "DIRS": [],
                "APP_DIRS": False,
                "OPTIONS": {},
            }
        ).from_string("x")
        return HttpResponse(template.render({}))

    header = timing.ServerTiming(view)(rf.get("/"))["Server-Timing"]
    assert re.fullmatch(
        r'total;dur=[\d.]+, db;dur=[\d.]+;desc="1 queries", template;dur=[\d.]+', header
    )


# --- maintenance ------------------------------------------------------------------------------
@pytest.fixture
def closed():
    maintenance.switch_on(retry_after=120, message="Sürüm yükseltiliyor.")
    yield
    maintenance.switch_off()


def test_maintenance_closes_pages_and_api(client: Client, closed: None) -> None:
    # No `db` fixture: the page must not need the database.
    response = client.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == "120"
    assert "Sürüm yükseltiliyor." in response.content.decode()
    problem = client.get("/api/v1/units/")
    assert problem.status_code == 503
    assert problem["Content-Type"] == "application/problem+json"


def test_health_answers_during_maintenance(client: Client, closed: None) -> None:
    assert client.get("/saglik/canli/").status_code == 200
    assert client.get("/metrics").status_code == 200


def test_maintenance_command(db: None, client: Client) -> None:
    out = io.StringIO()
    call_command("maintenance", "on", "--retry-after", "60", stdout=out)
    assert client.get(PUBLIC).status_code == 503
    call_command("maintenance", "off", stdout=out)
    assert client.get(PUBLIC).status_code == 200
    assert "closed, retry after 60 s" in out.getvalue()
    assert out.getvalue().endswith("open\n")


@override_settings(MAINTENANCE_MODE=True)
def test_environment_closes_a_server(client: Client) -> None:
    assert client.get("/").status_code == 503


def test_broken_cache_closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.exceptions import ConnectionError as Gone

    def gone(*args: object, **kwargs: object) -> None:
        raise Gone

    maintenance.forget()
    monkeypatch.setattr(cache, "get", gone, raising=False)
    assert maintenance.current() is None
    maintenance.forget()


# --- health and metrics -----------------------------------------------------------------------
@pytest.fixture
def migrated():
    health._all_applied.cache_clear()
    yield
    health._all_applied.cache_clear()


def test_ready_names_every_check(client: Client, db: None, migrated: None) -> None:
    response = client.get("/saglik/")
    assert response.status_code == 200
    answer = response.json()
    assert answer["status"] == "ok"
    assert set(answer["checks"]) == {"database", "cache", "migrations", "worker"}
    assert all(answer["checks"][name]["ok"] for name in ("database", "cache", "migrations"))


@pytest.mark.parametrize("name", ["database", "cache", "migrations"])
def test_not_ready_without(
    client: Client, db: None, migrated: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail() -> None:
        raise RuntimeError("secret reason")

    checks = tuple(
        health.Check(check.name, fail) if check.name == name else check for check in health.CHECKS
    )
    monkeypatch.setattr(health, "CHECKS", checks)
    response = client.get("/saglik/")
    assert response.status_code == 503
    assert response.json()["checks"][name]["ok"] is False
    assert "secret" not in response.content.decode()


def test_worker_is_required_only_where_set(client: Client, db: None, migrated: None) -> None:
    cache.delete(heartbeat.KEY)
    assert client.get("/saglik/").status_code == 200
    with override_settings(HEALTH_REQUIRE_WORKER=True):
        assert client.get("/saglik/").status_code == 503
        heartbeat._last[0] = float("-inf")
        heartbeat.beat()
        assert client.get("/saglik/").status_code == 200
    cache.delete(heartbeat.KEY)


@pytest.mark.parametrize(
    ("meta", "headers", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, {}, 200),
        ({"REMOTE_ADDR": "10.1.2.3"}, {}, 404),
        ({"REMOTE_ADDR": "127.0.0.1"}, {"X-Forwarded-For": "8.8.8.8"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1"}, {"Forwarded": "for=8.8.8.8"}, 404),
        ({"REMOTE_ADDR": "nonsense"}, {}, 404),
        ({"REMOTE_ADDR": "8.8.8.8"}, {"Authorization": "Bearer right"}, 200),
        ({"REMOTE_ADDR": "8.8.8.8"}, {"Authorization": "Bearer wrong"}, 404),
        ({"REMOTE_ADDR": "8.8.8.8"}, {"Authorization": "Bearer "}, 404),
    ],
)
@override_settings(METRICS_TOKEN="right")
def test_metrics_are_for_prometheus(client: Client, meta, headers, status: int) -> None:
    response = client.get("/metrics", headers=headers, **meta)
    assert response.status_code == status
    if status == 200:
        assert b"django_http_requests_total" in response.content


@override_settings(METRICS_TOKEN="")
def test_no_token_set_means_no_token_fits(client: Client) -> None:
    response = client.get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="8.8.8.8")
    assert response.status_code == 404
