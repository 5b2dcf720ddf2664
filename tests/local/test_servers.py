"""Both servers of a checkout, driven through the command line with real processes."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from kaysis.local import addresses, files, layout, processes
from kaysis.local.errors import LocalError
from tests.local.conftest import Checkout, make_checkout, wait_for


def ask_valkey(checkout: Checkout, *words: str) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(str(addresses.valkey_socket(checkout.path)))
        parts = [f"*{len(words)}\r\n", *(f"${len(w.encode())}\r\n{w}\r\n" for w in words)]
        connection.sendall("".join(parts).encode())
        return connection.recv(4096)


def test_up_opens_no_folder_of_somebody_else(checkout: Checkout) -> None:
    watched = [*checkout.path.parents, checkout.path, *Path(sys.prefix).parents, Path(sys.prefix)]
    watched += Path(sys.prefix).glob("lib/python3*/site-packages")
    watched += Path(sys.prefix).glob("lib/python3*/site-packages/*_*/")
    before = {path: path.stat().st_mode for path in watched}
    assert before[checkout.path.parent] & 0o077 == 0
    checkout.run("up")
    assert {path: path.stat().st_mode for path in watched} == before


def test_what_is_ours_is_closed_to_others(servers: Checkout) -> None:
    for folder in (servers.data, servers.data.parent, addresses.sockets(servers.path)):
        assert folder.stat().st_mode & 0o077 == 0, folder
    assert servers.home.stat().st_mode & 0o007 == 0


def test_the_servers_do_not_run_as_root_nor_on_a_port(servers: Checkout) -> None:
    for pid in (servers.postmaster(), servers.valkey()):
        owner = Path(f"/proc/{pid}").stat().st_uid
        assert owner != 0
        assert owner == servers.data.stat().st_uid
    assert servers.sql("SHOW listen_addresses") == ""
    assert b"\r\n0\r\n" in ask_valkey(servers, "CONFIG", "GET", "port")


def test_a_second_start_starts_nothing_and_is_quick(servers: Checkout) -> None:
    pids = servers.postmaster(), servers.valkey()
    began = time.monotonic()
    assert servers.run("up") == ""
    assert time.monotonic() - began < 3
    assert (servers.postmaster(), servers.valkey()) == pids


def test_started_at_once_from_many_sides_only_one_starts(servers: Checkout) -> None:
    servers.run("down")
    starts = [servers.start("up") for _ in range(4)]
    said = [start.communicate(timeout=120)[0] for start in starts]
    assert [start.returncode for start in starts] == [0] * 4, said
    assert "".join(said).count("PostgreSQL started") == 1
    assert "".join(said).count("Valkey started") == 1


def test_status_and_env_tell_the_truth(servers: Checkout) -> None:
    assert str(servers.postmaster()) in servers.run("status")
    found = servers.run("env")
    assert f"export PGHOST={addresses.sockets(servers.path)}" in found
    shell = f"{found}\ntest \"$DATABASE_URL\" = '{addresses.database_url('app', servers.path)}'"
    subprocess.run(["sh", "-eu"], input=shell, text=True, check=True)
    servers.run("down")
    stopped = servers.start("status")
    assert "stopped" in stopped.communicate(timeout=60)[0]
    assert stopped.returncode == 1


def test_the_application_role_is_born_with_no_rights_but_to_connect(servers: Checkout) -> None:
    """What it may do with the portal's tables is granted after each `migrate`, and nowhere else."""
    servers.sql("CREATE TABLE hidden AS SELECT 1 AS n")
    try:
        assert servers.sql("SELECT current_user", role="app") == "kaysis_app"
        for forbidden in (
            "SELECT n FROM hidden",
            "CREATE TABLE mine ()",
            "DROP TABLE hidden",
            "CREATE DATABASE mine",
            "CREATE EXTENSION hstore",
            "SET ROLE kaysis_owner",
        ):
            refused = servers.start("psql", "--role", "app", "--", "-c", forbidden)
            said = refused.communicate(timeout=60)[0]
            assert refused.returncode != 0, forbidden
            assert "permission denied" in said or "must be owner" in said, said
    finally:
        servers.sql("DROP TABLE hidden")


def test_a_new_database_of_the_owner_has_what_the_portal_needs(servers: Checkout) -> None:
    servers.sql("CREATE DATABASE test_born")
    try:
        found = servers.sql("SELECT extname FROM pg_extension", database="test_born").split()
        assert {"btree_gist", "pg_trgm", "unaccent"} <= set(found)
        locale = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'test_born'"
        assert servers.sql(locale) == "b|C.UTF-8"
    finally:
        servers.sql("DROP DATABASE test_born")


