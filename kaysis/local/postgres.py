"""PostgreSQL of this checkout: made once, started, recovered, stopped."""

import os
import re
import shlex
import time
from pathlib import Path

from kaysis.local import addresses, files, processes, programs
from kaysis.local.errors import LocalError
from kaysis.local.layout import Layout

# Larger than any process number a system gives out, so surely nobody's.
NOBODYS_PID = 2**31 - 2
# After `kill -9` of the main process its children need a moment to notice and leave.
LEFTOVERS_SECONDS = 30

CONFIGURATION = """\
# Written by kaysis.local at every start.
data_directory = '{data}'
hba_file = '{home}/pg_hba.conf'
ident_file = '{home}/pg_ident.conf'
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
port = {port}
max_connections = 200
shared_buffers = 512MB
effective_cache_size = 2GB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
max_locks_per_transaction = 256
random_page_cost = 1.1
jit = off
shared_preload_libraries = 'pg_stat_statements'
track_io_timing = on
timezone = 'UTC'
default_text_search_config = 'pg_catalog.simple'
logging_collector = on
log_directory = '{logs}'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_min_duration_statement = 1s
log_lock_waits = on
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
"""
# Whoever can reach the socket, in a folder of the servers' user alone, may sign in as any role.
HOST_BASED_ACCESS = "local all all trust\nlocal replication all trust\n"

ROLES = """\
SELECT format('CREATE ROLE %I LOGIN', role) FROM unnest(ARRAY['{owner}', '{app}']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \\gexec
ALTER ROLE {owner} CREATEDB;
SELECT 'CREATE DATABASE {database} OWNER {owner}'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
"""
# In template1 too, so that every test database is born with them. What the application's role may
# do with tables is granted after each `migrate` (kaysis.accounts.audit.privileges), not here.
CONTENTS = """\
\\connect {target}
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
"""
TEST_DATABASE = re.compile(r"test_kaysis_(?P<pid>\d{1,10})(_gw\d+)?")
ABANDONED = """\
SELECT datname FROM pg_database AS d WHERE datname LIKE 'test\\_kaysis\\_%'
AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.datname = d.datname)
"""


