"""What can be known about the deployment files without a Docker engine."""

import ast
import base64
import hashlib
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kaysis.local import addresses, portal, postgres, programs
from kaysis.local.layout import look
from tests.local.conftest import REPOSITORY, Checkout

COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {"web", "worker", "beat", "migrate"}
DEPLOY = REPOSITORY / "deploy"
# Without those of tests and of the benchmark, which no deployment uses.
DESK = {"test", "benchmark"}
SETTINGS = [p for p in (REPOSITORY / "kaysis" / "settings").glob("*.py") if p.stem not in DESK]
# Of the folders that are mounted; the engine makes them where they are missing.
MADE_BY_HAND = {"./deploy/certificates", "./backup"}
VARIABLE = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=", re.MULTILINE)


def text(path: str) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


def variables_read(path: Path) -> set[str]:
    """The names in every `env("NAME")`, `env.int("NAME")` … and `os.environ.get("NAME")`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called == "env" or called.startswith(("env.", "os.environ.get")):
                found.add(str(node.args[0].value))
    return found


def needed() -> set[str]:
    return set().union(*map(variables_read, SETTINGS)) | {"DATABASE_URL", "REDIS_URL"}


def documented_in(name: str) -> set[str]:
    return set(VARIABLE.findall((DEPLOY / name).read_text(encoding="utf-8")))


def test_every_setting_of_the_environment_is_in_the_example() -> None:
    assert len(needed()) > 15, "the settings are not read as they should be"
    assert needed() - documented_in("portal.env.example") == set()


def test_every_variable_of_the_examples_is_explained() -> None:
    manual = text("docs/operations.md")
    examples = [path.name for path in DEPLOY.glob("*.env.example")]
    assert len(examples) == 3
    for name in examples:
        for variable in documented_in(name):
            assert f"`{variable}`" in manual, f"{variable} of {name} is not in docs/operations.md"


def test_no_example_holds_a_secret() -> None:
    for path in DEPLOY.glob("*.env.example"):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            if re.search(r"(KEY|PASSWORD|TOKEN)$", name):
                assert value == "", f"{path.name}: {line}"


def test_the_shape_is_whole() -> None:
    assert set(SERVICES) == OURS | {"postgres", "redis", "proxy"}
    for name, service in SERVICES.items():
        assert name == "migrate" or service["restart"] == "unless-stopped", name
        assert name == "migrate" or service["healthcheck"]["test"], name
    assert [n for n, s in SERVICES.items() if s.get("ports")] == ["proxy"], "one door only"
    assert len({SERVICES[name]["image"] for name in OURS}) == 1, "one image for all of ours"
    named = {v.partition(":")[0] for s in SERVICES.values() for v in s.get("volumes", [])}
    assert {n for n in named if not n.startswith(".")} == set(COMPOSE["volumes"])
    assert {n for s in SERVICES.values() for n in s["networks"]} == set(COMPOSE["networks"])


def test_nothing_is_served_before_the_database_is_ready_and_migrated() -> None:
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert SERVICES["proxy"]["depends_on"]["web"] == {"condition": "service_healthy"}


def test_only_the_migration_knows_the_owner_of_the_tables() -> None:
    for name in OURS:
        knows = "deploy/postgres.env" in SERVICES[name]["env_file"]
        assert knows == (name == "migrate"), name
    assert "DATABASE_OWNER_URL" in SERVICES["migrate"]["command"][-1]
    assert "deploy/portal.env" not in SERVICES["proxy"]["env_file"]
    assert "kaysis_app:" in text("deploy/portal.env.example")
    assert "kaysis_owner:" in text("deploy/postgres.env.example")


def test_the_databases_cannot_be_reached_from_outside() -> None:
    assert COMPOSE["networks"]["data"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["data"]
    assert SERVICES["proxy"]["networks"] == ["public"]


def test_our_containers_can_change_nothing_they_run_on() -> None:
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in SERVICES[name]["security_opt"]


def test_what_the_files_point_to_exists() -> None:
    for service in SERVICES.values():
        for file in service.get("env_file", []):
            assert (REPOSITORY / f"{file}.example").is_file(), file
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("./") and source not in MADE_BY_HAND:
                assert (REPOSITORY / source).exists(), source
    commands = " ".join(str(s.get("command", "")) for s in SERVICES.values())
    assert "kaysis.celery" in commands
    for path in re.findall(r"deploy/[\w.]+\.py", text("Dockerfile") + text("docker-compose.yml")):
        assert (REPOSITORY / path).is_file(), path


def test_every_variable_of_the_proxy_is_in_its_example() -> None:
    used = set(re.findall(r"\{\$([A-Z_]+)", text("deploy/Caddyfile")))
    assert used == documented_in("proxy.env.example")


def test_no_stranger_can_close_the_portal_for_others() -> None:
    """A request that fails on its own account, such as one that is too long, must not count
    against the web container that had it: with one container nobody would be served."""
    assert not re.search(
        r"^\s*(fail_duration|max_fails|unhealthy_)", text("deploy/Caddyfile"), re.M
    )


def test_every_log_of_the_proxy_is_without_personal_data() -> None:
    caddyfile = text("deploy/Caddyfile")
    logs = re.findall(r"^(\t+)log \{\n(.*?)^\1\}", caddyfile, re.MULTILINE | re.DOTALL)
    assert len(logs) == 2, "one for errors, one for requests"
    for _, log in logs:
        for field in ("request>uri regexp", "request>headers delete", "ip ip_mask 24 48"):
            assert field in log


def test_the_pages_of_the_proxy_keep_to_their_own_policy() -> None:
    caddyfile = text("deploy/Caddyfile")
    [allowed] = re.findall(r"style-src 'sha256-([^']+)'", caddyfile)
    pages = {f"{name}.html" for name in re.findall(r"rewrite /([a-z0-9]+)\.html", caddyfile)}
    assert pages == {path.name for path in (DEPLOY / "pages").iterdir()}
    assert "./deploy/pages:/pages:ro" in SERVICES["proxy"]["volumes"]
    for name in pages:
        page = text(f"deploy/pages/{name}")
        [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
        assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() == allowed, name
        assert 'lang="tr"' in page
        assert 'lang="en"' in page
        assert not re.search(r"(src|href)=|<script|style=", page), name


def test_no_log_of_the_database_holds_statements() -> None:
    """psycopg2 writes values into its statements: a slow or refused one would show them."""
    settings = dict(c[2:].split("=") for c in SERVICES["postgres"]["command"][1:])
    assert settings["log_min_error_statement"] == "panic"
    assert settings["log_error_verbosity"] == "terse"
    assert not {"log_statement", "log_min_duration_statement"} & settings.keys()


def test_the_caddyfile_is_balanced() -> None:
    depth = 0
    for number, line in enumerate(text("deploy/Caddyfile").splitlines(), 1):
        code = re.sub(r"\{\$?[\w.]+\}", "", line.partition("#")[0])
        depth += code.count("{") - code.count("}")
        assert depth >= 0, f"line {number}"
    assert depth == 0


def instructions() -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", " ", text("Dockerfile"))
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def test_the_image_is_built_with_care() -> None:
    found = instructions()
    kinds = [kind for kind, _ in found]
    assert kinds.count("FROM") == 2, "what builds is not what runs"
    last = len(kinds) - 1 - kinds[::-1].index("FROM")
    running = found[last:]
    [user] = [value for kind, value in running if kind == "USER"]
    assert user != "root"
    order = [kind for kind, _ in running]
    assert order.index("USER") > max(i for i, kind in enumerate(order) if kind in {"RUN", "COPY"})
    assert "ADD" not in kinds
    assert not any("latest" in value for kind, value in found if kind == "FROM")
    for kind, value in found:
        if kind == "RUN" and "apt-get install" in value:
            assert "--no-install-recommends" in value
            assert "rm -rf /var/lib/apt/lists/*" in value
        if kind == "RUN" and "pip install" in value:
            assert "--require-hashes" in value
        if kind in {"CMD", "ENTRYPOINT"}:
            assert value.startswith("["), "no shell between the engine's signals and the server"
        if kind == "COPY" and "--from" not in value:
            source = value.split()[0]
            assert (REPOSITORY / source).exists(), source


def test_the_image_has_the_libraries_that_setup_installs() -> None:
    setup = text("kaysis/local/setup.py")
    packages = set(re.findall(r'"(lib[a-z0-9.-]+|fonts-[a-z-]+)"', setup))
    packages = {p for p in packages if not p.endswith((".0", ".so"))}
    assert packages
    for package in packages:
        assert package in text("Dockerfile"), package


def left_out(path: str) -> bool:
    """Whether .dockerignore keeps a file out of the image: the last pattern that fits decides, a
    pattern begins at the top, and what fits a folder fits all in it."""
    out = False
    for line in text(".dockerignore").splitlines():
        pattern = line.lstrip("!")
        if not pattern or pattern.startswith("#"):
            continue
        parts = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if re.fullmatch(parts + "(?:/.*)?", path):
            out = not line.startswith("!")
    return out


def test_no_secret_gets_into_the_image_or_the_repository() -> None:
    secrets = [
        *("deploy/portal.env", "deploy/postgres.env", "deploy/proxy.env", ".env"),
        "deploy/certificates/site.key",
    ]
    for path in [*secrets, "kaysis/.env", "deploy/authorities/roots.pem", "backup/kaysis.dump"]:
        assert left_out(path), path
    for name in secrets:
        done = subprocess.run(["git", "check-ignore", "-q", name], cwd=REPOSITORY, check=False)
        assert done.returncode == 0, name


def test_the_image_gets_what_it_runs_on() -> None:
    wanted = ["manage.py", "kaysis/wsgi.py", "deploy/check.env", "deploy/gunicorn.conf.py"]
    wanted += ["deploy/healthcheck.py", "requirements/base.txt", "templates/base.html"]
    for path in [*wanted, "locale/en/LC_MESSAGES/django.po", "static/css/kaysis.css"]:
        assert (REPOSITORY / path).is_file(), path
        assert not left_out(path), path


def test_the_scripts_are_shell_and_may_be_run() -> None:
    for path in ("deploy/postgres/roles.sh", ".ci/run"):
        assert (REPOSITORY / path).stat().st_mode & stat.S_IXUSR, path
        subprocess.run(["bash", "-n", str(REPOSITORY / path)], check=True)


def test_development_and_production_make_the_same_database() -> None:
    assert set(re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", postgres.CONTENTS)) == set(
        re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", text("deploy/postgres/roles.sh"))
    )
    made = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    for option in ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"):
        assert option in made
        assert f'"{option}"' in text("kaysis/local/postgres.py")
    ours = dict(re.findall(r"^(\w+) = '?([^'\n]+?)'?$", postgres.CONFIGURATION, re.MULTILINE))
    theirs = dict(c[2:].split("=") for c in SERVICES["postgres"]["command"][1:])
    for name in (
        "jit",
        "random_page_cost",
        "default_text_search_config",
        "shared_preload_libraries",
    ):
        assert ours[name] == theirs[name], name


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_commands_are_those_of_make_run(name: str) -> None:
    program, *_ = portal.PROCESSES[name]
    command = SERVICES[name].get("command") or [text("Dockerfile").rpartition("CMD ")[2]]
    assert program.rpartition("/")[2] in " ".join(command)


@pytest.fixture
def bare(checkout: Checkout) -> Iterator[Checkout]:
    """A server as the postgres image has made it when it runs our script: nothing of ours in it."""
    checkout.run("up")
    for statement in ("DROP DATABASE kaysis", "DROP ROLE kaysis_app", "DROP ROLE kaysis_owner"):
        checkout.sql(statement, role="postgres", database="postgres")
    yield checkout
    checkout.run("destroy")


def test_the_script_of_the_database_makes_roles_that_are_kept_apart(bare: Checkout) -> None:
    folder = programs.postgres_bin(look())
    subprocess.run(
        [str(DEPLOY / "postgres" / "roles.sh")],
        env={
            "PATH": f"{folder}:{os.defpath}",
            "PGHOST": str(addresses.sockets(bare.path)),
            "KAYSIS_OWNER_PASSWORD": 'it\'s "quoted" $HOME',
            "KAYSIS_APP_PASSWORD": "plain",
        },
        check=True,
    )
    bare.sql("CREATE TABLE ours AS SELECT 1 AS n")
    assert bare.sql("SELECT current_user", role="app") == "kaysis_app"
    for forbidden in ("SELECT n FROM ours", "CREATE TABLE mine ()"):
        refused = bare.start("psql", "--role", "app", "--", "-c", forbidden)
        assert "permission denied" in refused.communicate(timeout=60)[0]
    strangers = "SELECT has_database_privilege('public', 'kaysis', 'CONNECT')"
    assert bare.sql(strangers) == "f"
    hidden = "SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$%'"
    assert bare.sql(hidden, role="postgres") == "2"
