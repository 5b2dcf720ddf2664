"""English is complete: the catalogue, the marks in the source, and what pages then show."""

import ast
import html
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation.reloader import translation_file_changed

from detsis.models import Category
from kaysis.local.setup import compile_translations
from tests.addresses import State, make_state
from tests.local.conftest import copy_working_tree, environment
from tests.test_permissions import ROLES, TABLE

ROOT = Path(settings.BASE_DIR)
CATALOGUE = Path("locale", "en", "LC_MESSAGES", "django.po")
TURKISH = re.compile(r"[çğıöşüâîûÇĞİÖŞÜÂÎÛ]")
# Words that English texts keep: names, and what is quoted as it stands in Turkish.
KEPT = re.compile(
    r"\b(KAYSİS|DETSİS|HEYS|İYEM|Türkçe|Türkiye|Millî|Milli|DETSİS'te|Bakanlığı|nüfus|müdürlüğü"
    r"|Eğitim|Iğdır)\b"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+>")


@dataclass
class Message:
    """An entry of a catalogue: its parts by keyword, and its flags."""

    parts: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str, str]:
        return tuple(self.parts.get(k, "") for k in ("msgctxt", "msgid", "msgid_plural"))

    @property
    def said(self) -> list[str]:
        return [text for keyword, text in self.parts.items() if keyword.startswith("msgstr")]

    def __str__(self) -> str:
        return self.parts["msgid"]


def read(path: Path) -> list[Message]:
    """The entries of a catalogue without its header. Entries that are commented out are flagged."""
    found = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        message, keyword = Message(), ""
        for line in block.splitlines():
            if line.startswith("#~"):
                message.flags.add("obsolete")
            elif line.startswith("#,"):
                message.flags |= {flag.strip() for flag in line[2:].split(",")}
            if match := re.match(r"(?:#~ )?(msg\w+(?:\[\d\])?) (\".*\")$", line):
                keyword = match[1]
                message.parts[keyword] = ast.literal_eval(match[2])
            elif keyword and line.startswith('"'):
                message.parts[keyword] += ast.literal_eval(line)
        if message.parts.get("msgid"):
            found.append(message)
    return found


# --- The catalogue ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def committed() -> list[Message]:
    return read(ROOT / CATALOGUE)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    """The catalogue as `make translations` would leave it."""
    path = tmp_path_factory.mktemp("translations") / "kaysis"
    copy_working_tree(path)
    done = subprocess.run(
        ["make", "translations"],
        cwd=path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return read(path / CATALOGUE)


def test_the_catalogue_holds_exactly_the_texts_of_the_source(committed, collected) -> None:
    known, wanted = {m.key for m in committed}, {m.key for m in collected}
    assert wanted - known == set(), "run make translations"
    assert known - wanted == set(), "run make translations"
    assert len(wanted) > 1000


def test_every_text_has_an_english_one(committed) -> None:
    assert [str(m) for m in committed if not all(m.said)] == []


def test_nothing_is_guessed_or_left_over(committed) -> None:
    assert [str(m) for m in committed if m.flags & {"fuzzy", "obsolete"}] == []


def test_placeholders_and_marks_are_those_of_the_turkish_text(committed) -> None:
    def marks(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text))

    wrong = [
        str(m) for m in committed if any(marks(text) != marks(m.parts["msgid"]) for text in m.said)
    ]
    assert wrong == []


def test_texts_begin_and_end_alike(committed) -> None:
    """A sentence stays a sentence, a label with a colon keeps it, blanks at the ends stay."""

    def ends(text: str) -> tuple[str, str, str]:
        last = text.rstrip()[-1:]
        return (
            text[: len(text) - len(text.lstrip())],
            last if last in ".:…" else "",
            text[len(text.rstrip()) :],
        )

    wrong = [str(m) for m in committed if any(ends(text) != ends(str(m)) for text in m.said)]
    assert wrong == []


def test_english_texts_are_english(committed) -> None:
    turkish = [text for m in committed for text in m.said if TURKISH.search(KEPT.sub("", text))]
    assert turkish == []