class Postgres:
    """The cluster of one checkout. Call `up` and `down` under the layout's lock."""

    name = "PostgreSQL"

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.data = layout.data / f"postgresql-{programs.postgres_version().partition('.')[0]}"
        # What the server was started with, and what was made in it: compared at each `up`.
        self._started = layout.home / "postgresql.started"
        self._filled = layout.home / "postgresql.filled"

    def pid(self) -> int | None:
        """The main process, if it runs and is really ours."""
        pid = self._pid_on_file()
        return pid if pid and self._is_ours(pid) else None

    def up(self) -> bool:
        """Run with today's version, configuration and roles; True if it had to be started."""
        started = self._ensure_started()
        if files.read_or_none(self._filled) != self._contents():
            self.sql(self._contents())
            files.write_atomically(self._filled, self._contents())
        return started

    def _ensure_started(self) -> bool:
        wanted = "\n".join([programs.postgres_version(), self._configuration(), HOST_BASED_ACCESS])
        if self.pid():
            if files.read_or_none(self._started) == wanted and self.answers():
                return False
            self.down()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
            self._filled.unlink(missing_ok=True)
        self._configure()
        self._forget_reused_pid()
        self._start()
        files.write_atomically(self._started, wanted)
        return True

    def down(self) -> None:
        """Stop, closing whatever is connected; a checkpoint makes the next start a quick one."""
        if not self.pid():
            return
        command: list[str | Path] = [
            self._bin("pg_ctl"),
            "stop",
            "-D",
            self.data,
            "-m",
            "fast",
            "-w",
            "-t",
            "60",
        ]
        processes.run_as(self.layout.account, command, cwd=self.layout.data)

    def answers(self) -> bool:
        command: list[str | Path] = [
            self._bin("pg_isready"),
            "-q",
            "-t",
            "5",
            "-h",
            self.layout.sockets,
        ]
        try:
            processes.run_as(
                self.layout.account,
                [*command, "-p", str(addresses.PORT)],
                cwd=self.layout.data,
            )
        except LocalError:
            return False
        return True

    def drop_abandoned_test_databases(self) -> None:
        """Drop the databases of test runs that were killed before they could.

        kaysis.settings.test names them by the number of the process that made them.
        """
        for name in self.sql(ABANDONED).split():
            match = TEST_DATABASE.fullmatch(name)
            if match and not processes.taken(int(match["pid"])):
                self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sql(self, script: str) -> str:
        """Run a script as the superuser, stopping at the first error; returns what it printed."""
        command: list[str | Path] = [
            self._bin("psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        settings = addresses.libpq_environment(None, self.layout.checkout)
        return processes.run_as(
            self.layout.account,
            command,
            cwd=self.layout.data,
            env=processes.clean_environment(**settings | {"PGDATABASE": "postgres"}),
            text=script,
        )

    def _bin(self, name: str) -> Path:
        return programs.postgres_bin(self.layout) / name

    def _pid_on_file(self) -> int | None:
        text = files.read_or_none(self.data / "postmaster.pid")
        first = text.partition("\n")[0].strip() if text else ""
        return int(first) if first.isdigit() else None

    def _is_ours(self, pid: int) -> bool:
        return processes.alive(pid) and str(self.data) in processes.command_line(pid)

    def _configuration(self) -> str:
        paths = {
            "data": self.data,
            "home": self.layout.home,
            "logs": self.layout.logs,
            "sockets": self.layout.sockets,
        }
        quoted = {name: str(path).replace("'", "''") for name, path in paths.items()}
        return CONFIGURATION.format(**quoted, port=addresses.PORT)

    def _contents(self) -> str:
        """Roles, database and extensions: each made only if it is missing."""
        names = {"database": addresses.DATABASE, **{str(k): v for k, v in addresses.ROLES.items()}}
        targets = ("template1", addresses.DATABASE)
        return ROLES.format(**names) + "".join(
            CONTENTS.format(target=target, **names) for target in targets
        )

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there, so that it is whole or absent."""
        half_done = self.data.with_name(f"{self.data.name}.new")
        account, cwd = self.layout.account, self.layout.data
        processes.run_as(account, ["rm", "-rf", half_done], cwd=cwd)
        command: list[str | Path] = [
            self._bin("initdb"),
            "-D",
            half_done,
            "-U",
            addresses.SUPERUSER,
        ]
        # The wheel has no ICU, and a machine may lack any locale: the builtin provider knows
        # Unicode's letters everywhere alike. Turkish order is kaysis.common.turkish's work.
        command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--auth=trust", "--data-checksums"]
        processes.run_as(account, command, cwd=cwd)
        half_done.rename(self.data)

    def _configure(self) -> None:
        contents = {
            "postgresql.conf": self._configuration(),
            "pg_hba.conf": HOST_BASED_ACCESS,
            "pg_ident.conf": "",
        }
        for name, text in contents.items():
            path = self.layout.home / name
            files.write_atomically(path, text)
            if self.layout.account:
                os.chown(path, os.geteuid(), self.layout.account.gid)
            path.chmod(0o640)

    def _forget_reused_pid(self) -> None:
        """Get past a lock file whose process died and whose number is taken all the same.

        Somebody else may have got it since, or the dead one waits to be buried, which in a
        container without an init may be for ever. PostgreSQL would take either for itself and
        refuse to start. The file is not removed:
        it also names the shared memory by which PostgreSQL sees children of a killed server that
        still write to the data. Only the number is put out of the way.
        """
        pid = self._pid_on_file()
        if pid is None or not processes.taken(pid) or self._is_ours(pid):
            return
        lock = os.open(self.data / "postmaster.pid", os.O_RDWR | os.O_NOFOLLOW)
        with os.fdopen(lock, "r+", encoding="utf-8") as file:
            rest = file.read().partition("\n")[2]
            file.seek(0)
            file.write(f"{NOBODYS_PID}\n{rest}")
            file.truncate()
        (self.layout.sockets / f".s.PGSQL.{addresses.PORT}.lock").unlink(missing_ok=True)

    def _start(self) -> None:
        log = self.layout.logs / "postgresql-start.log"
        configuration = f"{self.layout.home}/postgresql.conf"
        command: list[str | Path] = [
            self._bin("pg_ctl"),
            "start",
            "-D",
            self.data,
            "-l",
            log,
            "-w",
            "-t",
            "120",
        ]
        command += ["-s", "-o", f"-c config_file={shlex.quote(configuration)}"]
        deadline = time.monotonic() + LEFTOVERS_SECONDS
        while True:
            processes.run_as(self.layout.account, ["rm", "-f", log], cwd=self.layout.data)
            try:
                processes.run_as(self.layout.account, command, cwd=self.layout.data)
            except LocalError as error:
                said = files.read_or_none(log) or ""
                if "still in use" in said and time.monotonic() < deadline:
                    time.sleep(0.5)
                    continue
                raise LocalError(f"{error}\n{said}".strip()) from None
            return
