"""From a parsed text to what is stored of it: passages as HTML, contents, provisions. No database.

Everything that comes from the text is escaped here; the markup is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from kms.models.types import SLUGS
from kms.naming import TYPE_OF_KIND
from kms.text import (
    ArticleType,
    Document,
    Kind,
    Line,
    Locator,
    Node,
    Reference,
    Run,
    RunKind,
    lines,
    place_text,
)

#: About so many characters of text make a page of the reading view; articles are never cut.
PART_CHARS = 24_000
#: A change here needs `manage.py render_legislation`, which writes all passages anew.
RENDERING = 1

_GROUPS = frozenset(
    {
        Kind.ARTICLE,
        Kind.ANNEX,
        Kind.AMENDMENTS,
        Kind.REPEALS,
        Kind.FOOTNOTE,
        Kind.FRONT,
        Kind.PREAMBLE,
        Kind.DIVISION,
        Kind.BATCH,
        Kind.UNINTEGRATED,
    }
)
_HEADED = frozenset({Kind.ARTICLE, Kind.DIVISION, Kind.BATCH, Kind.UNINTEGRATED, Kind.ANNEX})
_STORED = frozenset(
    {Kind.DIVISION, Kind.ARTICLE, Kind.PARAGRAPH, Kind.ITEM, Kind.ANNEX, Kind.BATCH}
)
_DASHES = " .:-–—―"


@dataclass(slots=True)
class Piece:
    """A passage to be: `footnotes` are the anchors its marks call."""

    kind: str
    anchor: str
    title: str = ""
    label: str = ""
    part: int = 1
    body: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.body)

    @property
    def markup(self) -> str:
        return "\n".join(self.html)


def pieces(document: Document) -> list[Piece]:
    """The passages of a text in reading order, footnotes last, each with its page."""
    writer = _Writer(document)
    for line in lines(document):
        writer.add(line)
    _paginate(writer.pieces)
    return writer.pieces


def contents(made: list[Piece]) -> list[dict[str, str | int]]:
    """The headings above articles, annexes and the like: anchor `a`, text `t`, page `p`."""
    return [
        {
            "a": piece.anchor,
            "t": " ".join(filter(None, (piece.label, piece.title)))[:160],
            "p": piece.part,
        }
        for piece in made
        if piece.anchor and piece.kind in _LISTED
    ]


_LISTED = frozenset({Kind.DIVISION, Kind.BATCH, Kind.UNINTEGRATED, Kind.ANNEX, Kind.AMENDMENTS})


def _paginate(made: list[Piece]) -> None:
    part, size, waiting = 1, 0, 0
    for place, piece in enumerate(made):
        if piece.kind == Kind.FOOTNOTE:
            piece.part = 0
            continue
        length = len(piece.text)
        if size and size + length > PART_CHARS:
            part += 1
            # Headings without anything below them go along to the next page.
            for heading in made[place - waiting : place]:
                heading.part = part
            size = 0
        piece.part = part
        size += length
        waiting = waiting + 1 if piece.kind == Kind.DIVISION else 0


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.pieces: list[Piece] = []
        self._group = _groups(document)
        self._articles = _article_anchors(document)
        self._begun: set[str] = set()

    def add(self, line: Line) -> None:
        group = self._group.get(line.of)
        kind = group.kind if group else line.kind
        if kind is Kind.FRONT:
            return
        anchor = group.anchor if group else ""
        piece = self._piece(kind, anchor, group)
        text = " ".join(part for part in (line.label, line.text) if part)
        if text:
            piece.body.append(text)
        piece.footnotes += [
            run.target for run in line.runs if run.target and run.target not in piece.footnotes
        ]
        piece.html.append(self._html(line, piece, group))

    def _piece(self, kind: Kind, anchor: str, group: Node | None) -> Piece:
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.kind == kind and (last.anchor == anchor or not anchor):
            return last
        first = bool(anchor) and anchor not in self._begun
        piece = Piece(kind.value, anchor if first else "")
        self._begun.add(anchor)
        if group is not None and first:
            place = place_text(group.place) if group.place else ""
            piece.title = " ".join(filter(None, (place, group.title)))[:600]
        self.pieces.append(piece)
        return piece

    def _html(self, line: Line, piece: Piece, group: Node | None) -> str:
        own = line.anchor and group is not None and line.anchor == group.anchor
        if own and group is not None and group.kind in _HEADED:
            return self._heading(line, piece, group)
        name = f' id="{escape(line.anchor)}"' if line.anchor and not (own and piece.html) else ""
        if line.kind is Kind.HEADING:
            return f'<p class="m-subhead"{name}>{self._runs(line.runs)}</p>'
        level = f" m-l{min(line.level, 4)}" if line.level else ""
        kind = f"m-{line.kind.value}"
        label = f'<span class="m-label">{escape(line.label)}</span> ' if line.label else ""
        return f'<p class="{kind}{level}"{name}>{label}{self._runs(line.runs)}</p>'

    def _heading(self, line: Line, piece: Piece, group: Node) -> str:
        """The head of an article or a division; what of the line is no heading follows as text."""
        label = line.label.rstrip(_DASHES) if group.kind is Kind.ARTICLE else line.label
        titled = bool(group.title) or group.kind is not Kind.ARTICLE
        head = [run for run in line.runs if titled and run.kind is not RunKind.NOTE]
        rest = [run for run in line.runs if run not in head]
        if not label and not head:
            head, rest = list(line.runs), []
        piece.label = label
        if label:
            piece.title = group.title[:600]  # "Madde 25", not "Madde 25 m. 25"
        anchor = escape(line.anchor)
        linked = escape(label) or "§"
        title = f' <span class="m-title">{self._runs(head)}</span>' if head else ""
        html = (
            f'<h3 class="m-head m-head--{group.kind.value}" id="{anchor}">'
            f'<a class="m-anchor" href="?madde={anchor}#{anchor}">{linked}</a>{title}</h3>'
        )
        if rest:
            html += f'<p class="m-paragraph">{self._runs(rest)}</p>'
        return html

    def _runs(self, runs: tuple[Run, ...] | list[Run]) -> str:
        written = []
        for run in runs:
            text = escape(run.text)
            if run.kind is RunKind.NOTE:
                text = f'<span class="m-note">{text}</span>'
            elif run.kind is RunKind.MARK:
                if run.target:
                    text = f'<sup><a href="#{escape(run.target)}">[{text}]</a></sup>'
                else:
                    text = f"<sup>[{text}]</sup>"
            elif run.reference is not None and (url := self._address(run.reference)):
                text = f'<a class="m-ref" href="{escape(url)}">{text}</a>'
            written.append(text)
        return " ".join(written)

    def _address(self, reference: Reference) -> str:
        place = reference.places[0] if reference.places else None
        if reference.own:
            anchor = self._articles.get(_key(place)) if place else None
            return f"?madde={anchor}#{anchor}" if anchor else ""
        return cite_url(reference, place)


def cite_url(reference: Reference, place: Locator | None) -> str:
    """The address that finds the instrument when it is asked: it may be recorded by then."""
    kind = TYPE_OF_KIND.get(reference.instrument)
    number = reference.number or ("2709" if kind == "constitution" else "")
    if kind is None or not number or kind not in SLUGS or "/" in number:
        return ""
    query = {}
    if reference.date:
        query["t"] = reference.date.isoformat()
    if place is not None:
        query["m"] = place_text(place)
    suffix = f"?{urlencode(query)}" if query else ""
    return f"/mevzuat/atif/{SLUGS[kind]}/{number}/{suffix}"


def _groups(document: Document) -> dict[str, Node]:
    """Anchor → the node whose passage its lines belong to."""
    found: dict[str, Node] = {}
    stack: list[tuple[Node, Node | None]] = [(document.root, None)]
    while stack:
        node, group = stack.pop()
        if node.kind in _GROUPS and node.anchor:
            group = node
        if node.anchor and group is not None:
            found[node.anchor] = group
        stack.extend((child, group) for child in node.children)
    return found


def _key(place: Locator) -> tuple[ArticleType, int | None, str]:
    return place.type, place.article, place.suffix


def _article_anchors(document: Document) -> dict[tuple[ArticleType, int | None, str], str]:
    found: dict[tuple[ArticleType, int | None, str], str] = {}
    for node in document.articles():
        name = node.designation
        if name is not None and node.anchor.startswith(name.type):
            found.setdefault((name.type, name.number, name.suffix), node.anchor)
    return found


def provisions(
    document: Document,
) -> Iterator[tuple[int, int | None, str, str, str, str, str, int, int]]:
    """Each as (ordinal, parent's ordinal, kind, anchor, label, title, place, start, end)."""
    count = 0
    stack: list[tuple[Node, int | None]] = [(document.root, None)]
    while stack:
        node, parent = stack.pop()
        if node.kind in _STORED and node.anchor:
            count += 1
            place = place_text(node.place) if node.place else ""
            yield (
                count,
                parent,
                node.kind.value,
                node.anchor[:120],
                node.label[:60],
                node.title[:500],
                place[:120],
                node.start,
                node.end,
            )
            parent = count
        stack.extend((child, parent) for child in reversed(node.children))
