"""A checkout of its own for each test module, with servers of its own, away from the real one."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kaysis.local import addresses

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL")


@dataclass(frozen=True)
class Checkout:
    """A folder with nothing in it but kaysis.local, driven from outside as a person would."""

    path: Path

    def start(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "kaysis.local", *arguments],
            cwd=self.path,
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **env: str) -> str:
        process = self.start(*arguments, **env)
        said = process.communicate(timeout=180)[0]
        assert process.returncode == 0, said
        return said

    def sql(self, query: str, *, role: str = "owner", database: str = addresses.DATABASE) -> str:
        options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database]
        return self.run("psql", "--role", role, "--", *options, "-c", query).strip()

    @property
    def home(self) -> Path:
        return addresses.home(self.path)

    @property
    def data(self) -> Path:
        return self.home / "data" / "postgresql-18"

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def valkey(self) -> int:
        return int((addresses.sockets(self.path) / "valkey.pid").read_text())


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    """Come back when the condition holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time allowed"
        time.sleep(0.05)


def environment(**more: str) -> dict[str, str]:
    """Ours without the addresses of external servers."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    return kept | more


def make_checkout(parent: Path) -> Checkout:
    """Copy the package; `kaysis/__init__.py` is empty, as nothing else of the project is there."""
    path = parent / "Ayşe's kaysis checkout"
    (path / "kaysis").mkdir(parents=True)
    (path / "kaysis" / "__init__.py").touch()
    shutil.copytree(
        REPOSITORY / "kaysis" / "local",
        path / "kaysis" / "local",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return Checkout(path)


def copy_working_tree(path: Path) -> None:
    """What git knows of this checkout, as it is now, with the same packages behind `.venv`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (REPOSITORY / name).is_file():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, path / name)
    (path / ".venv").symlink_to(Path(sys.prefix))


@pytest.fixture(scope="module")
def checkout() -> Iterator[Checkout]:
    """A checkout below a folder that nobody else may enter, as somebody's home would be."""
    with tempfile.TemporaryDirectory(prefix="kaysis-local-") as parent:
        made = make_checkout(Path(parent).resolve())
        try:
            yield made
        finally:
            made.run("destroy")


@pytest.fixture
def servers(checkout: Checkout) -> Checkout:
    """The module's checkout with both servers up."""
    checkout.run("up")
    return checkout
