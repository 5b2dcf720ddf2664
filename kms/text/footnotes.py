"""Footnotes: those at the end of newer texts and those at the foot of printed pages."""

from . import heads
from .blocks import Block, Role, Sheet
from .drafts import Builder, Draft
from .inline import Inline
from .model import Kind


class FootnoteMaker:
    """Builds the footnotes and connects the marks with them."""

    def __init__(self, sheet: Sheet, builder: Builder, inline: Inline) -> None:
        self.sheet = sheet
        self.text = sheet.text
        self.builder = builder
        self.inline = inline
        self.notes: list[Draft] = []
        self.targets: dict[str, Draft] = {}
        self._page_regions = 0
        self._marks_seen = 0

    def end_notes(self, position: int) -> int:
        """Build the notes from block ``position`` on; the position after them."""
        blocks = self.sheet.blocks
        region = self.builder.open(Kind.FOOTNOTES, blocks[position].start)
        region.anchor = "dipnotlar"
        note: Draft | None = None
        while position < len(blocks) and blocks[position].role is Role.ENDNOTE:
            block = blocks[position]
            position += 1
            start = block.start
            if self.text[start] == "[" and (close := self.text.find("]", start, start + 6)) > 0:
                label = self.text[start + 1 : close]
                if label.isdecimal():
                    self.builder.close_to(region)
                    note = self._footnote(block.start, label, f"dipnot{label}")
                    self.targets.setdefault(label, note)
                    self.builder.leaf(Kind.LABEL, start, close + 1)
                    start = self.inline.skip_space(close + 1, block.end)
            self.inline.emit(start, block.end)
        self.builder.close_to(self.builder.root)
        return position

    def _footnote(self, start: int, label: str, anchor: str) -> Draft:
        note = self.builder.open(Kind.FOOTNOTE, start, label=label)
        note.anchor = anchor
        self.notes.append(note)
        return note

    def page_notes(self, position: int) -> int:
        """Build notes between two parts of the text: a subtree that waits like white space."""
        blocks = self.sheet.blocks
        self._page_regions += 1
        region = Draft(Kind.FOOTNOTES, anchor=f"dipnotlar{self._page_regions}")
        targets: dict[str, Draft] = {}
        note: Draft | None = None
        start = blocks[position].start
        end = start
        while position < len(blocks) and blocks[position].role is Role.FOOTNOTE:
            block = blocks[position]
            if end < block.start and position and region.children:
                region.children.append(Draft(Kind.SPACE, end, block.start))
            position += 1
            end = block.end
            label = heads.paragraph_label(self.sheet.folded, block.start, block.end)
            if label is not None or note is None:
                note = Draft(Kind.FOOTNOTE, label=label.text if label else "")
                note.anchor = f"dipnot{self._page_regions}-{note.label or len(targets)}"
                note.children.extend(self._note_leaves(block, label))
                region.children.append(note)
                self.notes.append(note)
                targets.setdefault(note.label, note)
            else:
                note.children.extend(_moved_space(region))
                note.children.append(Draft(Kind.TEXT, block.start, block.end))
            if position < len(blocks) and blocks[position].first:
                break
        self.builder.wait(region, start, end)
        self._link_page_marks(targets)
        return position

    def link_end_marks(self) -> None:
        """Connect "[n]" with its note; a mark that calls nothing is plain text."""
        for draft, mark in self.inline.marks:
            if not mark.page and (note := self.targets.get(mark.number)):
                draft.target = note.anchor
            if not draft.target:
                draft.kind, draft.label = Kind.TEXT, ""

    def _note_leaves(self, block: Block, label: heads.Label | None) -> list[Draft]:
        if label is None:
            return [Draft(Kind.TEXT, block.start, block.end)]
        stop = label.end
        while self.text[stop - 1].isspace():
            stop -= 1
        leaves = [Draft(Kind.LABEL, block.start, stop)]
        rest = self.inline.skip_space(stop, block.end)
        if stop < rest:
            leaves.append(Draft(Kind.SPACE, stop, rest))
        if rest < block.end:
            leaves.append(Draft(Kind.TEXT, rest, block.end))
        return leaves

    def _link_page_marks(self, targets: dict[str, Draft]) -> None:
        """Marks since the last page's notes call the notes of this page."""
        marks = self.inline.marks
        for draft, mark in marks[self._marks_seen :]:
            if mark.page and mark.number in targets:
                draft.target = targets[mark.number].anchor
        self._marks_seen = len(marks)


def _moved_space(region: Draft) -> list[Draft]:
    """Space that stood before a continued footnote goes into the footnote."""
    if region.children and region.children[-1].kind is Kind.SPACE:
        return [region.children.pop()]
    return []
