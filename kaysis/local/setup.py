"""Makes a checkout ready: `.venv`, the locked packages, and the libraries of the system they need.

Runs under whatever Python ≥ 3.11 the machine has, before anything is installed, so it is one file
of its own that imports nothing of ours: `python3 -I kaysis/local/setup.py run` or `… test`.
What is already there is found by a stamp in milliseconds.
"""

import ctypes
import ctypes.util
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
# What each purpose installs. `test` holds all that `run` needs, at the same versions.
REQUIREMENTS = {"run": ("base.txt", "local.txt"), "test": ("test.txt",)}
OLDEST = (3, 11)


@dataclass(frozen=True)
class SystemNeed:
    """Something of the operating system: how to see that it is there, and who brings it."""

    name: str
    why: str
    packages: tuple[str, ...]
    present: Callable[[], bool]


class SetupError(Exception):
    """A message, in Turkish and English, for the person at the keyboard."""


def main(arguments: list[str]) -> int:
    """Make everything for `run` or `test` ready; 0 if it is."""
    if len(arguments) != 1 or arguments[0] not in REQUIREMENTS:
        print("usage: setup.py run|test", file=sys.stderr)
        return 2
    purpose = arguments[0]
    local = CHECKOUT / ".local"
    try:
        local.mkdir(mode=0o700, exist_ok=True)
        with (local / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ensure_packages(purpose)
            ensure_system(system_needs(purpose))
            compile_translations()
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


# --- Python packages ---------------------------------------------------------------------------


def ensure_packages(purpose: str) -> None:
    """`.venv` holds exactly what is locked, checked against the hashes of the lock."""
    if not _works(PYTHON):
        _make_venv()
    wanted = {name: fingerprint(name) for name in REQUIREMENTS}
    installed = _read_stamp()
    if installed.get(purpose) == wanted[purpose]:
        return
    say("Paketler kuruluyor", "installing packages")
    if not _succeeds([PYTHON, "-m", "pip", "--version"]):
        _run([PYTHON, "-m", "ensurepip"], "pip")
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--quiet",
    ]
    command += ["--disable-pip-version-check", "--no-input"]
    for name in REQUIREMENTS[purpose]:
        command += ["-r", CHECKOUT / "requirements" / name]
    _run(command, "pip install")
    if purpose == "test":
        installed = wanted
    installed[purpose] = wanted[purpose]
    STAMP.write_text(json.dumps(installed), encoding="utf-8")


def fingerprint(purpose: str) -> str:
    """Changes with the locked files and with the Python they are installed for."""
    digest = hashlib.sha256(_version(PYTHON).encode())
    for name in REQUIREMENTS[purpose]:
        digest.update((CHECKOUT / "requirements" / name).read_bytes())
    return digest.hexdigest()


def _read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _works(python: Path) -> bool:
    return _succeeds([python, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"])


def _version(python: Path) -> str:
    command = [python, "-c", "import sys, sysconfig; print(sys.version, sysconfig.get_platform())"]
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=True
    ).stdout


def _make_venv() -> None:
    if sys.version_info < OLDEST:
        raise SetupError(
            f"Python 3.11 veya üstü gerekli; bulunan: {sys.version.split()[0]}.\n"
            "Python 3.11 or newer is needed (make PYTHON=python3.12 …)."
        )
    say(".venv oluşturuluyor", "creating .venv")
    if not _has_ensurepip():
        # Debian keeps it in a package of its own.
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        ensure_system([SystemNeed("ensurepip", "python3 -m venv", (version,), _has_ensurepip)])
    _run([sys.executable, "-m", "venv", "--clear", VENV], "python -m venv")


def _has_ensurepip() -> bool:
    return _succeeds([sys.executable, "-c", "import ensurepip, venv"])


# --- System libraries and programs ------------------------------------------------------------


def system_needs(purpose: str) -> list[SystemNeed]:
    """What a purpose needs of the operating system."""
    needs = [
        SystemNeed(
            "Pango",
            "PDF (WeasyPrint)",
            ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"),
            _has_pango,
        ),
        SystemNeed("gettext", "çeviriler / translations", ("gettext",), _has("msgfmt", "xgettext")),
        SystemNeed(
            "SoftHSM", "e-imza denemesi / trying e-imza", ("softhsm2",), _has("softhsm2-util")
        ),
    ]
    if purpose == "test":
        needs.append(
            SystemNeed(
                "Chromium",
                "tarayıcı testleri / browser tests",
                ("chromium",),
                lambda: any(map(shutil.which, ("chromium", "google-chrome"))),
            )
        )
    return needs


def ensure_system(needs: list[SystemNeed]) -> None:
    """Install what is missing with apt, or say exactly what has to be installed by hand."""
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    apt = _apt_get()
    if apt is None:
        raise SetupError(_by_hand(missing, packages))
    say(f"Sistem paketleri kuruluyor: {' '.join(packages)}", "installing system packages")
    _run([*apt, "update", "-q"], "apt-get update")
    _run([*apt, "install", "-y", "-q", "--no-install-recommends", *packages], "apt-get install")
    if still := [need for need in missing if not need.present()]:
        raise SetupError(_by_hand(still, packages))


def _apt_get() -> list[str] | None:
    """apt-get with the rights it needs, or None where there is none to be had."""
    if not shutil.which("apt-get"):
        return None
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() == 0:
        return command
    if not shutil.which("sudo"):
        return None
    # Without a terminal nobody can type a password: fail at once instead of hanging.
    return ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *command]


def _by_hand(missing: list[SystemNeed], packages: list[str]) -> str:
    listed = "\n".join(f"  - {need.name}: {need.why}" for need in missing)
    return (
        "Bu makinede eksik olan ve kendiliğinden kurulamayan bileşenler var / "
        f"this machine lacks, and we cannot install:\n{listed}\n"
        f"Debian/Ubuntu: apt-get install {' '.join(packages)}\n"
        "Kurduktan sonra komutu yeniden çalıştırın. / Install them and run the command again."
    )


def _has(*programs: str) -> Callable[[], bool]:
    return lambda: all(map(shutil.which, programs))


def _has_pango() -> bool:
    """Whether the libraries WeasyPrint opens at run time can be opened."""
    if sys.platform != "linux":
        return all(map(ctypes.util.find_library, ("pango-1.0", "pangoft2-1.0")))
    try:
        for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


# --- Translations -----------------------------------------------------------------------------


def compile_translations() -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for source in sorted(CHECKOUT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Beside its place first: a server that runs must not read half a catalogue.
        handle, half_done = tempfile.mkstemp(dir=source.parent, suffix=".new")
        os.close(handle)
        try:
            _run(["msgfmt", "--check-format", "-o", half_done, source], f"msgfmt {source.name}")
            Path(half_done).chmod(0o644)
            Path(half_done).replace(target)
        finally:
            Path(half_done).unlink(missing_ok=True)


# --- Small things ------------------------------------------------------------------------------


def say(turkish: str, english: str) -> None:
    print(f"→ {turkish} · {english} …", flush=True)


def _succeeds(command: list[str | Path]) -> bool:
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _run(command: list[str | Path], what: str) -> None:
    """Run a command in sight of the user; raises SetupError with its name if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=CHECKOUT, check=False)
    if done.returncode != 0:
        raise SetupError(
            f"{what} başarısız oldu, çıktısı yukarıda. / {what} failed, see its output above."
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
