"""Nothing in the portal is left over, and nothing is without a test or an explanation.

All of this reads source: it says that a test names a thing, not that the test is a good one. What
is left out, is left out here, with its reason.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

from tests.test_architecture import OURS

ROOT = Path(settings.BASE_DIR)
CONFIGS = [apps.get_app_config(label) for label in sorted(OURS)]
PACKAGES = sorted({config.name.split(".")[0] for config in CONFIGS})
TEMPLATES, STATIC = ROOT / "templates", ROOT / "static"


# --- What the source says ---------------------------------------------------------------------


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def python(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def strings(paths: Iterable[Path]) -> Iterator[str]:
    """Every text in the code, and every f-string as a pattern in which a value is `.*`."""
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                yield "".join(
                    re.escape(part.value) if isinstance(part, ast.Constant) else ".*"
                    for part in node.values
                )


def words(paths: Iterable[Path]) -> set[str]:
    """Every name that the code uses."""
    return {
        name
        for path in paths
        for node in ast.walk(tree(path))
        if (name := getattr(node, "id", None) or getattr(node, "attr", None))
    }


def cases(names: Iterable[str]) -> list[Any]:
    """One test for each of `names`."""
    return list(names)


# --- Models -----------------------------------------------------------------------------------

# A row of these is written by the database or comes with another; the tests of that read it.
WRITTEN_BY_TRIGGERS = "Event"


@cache
def _models() -> dict[str, str]:
    return {
        model._meta.label: model.__name__
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model.__name__.endswith(WRITTEN_BY_TRIGGERS)
    }


# Rows that services write and tests read under another name: where, and under which.
UNDER_ANOTHER_NAME = {
    "detsis.ChangeItem": ("tests/detsis/test_changesets.py", "items"),
}


@pytest.mark.parametrize("label", cases(sorted(_models())))
def test_every_model_is_used_by_a_test(label):
    if label in UNDER_ANOTHER_NAME:
        file, name = UNDER_ANOTHER_NAME[label]
        assert name in words([ROOT / file])
        return
    assert _models()[label] in words(python("tests"))


# --- Commands and jobs ------------------------------------------------------------------------


@cache
def _commands() -> list[str]:
    ours = {config.name for config in CONFIGS}
    return sorted(name for name, app in get_commands().items() if app in ours)


def _called() -> Iterator[str]:
    """The first argument of `call_command` and of helpers around it, and what stands in a list with
    `manage.py`."""
    for path in python("tests"):
        helpers = {
            node.name
            for node in ast.walk(tree(path))
            if isinstance(node, ast.FunctionDef) and "call_command(" in ast.unparse(node)
        }
        for node in ast.walk(tree(path)):
            given: list[ast.expr] = []
            if isinstance(node, ast.Call):
                function = ast.unparse(node.func).rpartition(".")[2]
                given = node.args[:1] if function in {"call_command", *helpers} else []
            elif isinstance(node, ast.List | ast.Tuple) and "manage.py" in ast.unparse(node):
                given = node.elts
            yield from (
                item.value
                for item in given
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            )


@pytest.mark.parametrize("name", cases(_commands()))
def test_every_command_is_called_by_a_test(name):
    assert name in set(_called())


def _tasks() -> list[str]:
    for config in CONFIGS:
        if (Path(config.path) / "tasks.py").exists():
            import_module(f"{config.name}.tasks")
    return sorted(name for name in current_app.tasks if name.split(".")[0] in PACKAGES)


@pytest.mark.parametrize("name", _tasks())
def test_every_job_is_run_by_a_test(name):
    """By its function, or by its full name."""
    function = name.rpartition(".")[2]
    named = {re.escape(name), re.escape(function)} & set(strings(python("tests")))
    assert named or function in words(python("tests"))


@pytest.mark.parametrize("name", _tasks())
def test_every_job_is_scheduled_or_sent(name):
    scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    sent = [f"{name.rpartition('.')[2]}.{how}" for how in ("delay", "apply_async", "si(", "s(")]
    source = "\n".join(text(path) for path in python(*PACKAGES))
    assert name in scheduled or any(each in source for each in sent)


# --- Templates and static files -----------------------------------------------------------------

# Django and others look for these by name.
FOUND_BY_NAME = re.compile(r"(4|5)\d\d\.html|django/forms/.*|admin/.*|errors/\d+\.html")


def _in_templates(paths: Iterable[str]) -> Iterator[str]:
    """What templates name: in a tag, in quotes."""
    for path in paths:
        for tag in re.findall(r"{%.*?%}", text(TEMPLATES / path), re.DOTALL):
            yield from map(re.escape, re.findall(r"[\"']([^\"']+\.\w+)[\"']", tag))


@cache
def _reached_templates() -> frozenset[str]:
    """From the code, and from there through other templates."""
    every = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*")}
    patterns = {
        re.compile(each)
        for each in strings(python(*PACKAGES))
        if each.endswith((".html", ".txt", ".xml")) or re.escape(".html") in each
    }
    reached: set[str] = set()
    found = {name for name in every if FOUND_BY_NAME.fullmatch(name)}
    found |= {name for name in every if any(each.fullmatch(name) for each in patterns)}
    while found - reached:
        new = found - reached
        reached |= new
        named = set(_in_templates(new))
        found |= {name for name in every if re.escape(name) in named}
    return frozenset(reached)


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
)
def test_every_template_is_used(name):
    assert name in _reached_templates()


def _static_named() -> str:
    used = [text(TEMPLATES / name) for name in _reached_templates()]
    used += [text(path) for path in python(*PACKAGES)]
    used += [text(path) for path in STATIC.rglob("*") if path.suffix in (".css", ".js")]
    return "\n".join(used)


@pytest.mark.parametrize(
    "name", sorted(str(p.relative_to(STATIC)) for p in STATIC.rglob("*") if p.is_file())
)
def test_every_static_file_is_used(name):
    """By its path, or from beside it by its name."""
    named = _static_named()
    assert name in named or f"url({Path(name).name})" in named


# --- Settings -----------------------------------------------------------------------------------

# What a deployment never sets: it belongs to tests and to the desk.
NOT_FOR_DEPLOYMENT = {"BENCHMARK_CORPUS", "TEST_RUN"}
# The image of PostgreSQL reads it.
READ_BY_OTHERS = {"POSTGRES_PASSWORD"}


def _pattern(name: ast.expr) -> str:
    """The name of a variable; `.*` where a part of it is decided at run time."""
    if isinstance(name, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else ".*" for part in name.values]
        return "".join(map(str, parts))
    return str(ast.literal_eval(name))


def _variables() -> set[str]:
    """Names of environment variables that the settings read, as patterns."""
    found = set()
    for path in python("kaysis/settings"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and re.match(r"env(\.\w+)?$", ast.unparse(node.func)):
                found |= {
                    _pattern(argument)
                    for argument in node.args[:1]
                    if isinstance(argument, ast.Constant | ast.JoinedStr)
                }
    for path in (ROOT / "kaysis" / "local" / "addresses.py",):
        found |= set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", text(path)))
    return found


def _offered() -> set[str]:
    """What the example files of the deployment offer."""
    examples = "\n".join(text(path) for path in sorted((ROOT / "deploy").glob("*.env.example")))
    return set(re.findall(r"^(?:# ?)?([A-Z][A-Z0-9_]+)=", examples, re.MULTILINE))


def _unmatched(patterns: Iterable[str], names: Iterable[str]) -> set[str]:
    names = set(names)
    return {each for each in patterns if not any(re.fullmatch(each, name) for name in names)}


def test_every_variable_is_offered_and_explained():
    variables = _variables() - NOT_FOR_DEPLOYMENT
    assert len(variables) > 20
    explained = re.findall(r"`([A-Z][A-Z0-9_]+)`", text(ROOT / "docs" / "operations.md"))
    assert _unmatched(variables, _offered()) == set()
    assert _unmatched(variables, explained) == set()


def test_every_variable_of_the_examples_is_read():
    read = re.compile("|".join(_variables()))
    places = [*python("deploy"), ROOT / "docker-compose.yml", ROOT / "Dockerfile"]
    places += [path for path in (ROOT / "deploy").rglob("*") if path.suffix in (".sh", ".sql", "")]
    source = "\n".join(text(path) for path in places if path.is_file())
    offered = _offered() - READ_BY_OTHERS
    assert {name for name in offered if not read.fullmatch(name) and name not in source} == set()
