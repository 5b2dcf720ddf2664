"""A text without its hard line breaks: lines to show, each with its anchor.

Sources break lines at odd places; here the pieces of a paragraph are joined again. Footnote
marks, amendment notes and references stay apart as runs, so that a page can link and mute them.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .letters import squeeze
from .model import Document, Kind, Node, Reference

_BLOCKS = frozenset(
    {
        Kind.DIVISION,
        Kind.BATCH,
        Kind.UNINTEGRATED,
        Kind.ARTICLE,
        Kind.PARAGRAPH,
        Kind.ITEM,
        Kind.TABLE,
        Kind.CELL,
        Kind.ANNEX,
        Kind.AMENDMENTS,
        Kind.REPEALS,
        Kind.ROW,
        Kind.FOOTNOTE,
        Kind.PREAMBLE,
        Kind.FRONT,
    }
)
_ENDINGS = '.:;,)”"!?'


class RunKind(StrEnum):
    """What a run of text is."""

    TEXT = "text"
    NOTE = "note"
    MARK = "mark"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line. ``text`` is on one line; ``start``/``end`` span the source.

    ``target`` is the anchor of the footnote a mark calls, ``reference`` what a reference names.
    """

    kind: RunKind
    text: str
    start: int
    end: int
    target: str = ""
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line to show: what node it is, how deep, its label as printed, and its runs.

    ``anchor`` is set on the first line of a node only; ``of`` names the node on every line.
    """

    kind: Kind
    anchor: str
    of: str
    level: int
    label: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The words of the line, without label and footnote marks."""
        words = (run.text for run in self.runs if run.kind is not RunKind.MARK)
        return " ".join(word for word in words if word)


def lines(document: Document, node: Node | None = None) -> Iterator[Line]:
    """The lines of a document, or of one of its nodes.

    Page numbers and rules of the printed edition are left out; footnotes come after everything
    else.
    """
    writer = _Writer(document)
    yield from writer.node(node or document.root, 0)
    for footnotes in writer.footnotes:
        for footnote in footnotes.children:
            if footnote.kind is Kind.FOOTNOTE:
                yield from writer.node(footnote, 0)


def to_plain(document: Document, node: Node | None = None) -> str:
    """Plain text of a document or a node: one paragraph a line, labels kept, marks left out."""
    return "\n".join(
        " ".join(part for part in (line.label, line.text) if part) for line in lines(document, node)
    )


class _Writer:
    """Collects the runs of a node until a child begins a line of its own."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.footnotes: list[Node] = []
        self._starts = [reference.start for reference in document.references]

    def node(self, node: Node, level: int) -> Iterator[Line]:
        """The lines of a node and of everything in it."""
        runs: list[Run] = []
        label = ""
        anchor = node.anchor
        heads = False
        for child in node.children:
            if child.kind in (Kind.SPACE, Kind.PAGE, Kind.RULE):
                continue
            if child.kind is Kind.FOOTNOTES:
                self.footnotes.append(child)
                continue
            heading = child.kind is Kind.HEADING
            begins = heading or child.kind in _BLOCKS or self._new_line(runs, child)
            if begins and (runs or (label and child.kind in _BLOCKS)):
                yield Line(
                    _kind(node, label, heads), anchor, node.anchor, level, label, tuple(runs)
                )
                anchor, label, runs, heads = "", "", [], False
            if child.kind in _BLOCKS:
                yield from self.node(child, level + (child.kind is Kind.ITEM))
            elif child.kind is Kind.LABEL:
                label = f"{label} {squeeze(self.document.slice(child))}".strip()
            else:
                heads = heads or heading
                runs.extend(self._runs(child))
        if runs or label:
            yield Line(_kind(node, label, heads), anchor, node.anchor, level, label, tuple(runs))

    def _new_line(self, runs: list[Run], child: Node) -> bool:
        """Whether a text is a paragraph of its own: after a full stop, with a capital letter."""
        if child.kind not in (Kind.TEXT, Kind.NOTE) or not runs:
            return False
        last = next((run for run in reversed(runs) if run.kind is not RunKind.MARK), None)
        if last is None or last.kind is RunKind.NOTE or last.text[-1:] not in _ENDINGS:
            return False
        gap = self.document.text[last.end : child.start]
        first = self.document.text[child.start]
        return "\n\n" in gap.replace("\r", "").replace(" ", "") and not first.islower()

    def _runs(self, leaf: Node) -> Iterator[Run]:
        text = self.document.text
        if leaf.kind is Kind.MARK:
            yield Run(RunKind.MARK, leaf.label, leaf.start, leaf.end, target=leaf.target)
            return
        if leaf.kind is Kind.NOTE:
            yield Run(RunKind.NOTE, squeeze(text[leaf.start : leaf.end]), leaf.start, leaf.end)
            return
        position = leaf.start
        references = self.document.references
        at = bisect_left(self._starts, leaf.start)
        while at < len(references) and references[at].start < leaf.end:
            reference = references[at]
            at += 1
            if reference.start < position or reference.end > leaf.end:
                continue
            yield from self._text(position, reference.start)
            yield Run(
                RunKind.REFERENCE,
                squeeze(text[reference.start : reference.end]),
                reference.start,
                reference.end,
                reference=reference,
            )
            position = reference.end
        yield from self._text(position, leaf.end)

    def _text(self, start: int, end: int) -> Iterator[Run]:
        words = squeeze(self.document.text[start:end])
        if words:
            yield Run(RunKind.TEXT, words, start, end)


def _kind(node: Node, label: str, heads: bool) -> Kind:
    """Kind of a line: with the label of its node it stands for the node, even with a heading."""
    return Kind.HEADING if heads and not label else node.kind
