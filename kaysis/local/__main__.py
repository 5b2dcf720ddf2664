"""`python -m kaysis.local up | down | status | env | psql | destroy`."""

import argparse
import os
import shlex
import sys

from kaysis.local import addresses, programs, services
from kaysis.local.errors import LocalError
from kaysis.local.layout import prepare


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is 0 only if it did what it was asked."""
    parser = argparse.ArgumentParser(prog="python -m kaysis.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start PostgreSQL and Valkey, if they do not run yet")
    commands.add_parser("down", help="stop them; the data stays")
    commands.add_parser("status", help="show what runs and where")
    commands.add_parser("env", help="print the addresses as shell variables")
    commands.add_parser("destroy", help="stop them and remove their data for good")
    psql = commands.add_parser("psql", help="open psql on our own database")
    psql.add_argument("--role", choices=["app", "owner", "postgres"], default="owner")
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "psql":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    try:
        return _COMMANDS[options.command](options)
    except LocalError as error:
        print(f"kaysis.local: {error}", file=sys.stderr)
        return 1


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
    if addresses.external_database():
        raise LocalError("DATABASE_URL is set: open that database with its own psql.")
    role = None if options.role == "postgres" else options.role
    program = programs.postgres_bin(prepare()) / "psql"
    environment = os.environ | addresses.libpq_environment(role)
    os.execve(program, [str(program), *options.rest], environment)


_COMMANDS = {
    "up": _up,
    "down": _down,
    "status": _status,
    "env": _env,
    "destroy": _destroy,
    "psql": _psql,
}

if __name__ == "__main__":
    sys.exit(main())
