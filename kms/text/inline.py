"""What stands inside running text: amendment notes and the marks that call footnotes."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from .blocks import Sheet
from .drafts import Builder, Draft
from .letters import pattern
from .model import Kind
from .notes import Group

_BRACKETED = re.compile(r"\[(?P<number>[0-9]{1,4})\]")
_LONE_DIGITS = re.compile(
    r"(?<=[^\n]\n)[ \t]{0,9}(?P<number>[0-9]{1,3})"
    r"(?=[ \t]{0,9}\n(?![ \t]{0,9}\n|[ıiuü]?n?c[ıiuü]\b))"
)
_PARENTHESISED = pattern(r"\(\s?(?P<number>[0-9]{1,2})\s?\)(?=[ .]{0,3}(?:\n|\Z))")


@dataclass(slots=True)
class Mark:
    """A possible footnote mark; ``page`` marks are the "(1)" of older texts."""

    start: int
    end: int
    number: str
    page: bool


class Inline:
    """Emits stretches of text as TEXT, NOTE and MARK leaves.

    ``placed`` collects each note group with the draft it was put into, ``marks`` the mark leaves.
    """

    def __init__(self, sheet: Sheet, groups: list[Group], builder: Builder) -> None:
        self.text = sheet.text
        self.builder = builder
        self.groups = groups
        self.placed: list[tuple[Group, Draft]] = []
        self.marks: list[tuple[Draft, Mark]] = []
        self.last_char = ""
        self._starts = [group.start for group in groups]
        self._by_start = {group.start: group for group in groups}
        self._pieces = self._find_pieces(sheet)
        self._piece_starts = [piece.start for piece in self._pieces]

    def group_at(self, position: int) -> Group | None:
        """The note that begins exactly here."""
        return self._by_start.get(position)

    def skip_space(self, position: int, end: int) -> int:
        """First position that is not white space."""
        while position < end and self.text[position].isspace():
            position += 1
        return position

    def after_notes(self, position: int, end: int) -> tuple[int, list[Group]]:
        """Where the text goes on after the notes that stand at ``position``, and these notes."""
        found: list[Group] = []
        while position < end and (group := self._by_start.get(position)):
            found.append(group)
            position = self.skip_space(min(group.end, end), end)
        return position, found

    def emit(self, start: int, end: int) -> bool:
        """Add the leaves of ``[start, end)``; true when there was text beside notes and marks."""
        position = start
        wrote = False
        at = bisect_left(self._piece_starts, start)
        while at < len(self._pieces) and self._pieces[at].start < end:
            piece = self._pieces[at]
            at += 1
            if piece.start < position:
                continue
            wrote = self._text(position, piece.start) or wrote
            stop = min(piece.end, end)
            if isinstance(piece, Mark):
                draft = self.builder.leaf(Kind.MARK, piece.start, stop, label=piece.number)
                self.marks.append((draft, piece))
            else:
                self.builder.leaf(Kind.NOTE, piece.start, stop)
                self.placed.append((piece, self.builder.top))
            position = stop
        return self._text(position, end) or wrote

    def _text(self, start: int, end: int) -> bool:
        text = self.text
        start = self.skip_space(start, end)
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            return False
        self.builder.leaf(Kind.TEXT, start, end)
        self.last_char = text[end - 1]
        return end - start > 1 or text[start].isalnum()

    def _find_pieces(self, sheet: Sheet) -> list[Group | Mark]:
        marks = [
            Mark(f.start(), f.end(), f["number"], False) for f in _BRACKETED.finditer(self.text)
        ]
        if sheet.has_end_notes:
            highest = max((int(mark.number) for mark in marks), default=0)
            for found in _LONE_DIGITS.finditer(self.text):
                if 0 < int(found["number"]) <= highest:
                    mark = Mark(found.start("number"), found.end(), found["number"], False)
                    marks.append(mark)
        if sheet.has_page_notes:
            marks.extend(self._page_marks(sheet))
        pieces: list[Group | Mark] = [*self.groups, *marks]
        pieces.sort(key=lambda piece: piece.start)
        return pieces

    def _page_marks(self, sheet: Sheet) -> list[Mark]:
        """Marks "(1)" alone on a line or at the end of a block."""
        ends = {block.end for block in sheet.blocks}
        starts = {block.start for block in sheet.blocks}
        marks: list[Mark] = []
        for found in _PARENTHESISED.finditer(self.text):
            at_end = any(found.end() + n in ends for n in range(4))
            begins_line = self.text[found.start() - 1 : found.start()] == "\n"
            if at_end or (begins_line and found.start() not in starts):
                marks.append(Mark(found.start(), found.end(), found["number"], True))
        return marks
