"""The first pass: a text cut into blocks, each with the role it plays.

A block is a run of lines between blank lines; in a text without blank lines every line is one.
Roles are decided from the block itself and from its neighbours: a short line is a heading
because an article head follows it. The second pass (``tree``) nests the blocks.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from . import heads
from .letters import DASH, fold, pattern
from .notes import Group

_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_GAP = re.compile(r"\n\s*")
_INNER_HEAD = pattern(
    rf"\n[ \t]{{0,9}}(?P<head>(?:(?:ek|geçici|mükerrer|muvakkat)\s+){{0,2}}madde\s+[0-9]{{1,4}}"
    rf"(?:\s?/\s?[a-zçğıöşü])?\s*[{DASH}])"
)
_BARE_HEAD = pattern(r"(?:(?:ek|geçici|mükerrer)\s+){0,2}madde\s*\Z")
_BARE_NUMBER = pattern(rf"[0-9]{{1,4}}(?:\s?/\s?[a-zçğıöşü])?\s*(?:\[[0-9]{{1,3}}\]\s*)?(?:[{DASH}]|\Z)")
_OPEN_HEAD = pattern(
    rf"(?:(?:ek|geçici|mükerrer)\s+){{0,2}}madde\s+(?P<number>[0-9]{{1,4}})"
    rf"(?:\s*(?:il[aâ]|ile|ve|[{DASH},]|[0-9]{{1,4}})){{0,40}}\s*\Z"
)
_RANGE_END = pattern(rf"(?:[0-9]{{1,4}}\s*[{DASH},]\s*){{0,40}}(?P<last>[0-9]{{1,4}})\s*[{DASH}]*\s*(?:\(|\Z)")
_PREFIX_WORD = re.compile(r"\b(?:ek|geçici|mükerrer|muvakkat)\Z")
_FIRST_DIGITS = re.compile(r"[0-9]{1,6}")
_FRONT_END = pattern(r"\n---[ \t]*\r?\n")
_ENDNOTE = pattern(r"\[(?P<number>[0-9]{1,4})\]")
_PAGE_NOTE = pattern(r"\(?\s?[0-9]{1,2}\s?\)|\[[0-9]{1,3}\]|\*+\)?|[0-9]{1,2}\s")
_MARKS_ONLY = pattern(r"(?:\s*\[[0-9]{1,4}\])+\Z")
_PAGE_MARKS_ONLY = pattern(r"(?:\s*(?:\[[0-9]{1,4}\]|\(\s?[0-9]{1,2}\s?\)))+\Z")
_MARKS_TAIL = pattern(r"(?:\s*(?:\[[0-9]{1,4}\]|\(\s?(?:[0-9]{1,2}|\*{1,3})\s?\)))+\Z")
_TABLE_TITLE = pattern(r"gösterir\s+(?:liste|tablo|çizelge|cetvel)\w{0,4}\s*(?:\[[0-9]+\]|\([0-9]\))?\Z")
_TABLE_HEAD = pattern(r"değiştiren\s*(?:kanun|khk|kararname|cumhurbaşkanlığı)[^:;]{0,200}numara(?:sı|ları)\s*\Z")
_TABLE_WORDS = pattern(r"yürürlüğe\s+giri|ek\s+ve\s+değişik|yürürlükten\s+kald")
_REPEAL_WORDS = pattern(r"yürürlükten\s+kald")
_UNINTEGRATED = pattern(r"işlenem[ei]yen(?:\s+(?:hüküm|geçici|madde|hükm)|\s*\Z)")
_ANNEX = pattern(
    rf"(?:ek(?:li)?\s*[:{DASH}]?\s*)?\(?(?:[0-9]{{1,2}}|[ıivx]{{1,5}}|[a-zç])?\)?(?:\s*[/{DASH}]\s*[a-z0-9])?"
    r"\s*(?:sayılı|numaralı|no\.?lu)?\s*(?:\w+\s+){0,4}"
    rf"(?:cetvel|liste|tarife|tablo|kroki|çizelge)\w{{0,4}}|ek\s*[:{DASH}]?\s*\(?(?:[0-9]{{1,2}}|[ıivx]{{1,5}})\)?\Z"
)
_FIELD = pattern(
    r"kanun\s+(?:no|num)|kabul\s+tarih|yayımlandığı|yayınlandığı|düstur|resm[iî]\s+gazete|r\.\s?gazete"
    r"|kararname\s+(?:no|num)|tertip|sayı\s*:|tarih\s*:|durumu\s*:|cilt\s*:|sayfa\s*:"
)
_LAW_TITLE = pattern(
    r"(?:kanun[iı]?[nu]{0,2}u?|kararname(?:si)?|tüzü[kğ]ü?|yönetmeli[kğ]i?|tebliğ[i]?|genelge(?:si)?"
    r"|anayasası?|hükümleri|yönerge(?:si)?|esaslar|usuller)\s*(?:\(.{1,60}\))?\Z"
)
_SENTENCE_END = ".;,"
_LABELLED = pattern(r"(?:[a-zçğıöşü]{1,2}|[0-9]{1,3})\)|\([0-9]")


class Role(Enum):
    """What a block is."""

    TEXT = auto()
    FRONT = auto()
    PREAMBLE = auto()
    ARTICLE = auto()
    DIVISION = auto()
    TITLE = auto()
    HEADING = auto()
    BATCH = auto()
    UNINTEGRATED = auto()
    ANNEX = auto()
    CELL = auto()
    PAGE = auto()
    RULE = auto()
    MARKS = auto()
    FOOTNOTE = auto()
    ENDNOTE = auto()
    AMENDMENTS = auto()
    REPEALS = auto()


TRIVIA = frozenset({Role.PAGE, Role.RULE, Role.MARKS, Role.FOOTNOTE})
STRUCTURE = frozenset(
    {
        Role.ARTICLE,
        Role.DIVISION,
        Role.BATCH,
        Role.UNINTEGRATED,
        Role.ANNEX,
        Role.AMENDMENTS,
        Role.REPEALS,
        Role.ENDNOTE,
    }
)


@dataclass(slots=True)
class Block:
    """A block ``[start, end)`` without surrounding white space. ``first``: opens its region."""

    start: int
    end: int
    role: Role = Role.TEXT
    head: heads.ArticleHead | None = None
    division: heads.DivisionHead | None = None
    first: bool = False


class Outline:
    """The blocks of a text with their roles."""

    def __init__(self, text: str, folded: str, groups: list[Group]) -> None:
        self.text = text
        self.folded = folded
        self.blocks = _split(text, folded, groups)
        self._front()
        self._end_notes()
        self._single_blocks()
        self._page_notes()
        self._tables_of_amendments()
        self._unintegrated()
        self._annexes()
        self._headings()
        self._preamble()
        self._cells()

    @property
    def has_end_notes(self) -> bool:
        """Whether footnotes stand at the end ("[1]"), as in newer texts."""
        return any(block.role is Role.ENDNOTE for block in self.blocks)

    @property
    def has_page_notes(self) -> bool:
        """Whether footnotes stand at the foot of printed pages ("(1)"), as in older texts."""
        return any(block.role is Role.FOOTNOTE for block in self.blocks)

    def words(self, block: Block) -> str:
        """The block's text without marks at its end, for looking at its first and last letter."""
        raw = self.text[block.start : min(block.end, block.start + 400)]
        if raw.endswith(("]", ")")):
            raw = _MARKS_TAIL.sub("", raw)
        return raw.strip()

    def _front(self) -> None:
        """The heading that the collection puts before the text: "# …", "> …", "---"."""
        if not self.text.startswith("#"):
            return
        found = _FRONT_END.search(self.text, 0, 5000)
        if not found:
            return
        for block in self.blocks:
            if block.start >= found.end():
                return
            block.role = Role.FRONT

    def _end_notes(self) -> None:
        """Footnotes at the end: the last rising run of blocks that begin with "[n]"."""
        previous = 0
        first: int | None = None
        for position in range(len(self.blocks) - 1, -1, -1):
            block = self.blocks[position]
            found = _ENDNOTE.match(self.text, block.start, block.end)
            if not found:
                continue
            number = int(found["number"])
            if previous and number >= previous:
                break
            previous, first = number, position
            if number == 1:
                break
        if first is None or previous > 3:
            return
        for position in range(first, len(self.blocks)):
            block = self.blocks[position]
            block.role = Role.ENDNOTE
            block.first = position == first

    def _single_blocks(self) -> None:
        text, folded = self.text, self.folded
        for block in self.blocks:
            if block.role is not Role.TEXT:
                continue
            start, end = block.start, block.end
            letter = folded[start]
            if letter.isdigit():
                if heads.is_page_number(folded, start, end):
                    block.role = Role.PAGE
                elif heads.is_batch_head(folded, start, end):
                    block.role = Role.BATCH
            elif letter == "[" and end - start < 60 and _MARKS_ONLY.match(text, start, end):
                block.role = Role.MARKS
            elif letter in "-–—‒−_=━*" and heads.is_rule(folded, start, end):
                block.role = Role.RULE
            if block.role is Role.TEXT and (division := heads.division_head(text, folded, start, end)):
                block.role, block.division = Role.DIVISION, division
            elif block.role is Role.TEXT and (head := heads.article_head(folded, start, end)):
                block.role, block.head = Role.ARTICLE, head
        self._drop_false_pages()

    def _drop_false_pages(self) -> None:
        """Page numbers rise by little; other lone numbers are cells of tables."""
        pages = [(n, block) for n, block in enumerate(self.blocks) if block.role is Role.PAGE]
        numbers = [int(_FIRST_DIGITS.findall(self.text, b.start, b.end)[0]) for _, b in pages]
        last: int | None = None
        for at, (position, block) in enumerate(pages):
            number = numbers[at]
            if last is None:
                following = numbers[at + 1] if at + 1 < len(numbers) else -1
                accepted = position < 6 or 0 <= following - number <= 3
            else:
                accepted = 0 <= number - last <= 12
            if accepted:
                last = number
            else:
                block.role = Role.TEXT

    def _page_notes(self) -> None:
        """Footnotes at the foot of a page: from a rule to the next page number or head."""
        position = 0
        while position < len(self.blocks):
            if self.blocks[position].role is not Role.RULE:
                position += 1
                continue
            position = self._page_note_region(position)
        if self.has_page_notes:
            # a lone "(1)" calls a footnote here; elsewhere it is the label of a paragraph
            for block in self.blocks:
                if block.role is Role.TEXT and block.end - block.start < 30:
                    if _PAGE_MARKS_ONLY.match(self.text, block.start, block.end):
                        block.role = Role.MARKS

    def _page_note_region(self, rule: int) -> int:
        start = rule + 1
        if start >= len(self.blocks) or not self._opens_page_note(self.blocks[start]):
            return start
        end = start
        while end < len(self.blocks) and end - start < 80:
            role = self.blocks[end].role
            if role in (Role.PAGE, Role.ARTICLE, Role.DIVISION, Role.RULE, Role.ENDNOTE, Role.BATCH):
                break
            end += 1
        if end >= len(self.blocks) or self.blocks[end].role not in (Role.PAGE, Role.RULE):
            # no page number closes the notes: take those that begin like notes
            close = start
            while close < end and self._opens_page_note(self.blocks[close]):
                close += 1 + (self.blocks[close].role is Role.MARKS)
            end = min(max(close, start + 1), end)
        for block in self.blocks[start:end]:
            block.role = Role.FOOTNOTE
        self.blocks[start].first = True
        return max(end, start)

    def _opens_page_note(self, block: Block) -> bool:
        if block.role not in (Role.TEXT, Role.MARKS):
            return False
        return bool(_PAGE_NOTE.match(self.text, block.start, block.end))

    def _tables_of_amendments(self) -> None:
        position = 0
        while position < len(self.blocks):
            block = self.blocks[position]
            if block.role in (Role.TEXT, Role.DIVISION, Role.BATCH):
                if self._is_table_title(block):
                    position = self._titled_table(position)
                    continue
                if _TABLE_HEAD.match(self.folded, block.start, block.end):
                    position = self._table_region(position, position, Role.AMENDMENTS)
                    continue
            position += 1

    def _is_table_title(self, block: Block) -> bool:
        if block.end - block.start > 500:
            return False
        found = _TABLE_TITLE.search(self.folded, max(block.start, block.end - 90), block.end)
        return found is not None and self._shouted(block)

    def _titled_table(self, title: int) -> int:
        first = title
        while first > 0 and title - first < 6:
            before = self.blocks[first - 1]
            if before.role is not Role.TEXT or not self._shouted(before):
                break
            first -= 1
        words = self.folded[self.blocks[first].start : self.blocks[title].end]
        if not _TABLE_WORDS.search(words):
            return title + 1
        role = Role.REPEALS if _REPEAL_WORDS.search(words) else Role.AMENDMENTS
        return self._table_region(first, title, role)

    def _table_region(self, first: int, title: int, role: Role) -> int:
        end = title + 1
        while end < len(self.blocks):
            block = self.blocks[end]
            if block.role in (Role.ENDNOTE, Role.DIVISION, Role.UNINTEGRATED):
                break
            if block.role is Role.ARTICLE and self._is_real_article(block):
                break
            if block.role is Role.TEXT and self._shouted(block) and self._ends_table(block):
                break
            end += 1
        for block in self.blocks[first:end]:
            if block.role not in (Role.PAGE, Role.RULE, Role.FOOTNOTE):
                block.role, block.head = role, None
            if block.role is Role.FOOTNOTE and role is Role.REPEALS:
                block.role = role
        self.blocks[first].first = True
        return max(end, title + 1)

    def _is_real_article(self, block: Block) -> bool:
        """Whether an article head inside a table is more than a cell ("Ek Madde 1, …")."""
        head = block.head
        if head is None or not head.closed:
            return False
        rest = self.text[head.end : block.end].strip()
        return len(rest) > 40 or rest.startswith("(")

    def _ends_table(self, block: Block) -> bool:
        folded = self.folded
        if _UNINTEGRATED.search(folded, block.start, block.end):
            return True
        if re.match(r"[0-9]{1,5}\s+sayılı|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}\s+tarih", folded[block.start : block.end]):
            return True
        return bool(_ANNEX.match(folded, block.start, block.end)) and block.end - block.start < 80

    def _shouted(self, block: Block) -> bool:
        """Whether the block is written in capitals (at least three letters)."""
        raw = self.text[block.start : min(block.end, block.start + 500)]
        letters = [letter for letter in raw if letter.isalpha()]
        if len(letters) < 3:
            return False
        return sum(letter.isupper() for letter in letters) >= 0.8 * len(letters)

    def _unintegrated(self) -> None:
        for position, block in enumerate(self.blocks):
            if block.role is not Role.TEXT or block.end - block.start > 260:
                continue
            if not _UNINTEGRATED.search(self.folded, block.start, block.end):
                continue
            if not self._shouted(block):
                continue
            block.role, block.first = Role.UNINTEGRATED, True
            for after in self.blocks[position + 1 : position + 3]:
                # the title may run over several blocks: "… İŞLENEMEYEN" / "HÜKÜMLER:"
                if after.role is not Role.TEXT or not self._shouted(after):
                    break
                if after.end - after.start > 60:
                    break
                after.role = Role.UNINTEGRATED
            self._acts_listed_after(position)

    def _acts_listed_after(self, position: int) -> None:
        """Among provisions printed with the law, each act that they come from opens a batch."""
        for block in self.blocks[position + 1 :]:
            if block.role in (Role.UNINTEGRATED, Role.AMENDMENTS, Role.REPEALS, Role.ENDNOTE):
                if block.first:
                    return
            elif block.role is Role.TEXT and heads.is_listed_act(
                self.folded, block.start, block.end
            ):
                block.role = Role.BATCH

    def _annexes(self) -> None:
        """Annexes after the last article of the law itself."""
        last = -1
        for position, block in enumerate(self.blocks):
            if block.role is Role.ARTICLE:
                last = position
            elif block.role is Role.UNINTEGRATED and last >= 0:
                last = position
        for block in self.blocks[last + 1 :]:
            if block.role is not Role.TEXT or block.end - block.start > 200:
                continue
            if _ANNEX.match(self.folded, block.start, block.end) and self._title_like(block):
                block.role, block.first = Role.ANNEX, True

    def _title_like(self, block: Block) -> bool:
        words = self.words(block)
        return bool(words) and words[-1] not in _SENTENCE_END and (
            self._shouted(block) or len(words) < 60
        )

    def _is_heading(self, block: Block) -> bool:
        """Whether a block may be the heading of what follows."""
        if block.role is not Role.TEXT or block.end - block.start > 320:
            return False
        words = self.words(block)
        if not words or words[-1] in _SENTENCE_END:
            return words.startswith("(") and "başlı" in fold(words[:40])
        letter = words[0]
        if letter == "(":
            return "başlı" in fold(words[:40])
        if letter.islower() or not (letter.isalnum() or letter in "“\"'«-–"):
            return False
        if letter.isdigit() and not re.match(r"[0-9]{1,3}\s?[-–.)]", words):
            return False
        return not _LABELLED.match(words) and not _FIELD.search(fold(words))

    def _headings(self) -> None:
        """Give the short blocks before article and division heads their roles."""
        position = len(self.blocks) - 1
        while position >= 0:
            block = self.blocks[position]
            if block.role not in (Role.ARTICLE, Role.DIVISION):
                position -= 1
                continue
            run: list[Block] = []
            before = position - 1
            while before >= 0 and len(run) < 9:
                candidate = self.blocks[before]
                if candidate.role in TRIVIA:
                    before -= 1
                    continue
                if not self._is_heading(candidate):
                    break
                run.append(candidate)
                before -= 1
            opener = self.blocks[before] if before >= 0 else None
            self._name_run(list(reversed(run)), opener, block)
            position = min(before, position - 1) if before >= 0 else -1

    def _name_run(self, run: list[Block], opener: Block | None, head: Block) -> None:
        if opener is not None and opener.role is Role.DIVISION:
            titles = 1
            while titles < len(run) and self._shouted(run[titles - 1]) and self._shouted(run[titles]):
                titles += 1
            if head.role is Role.DIVISION:
                titles = len(run)
            for block in run[:titles]:
                block.role = Role.TITLE
            run = run[titles:]
        elif opener is None or opener.role is Role.FRONT:
            names = [n for n, block in enumerate(run) if _LAW_TITLE.search(fold(self.words(block)))]
            if names:
                for block in run[: names[-1] + 1]:
                    block.role = Role.PREAMBLE
                run = run[names[-1] + 1 :]
        if len(run) > 6:
            run = run[-1:]
        if head.role is Role.ARTICLE:
            for block in run:
                block.role = Role.HEADING

    def _preamble(self) -> None:
        """Everything before the first structure is preamble; a text without any has none."""
        first = next(
            (n for n, b in enumerate(self.blocks) if b.role in STRUCTURE or b.role is Role.HEADING),
            0,
        )
        for block in self.blocks[:first]:
            if block.role is Role.TEXT:
                block.role = Role.PREAMBLE

    def _cells(self) -> None:
        """Runs of many short blocks that are no sentences are the cells of a table."""
        run: list[Block] = []
        for block in [*self.blocks, None]:
            if block is not None and block.role in (Role.PAGE, Role.RULE, Role.MARKS):
                continue
            if block is not None and block.role is Role.TEXT and self._is_cell(block):
                run.append(block)
                continue
            if len(run) >= 4:
                for cell in run:
                    cell.role = Role.CELL
                run[0].first = True
            run = []

    def _is_cell(self, block: Block) -> bool:
        if block.end - block.start > 90:
            return False
        words = self.words(block)
        return not words or (words[-1] not in ".;,:" and not _LABELLED.match(words))