def test_killed_servers_come_back_with_everything(servers: Checkout) -> None:
    servers.sql("CREATE TABLE IF NOT EXISTS survivors (n int)")
    servers.sql("INSERT INTO survivors VALUES (1)")
    ask_valkey(servers, "DEL", "queue")
    ask_valkey(servers, "RPUSH", "queue", "job")
    # A statement is running while its server's main process is killed.
    busy = servers.start("psql", "--", "-c", "SELECT pg_sleep(60)")
    wait_for(
        lambda: (
            "pg_sleep"
            in servers.sql("SELECT query FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep'")
        )
    )
    for pid in (servers.postmaster(), servers.valkey()):
        os.kill(pid, signal.SIGKILL)
    said = servers.run("up")
    assert "PostgreSQL started" in said
    assert "Valkey started" in said
    busy.communicate(timeout=60)
    assert busy.returncode != 0
    assert servers.sql("SELECT count(*) FROM survivors") == "1"
    assert ask_valkey(servers, "LLEN", "queue") == b":1\r\n"
    servers.sql("DROP TABLE survivors")


def test_a_lock_file_whose_number_somebody_else_got_is_no_obstacle(servers: Checkout) -> None:
    os.kill(servers.postmaster(), signal.SIGKILL)
    lock = servers.data / "postmaster.pid"
    # Valkey runs as the same user, which is what PostgreSQL looks at.
    rest = lock.read_text().partition("\n")[2]
    lock.write_text(f"{servers.valkey()}\n{rest}")
    assert servers.run("up") == "PostgreSQL started\n"
    assert servers.sql("SELECT 1") == "1"


def test_a_half_made_cluster_is_made_again() -> None:
    with tempfile.TemporaryDirectory(prefix="kaysis-local-") as parent:
        fresh = make_checkout(Path(parent))
        try:
            fresh.run("up")
            fresh.run("down")
            fresh.data.rename(fresh.data.with_name("postgresql-18.new"))
            (fresh.data.with_name("postgresql-18.new") / "PG_VERSION").unlink()
            fresh.run("up")
            assert fresh.sql("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'") == "1"
        finally:
            fresh.run("destroy")
        assert not fresh.data.exists()


def test_a_changed_configuration_or_version_restarts_and_keeps_the_data(servers: Checkout) -> None:
    servers.sql("CREATE TABLE kept AS SELECT 1 AS n")
    before = servers.postmaster()
    (servers.home / "postgresql.started").write_text("of another version")
    assert servers.run("up") == "PostgreSQL started\n"
    assert servers.postmaster() != before
    assert servers.sql("SELECT n FROM kept") == "1"
    servers.sql("DROP TABLE kept")


def test_the_last_user_stops_the_servers_unless_a_person_wants_them(servers: Checkout) -> None:
    servers.run("with", "--", "true")
    assert processes.alive(servers.postmaster()), "started with `up`, ended only by `down`"
    servers.run("down")
    first = servers.start("with", "--", "sleep", "60")
    wait_for((servers.data / "postmaster.pid").exists)
    second = servers.start("with", "--", "sh", "-c", "exit 7")
    second.communicate(timeout=60)
    assert second.returncode == 7
    assert processes.alive(servers.postmaster()), "somebody still uses them"
    # One that is killed counts no more.
    first.kill()
    first.communicate(timeout=60)
    pid = servers.postmaster()
    servers.run("with", "--", "true")
    assert not processes.alive(pid)


def test_databases_of_killed_test_runs_are_dropped_and_no_others(servers: Checkout) -> None:
    killed = subprocess.Popen(["true"])
    killed.wait()
    kept = {f"test_kaysis_{os.getpid()}", "test_kaysis_pages", "kaysis"}
    dropped = {f"test_kaysis_{killed.pid}", f"test_kaysis_{killed.pid}_gw1"}
    for name in sorted(kept - {"kaysis"} | dropped):
        servers.sql(f"CREATE DATABASE {name}")
    servers.run("with", "--", "true")
    found = set(servers.sql("SELECT datname FROM pg_database").split())
    assert kept <= found
    assert not dropped & found
    for name in kept - {"kaysis"}:
        servers.sql(f"DROP DATABASE {name}")


def test_external_servers_are_not_touched(checkout: Checkout) -> None:
    outside = {"DATABASE_URL": "postgres://app@db.example/k", "REDIS_URL": "redis://r.example/0"}
    checkout.run("down")
    assert checkout.run("up", **outside) == ""
    assert checkout.run("with", "--", "true", **outside) == ""
    assert checkout.run("status", **outside).count("external") == 2
    assert not (checkout.data / "postmaster.pid").exists()


def test_a_folder_of_somebody_else_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LocalError, match="belongs to somebody else"):
        files.own_folder(tmp_path / "link", mode=0o700)
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", ["a $(touch harm)", 'a "b"', "a`b`", "a\\b"])
def test_a_path_that_a_shell_would_run_is_refused(name: str) -> None:
    with pytest.raises(LocalError, match="Move the checkout"):
        layout.prepare(Path("/home") / name)
