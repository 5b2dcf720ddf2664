"""The house rules that no linter knows: keys and addresses point downwards, rooms have their names.

Imports are checked by import-linter (`make lint`).
"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
# From the lowest layer up; those of one layer do not know each other.
LAYERS = [
    {"common"},
    {"accounts"},
    {"detsis"},
    {"iyem", "kms", "sdps"},
    {"dbys"},
    {"heys"},
    {"hsys", "kma"},
    {"search", "statistics", "ebys"},
]
# Sorted: every process that collects the tests must find them in the same order.
OURS = {label: height for height, labels in enumerate(LAYERS) for label in sorted(labels)}
FOLDERS = {label: ROOT / apps.get_app_config(label).name.replace(".", "/") for label in OURS}


def height_of(label: str) -> int:
    return OURS[label]


@pytest.mark.parametrize("label", OURS)
def test_foreign_keys_point_downwards(label):
    for model in apps.get_app_config(label).get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            target = field.remote_field.model._meta.app_label
            if target in OURS and target != label:
                assert height_of(target) < height_of(label), f"{model._meta.label}.{field.name}"


def namespaces() -> dict[str, str]:
    """Namespace of addresses → label of the app that owns it."""
    found: dict[str, str] = {}
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and entry.app_name and entry.urlconf_name != "admin":
            module = getattr(entry.urlconf_name, "__name__", str(entry.urlconf_name))
            for label, folder in FOLDERS.items():
                package = ".".join(folder.relative_to(ROOT).parts)
                if module.startswith(f"{package}."):
                    found[entry.namespace] = label
    return found


def sources(label: str) -> list[Path]:
    """The Python files and templates of an app."""
    python = [p for p in FOLDERS[label].rglob("*.py") if "migrations" not in p.parts]
    return [*python, *(ROOT / "templates" / label).rglob("*.html")]


REVERSED = re.compile(
    r"""(?:reverse(?:_lazy)?\(|redirect\(|\{%\s*url|url_name=|action_url=)\s*["'](\w[\w-]*):"""
)


@pytest.mark.parametrize("label", OURS)
def test_addresses_of_upper_apps_are_not_reversed(label):
    owners = namespaces()
    wrong = [
        f"{path.relative_to(ROOT)}: {namespace}"
        for path in sources(label)
        for namespace in REVERSED.findall(path.read_text(encoding="utf-8"))
        if namespace in owners and height_of(owners[namespace]) > height_of(label)
    ]
    assert wrong == []


def test_the_check_of_reversed_addresses_sees_addresses():
    assert namespaces().get("detsis") == "detsis"
    assert REVERSED.findall("""reverse("kms:instrument") {% url 'detsis:unit' no %}""") == [
        "kms",
        "detsis",
    ]


# The rooms every app may have; a module that is none of them needs a reason to be there.
def test_no_signals_between_our_own_models():
    wrong = []
    for label in OURS:
        for path in FOLDERS[label].rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if re.search(r"\b(pre|post)_(save|delete|init)\b|m2m_changed", text):
                wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_only_settings_and_local_services_read_the_environment():
    wrong = []
    for label in OURS:
        for path in FOLDERS[label].rglob("*.py"):
            if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8")):
                wrong.append(str(path.relative_to(ROOT)))
    # Starting itself again with other settings needs the environment.
    assert wrong == ["kaysis/common/management/commands/benchmark.py"]


def test_modules_stay_small():
    """A file that nears 400 lines becomes a folder. Lists of facts are no code."""
    large = {
        str(path.relative_to(ROOT)): length
        for label in OURS
        for path in FOLDERS[label].rglob("*.py")
        if not {"migrations", "demo"} & set(path.parts)
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert large == {}


@pytest.mark.parametrize("label", OURS)
def test_every_constraint_tells_people_what_is_wrong(label):
    silent = [
        f"{model._meta.label}: {constraint.name}"
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]
    assert silent == []


@pytest.mark.parametrize("label", OURS)
def test_every_model_and_field_has_a_turkish_name(label):
    unnamed = [
        model._meta.label
        for model in apps.get_app_config(label).get_models()
        if not model._meta.label.endswith("Event")
        and str(model._meta.verbose_name) == model._meta.model_name
    ]
    assert unnamed == []
