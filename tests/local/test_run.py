"""`make run` in a checkout of its own, and the production server on what it left."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from kaysis.counterparts.people import PEOPLE
from kaysis.local import addresses, portal, processes
from tests.local.conftest import REPOSITORY, Checkout, copy_working_tree, environment, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("make_run")]

UNCOMPRESSED = """\
from kaysis.settings.production import *
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
"""
SERVICES = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))[
    "services"
]
# The first start loads the demo state; the machine may be busy with other tests.
READY_SECONDS = 600


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """What a person gets who clones the repository; the packages are there already."""
    path = tmp_path_factory.mktemp("clone") / "kaysis"
    copy_working_tree(path)
    made = Checkout(path)
    try:
        yield made
    finally:
        made.run("stop")
        made.run("destroy")


class Run:
    """A `make run` in the background, and what it has printed."""

    def __init__(self, checkout: Checkout, log: Path, port: int) -> None:
        self.checkout, self.log = checkout, log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                ["make", "run"],
                cwd=checkout.path,
                env=environment(PORT=str(port)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_until_ready(self) -> int:
        """Returns the port it serves at."""
        wait_for(lambda: "is ready" in self.said or self.process.poll() is not None, READY_SECONDS)
        assert self.process.poll() is None, self.said
        return int(self.state()["port"])

    def state(self) -> Any:
        return json.loads((self.checkout.path / ".local" / "run.json").read_text())


@pytest.fixture
def make_run(clone: Checkout, tmp_path: Path) -> Iterator[Callable[[], Run]]:
    started: list[Run] = []

    def start() -> Run:
        started.append(Run(clone, tmp_path / f"log{len(started)}", free_port()))
        return started[-1]

    yield start
    for run in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.process.pid, signal.SIGTERM)
        run.process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: str


def get(port: int, path: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(
            "GET", path, headers={n.replace("_", "-"): v for n, v in headers.items()}
        )
        found = connection.getresponse()
        return Answer(found.status, found.headers, found.read().decode())
    finally:
        connection.close()


def belongs(checkout: Checkout) -> list[str]:
    """The command lines of all processes that live off this checkout or its servers."""
    marks = (str(checkout.path), addresses.checkout_key(checkout.path))
    lines = {
        int(entry.name): processes.command_line(int(entry.name))
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and int(entry.name) != os.getpid()
    }
    return [line for line in lines.values() if any(mark in line for mark in marks)]


def test_kill_9_and_ctrl_c_lose_nothing_and_leave_nobody(
    clone: Checkout, make_run: Callable[[], Run]
) -> None:
    killed = make_run()
    port = killed.wait_until_ready()
    assert f"http://127.0.0.1:{port}/" in killed.said
    assert get(port, "/saglik/").status == 200
    assert get(port, "/").status == 200
    state = killed.state()
    assert set(state["processes"]) == set(portal.PROCESSES)
    # e-imza can be tried: the signing component answers the portal's pages, with its cards in.
    page = get(port, "/giris/eimza/").body
    component = re.search(r'data-url="http://127.0.0.1:(\d+)"', page)
    assert component, page
    answer = get(int(component[1]), "/v1/durum", Origin=f"http://127.0.0.1:{port}")
    assert json.loads(answer.body)["cards"] == len(PEOPLE)
    # So can e-Devlet and m-imza: their counterparts answer where the portal sends people.
    gateway = urlsplit(get(port, "/giris/edevlet/").headers["Location"])
    assert get(int(gateway.port or 0), f"{gateway.path}?{gateway.query}").status == 200
    assert "Turkcell" in get(port, "/giris/mimza/").body
    telephones = re.search(r"telephones:  http://127.0.0.1:(\d+)/", killed.said)
    assert telephones, killed.said
    assert get(int(telephones[1]), "/").status == 200
    clone.sql("CREATE TABLE written AS SELECT 1 AS n")
    os.kill(state["supervisor"], signal.SIGKILL)
    wait_for(lambda: not any(map(processes.alive, state["processes"].values())), 60)
    wait_for(lambda: not any("gunicorn" in p or "celery" in p for p in belongs(clone)), 60)

    run = make_run()
    port = run.wait_until_ready()
    assert clone.sql("SELECT n FROM written") == "1"
    assert "loading demo data" not in run.said
    # Two schedulers would do every job twice: one more says where the first is, and leaves.
    refused = make_run()
    assert refused.process.wait(120) != 0
    assert f"http://127.0.0.1:{port}/" in refused.said
    assert get(port, "/saglik/").status == 200

    # As a terminal does it: to make and to all that it started.
    os.killpg(run.process.pid, signal.SIGINT)
    run.process.wait(120)
    assert "Stopped; nothing was lost." in run.said
    assert belongs(clone) == []


def test_a_port_that_is_taken_is_passed_over(clone: Checkout, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        assert port < portal.free_port(port) <= port + 100


@pytest.fixture
def production(clone: Checkout) -> Iterator[dict[str, str]]:
    """The environment of a web container, with this checkout's servers as its databases."""
    clone.run("up")
    lines = (clone.path / "deploy" / "check.env").read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    values |= {
        "DATABASE_URL": addresses.database_url("app", clone.path),
        "REDIS_URL": addresses.redis_url(checkout=clone.path),
        "CELERY_BROKER_URL": addresses.broker_url(clone.path),
        "GUNICORN_BIND": f"127.0.0.1:{free_port()}",
        "PROMETHEUS_MULTIPROC_DIR": str(clone.path / ".local" / "prometheus"),
        "WEB_CONCURRENCY": "2",
        "WORKER_CONCURRENCY": "2",
        "DJANGO_SETTINGS_MODULE": "kaysis.settings.uncompressed",
        "PATH": f"{clone.path / '.venv' / 'bin'}:{os.environ['PATH']}",
        "HOSTNAME": socket.gethostname(),
    }
    env = environment(**values)
    # As built into the image, but for the compressed copies, which take a minute.
    (clone.path / "kaysis" / "settings" / "uncompressed.py").write_text(UNCOMPRESSED)
    collect = ["python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=clone.path, env=env, check=True)
    yield env
    clone.run("down")


def in_container(name: str, tmp: Path) -> list[str]:
    """What docker-compose.yml, or else the image, has a container of ours run."""
    given = SERVICES[name].get("command")
    image = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8").rpartition("CMD ")[2]
    return [written(part, tmp) for part in given or json.loads(image)]


def health_check(name: str, tmp: Path) -> list[str]:
    kind, *rest = SERVICES[name]["healthcheck"]["test"]
    return [written(p, tmp) for p in (rest if kind == "CMD" else ["sh", "-c", *rest])]


def passes(check: list[str], **place: Any) -> bool:
    done = subprocess.run(check, **place, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done.returncode == 0


def written(part: str, tmp: Path) -> str:
    """As Compose reads it; a container has a /tmp of its own."""
    return part.replace("$$", "$").replace("/tmp", str(tmp))


def test_the_containers_start_heal_and_end_as_compose_would(
    clone: Checkout, production: dict[str, str], tmp_path: Path
) -> None:
    place = {"cwd": clone.path, "env": production}
    owner = production | {"DATABASE_OWNER_URL": addresses.database_url("owner", clone.path)}
    subprocess.run(in_container("migrate", tmp_path), cwd=clone.path, env=owner, check=True)
    names = ("web", "worker", "beat")
    logs = {name: tmp_path / f"{name}.log" for name in names}
    running = {}
    try:
        for name in names:
            with logs[name].open("w") as log:
                running[name] = subprocess.Popen(
                    in_container(name, tmp_path), **place, stdout=log, stderr=log
                )
            wait_for(partial(passes, health_check(name, tmp_path), **place), 240)
        port = int(production["GUNICORN_BIND"].rpartition(":")[2])
        through = {"Host": "kaysis.example", "X_Forwarded_Proto": "https"}
        health = json.loads(get(port, "/saglik/", **through).body)
        assert {name: check["ok"] for name, check in health["checks"].items()} == {
            "database": True,
            "cache": True,
            "migrations": True,
            "worker": True,
        }
        # New processes for old ones: whoever asks meanwhile is answered.
        running["web"].send_signal(signal.SIGHUP)
        for _ in range(50):
            assert get(port, "/ara/?q=igdir", **through).status == 200
        assert "Hang up" in logs["web"].read_text(encoding="utf-8")
    finally:
        for process in running.values():
            process.terminate()
        ended = {name: process.wait(60) for name, process in running.items()}
    assert ended == dict.fromkeys(names, 0)
    lines = [line for name in names for line in logs[name].read_text("utf-8").splitlines()]
    said = [json.loads(line) for line in lines if line.startswith("{")]
    # Celery has words of its own for whoever starts it as root, and for the end.
    for name in ("web", "beat"):
        assert all(line.startswith("{") for line in logs[name].read_text("utf-8").splitlines())
    assert {"gunicorn.error", "kaysis.request", "celery.beat"} <= {line["logger"] for line in said}
    # Nor does anybody say who asked, and for what.
    assert "127.0.0.1 - -" not in "".join(lines)
    assert "igdir" not in "".join(lines)


def test_production_serves_over_tls_only_and_tells_nothing(
    clone: Checkout, production: dict[str, str]
) -> None:
    python = str(clone.path / ".venv" / "bin" / "python")
    owner = production | {"DATABASE_URL": addresses.database_url("owner", clone.path)}
    subprocess.run(
        [python, "manage.py", "migrate", "--no-input", "--verbosity", "0"],
        cwd=clone.path,
        env=owner,
        check=True,
    )
    command = [str(clone.path / ".venv/bin/gunicorn"), "--config", "deploy/gunicorn.conf.py"]
    server = subprocess.Popen([*command, "kaysis.wsgi:application"], cwd=clone.path, env=production)
    try:
        port = int(production["GUNICORN_BIND"].rpartition(":")[2])
        check = [python, "deploy/healthcheck.py"]
        wait_for(
            lambda: (
                subprocess.run(
                    check, cwd=clone.path, env=production, stderr=subprocess.DEVNULL, check=False
                ).returncode
                == 0
            ),
            120,
        )
        plain = get(port, "/", Host="kaysis.example")
        assert (plain.status, plain.headers["Location"]) == (301, "https://kaysis.example/")
        through = {"Host": "kaysis.example", "X_Forwarded_Proto": "https"}
        home = get(port, "/", **through)
        assert home.status == 200
        assert "max-age=31536000" in home.headers["Strict-Transport-Security"]
        [style] = re.findall(r'href="(/static/css/kaysis\.[^"]+)"', home.body)
        assert "immutable" in get(port, style, **through).headers["Cache-Control"]
        assert get(port, "/", Host="evil.example", X_Forwarded_Proto="https").status == 400
        missing = get(port, "/yok-boyle-bir-sayfa/", **through)
        assert missing.status == 404
        assert "Traceback" not in missing.body
        assert "urlpatterns" not in missing.body
        assert get(port, "/metrics", X_Forwarded_For="203.0.113.9", **through).status == 404
        metrics = get(port, "/metrics", **through).body
        assert "django_http_responses_total_by_status" in metrics
    finally:
        server.terminate()
        server.wait(60)
    assert server.returncode == 0
