"""Making a checkout ready; what would be asked of apt and pip is noted instead of done."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kaysis.local import setup
from tests.local.conftest import REPOSITORY

CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#, python-format
msgid "%(n)s birim"
msgstr "{translation}"
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been run, and no command run."""
    commands: list[list[str]] = []

    def note(command: list[str | Path], what: str) -> None:
        commands.append([str(part) for part in command])

    monkeypatch.setattr(setup, "_run", note)
    return commands


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Pretend to be a machine: who we are, and which programs there are."""

    def pretend(*programs: str, uid: int, terminal: bool = False) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: uid)
        monkeypatch.setattr(
            shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None
        )
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: terminal))

    return pretend


def need(present: Callable[[], bool]) -> setup.SystemNeed:
    return setup.SystemNeed("Pango", "PDF", ("libpango-1.0-0",), present)


def test_it_needs_nothing_but_a_python(tmp_path: Path) -> None:
    """It is what makes the packages be there, so it may import none."""
    script = REPOSITORY / "kaysis" / "local" / "setup.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "usage: setup.py run|test" in done.stderr


def test_local_services_need_nothing_but_the_standard_library() -> None:
    """`up` starts in a moment, because neither Django nor Celery is loaded for it."""
    loaded = subprocess.run(
        [sys.executable, "-S", "-c", "import kaysis.local.__main__, sys; print(*sys.modules)"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "kaysis.local.portal" in loaded
    assert {n for n in loaded if n.startswith("kaysis.")} == {
        n for n in loaded if n.startswith("kaysis.local")
    }


def test_what_is_there_is_not_installed(asked: list[list[str]]) -> None:
    setup.ensure_system([need(lambda: True)])
    assert asked == []


@pytest.mark.parametrize(
    ("uid", "terminal", "start"),
    [(0, False, ["env"]), (1000, False, ["sudo", "-n", "env"]), (1000, True, ["sudo", "env"])],
)
def test_missing_libraries_come_from_apt(
    asked: list[list[str]],
    machine: Callable[..., None],
    uid: int,
    terminal: bool,
    start: list[str],
) -> None:
    machine("apt-get", "sudo", uid=uid, terminal=terminal)
    setup.ensure_system([need(lambda: bool(asked))])
    update, install = asked
    rest = ["DEBIAN_FRONTEND=noninteractive", "apt-get"]
    assert update[: len(start) + 3] == [*start, *rest, "update"]
    assert install[: len(start) + 3] == [*start, *rest, "install"]
    assert install[-1] == "libpango-1.0-0"


@pytest.mark.parametrize("programs", [(), ("apt-get",), ("sudo",)])
def test_where_there_is_no_way_it_says_what_to_do_in_both_languages(
    asked: list[list[str]], machine: Callable[..., None], programs: tuple[str, ...]
) -> None:
    machine(*programs, uid=1000)
    with pytest.raises(setup.SetupError) as raised:
        setup.ensure_system([need(lambda: False)])
    said = str(raised.value)
    assert "kendiliğinden kurulamayan" in said
    assert "cannot install" in said
    assert "apt-get install libpango-1.0-0" in said
    assert asked == []


def test_an_install_that_did_not_help_is_said(
    asked: list[list[str]], machine: Callable[..., None]
) -> None:
    machine("apt-get", uid=0)
    with pytest.raises(setup.SetupError, match="Pango"):
        setup.ensure_system([need(lambda: False)])
    assert len(asked) == 2


def test_tests_need_a_browser_and_the_portal_does_not() -> None:
    names = {purpose: {n.name for n in setup.system_needs(purpose)} for purpose in ("run", "test")}
    assert names["test"] - names["run"] == {"Chromium"}
    assert all(n.present() for n in setup.system_needs("test")), "this very run needs them"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a lock file per purpose and a .venv whose Python is this one."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "requirements").mkdir()
    for name in ("base.txt", "local.txt", "test.txt"):
        (tmp_path / "requirements" / name).write_text(f"# {name}\n", encoding="utf-8")
    monkeypatch.setattr(setup, "CHECKOUT", tmp_path)
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(setup, "STAMP", tmp_path / ".venv" / "installed.json")
    return tmp_path


def installs(asked: list[list[str]]) -> list[list[str]]:
    """The lock files of each call of pip."""
    calls = [command for command in asked if "install" in command]
    return [[Path(p).name for p in command if p.endswith(".txt")] for command in calls]


def test_packages_are_installed_once_and_again_when_the_lock_changes(
    checkout: Path, asked: list[list[str]]
) -> None:
    setup.ensure_packages("run")
    setup.ensure_packages("run")
    assert installs(asked) == [["base.txt", "local.txt"]]
    assert "--require-hashes" in asked[0]
    (checkout / "requirements" / "local.txt").write_text("# changed\n", encoding="utf-8")
    setup.ensure_packages("run")
    assert len(installs(asked)) == 2


def test_what_tests_installed_is_enough_to_run(checkout: Path, asked: list[list[str]]) -> None:
    setup.ensure_packages("test")
    setup.ensure_packages("run")
    assert installs(asked) == [["test.txt"]]


def test_an_install_that_was_cut_off_is_done_again(
    checkout: Path, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    noting = setup._run

    def fail(command: list[str | Path], what: str) -> None:
        raise setup.SetupError(what)

    monkeypatch.setattr(setup, "_run", fail)
    with pytest.raises(setup.SetupError):
        setup.ensure_packages("run")
    monkeypatch.setattr(setup, "_run", noting)
    (checkout / ".venv" / "installed.json").write_text('{"run":', encoding="utf-8")
    setup.ensure_packages("run")
    assert installs(asked) == [["base.txt", "local.txt"]]


def catalogue(checkout: Path, translation: str) -> Path:
    source = checkout / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(CATALOGUE.format(translation=translation), encoding="utf-8")
    return source


def test_a_catalogue_is_compiled_when_it_is_newer(checkout: Path) -> None:
    source = catalogue(checkout, "%(n)s units")
    setup.compile_translations()
    compiled = source.with_suffix(".mo")
    assert b"%(n)s units" in compiled.read_bytes()
    later = compiled.stat().st_mtime_ns
    setup.compile_translations()
    assert compiled.stat().st_mtime_ns == later
    catalogue(checkout, "%(n)s bodies")
    os.utime(source, ns=(later + 10**9, later + 10**9))
    setup.compile_translations()
    assert b"%(n)s bodies" in compiled.read_bytes()


def test_a_translation_that_lost_its_value_is_refused(checkout: Path) -> None:
    source = catalogue(checkout, "units")
    with pytest.raises(setup.SetupError, match=r"django\.po"):
        setup.compile_translations()
    assert [p.name for p in source.parent.iterdir()] == ["django.po"], "nothing half done stays"


def test_the_child_launcher_refuses_an_orphan(tmp_path: Path) -> None:
    """If whoever started it is gone already, the command is not run at all."""
    script = REPOSITORY / "kaysis" / "local" / "child.py"
    command = ["touch", str(tmp_path / "ran")]
    for parent, status in ((1, 1), (os.getpid(), 0)):
        launch = [sys.executable, "-I", "-S", str(script), str(parent), *command]
        assert subprocess.run(launch, check=False).returncode == status
        assert (tmp_path / "ran").exists() == (status == 0)
