"""One line of results, as markup.

A page of results is drawn for each new query, and Django's templates take longer for ten rows than
the database for the search. So the pieces of a row are put together here; what they look like is
still that of the shell (a test compares them with its templates).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kaysis.common import indexing
from kaysis.common.indexing import Path
from kaysis.common.templatetags.shell import badge
from kaysis.search import finder
from kaysis.search.engine import Hit
from kaysis.search.finder import Result
from kaysis.search.highlight import Highlighter, begins_words


@dataclass(frozen=True, slots=True)
class Row:
    """`title` is the marked name; `details` everything below it."""

    url: str
    title: SafeString
    details: SafeString


def rows_of(result: Result) -> Iterator[Row]:
    """The hits of a search as rows, in their order. One query for the paths of each kind."""
    mark = Highlighter(result.marked())
    paths = finder.paths_of(result.found.hits)
    kinds = {source.kind: str(source.label) for source in indexing.sources() if result.kinds}
    for hit in result.found.hits:
        path = paths.get((hit.kind, hit.object_id), ())
        facts = [escape(kinds.get(hit.kind, "")), escape(hit.number), mark(hit.place), _state(hit)]
        details = [
            _former(hit, result.query.words, mark),
            plain_path(path) if path else _line([mark(hit.subtitle)]),
            _line(facts),
        ]
        yield Row(hit.url, mark(hit.title), SafeString("".join(details)))


def _former(hit: Hit, words: Sequence[str], mark: Highlighter) -> str:
    """The earlier name under which the hit was found, if it was."""
    if not hit.former or begins_words(hit.title, words):
        return ""
    name = next((name for name in hit.former if begins_words(name, words)), "")
    label = escape(_("Eski adı:"))
    return _line([f"{label} {mark(name)}"]) if name else ""


def _state(hit: Hit) -> str:
    return "" if hit.active else badge(_("Kapalı"), "neutral", "closed")


def _line(pieces: Sequence[str]) -> str:
    """Short facts beside each other, without the empty ones. The pieces are markup."""
    spans = "".join(f"<span>{piece}</span>" for piece in pieces if piece)
    return f'<p class="k-row__meta">{spans}</p>' if spans else ""


def plain_path(path: Path) -> str:
    """What `common/unit_path.html` draws with `plain`."""
    steps = "".join(f"<li>{escape(name)}</li>" for name, _url in path)
    label = escape(_("Bağlı olduğu yol"))
    return f'<ol class="k-path" aria-label="{label}">{steps}</ol>'
