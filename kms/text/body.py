"""The inside of an article (or of any container): paragraphs and items.

Rules, in the order they are asked for a block without a label:

* between two labels that follow each other (a, b) everything belongs to the first;
* "(… fıkra: …)" begins a paragraph;
* a block that begins in lower case, or follows a comma or a colon, continues what is open;
* "(Ek cümle: …)" and "(… paragraf: …)" continue;
* in an article whose paragraphs are numbered, blocks without a number continue;
* any other block is the next paragraph.
"""

from dataclasses import dataclass

from .drafts import Builder, Draft
from .heads import Label
from .inline import Inline
from .model import Kind, TargetPart, Verb
from .notes import Group

_SMALL_PARTS = frozenset(
    {TargetPart.SENTENCE, TargetPart.PHRASE, TargetPart.PROVISION, TargetPart.DEFINITION}
)
_ARTICLE_PARTS = frozenset({TargetPart.UNSPECIFIED, TargetPart.ARTICLE, TargetPart.TITLE})
_ENDING = frozenset({Verb.REPEALED, Verb.ANNULLED})


@dataclass(slots=True)
class Labelled:
    """The label of a block, where it begins (after notes), and the next one of its style."""

    label: Label
    start: int
    successor: int | None = None


@dataclass(slots=True)
class OpenItem:
    """An item on the stack: its style, its place in its list, what the next of the list is."""

    draft: Draft
    style: str
    ordinal: int | None
    successor: int | None


