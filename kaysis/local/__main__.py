"""`python -m kaysis.local run | stop | up | down | status | env | with | psql | destroy`."""

import argparse
import os
import shlex
import signal
import subprocess
import sys

from kaysis.local import addresses, portal, processes, programs, services
from kaysis.local.errors import LocalError
from kaysis.local.layout import look


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is 0 only if it did what it was asked."""
    parser = argparse.ArgumentParser(prog="python -m kaysis.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="serve the portal until Ctrl-C")
    commands.add_parser("stop", help="end a running `run`, and both servers")
    commands.add_parser("up", help="start PostgreSQL and Valkey, if they do not run yet")
    commands.add_parser("down", help="stop them; the data stays")
    commands.add_parser("status", help="show what runs and where")
    commands.add_parser("env", help="print the addresses as shell variables")
    commands.add_parser("destroy", help="stop them and remove their data for good")
    using = commands.add_parser("with", help="run a command with both servers up")
    using.add_argument("rest", nargs=argparse.REMAINDER, metavar="COMMAND")
    psql = commands.add_parser("psql", help="open psql (its own arguments after --)")
    psql.add_argument("--role", choices=["app", "owner", "postgres"], default="owner")
    psql.add_argument("rest", nargs="*", metavar="ARGUMENT")
    options = parser.parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except LocalError as error:
        print(f"kaysis.local: {error}", file=sys.stderr)
        return 1


def _run(_options: argparse.Namespace) -> int:
    return portal.run()


def _stop(_options: argparse.Namespace) -> int:
    portal.stop()
    services.down()
    return 0


def _up(_options: argparse.Namespace) -> int:
    for name in services.up():
        print(f"{name} started")
    return 0


def _down(_options: argparse.Namespace) -> int:
    services.down()
    return 0


def _destroy(_options: argparse.Namespace) -> int:
    services.destroy()
    return 0


def _status(_options: argparse.Namespace) -> int:
    found = services.status()
    for server in found:
        state = "external" if server.external else f"pid {server.pid}" if server.pid else "stopped"
        print(f"{server.name:<12} {state:<12} {server.address}")
    return 0 if all(server.running for server in found) else 1


def _env(_options: argparse.Namespace) -> int:
    variables = {
        "DATABASE_URL": addresses.database_url("app"),
        "DATABASE_OWNER_URL": addresses.database_url("owner"),
        "REDIS_URL": addresses.redis_url(),
    }
    if not addresses.external_database():
        variables |= addresses.libpq_environment("owner")
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _psql(options: argparse.Namespace) -> int:
    """Becomes psql, so that Ctrl-C and the exit status are its own."""
    role = None if options.role == "postgres" else options.role
    program = programs.postgres_bin(look()) / "psql"
    environment = os.environ | addresses.libpq_environment(role)
    os.execve(program, [str(program), *options.rest], environment)


def _with(options: argparse.Namespace) -> int:
    """Run a command and hand on its exit status."""
    command = options.rest[1:] if options.rest[:1] == ["--"] else options.rest
    if not command:
        raise LocalError("with: which command?")
    with services.in_use():
        # Ctrl-C reaches the command from the terminal; we wait for what it makes of it.
        signal.signal(signal.SIGINT, lambda *_: None)
        process = subprocess.Popen(processes.bound(command))
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        status = process.wait()
    return status if status >= 0 else 128 - status


_COMMANDS = {
    "run": _run,
    "stop": _stop,
    "with": _with,
    "up": _up,
    "down": _down,
    "status": _status,
    "env": _env,
    "destroy": _destroy,
    "psql": _psql,
}

if __name__ == "__main__":
    sys.exit(main())
