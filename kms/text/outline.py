"""The first pass: a text cut into blocks, each with the role it plays.

A block is a run of lines between blank lines; in a text without blank lines every line is one.
Roles are decided from the block itself and from its neighbours: a short line is a heading
because an article head follows it. The second pass (``tree``) nests the blocks.
"""

import re

from . import heads
from .blocks import STRUCTURE, Role, Sheet, split
from .headings import find_cells, find_preamble, name_headings
from .letters import pattern
from .notes import Group
from .regions import (
    find_annexes,
    find_end_notes,
    find_front,
    find_page_notes,
    find_tables,
    find_unintegrated,
)

_FIRST_DIGITS = re.compile(r"[0-9]{1,6}")
_MARKS_ONLY = pattern(r"(?:\s*\[[0-9]{1,4}\])+\Z")


def outline(text: str, folded: str, groups: list[Group]) -> Sheet:
    """Cut a text into blocks and find the role of each."""
    sheet = Sheet(text, folded, split(text, folded, groups))
    find_front(sheet)
    find_end_notes(sheet)
    _single_blocks(sheet)
    find_page_notes(sheet)
    find_tables(sheet)
    find_unintegrated(sheet)
    find_annexes(sheet)
    name_headings(sheet)
    find_preamble(sheet)
    find_cells(sheet)
    return sheet


def _single_blocks(sheet: Sheet) -> None:
    text, folded = sheet.text, sheet.folded
    for block in sheet.blocks:
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
    _drop_false_pages(sheet)


def _drop_false_pages(sheet: Sheet) -> None:
    """Page numbers rise by little; other lone numbers are cells of tables."""
    pages = [(n, block) for n, block in enumerate(sheet.blocks) if block.role is Role.PAGE]
    numbers = [int(_FIRST_DIGITS.findall(sheet.text, b.start, b.end)[0]) for _, b in pages]
    top = next((n for n, block in enumerate(sheet.blocks) if block.role in STRUCTURE), 6)
    last: int | None = None
    for at, (position, block) in enumerate(pages):
        number = numbers[at]
        if last is None:
            following = numbers[at + 1] if at + 1 < len(numbers) else -1
            accepted = position < min(top, 6) or 0 <= following - number <= 3
        else:
            accepted = 0 <= number - last <= 12
        if accepted:
            last = number
        else:
            block.role = Role.TEXT
