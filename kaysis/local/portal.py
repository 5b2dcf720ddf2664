"""What `make run` does: the whole portal on this machine, with one list of its processes."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kaysis.local import addresses, files, processes, services
from kaysis.local.errors import LocalError
from kaysis.local.supervisor import STOP_SECONDS, Supervisor

CHECKOUT = addresses.CHECKOUT
STATE = CHECKOUT / ".local"
BIN = Path(sys.executable).parent

# The ports of `make run` by name: each is the first free one from here on.
PORTS = {
    "port": 8000,
    "ca_port": 8090,
    "signer_port": 8095,
    "edevlet_port": 8100,
    "mssp_port": 8105,
}
# Run to its end before the processes: makes the test authority and the cards that are missing.
CARDS: tuple[str, ...] = (
    *("{bin}/python", "-m", "kaysis.counterparts.signer"),
    *("--folder", "{state}/counterparts/cards", "--authority", "{state}/counterparts/ca"),
    *("--authority-url", "http://127.0.0.1:{ca_port}"),
)
# Every process of `make run`, by the name before its lines in the terminal. To add one, add a
# line; ports by their names, `{bin}` and `{state}` are filled in.
PROCESSES: dict[str, tuple[str, ...]] = {
    "web": (
        "{bin}/gunicorn",
        "kaysis.wsgi:application",
        *("--bind", "127.0.0.1:{port}", "--workers", "2", "--threads", "4"),
        *("--no-control-socket", "--graceful-timeout", "10"),
    ),
    "worker": (
        "{bin}/celery",
        *("--quiet", "--app", "kaysis.celery", "worker", "--loglevel", "INFO"),
        *("--concurrency", "2", "--without-gossip", "--without-mingle"),
    ),
    "beat": (
        "{bin}/celery",
        *("--quiet", "--app", "kaysis.celery", "beat", "--loglevel", "INFO", "--pidfile="),
        *("--schedule", "{state}/celerybeat-schedule"),
    ),
    # The other side of what the portal talks to (kaysis.counterparts).
    "ca": (
        *("{bin}/python", "-m", "kaysis.counterparts.ca"),
        *("--folder", "{state}/counterparts/ca", "--port", "{ca_port}"),
    ),
    "signer": (
        *(*CARDS, "--port", "{signer_port}"),
        *("--origin", "http://127.0.0.1:{port}", "--origin", "http://localhost:{port}"),
    ),
    "edevlet": ("{bin}/python", "-m", "kaysis.counterparts.edevlet", "--port", "{edevlet_port}"),
    "mssp": (
        *("{bin}/python", "-m", "kaysis.counterparts.mssp"),
        *("--authority", "{state}/counterparts/ca", "--port", "{mssp_port}"),
    ),
}
OPERATORS = {"turkcell": "Turkcell", "vodafone": "Vodafone", "turktelekom": "Türk Telekom"}
# What the processes see, unless the caller's environment says otherwise.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "kaysis.settings.development",
    "SITE_URL": "http://127.0.0.1:{port}",
    "SIGNATURE_TRUST_ANCHORS": "{state}/counterparts/ca/root.pem",
    "SIGNATURE_PRIVATE_NETWORKS": "127.0.0.0/8",
    "EIMZA_COMPONENT_URL": "http://127.0.0.1:{signer_port}",
    "EDEVLET_URL": "http://127.0.0.1:{edevlet_port}",
    "EDEVLET_CLIENT_ID": "kaysis",
    "EDEVLET_CLIENT_SECRET": "development-only-edevlet-secret",
    # One service stands for all operators.
    "MSSP_AP_ID": "urn:kaysis",
    "MSSP_AP_PASSWORD": "development-only-mssp-password",
    "MIMZA_OPERATORS": ",".join(OPERATORS),
    # Lines reach the terminal when they are written.
    "PYTHONUNBUFFERED": "1",
}
for _key, _name in OPERATORS.items():
    ENVIRONMENT |= {
        f"MIMZA_{_key.upper()}_NAME": _name,
        f"MIMZA_{_key.upper()}_URL": "http://127.0.0.1:{mssp_port}/mss",
        f"MIMZA_{_key.upper()}_AP_ID": ENVIRONMENT["MSSP_AP_ID"],
        f"MIMZA_{_key.upper()}_AP_PASSWORD": ENVIRONMENT["MSSP_AP_PASSWORD"],
    }
HEALTH_PATH = "/saglik/"
HEALTHY_SECONDS = 120


def run() -> int:
    """Serve the portal until Ctrl-C or SIGTERM; returns the exit status."""
    _end_politely_on(signal.SIGTERM, signal.SIGHUP)
    with _alone(), services.in_use():
        _clear_leftovers()
        _remember(None, {})
        ports = free_ports()
        port = ports["port"]
        env = environment(ports)
        cards = subprocess.Popen(fill(CARDS, ports), cwd=CHECKOUT, env=env)
        _prepare(env)
        if cards.wait():
            raise LocalError(
                "e-imza: kartlar hazırlanamadı / no cards; çıktısı yukarıda, see above"
            )
        with Supervisor(
            commands(ports), cwd=CHECKOUT, env=env, on_change=lambda pids: _remember(port, pids)
        ) as supervisor:
            deadline = time.monotonic() + HEALTHY_SECONDS
            accounts = _start_manage("demo_accounts", env)
            supervisor.wait(lambda: healthy(port) or time.monotonic() > deadline)
            if not supervisor.stopping:
                if time.monotonic() > deadline:
                    raise LocalError(f"{HEALTH_PATH} {HEALTHY_SECONDS} s: sağlıksız / not healthy")
                _welcome(ports, accounts)
            supervisor.wait()
            print("\nDuruyor · stopping …", flush=True)
    _state_file().unlink(missing_ok=True)
    print("Durdu; hiçbir şey kaybolmadı. · Stopped; nothing was lost.", flush=True)
    return 0


def stop() -> bool:
    """End a running `make run` of this checkout and wait for it; False if there is none."""
    pid = _running_supervisor()
    if pid is None:
        return False
    processes.end(pid, STOP_SECONDS + 15)
    return True


def commands(ports: Mapping[str, int]) -> dict[str, list[str]]:
    """PROCESSES with everything filled in."""
    found = {name: fill(command, ports) for name, command in PROCESSES.items()}
    # Code that is loaded once before the fork starts sooner, and cannot be loaded anew.
    found["web"].append("--reload" if os.environ.get("RELOAD") else "--preload")
    return found


def fill(parts: Iterable[str], ports: Mapping[str, int]) -> list[str]:
    """The texts with ports and folders in their places."""
    return [part.format(bin=BIN, state=STATE, **ports) for part in parts]


def environment(ports: Mapping[str, int]) -> dict[str, str]:
    """What the processes see: the caller's environment and this portal's own addresses."""
    defaults = dict(zip(ENVIRONMENT, fill(ENVIRONMENT.values(), ports), strict=True))
    if os.geteuid() == 0:
        # Celery warns every root; our jobs arrive as JSON, which can run nothing.
        defaults["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    return defaults | os.environ


def free_ports() -> dict[str, int]:
    """A port for each of PORTS; `PORT` in the environment says where the portal's search begins."""
    wanted = PORTS | {"port": int(os.environ.get("PORT") or PORTS["port"])}
    found: dict[str, int] = {}
    for name, first in wanted.items():
        found[name] = free_port(first, taken=found.values())
    return found


