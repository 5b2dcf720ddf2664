"""``parse``: from a text to a ``Document``."""

from bisect import bisect_right
from dataclasses import replace

from .amendments import read_row
from .drafts import Draft, Freezer
from .letters import fold
from .metadata import read_preamble
from .model import (
    AmendmentRow,
    Document,
    Footnote,
    Kind,
    Node,
    Note,
    Preamble,
    Reference,
    TargetPart,
)
from .notes import Group, batch_note, find_groups
from .outline import outline
from .references import find_references
from .tree import TreeMaker

_PART_KIND = {
    TargetPart.PARAGRAPH: Kind.PARAGRAPH,
    TargetPart.ITEM: Kind.ITEM,
    TargetPart.SUBITEM: Kind.ITEM,
    TargetPart.ARTICLE: Kind.ARTICLE,
    TargetPart.TITLE: Kind.ARTICLE,
    TargetPart.DIVISION: Kind.DIVISION,
    TargetPart.TABLE: Kind.TABLE,
}


def parse(text: str) -> Document:
    """Read a text of legislation.

    The result is lossless: the leaves of the tree, joined, are ``text``. Any string is accepted;
    what is not recognised becomes plain paragraphs. Time grows linearly with the length.
    """
    folded = fold(text)
    groups, unread = find_groups(text, folded)
    sheet = outline(text, folded, groups)
    maker = TreeMaker(sheet, groups)
    draft = maker.make()
    freezer = Freezer()
    root = freezer.freeze(draft) or Node(Kind.DOCUMENT, 0, 0)
    return Document(
        text,
        root,
        preamble=_preamble(text, freezer.index),
        notes=_notes(maker),
        unread_notes=tuple(unread),
        references=_references(text, folded, freezer, groups),
        footnotes=_footnotes(maker, freezer.index),
        amendments=_amendments(text, maker),
        index=freezer.index,
    )


def _preamble(text: str, index: dict[str, Node]) -> Preamble:
    node = index.get("kunye")
    if node is None or node.kind is not Kind.PREAMBLE:
        return Preamble()
    return read_preamble(text[node.start : node.end])


def _notes(maker: TreeMaker) -> tuple[Note, ...]:
    notes: list[Note] = []
    for draft, start, end in maker.batches:
        if note := batch_note(maker.text, maker.folded, start, end):
            notes.append(replace(note, anchor=draft.anchor, applies_to=draft.anchor))
    for group, draft in maker.inline.placed:
        holder: Draft | None = draft
        while holder is not None and not holder.anchor:
            holder = holder.parent
        anchor = holder.anchor if holder else ""
        notes.extend(
            replace(note, anchor=anchor, applies_to=_subject(note, holder) or anchor)
            for note in group.notes
        )
    notes.sort(key=lambda note: note.start)
    return tuple(notes)


def _subject(note: Note, holder: Draft | None) -> str:
    """Anchor of the nearest node of the kind the note speaks of, at or above the note."""
    wanted = _PART_KIND.get(note.part)
    while wanted and holder is not None:
        if holder.kind is wanted:
            return holder.anchor
        holder = holder.parent
    return ""


def _references(
    text: str, folded: str, freezer: Freezer, groups: list[Group]
) -> tuple[Reference, ...]:
    """The references with their anchors; what notes and the table of amendments say is left out."""
    starts = [start for start, _ in freezer.owners]
    references: list[Reference] = []
    note = 0
    for reference in find_references(text, folded):
        while note < len(groups) and groups[note].end <= reference.start:
            note += 1
        if note < len(groups) and groups[note].start <= reference.start:
            continue
        place = bisect_right(starts, reference.start) - 1
        anchor = freezer.owners[place][1] if place >= 0 else ""
        if not anchor.startswith("degisiklikler"):
            references.append(replace(reference, anchor=anchor))
    return tuple(references)


def _footnotes(maker: TreeMaker, index: dict[str, Node]) -> tuple[Footnote, ...]:
    calls: dict[str, list[int]] = {}
    for draft, _ in maker.inline.marks:
        if draft.target:
            calls.setdefault(draft.target, []).append(draft.start)
    footnotes: list[Footnote] = []
    for draft in maker.footnotes.notes:
        node = index.get(draft.anchor)
        if node is not None:
            marks = tuple(calls.get(draft.anchor, ()))
            footnotes.append(Footnote(node.label, node.anchor, node.start, node.end, marks))
    return tuple(footnotes)


def _amendments(text: str, maker: TreeMaker) -> tuple[AmendmentRow, ...]:
    return tuple(
        read_row(text, row.cells, draft.anchor)
        for draft, row in maker.rows
        if draft.parent is not None and draft.parent.kind is Kind.AMENDMENTS
    )