def test_the_compiled_catalogue_is_made_by_the_set_up_and_not_kept() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "*.mo"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert tracked == ""
    compile_translations()
    compiled = (ROOT / CATALOGUE).with_suffix(".mo")
    assert compiled.stat().st_mtime >= (ROOT / CATALOGUE).stat().st_mtime


# --- Marks in the source ------------------------------------------------------------------------

# Turkish that is no text for readers of pages: data, rules of the language, words to recognise,
# and what is said to whoever runs a command.
UNMARKED = re.compile(
    r"""^(
    kms/text/ | iyem/demo/ | detsis/(demo|seed|importers)/
    | detsis/(letterhead|orgchart_(layout|text)|search|benchmarks)\.py
    | kms/(demo|importers)/ | kms/(akn|naming|readings|search|uploads)\.py | kms/models/types\.py
    | kms/selectors/citations\.py | detsis/quality/ | kaysis/accounts/demo\.py
    | kaysis/common/turkish(_sql)?\.py
    | kaysis/(local|settings|counterparts)/ | .*/benchmarks(/\w+)?\.py | .*/management/commands/
    | .*/migrations/ | kaysis/common/views/styleguide\.py
    )""",
    re.VERBOSE,
)
# Single texts: the names of sheets and the words of cells in a file that is filled in in Excel and
# read whatever the language of its reader; the name; what test authorities are known by; the page
# for when nothing works.
ALLOWED = {
    "Değişiklikler", "Açıklama", "İlçeler", "hayır", '"merkez,taşra,yurt dışı"', "Yazılım Dairesi",
    "Başvurular", '"görevli,yetkili"', "Yöneticiler", "KAYSİS", "Millî", "Milli", "GERÇEK DEĞİLDİR",
}  # fmt: skip
PLAIN_PAGE = "kaysis/common/views/errors.py"
# What makemessages looks for.
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
SOURCES = sorted(
    path
    for folder in ("kaysis", "detsis", "iyem", "sdps", "kms", "dbys", "heys", "hsys", "kma")
    for path in (ROOT / folder).rglob("*.py")
)


def unmarked(source: str) -> Iterator[str]:
    """Turkish texts of a module that are neither marked nor docstrings."""
    tree = ast.parse(source)
    marked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            marked |= {id(inner) for inner in ast.walk(node)}
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            marked.add(id(body[0].value))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in marked else None
        if isinstance(text, str) and TURKISH.search(text):
            yield text


def test_turkish_texts_of_modules_are_marked() -> None:
    found = [
        f"{name}: {text}"
        for path in SOURCES
        if not UNMARKED.match(name := str(path.relative_to(ROOT)))
        for text in unmarked(path.read_text(encoding="utf-8"))
        if text not in ALLOWED and not (name == PLAIN_PAGE and text.startswith("<!doctype"))
    ]
    assert found == []


def test_marks_have_names_that_are_collected() -> None:
    """`gettext as _t` would translate nothing: makemessages does not know the name."""
    pattern = re.compile(r"\b(n?p?gettext(?:_lazy)?) as (?!_\b)\w+")
    found = [str(path) for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_no_mark_stands_inside_an_f_string() -> None:
    """makemessages does not look there."""
    found = [
        f"{path}:{inner.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") in MARKS
    ]
    assert found == []


def spoken_at_import(source: str) -> Iterator[int]:
    """Lines that translate when the module is imported: in the server's language, for ever."""
    tree = ast.parse(source)
    marks = {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
    }

    def mark(node: ast.AST) -> str:
        called = node.func if isinstance(node, ast.Call) else None
        return marks.get(called.id, "") if isinstance(called, ast.Name) else ""

    def walk(node: ast.AST) -> Iterator[int]:
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            # A lazy text is no longer lazy once something is put into it.
            filled = isinstance(inner, ast.BinOp) and mark(inner.left)
            if filled or mark(inner) in ("gettext", "ngettext", "pgettext"):
                yield inner.lineno
            yield from walk(inner)

    yield from walk(tree)


