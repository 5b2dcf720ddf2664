"""The second pass: blocks with roles become a tree."""

from . import heads
from .amendments import RowCells, group_rows
from .blocks import STRUCTURE, Block, Role, Sheet
from .body import Body, Labelled
from .drafts import Builder, Draft
from .footnotes import FootnoteMaker
from .inline import Inline
from .letters import DASH, squeeze
from .model import Designation, DivisionType, Kind
from .notes import Group

_RANK = {
    DivisionType.BOOK: 1,
    DivisionType.CHAPTER_OLD: 2,
    DivisionType.PART: 3,
    DivisionType.SECTION: 4,
    DivisionType.TITLE_OLD: 5,
    DivisionType.SUBSECTION: 6,
    DivisionType.SEGMENT: 7,
    DivisionType.INTRODUCTION: 9,
}
_SIMPLE = {Role.FRONT: Kind.FRONT, Role.PREAMBLE: Kind.PREAMBLE}


class TreeMaker:
    """Walks over the blocks once and feeds the builder."""

    def __init__(self, sheet: Sheet, groups: list[Group]) -> None:
        self.sheet = sheet
        self.text = sheet.text
        self.folded = sheet.folded
        self.builder = Builder(sheet.text)
        self.inline = Inline(sheet, groups, self.builder)
        self.body = Body(self.builder.root, self.builder, self.inline)
        self.base = self.builder.root
        self.divisions: list[Draft] = []
        self.article: Draft | None = None
        self.unheaded: Draft | None = None
        self.rows: list[tuple[Draft, RowCells]] = []
        self.batches: list[tuple[Draft, int, int]] = []
        self.footnotes = FootnoteMaker(sheet, self.builder, self.inline)
        self.labels = self._find_labels()

    def make(self) -> Draft:
        """Build the draft of the whole document."""
        blocks = self.sheet.blocks
        position = 0
        while position < len(blocks):
            position = self._block(position, blocks[position])
        self.footnotes.link_end_marks()
        return self.builder.finish()

    def _block(self, position: int, block: Block) -> int:
        role = block.role
        if role in (Role.TEXT, Role.CELL, Role.MARKS):
            self._running(position, block)
        elif role in (Role.PAGE, Role.RULE):
            kind = Kind.PAGE if role is Role.PAGE else Kind.RULE
            self.builder.wait(Draft(kind, block.start, block.end), block.start, block.end)
        elif role is Role.FOOTNOTE:
            return self.footnotes.page_notes(position)
        elif role is Role.HEADING:
            self._heading(block)
        elif role is Role.ARTICLE:
            self._article(position, block)
        elif role is Role.DIVISION:
            self._division(block)
        elif role is Role.TITLE:
            self._title(block)
        elif role in _SIMPLE:
            self._simple(block, _SIMPLE[role])
        elif role in (Role.BATCH, Role.UNINTEGRATED, Role.ANNEX):
            self._container(block)
        elif role is Role.ENDNOTE:
            self._reset()
            self._start_body(self.builder.root)
            return self.footnotes.end_notes(position)
        else:
            return self._table_of_rows(position, role)
        return position + 1

    def _running(self, position: int, block: Block) -> None:
        if block.role is Role.CELL:
            self.body.cell(block.start, block.end, first=block.first)
        elif block.role is Role.MARKS and (
            self.unheaded or self.body.paragraph or self.builder.top is not self.body.container
        ):
            self.inline.emit(block.start, block.end)
        elif self.unheaded is not None:
            self.builder.leaf(Kind.HEADING, block.start, block.end)
        else:
            self.body.block(block.start, block.end, self.labels.get(position))

    def _start_body(self, container: Draft) -> None:
        self.body = Body(container, self.builder, self.inline)

    def _parent(self) -> Draft:
        return self.divisions[-1] if self.divisions else self.base

    def _simple(self, block: Block, kind: Kind) -> None:
        if self.builder.top.kind is not kind:
            self.builder.close_to(self.builder.root)
            self.builder.open(kind, block.start)
        self.inline.emit(block.start, block.end)

    def _heading_leaves(self, start: int, end: int) -> str:
        """A heading with its marks and notes; returns its words on one line."""
        return self._leaves_as(Kind.HEADING, start, end)

    def _leaves_as(self, kind: Kind, start: int, end: int) -> str:
        """Emit a stretch whose words are headings or labels; returns them on one line."""
        first = len(self.builder.top.children)
        self.inline.emit(start, end)
        words: list[str] = []
        for draft in self.builder.top.children[first:]:
            if draft.kind is Kind.TEXT:
                draft.kind = kind
                words.append(squeeze(self.text[draft.start : draft.end]))
        return " ".join(words)

    def _open_article(self, start: int) -> Draft:
        self.builder.close_to(self._parent())
        article = self.article = self.builder.open(Kind.ARTICLE, start)
        self._start_body(article)
        return article

    def _heading(self, block: Block) -> None:
        if self.unheaded is None:
            self.unheaded = self._open_article(block.start)
        self.builder.close_to(self.unheaded)
        words = self._heading_leaves(block.start, block.end)
        if words:
            self.unheaded.title = words.rstrip(": ")

    def _article(self, position: int, block: Block) -> None:
        article = self.unheaded or self._open_article(block.start)
        self.unheaded = None
        self.builder.close_to(article)
        head = block.head
        if head is None:  # a recogniser's head is always there; keep the text in any case
            self.body.block(block.start, block.end, None)
            return
        article.designation = head.designation
        article.label = _label_of(head.designation)
        end = min(head.end, block.end)
        self._leaves_as(Kind.LABEL, block.start, end)
        rest = self.inline.skip_space(end, block.end)
        if not head.closed:
            self._late_separator(position)
        if rest < block.end:
            self.body.block(rest, block.end, self.labels.get(position))

    def _late_separator(self, position: int) -> None:
        """The dash of a head may stand in the next block ("Geçici Madde 35" / "– (Ek: …)")."""
        if position + 1 >= len(self.sheet.blocks):
            return
        after = self.sheet.blocks[position + 1]
        if after.role is not Role.TEXT or self.text[after.start] not in DASH + ":":
            return
        end = after.start
        while end < after.end and self.text[end] in DASH + ":. ":
            end += 1
        self._take_label(position + 1, end)

    def _take_label(self, position: int, end: int) -> None:
        """Move the beginning of a block into the label of the article before it."""
        block = self.sheet.blocks[position]
        self._leaves_as(Kind.LABEL, block.start, end)
        block.start = self.inline.skip_space(end, block.end)
        if position in self.labels and self.labels[position].start < block.start:
            del self.labels[position]
        if block.start >= block.end:
            block.role = Role.MARKS

    def _division(self, block: Block) -> None:
        division = block.division
        if division is None:
            return
        self.unheaded = self.article = None
        rank = _RANK[division.division]
        while self.divisions:
            above = self.divisions[-1].division
            if above is not None and _RANK[above] < rank:
                break
            self.divisions.pop()
        self.builder.close_to(self._parent())
        draft = self.builder.open(Kind.DIVISION, block.start, label=division.number)
        draft.division = division.division
        draft.level = len(self.divisions) + 1
        self.divisions.append(draft)
        self._start_body(draft)
        end = min(division.end, block.end)
        self.builder.leaf(Kind.LABEL, block.start, end)
        if (rest := self.inline.skip_space(end, block.end)) < block.end:
            draft.title = self._heading_leaves(rest, block.end)

    def _title(self, block: Block) -> None:
        division = self._parent()
        self.builder.close_to(division)
        words = self._heading_leaves(block.start, block.end)
        division.title = f"{division.title} {words}".strip()

    def _container(self, block: Block) -> None:
        kind = Kind[block.role.name]
        top = self.builder.top
        if kind is Kind.UNINTEGRATED and top.kind is kind and not block.first:
            self.builder.leaf(Kind.HEADING, block.start, block.end)
            return
        self.unheaded = self.article = None
        self.divisions.clear()
        outer = self.builder.root
        if kind is Kind.BATCH and self._inside(Kind.UNINTEGRATED):
            outer = next(d for d in self.builder.stack if d.kind is Kind.UNINTEGRATED)
        self.builder.close_to(outer)
        self.base = self.builder.open(kind, block.start)
        self._start_body(self.base)
        self.base.title = self._heading_leaves(block.start, block.end)
        if kind is Kind.BATCH:
            self.batches.append((self.base, block.start, block.end))

    def _inside(self, kind: Kind) -> bool:
        return any(draft.kind is kind for draft in self.builder.stack)

    def _reset(self) -> None:
        self.unheaded = self.article = None
        self.divisions.clear()
        self.base = self.builder.root
        self.builder.close_to(self.builder.root)

    def _table_of_rows(self, position: int, role: Role) -> int:
        """A table of amendments: title blocks, then rows of cells."""
        blocks = self.sheet.blocks
        self._reset()
        table = self.builder.open(Kind[role.name], blocks[position].start)
        end = position
        cells: list[Block] = []
        while end < len(blocks) and (end == position or not blocks[end].first):
            if blocks[end].role is role:
                cells.append(blocks[end])
            elif blocks[end].role not in (Role.PAGE, Role.RULE, Role.FOOTNOTE):
                break
            end += 1
        rows: list[RowCells] = []
        if role is Role.AMENDMENTS:
            rows = group_rows(self.text, self.folded, [(c.start, c.end) for c in cells])
        self._emit_rows(table, rows, blocks[position:end], role)
        self._start_body(self.builder.root)
        self.builder.close_to(self.builder.root)
        return end

    def _emit_rows(
        self, table: Draft, rows: list[RowCells], blocks: list[Block], role: Role
    ) -> None:
        row_of = {start: row for row in rows for start, _ in row.cells}
        current: RowCells | None = None
        for block in blocks:
            if block.role is not role:
                kind = Kind.PAGE if block.role is Role.PAGE else Kind.RULE
                self.builder.wait(Draft(kind, block.start, block.end), block.start, block.end)
                continue
            row = row_of.get(block.start)
            if row is None and role is Role.REPEALS and current is None and table.title:
                self.builder.close_to(table)
                self.builder.open(Kind.CELL, block.start)
                self.inline.emit(block.start, block.end)
                continue
            if row is None:
                self.builder.close_to(table)
                table.title = (
                    f"{table.title} {self._heading_leaves(block.start, block.end)}".strip()
                )
                continue
            if row is not current:
                self.builder.close_to(table)
                self.rows.append((self.builder.open(Kind.ROW, block.start), row))
                current = row
            self.builder.close_to(self.rows[-1][0])
            self.builder.open(Kind.CELL, block.start)
            self.inline.emit(block.start, block.end)

    def _find_labels(self) -> dict[int, Labelled]:
        """Labels of the blocks, each with the ordinal of the next label of its style."""
        labels: dict[int, Labelled] = {}
        before: dict[str, int | None] = {}
        for position, block in enumerate(self.sheet.blocks):
            start = block.start
            if block.role in STRUCTURE:
                before.clear()
                if block.head is None:
                    continue
                start = self.inline.skip_space(block.head.end, block.end)
            elif block.role is not Role.TEXT:
                continue
            found = self._label(start, block.end)
            if found is not None:
                heads.settle_style(found.label, before)
                labels[position] = found
        self._find_successors(labels)
        return labels

    def _find_successors(self, labels: dict[int, Labelled]) -> None:
        ahead: dict[str, int | None] = {}
        for position in range(len(self.sheet.blocks) - 1, -1, -1):
            found = labels.get(position)
            if found is not None:
                found.successor = ahead.get(found.label.style)
                ahead[found.label.style] = found.label.ordinal
            if self.sheet.blocks[position].role in STRUCTURE:
                ahead.clear()

    def _label(self, start: int, end: int) -> Labelled | None:
        position = start
        while position < end:
            found = heads.paragraph_label(self.folded, position, end) or heads.item_label(
                self.text, self.folded, position, end
            )
            if found is not None:
                return Labelled(found, position)
            after, notes = self.inline.after_notes(position, end)
            if not notes:
                return None
            position = after
        return None


def _label_of(name: Designation) -> str:
    number = "" if name.number is None else str(name.number)
    suffix = f"/{name.suffix}" if name.suffix else ""
    last = "" if name.last is None else f"-{name.last}"
    return f"{number}{suffix}{last}"