def free_port(first: int, taken: Collection[int] = ()) -> int:
    """The first port from `first` on that nobody listens on, and that is not `taken`."""
    for port in range(first, min(first + 100, 65536)):
        if port in taken:
            continue
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # As gunicorn does it: a port whose last owner has just left is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise LocalError(f"No free port from {first} on.")


def healthy(port: int) -> bool:
    """Whether the portal answers 200 at its health address."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{HEALTH_PATH}", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _prepare(env: dict[str, str]) -> None:
    """The database as the code expects it, with the demo state in it once."""
    as_owner = env | {"DATABASE_URL": addresses.database_url("owner")}
    print("→ Veritabanı güncelleniyor · migrating …", flush=True)
    _manage(["migrate", "--no-input", "--verbosity", "0"], as_owner)
    if _has_command("load_demo") and not services.has_rows("detsis_unit"):
        print("→ Örnek veriler yükleniyor · loading demo data …", flush=True)
        _manage(["load_demo"], env)


def _manage(arguments: list[str], env: dict[str, str]) -> None:
    command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, env=env, check=False)
    if done.returncode != 0:
        raise LocalError(f"manage.py {arguments[0]}: exit {done.returncode}")


def _start_manage(name: str, env: dict[str, str]) -> subprocess.Popen[str] | None:
    """Start a management command beside the rest; None if the project has none of that name."""
    if not _has_command(name):
        return None
    command = [sys.executable, str(CHECKOUT / "manage.py"), name]
    return subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, text=True)


def _has_command(name: str) -> bool:
    """Looked for as a file: asking Django takes seconds."""
    places = ("*", "kaysis/*")
    return any(any(CHECKOUT.glob(f"{at}/management/commands/{name}.py")) for at in places)


def _welcome(ports: Mapping[str, int], accounts: subprocess.Popen[str] | None) -> None:
    sign_ins = accounts.communicate()[0].strip() if accounts else ""
    lines = [
        f"KAYSİS hazır · is ready:  http://127.0.0.1:{ports['port']}/",
        f"m-imza telefonları · telephones:  http://127.0.0.1:{ports['mssp_port']}/",
    ]
    if sign_ins:
        lines += ["", "Örnek girişler · demo sign-ins:", sign_ins]
    lines += ["", "Durdurmak için · to stop:  Ctrl-C  (make stop)"]
    print("\n" + "\n".join(lines) + "\n", flush=True)


def _end_politely_on(*signs: signal.Signals) -> None:
    """Until the supervisor takes over, an end by signal still leaves through `finally`."""

    def leave(sign: int, _frame: object) -> None:
        raise SystemExit(128 + sign)

    for sign in signs:
        signal.signal(sign, leave)


def _state_file() -> Path:
    return STATE / "run.json"


def _remember(port: int | None, pids: dict[str, int]) -> None:
    state = {"supervisor": os.getpid(), "port": port, "processes": pids}
    files.write_atomically(_state_file(), json.dumps(state))


@contextmanager
def _alone() -> Iterator[None]:
    """Only one `make run` per checkout: two schedulers would do every job twice."""
    STATE.mkdir(mode=0o700, exist_ok=True)
    with (STATE / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            port = _state().get("port")
            where = f": http://127.0.0.1:{port}/" if port else ""
            raise LocalError(
                f"KAYSİS zaten çalışıyor{where} (durdurmak için: make stop). / "
                "It is already running (to stop it: make stop)."
            ) from None
        yield


def _state() -> dict[str, object]:
    text = files.read_or_none(_state_file())
    try:
        state = json.loads(text) if text else {}
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


def _running_supervisor() -> int | None:
    """The process of a `make run` that holds the lock right now."""
    try:
        with _alone():
            return None
    except LocalError:
        pid = _state().get("supervisor")
        return pid if isinstance(pid, int) else None


def _clear_leftovers() -> None:
    """End what a killed supervisor may have left; we hold the lock, so nobody else needs it."""
    children = _state().get("processes")
    for pid in children.values() if isinstance(children, dict) else ():
        if isinstance(pid, int) and str(BIN) in processes.command_line(pid):
            processes.end(pid, STOP_SECONDS)
