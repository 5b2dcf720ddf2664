"""Addresses follow from the path, the user and the environment, and nothing else."""

import os
from pathlib import Path

import environ
import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from kombu import Connection

from kaysis.local import addresses
from tests.local.conftest import NAMES

SOCKET_LIMIT = 107


@pytest.fixture(autouse=True)
def _no_external_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def test_django_reads_the_address_it_is_given() -> None:
    config = environ.Env.db_url_config(addresses.database_url("app"))
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert config["HOST"] == str(addresses.sockets())
    assert (config["NAME"], config["USER"]) == ("kaysis", "kaysis_app")
    assert environ.Env.db_url_config(addresses.database_url("owner"))["USER"] == "kaysis_owner"


def test_redis_and_celery_read_the_address_they_are_given() -> None:
    arguments = redis.Redis.from_url(addresses.redis_url(3)).connection_pool.connection_kwargs
    assert (arguments["path"], arguments["db"]) == (str(addresses.valkey_socket()), 3)
    broker = Connection(addresses.broker_url()).channel()
    try:
        found = broker._connparams()
        assert (found["path"], found["db"]) == (str(addresses.valkey_socket()), 1)
    finally:
        broker.close()


@pytest.mark.usefixtures("as_user")
@given(names=st.lists(st.text(min_size=1, max_size=60).filter(lambda n: "/" not in n), max_size=4))
def test_a_socket_path_is_always_short_and_plain(names: list[str]) -> None:
    checkout = Path("/home", *names)
    folder = addresses.sockets(checkout)
    for name in (f".s.PGSQL.{addresses.PORT}", "valkey.sock"):
        assert len(os.fsencode(folder / name)) <= SOCKET_LIMIT
    assert not set(str(folder)) & set(" %?#@,'\"\\")
    assert folder == addresses.sockets(checkout)


@pytest.mark.usefixtures("as_user")
def test_sockets_stay_in_the_checkout_where_they_can() -> None:
    assert addresses.sockets(Path("/home/ayse/kaysis")) == Path("/home/ayse/kaysis/.local/run")
    elsewhere = addresses.sockets(Path("/home/ayşe/kaysis"))
    assert not elsewhere.is_relative_to("/home")
    assert elsewhere != addresses.sockets(Path("/home/ayşe/kaysis2"))


def test_root_keeps_the_data_out_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert addresses.home(Path("/srv/kaysis")).parent == Path("/var/lib/kaysis")
    assert addresses.home(Path("/srv/a")) != addresses.home(Path("/srv/b"))


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "DATABASE_URL", "postgres://app:p%40ss@db.example:6432/portal?sslmode=require"
    )
    monkeypatch.setenv("REDIS_URL", "rediss://cache.example:6380/2")
    assert addresses.database_url("owner") == addresses.database_url("app")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://owner@db.example/portal")
    assert addresses.database_url("owner") == "postgres://owner@db.example/portal"
    assert addresses.redis_url() == addresses.broker_url() == "rediss://cache.example:6380/2"
    assert addresses.libpq_environment("app") == {
        "PGHOST": "db.example",
        "PGPORT": "6432",
        "PGUSER": "app",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "portal",
        "PGSSLMODE": "require",
    }