def _split(text: str, folded: str, groups: list[Group]) -> list[Block]:
    """Cut at blank lines, or at every line when the text has hardly any blank line.

    A note is never cut.
    """
    blank = len(re.findall(r"\n[^\S\n]*\n", text))
    lines = text.count("\n")
    gap = _LINE_GAP if lines and blank * 12 < lines else _GAP
    blocks: list[Block] = []
    position = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if position >= end:
        return blocks
    at = 0
    for found in gap.finditer(text, position, end):
        close = found.start()
        while at < len(groups) and groups[at].end <= close:
            at += 1
        if at < len(groups) and groups[at].start < close:
            continue
        while text[close - 1].isspace():
            close -= 1
        _cut_at_heads(text, folded, position, close, blocks)
        position = found.end()
    _cut_at_heads(text, folded, position, end, blocks)
    return _join_ranges(folded, blocks)


def _join_ranges(folded: str, blocks: list[Block]) -> list[Block]:
    """Join heads that blank lines cut: "Madde" / "649 -" and "MADDE 34 ila" / "40 – (…"."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before is not None and before.end - before.start < 60:
            if _BARE_HEAD.match(folded, before.start, before.end) and _BARE_NUMBER.match(
                folded, block.start, block.end
            ):
                before.end = block.end
                continue
            head = _OPEN_HEAD.match(folded, before.start, before.end)
            more = _RANGE_END.match(folded, block.start, block.end)
            if head and more and int(more["last"]) > int(head["number"]):
                before.end = block.end
                continue
        joined.append(block)
    return joined


def _cut_at_heads(text: str, folded: str, start: int, end: int, blocks: list[Block]) -> None:
    """An article head may follow its heading without a blank line; it begins a block."""
    for found in _INNER_HEAD.finditer(folded, start, end):
        close = found.start()
        if close <= start or not text[found.start("head")].isupper():
            continue
        while text[close - 1].isspace():
            close -= 1
        if _PREFIX_WORD.search(folded, max(start, close - 12), close):
            continue
        blocks.append(Block(start, close))
        start = found.start("head")
    blocks.append(Block(start, end))
