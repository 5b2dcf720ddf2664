"""Public pages are read from a standby that is as new as the primary, or from the primary."""

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

import kaysis.urls
from kaysis.common import replicas
from kaysis.common.pagecache import cached_page
from tests.cache import forget

asked: list[int] = []


def backend() -> int:
    """Which connection of PostgreSQL answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@cached_page(ttl=60)
def page(request: HttpRequest) -> HttpResponse:
    asked.append(backend())
    if "kill" in request.GET and len(asked) == 1:
        raise OperationalError("terminating connection due to conflict with recovery")
    return HttpResponse(str(asked[-1]))


urlpatterns = [path("dene/", page), *kaysis.urls.urlpatterns]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def standby(monkeypatch, request):
    """The same server under a second name: as a standby that was promoted, it has everything."""
    monkeypatch.setitem(connections.settings, "replica1", dict(connections.settings["default"]))
    monkeypatch.setattr(replicas, "_away_until", {})
    asked.clear()
    forget()
    # Tests may use "default" alone, and a connection knows its name.
    connections["replica1"] = connection.copy(alias="default")
    with override_settings(PAGE_CACHE=True):
        yield connections["replica1"]
    connections["replica1"].close()
    del connections["replica1"]


def test_every_statement_goes_there_and_afterwards_back(standby):
    primary = backend()
    with replicas.reading() as from_standby:
        assert from_standby
        assert backend() != primary
        assert backend() == standby.connection.info.backend_pid
    assert backend() == primary


def test_an_error_leads_back_too(standby):
    primary = backend()
    with pytest.raises(ZeroDivisionError), replicas.reading():
        raise ZeroDivisionError
    assert backend() == primary


def test_a_transaction_stays_where_it_began(standby):
    with transaction.atomic(), replicas.reading() as from_standby:
        assert not from_standby


def test_without_standbys_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0), replicas.reading() as from_standby:
        assert not from_standby


def test_a_standby_that_is_behind_is_not_read(standby, monkeypatch):
    monkeypatch.setattr(replicas, "_REACHED", "SELECT pg_lsn(%s) IS NULL")
    monkeypatch.setattr(replicas, "PATIENCE_SECONDS", 0.001)
    with replicas.reading() as from_standby:
        assert not from_standby


def test_one_that_does_not_answer_is_left_alone_for_a_while(standby, monkeypatch):
    standby.settings_dict["PORT"] = "1"
    primary = backend()
    with replicas.reading() as from_standby:
        assert not from_standby
        assert backend() == primary
    monkeypatch.setattr(replicas, "_ask", lambda *asked: pytest.fail("asked again at once"))
    with replicas.reading() as from_standby:
        assert not from_standby


def test_strangers_read_there_and_whoever_is_signed_in_does_not(standby, settings):
    primary = backend()
    assert Client().get("/dene/").content != str(primary).encode()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    assert int(client.get("/dene/").content) != standby.connection.info.backend_pid


def test_a_page_whose_standby_goes_away_is_made_anew(standby):
    response = Client().get("/dene/?kill")
    assert response.status_code == 200
    first, second = asked
    assert first == standby.connection.info.backend_pid
    assert second != first
    # What other pages come to meanwhile goes to the primary at once.
    with replicas.reading() as from_standby:
        assert not from_standby