def test_texts_are_translated_for_the_reader_and_not_at_import() -> None:
    found = [
        f"{path}:{line}"
        for path in SOURCES
        for line in spoken_at_import(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_texts_of_templates_are_marked() -> None:
    """What stands between the tags of a template, or in its attributes, is no Turkish."""
    inert = re.compile(
        r"{% comment.*?endcomment %}|{% blocktrans.*?endblocktrans(?:late)? %}|{#.*?#}|{%.*?%}"
        r"|{{.*?}}|<style>.*?</style>",
        re.DOTALL,
    )
    quoted = {
        # Examples of what to search for, the language's own name, pieces of the style guide.
        "home.html", "search/advice.html", "common/preferences.html", "styleguide.html",
    }  # fmt: skip
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = str(path.relative_to(ROOT / "templates"))
        text = KEPT.sub("", inert.sub("", path.read_text(encoding="utf-8")))
        if name not in quoted and TURKISH.search(text):
            found[name] = re.findall(rf"\S*{TURKISH.pattern}\S*", text)
    assert found == {}


def test_scripts_say_nothing() -> None:
    """Scripts take their words from the page (data attributes), where they are marked."""
    comment = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
    found = [
        path.name
        for path in (ROOT / "static" / "js").glob("*.js")
        if TURKISH.search(comment.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def english() -> None:
    """`make test` has compiled the catalogue; a bare pytest may find none, or an old one."""
    compile_translations()
    translation_file_changed(None, (ROOT / CATALOGUE).with_suffix(".mo"))
    with translation.override("en"):
        assert gettext("Kurumlar") == "Institutions"


def visible(page: str) -> list[str]:
    """The texts of a page that somebody reads or hears."""
    page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    spoken = re.findall(
        r'\b(?:aria-label|title|placeholder|alt|data-(?!bs-)[\w-]+|content)="([^"]*)"', page
    )
    texts = [*re.split(r"<[^>]*>", page), *spoken]
    return [text for each in texts if (text := html.unescape(each).strip())]


def data_of(state: State) -> re.Pattern[str]:
    """Names of people and codes: they are shown as they are."""
    people = state.cast.everybody.values()
    names = {str(person) for person in people} | {person.family_name for person in people}
    names |= {person.given_name for person in people}
    names |= set(Category.objects.values_list("name", flat=True))
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


# Pages that show names of provinces, examples in Turkish, or what is not ours (Swagger UI).
DATA = {
    "common:styleguide", "detsis:provinces", "detsis:province", "detsis:found",
    "detsis:propose", "api-docs", "iyem:campaign-missing",
    "iyem:coverage-units",
}  # fmt: skip
PAGES = [name for name, row in TABLE.items() if row.get.endswith("200") and name not in DATA]


@pytest.mark.django_db
def test_english_pages_are_english(english: None, committed) -> None:
    """Names of units are ASCII in this state, so that what is Turkish is a text of ours.

    Texts without Turkish letters are found by the catalogue: none may stand there untranslated.
    """
    state = make_state()
    data = data_of(state)
    same = {text for m in committed for text in m.said}
    untranslated = {str(m) for m in committed if len(str(m)) > 3} - same
    found = []
    for who in (ROLES[0], ROLES[-1]):
        client = state.client(who)
        for name in PAGES:
            response = client.get(state.url(name), headers={"Accept-Language": "en"})
            if not response.get("Content-Type", "").startswith("text/html"):
                continue
            if response.status_code != 200:
                continue
            page = response.content.decode()
            if "<html" in page:
                assert '<html lang="en"' in page, name
            found += [
                f"{name}: {text}"
                for text in visible(page)
                if text in untranslated or TURKISH.search(KEPT.sub("", data.sub("", text)))
            ]
    assert sorted(set(found)) == []


@pytest.mark.django_db
def test_error_pages_and_problems_are_english(english: None, client: Client) -> None:
    client.raise_request_exception = False
    page = client.get("/yok/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="en"' in page
    assert "Page not found" in page
    problem = client.get("/api/v1/units/?limit=0", headers={"Accept-Language": "en"}).json()
    assert problem["errors"] == [
        {"field": "limit", "message": "Enter a number between 1 and 1000."}
    ]
    schema = client.get("/api/schema/?format=json", headers={"Accept-Language": "en"}).json()
    assert schema["paths"]["/api/v1/changes/"]["get"]["summary"] == "Change feed"
