"""The English catalogue has every text of the source, and says it in English."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.local.conftest import copy_working_tree, environment

CATALOGUE = Path("locale", "en", "LC_MESSAGES", "django.po")
# Letters that English does not have; proper names (KAYSİS, İYEM, İstanbul …) may keep theirs.
LOWER_TURKISH = re.compile(r"[çğışöü]")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue as `make translations` would leave it."""
    path = tmp_path_factory.mktemp("translations") / "kaysis"
    copy_working_tree(path)
    subprocess.run(
        ["make", "translations"],
        cwd=path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return path / CATALOGUE


def messages(catalogue: Path, *options: str) -> list[str]:
    """The texts of the catalogue that `msgattrib` selects, without its header."""
    assert shutil.which("msgattrib")
    entries = subprocess.run(
        ["msgattrib", "--no-wrap", *options, str(catalogue)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n\n")
    found = [re.search(r'^msgid "(.*)"$', entry, re.MULTILINE) for entry in entries]
    return [match[1] for match in found if match and "Content-Type" not in match.string]


def test_nothing_is_left_untranslated(collected: Path) -> None:
    assert messages(collected, "--untranslated") == []


def test_nothing_is_only_guessed(collected: Path) -> None:
    assert messages(collected, "--only-fuzzy") == []


def test_the_catalogue_holds_the_portal(collected: Path) -> None:
    assert len(messages(collected)) > 300


def test_no_translation_is_the_turkish_text_again(collected: Path) -> None:
    entries = collected.read_text(encoding="utf-8").split("\n\n")
    pairs = [re.search(r'^msgid "(.+)"\nmsgstr "(.+)"$', e, re.MULTILINE) for e in entries]
    same = [p[1] for p in pairs if p and p[1] == p[2] and LOWER_TURKISH.search(p[1])]
    # A name of one word is the same in every language.
    assert [text for text in same if " " in text] == []