class Body:
    """Fills one container with paragraphs and items, block by block."""

    def __init__(self, container: Draft, builder: Builder, inline: Inline) -> None:
        self.container = container
        self.builder = builder
        self.inline = inline
        self.paragraph: Draft | None = None
        self.items: list[OpenItem] = []
        self.numbered = False
        self.count = 0
        self.table: Draft | None = None
        self.waiting = False
        inline.last_char = ""

    def block(self, start: int, end: int, labelled: Labelled | None) -> None:
        """Place the block ``[start, end)``."""
        self.table = None
        if self.paragraph is None and self.container.kind is Kind.ARTICLE:
            start = self._article_notes(start, end, labelled)
            if start >= end:
                return
        position, notes = self.inline.after_notes(start, end)
        if labelled is None:
            self._unlabelled(start, position, end, notes)
        elif labelled.label.style == "paragraph":
            self._new_paragraph(start, labelled.label.text)
            self.numbered = True
            self._fill(start, end, labelled, notes)
        else:
            self._item(start, end, labelled, notes)

    def marks(self, start: int, end: int) -> None:
        """A block of footnote marks belongs to what is open."""
        self.inline.emit(start, end)

    def cell(self, start: int, end: int, *, first: bool) -> None:
        """A cell of a table; ``first`` begins the table."""
        if first or self.table is None:
            self.items.clear()
            self.builder.close_to(self.paragraph or self.container)
            self.table = self.builder.open(Kind.TABLE, start)
        self.builder.close_to(self.table)
        self.builder.open(Kind.CELL, start)
        self.inline.emit(start, end)
        self.builder.close_to(self.table)
        self.inline.last_char = "."

    def _article_notes(self, start: int, end: int, labelled: Labelled | None) -> int:
        """Notes right after the head speak of the article unless they name a smaller part."""
        limit = labelled.start if labelled else end
        while start < limit and (group := self.inline.group_at(start)):
            if group.notes[0].part not in _ARTICLE_PARTS:
                break
            self.builder.close_to(self.container)
            self.inline.emit(start, min(group.end, end))
            start = self.inline.skip_space(min(group.end, end), end)
        return start

    def _unlabelled(self, start: int, position: int, end: int, notes: list[Group]) -> None:
        if self.paragraph is None or not self._continues(position, end, notes):
            self._new_paragraph(start, "")
        self._fill(start, end, None, notes)

    def _continues(self, position: int, end: int, notes: list[Group]) -> bool:
        """Decide whether a block continues; closes the items that are over."""
        last = self.inline.last_char
        part = notes[0].notes[0].part if notes else None
        if self.waiting and part is not TargetPart.PARAGRAPH:
            return True
        if self._inside_list():
            return True
        lower = position < end and self.inline.text[position].islower()
        if part is TargetPart.PARAGRAPH:
            return False
        if last == ":" or _continues_by_note(notes):
            self._close_items(0 if lower else len(self.items))
            return True
        if lower or last in ",;" or self.numbered:
            over = not lower or last in ".,;"
            self._close_items(0 if over else len(self.items))
            return True
        return False

    def _inside_list(self) -> bool:
        """Whether the list of an open item goes on later; closes the deeper items if so."""
        for depth in range(len(self.items) - 1, -1, -1):
            item = self.items[depth]
            if _follows(item.ordinal, item.successor):
                if self.inline.last_char in ".,;":
                    self._close_items(depth + 1)
                return True
        return False

    def _new_paragraph(self, start: int, label: str) -> None:
        self.items.clear()
        self.builder.close_to(self.container)
        self.count = int(label) if label else self.count + 1
        self.paragraph = self.builder.open(Kind.PARAGRAPH, start, label=label or str(self.count))

    def _item(self, start: int, end: int, labelled: Labelled, notes: list[Group]) -> None:
        label = labelled.label
        if self.paragraph is None:
            self._new_paragraph(start, "")
        depth = next((n for n, item in enumerate(self.items) if item.style == label.style), None)
        self._close_items(len(self.items) if depth is None else depth)
        draft = self.builder.open(Kind.ITEM, start, label=label.text)
        draft.level = len(self.items) + 1
        self.items.append(OpenItem(draft, label.style, label.ordinal, labelled.successor))
        self._fill(start, end, labelled, notes)

    def _close_items(self, depth: int) -> None:
        del self.items[depth:]
        target = self.items[-1].draft if self.items else self.paragraph
        self.builder.close_to(target or self.container)

    def _fill(self, start: int, end: int, labelled: Labelled | None, notes: list[Group]) -> None:
        """Emit the leaves of a block: notes before the label, the label, the text."""
        if self.table is None and self.paragraph is not None:
            self.builder.close_to(self.items[-1].draft if self.items else self.paragraph)
        text = self.inline.text
        wrote = False
        if labelled:
            self.inline.emit(start, labelled.start)
            close = min(labelled.label.end, end)
            stop = close
            while stop > labelled.start and text[stop - 1].isspace():
                stop -= 1
            self.builder.leaf(Kind.LABEL, labelled.start, stop)
            self.inline.last_char = ""
            start = self.inline.skip_space(close, end)
            _, notes = self.inline.after_notes(start, end)
        wrote = self.inline.emit(start, end)
        self.waiting = not wrote and self._expects_more(notes)
        if not wrote and not self.waiting:
            self.inline.last_char = "."

    def _expects_more(self, notes: list[Group]) -> bool:
        """Whether a block without text of its own still gets some: not when it is repealed."""
        for group in reversed(notes):
            for note in reversed(group.notes):
                if note.verb is Verb.ADOPTED:
                    continue
                return note.verb not in _ENDING or note.part in _SMALL_PARTS
        return True


def _continues_by_note(notes: list[Group]) -> bool:
    """Whether the note before a text says that it is no paragraph of its own."""
    if not notes:
        return False
    note = notes[0].notes[0]
    if note.part is TargetPart.SUBPARAGRAPH:
        return True
    return note.part in _SMALL_PARTS and note.verb is Verb.ADDED


def _follows(ordinal: int | None, successor: int | None) -> bool:
    """Whether the next label of a list continues it (ç, ğ, ö may be left out)."""
    return ordinal is not None and successor is not None and 0 < successor - ordinal <= 2
