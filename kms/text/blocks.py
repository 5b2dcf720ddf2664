"""The blocks of a text: runs of lines between blank lines, and the role each plays."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from . import heads
from .letters import DASH, pattern
from .notes import Group

_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_GAP = re.compile(r"\n\s*")
_INNER_HEAD = pattern(
    rf"\n[ \t]{{0,9}}(?P<head>(?:(?:ek|geçici|mükerrer|muvakkat)\s+){{0,2}}madde\s+[0-9]{{1,4}}"
    rf"(?:\s?/\s?[a-zçğıöşü])?\s*[{DASH}])"
)
_BARE_HEAD = pattern(r"(?:(?:ek|geçici|mükerrer)\s+){0,2}madde\s*\Z")
_BARE_NUMBER = pattern(
    rf"[0-9]{{1,4}}(?:\s?/\s?[a-zçğıöşü])?\s*(?:\[[0-9]{{1,3}}\]\s*)?(?:[{DASH}]|\Z)"
)
_OPEN_HEAD = pattern(
    rf"(?:(?:ek|geçici|mükerrer)\s+){{0,2}}madde\s+(?P<number>[0-9]{{1,4}})"
    rf"(?:\s*(?:il[aâ]|ile|ve|[{DASH},]|[0-9]{{1,4}})){{0,40}}\s*\Z"
)
_RANGE_END = pattern(
    rf"(?:il[aâ]\s*)?(?:[0-9]{{1,4}}\s*[{DASH},]\s*){{0,40}}(?P<last>[0-9]{{1,4}})\s*[{DASH}]*\s*(?:\(|\Z)"
)
_PREFIX_WORD = re.compile(r"\b(?:ek|geçici|mükerrer|muvakkat)\Z")
_MARKS_TAIL = pattern(r"(?:\s*(?:\[[0-9]{1,4}\]|\(\s?(?:[0-9]{1,2}|\*{1,3})\s?\)))+\Z")


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


class Sheet:
    """The blocks of a text, with what the passes over them need to know."""

    def __init__(self, text: str, folded: str, blocks: list[Block]) -> None:
        self.text = text
        self.folded = folded
        self.blocks = blocks

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

    def shouted(self, block: Block) -> bool:
        """Whether the block is written in capitals (at least three letters)."""
        raw = self.text[block.start : min(block.end, block.start + 500)]
        letters = [letter for letter in raw if letter.isalpha()]
        if len(letters) < 3:
            return False
        return sum(letter.isupper() for letter in letters) >= 0.8 * len(letters)


def split(text: str, folded: str, groups: list[Group]) -> list[Block]:
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
