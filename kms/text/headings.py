"""Roles that neighbours decide: headings, titles, the preamble, cells of tables."""

import re

from .blocks import STRUCTURE, TRIVIA, Block, Role, Sheet
from .letters import fold, pattern

_FIELD = pattern(
    r"kanun\s+(?:no|num)|kabul\s+tarih|yayımlandığı|yayınlandığı|düstur|resm[iî]\s+gazete|r\.\s?gazete"
    r"|kararname\s+(?:no|num)|tertip|sayı\s*:|tarih\s*:|durumu\s*:|cilt\s*:|sayfa\s*:"
)
_LAW_TITLE = pattern(
    r"(?:kanun[iı]?[nu]{0,2}u?|kararname(?:si)?|tüzü[kğ]ü?|yönetmeli[kğ]i?|tebliğ[i]?|genelge(?:si)?"
    r"|anayasası?|hükümleri|yönerge(?:si)?|esaslar|usuller)\s*(?:\(.{1,60}\))?\Z"
)
_SENTENCE_END = ".;,"
#: "… yapılır. (İptal cümle: …)" is the end of the paragraph before.
_AFTER_SENTENCE = re.compile(r"[a-zçğıöşü][.;]\s*\([^()]{8,}\)\Z")
_LABELLED = pattern(r"(?:[a-zçğıöşü]{1,2}|[0-9]{1,3})\)|\([0-9]")


def name_headings(sheet: Sheet) -> None:
    """Give the short blocks before article and division heads their roles."""
    position = len(sheet.blocks) - 1
    while position >= 0:
        block = sheet.blocks[position]
        if block.role not in (Role.ARTICLE, Role.DIVISION):
            position -= 1
            continue
        run: list[Block] = []
        before = position - 1
        while before >= 0 and len(run) < 9:
            candidate = sheet.blocks[before]
            if candidate.role in TRIVIA:
                before -= 1
                continue
            if not _is_heading(sheet, candidate):
                break
            run.append(candidate)
            before -= 1
        opener = sheet.blocks[before] if before >= 0 else None
        _name_run(sheet, list(reversed(run)), opener, block)
        position = min(before, position - 1) if before >= 0 else -1


def _is_heading(sheet: Sheet, block: Block) -> bool:
    """Whether a block may be the heading of what follows."""
    if block.role is not Role.TEXT or block.end - block.start > 320:
        return False
    words = sheet.words(block)
    letter = words[:1]
    if letter == "(":
        return "başlı" in fold(words[:40])
    if not words or words[-1] in _SENTENCE_END or _AFTER_SENTENCE.search(words):
        return False
    if letter.islower() or not (letter.isalnum() or letter in "“\"'«-–"):
        return False
    if letter.isdigit() and not re.match(r"[0-9]{1,3}\s?[-–.)]", words):
        return False
    return not _LABELLED.match(words) and not _FIELD.search(fold(words))


def _name_run(sheet: Sheet, run: list[Block], opener: Block | None, head: Block) -> None:
    if opener is not None and opener.role is Role.DIVISION:
        titles = 1
        while titles < len(run) and sheet.shouted(run[titles - 1]) and sheet.shouted(run[titles]):
            titles += 1
        if head.role is Role.DIVISION:
            titles = len(run)
        for block in run[:titles]:
            block.role = Role.TITLE
        run = run[titles:]
    elif opener is None or opener.role is Role.FRONT:
        names = [n for n, block in enumerate(run) if _LAW_TITLE.search(fold(sheet.words(block)))]
        if names:
            for block in run[: names[-1] + 1]:
                block.role = Role.PREAMBLE
            run = run[names[-1] + 1 :]
    if len(run) > 6:
        run = run[-1:]
    if head.role is Role.ARTICLE:
        for block in run:
            block.role = Role.HEADING


def find_preamble(sheet: Sheet) -> None:
    """Everything before the first structure is preamble; a text without any has none."""
    first = next(
        (n for n, b in enumerate(sheet.blocks) if b.role in STRUCTURE or b.role is Role.HEADING),
        0,
    )
    for block in sheet.blocks[:first]:
        if block.role is Role.TEXT:
            block.role = Role.PREAMBLE


def find_cells(sheet: Sheet) -> None:
    """Runs of many short blocks that are no sentences are the cells of a table."""
    run: list[Block] = []
    for block in [*sheet.blocks, None]:
        if block is not None and block.role in (Role.PAGE, Role.RULE, Role.MARKS):
            continue
        if block is not None and block.role is Role.TEXT and _is_cell(sheet, block):
            run.append(block)
            continue
        if len(run) >= 4:
            for cell in run:
                cell.role = Role.CELL
            run[0].first = True
        run = []


def _is_cell(sheet: Sheet, block: Block) -> bool:
    if block.end - block.start > 90:
        return False
    words = sheet.words(block)
    return not words or (words[-1] not in ".;,:" and not _LABELLED.match(words))
