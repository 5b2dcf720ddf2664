"""What people and programs see when something went wrong."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import kaysis.urls
from kaysis.common.errors import Conflict, NotAllowed, NotFound, RuleViolation
from kaysis.common.views import errors

RAISED = {
    "bad": BadRequest("Sayfa numarası anlaşılamadı."),
    "suspicious": SuspiciousOperation("internal detail"),
    "denied": PermissionDenied(),
    "missing": Http404("Bu numarayla bir birim yok."),
    "shortcut": Http404("No Unit matches the given query."),
    "conflict": Conflict(),
    "rule": RuleViolation("Kapalı birim taşınamaz."),
    "not-allowed": NotAllowed(),
    "not-found": NotFound(),
    "crash": RuntimeError("secret internals"),
}


def view(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


urlpatterns = [
    path("dene/<str:name>/", view),
    path("api/v1/dene/<str:name>/", view),
    *kaysis.urls.urlpatterns,
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("bad", 400, "Sayfa numarası anlaşılamadı."),
        ("suspicious", 400, "İstek anlaşılamadı"),
        ("denied", 403, "yetkiniz yok"),
        ("missing", 404, "Bu numarayla bir birim yok."),
        ("conflict", 409, "Kayıt bu sırada değişti"),
        ("rule", 422, "Kapalı birim taşınamaz."),
        ("not-allowed", 403, "yetkiniz yok"),
        ("not-found", 404, "Aradığınız kayıt bulunamadı"),
        ("crash", 500, "Beklenmeyen bir hata"),
    ],
)
def test_page_says_what_happened(client: Client, name: str, status: int, words: str) -> None:
    response = client.get(f"/dene/{name}/")
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert "internal" not in html
    assert html.count("<h1") == 1
    assert "no-store" in response["Cache-Control"]


def test_a_row_that_is_not_there_has_our_page_also_with_debug(client: Client, settings) -> None:
    settings.DEBUG = True
    html = client.get("/dene/shortcut/").content.decode()
    assert "Aradığınız sayfa bulunamadı" in html
    assert "No Unit" not in html


def test_unknown_address_offers_the_search_with_its_words(client: Client) -> None:
    response = client.get("/igdir-nufus/mudurlugu/")
    html = response.content.decode()
    assert response.status_code == 404
    assert 'action="/ara/"' in html
    assert 'value="igdir nufus mudurlugu"' in html
    assert "tried" not in html


@pytest.mark.parametrize(("name", "status"), [("missing", 404), ("conflict", 409), ("crash", 500)])
def test_programs_get_problem_details(client: Client, name: str, status: int) -> None:
    response = client.get(f"/api/v1/dene/{name}/")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert "internal" not in response.content.decode()


def test_error_pages_need_no_database(client: Client, django_db_blocker) -> None:
    # No `db` fixture: pytest-django refuses every query here.
    for name in ("missing", "conflict", "crash", "denied"):
        assert client.get(f"/dene/{name}/").status_code >= 400


def test_last_resort_when_even_the_error_page_fails(rf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(errors, "render_to_string", fail)
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Beklenmeyen bir hata" in response.content.decode()


def test_stale_form_is_explained(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/hakkinda/")
    assert response.status_code == 403
    assert "Geri dönüp sayfayı yenileyin" in response.content.decode()
