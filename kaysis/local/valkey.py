"""Valkey of this checkout: Celery's queue and the cache."""

import os
import socket
import time
from pathlib import Path

from kaysis.local import addresses, files, processes, programs
from kaysis.local.errors import LocalError
from kaysis.local.layout import Layout

START_SECONDS = 30

CONFIGURATION = """\
# Written by kaysis.local at every start.
port 0
unixsocket "{socket}"
unixsocketperm 700
daemonize yes
pidfile "{pid}"
logfile "{log}"
dir "{data}"
databases 16
# A job that was accepted is on file before it is answered for: `kill -9` loses none.
appendonly yes
appendfsync everysec
save ""
# A queue may not be evicted to make room for a cache.
maxmemory-policy noeviction
"""


class Valkey:
    """The server of one checkout. Call `up` and `down` under the layout's lock."""

    name = "Valkey"

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.data = layout.data / "valkey"
        self._socket = addresses.valkey_socket(layout.checkout)
        self._pid_file = layout.sockets / "valkey.pid"
        self._started = layout.home / "valkey.started"
        self._log = layout.logs / "valkey.log"

    def pid(self) -> int | None:
        """The server's process, if it runs and is really ours."""
        text = (files.read_or_none(self._pid_file) or "").strip()
        if not text.isdigit() or not processes.alive(int(text)):
            return None
        # It shows its socket in its title: `valkey-server unixsocket:/path`.
        return int(text) if str(self._socket) in processes.command_line(int(text)) else None

    def up(self) -> bool:
        """Run with today's version and configuration; True if it had to be started."""
        wanted = f"{programs.valkey_version()}\n{self._configuration()}"
        if self.pid():
            if files.read_or_none(self._started) == wanted and self.answers():
                return False
            self.down()
        account = self.layout.account
        processes.run_as(account, ["mkdir", "-p", self.data], cwd=self.layout.data)
        configuration = self.layout.home / "valkey.conf"
        files.write_atomically(configuration, self._configuration())
        if account:
            os.chown(configuration, os.geteuid(), account.gid)
        configuration.chmod(0o640)
        processes.run_as(
            account, [programs.valkey_server(self.layout), configuration], cwd=self.layout.data
        )
        self._wait()
        files.write_atomically(self._started, wanted)
        return True

    def down(self) -> None:
        """Stop; what is queued is on disk."""
        if pid := self.pid():
            processes.end(pid)

    def answers(self) -> bool:
        """Whether a PING gets its PONG; a server that still loads its file does not count."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(2)
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def _configuration(self) -> str:
        return CONFIGURATION.format(
            socket=self._socket, pid=self._pid_file, log=self._log, data=self.data
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > deadline:
                raise LocalError(f"Valkey does not answer:\n{_tail(self._log)}")
            time.sleep(0.02)


def _tail(log: Path, lines: int = 20) -> str:
    return "\n".join((files.read_or_none(log) or "").splitlines()[-lines:])
