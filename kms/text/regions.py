"""Regions of a text: front matter, footnotes, tables, foreign provisions, annexes."""

import re
from itertools import zip_longest

from . import heads
from .blocks import Block, Role, Sheet
from .letters import DASH, DATE, pattern

_FRONT_END = pattern(r"\n---[ \t]*\r?\n")
_ENDNOTE = pattern(r"\[(?P<number>[0-9]{1,4})\]")
_PAGE_NOTE = pattern(r"\(?\s?[0-9]{1,2}\s?\)|\[[0-9]{1,3}\]|\*+\)?|[0-9]{1,2}\s")
_PAGE_MARKS_ONLY = pattern(r"(?:\s*(?:\[[0-9]{1,4}\]|\(\s?[0-9]{1,2}\s?\)))+\Z")
_TABLE_TITLE = pattern(
    r"gösterir\s+(?:liste|tablo|çizelge|cetvel)\w{0,4}\s*(?:\[[0-9]+\]|\([0-9]\))?\Z"
)
_TABLE_HEAD = pattern(
    r"değiştiren\s*(?:kanun|khk|kararname|cumhurbaşkanlığı)[^:;]{0,200}numara(?:sı|ları)\s*\Z"
)
_TABLE_WORDS = pattern(r"yürürlüğe\s+giri|ek\s+ve\s+değişik|yürürlükten\s+kald")
_REPEAL_WORDS = pattern(r"yürürlükten\s+kald")
_UNINTEGRATED = pattern(r"işlenem[ei]yen(?:\s+(?:hüküm|geçici|madde|hükm)|\s*\Z)")
_ANNEX = pattern(
    rf"(?:ek(?:li)?\s*[:{DASH}]?\s*)?\(?(?:[0-9]{{1,2}}|[ıivx]{{1,5}}|[a-zç])?\)?(?:\s*[/{DASH}]\s*[a-z0-9])?"
    r"\s*(?:sayılı|numaralı|no\.?lu)?\s*(?:\w+\s+){0,4}"
    rf"(?:cetvel|liste|tarife|tablo|kroki|çizelge)\w{{0,4}}|ek\s*[:{DASH}]?\s*\(?(?:[0-9]{{1,2}}|[ıivx]{{1,5}})\)?\Z"
)
_NOTE_BEGINS = pattern(r"\(\s*" + DATE)
_SENTENCE_END = ".;,"


def find_front(sheet: Sheet) -> None:
    """The heading that the collection puts before the text: "# …", "> …", "---"."""
    if not sheet.text.startswith("#"):
        return
    found = _FRONT_END.search(sheet.text, 0, 5000)
    if not found:
        return
    for block in sheet.blocks:
        if block.start >= found.end():
            return
        block.role = Role.FRONT


def find_end_notes(sheet: Sheet) -> None:
    """Footnotes at the end: the last rising run of blocks that begin with "[n]"."""
    previous = 0
    first: int | None = None
    for position in range(len(sheet.blocks) - 1, -1, -1):
        block = sheet.blocks[position]
        found = _ENDNOTE.match(sheet.text, block.start, block.end)
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
    for position in range(first, len(sheet.blocks)):
        block = sheet.blocks[position]
        block.role = Role.ENDNOTE
        block.first = position == first


def find_page_notes(sheet: Sheet) -> None:
    """Footnotes at the foot of a page: from a rule to the next page number or head."""
    position = 0
    while position < len(sheet.blocks):
        if sheet.blocks[position].role is not Role.RULE:
            position += 1
            continue
        position = _page_note_region(sheet, position)
    if sheet.has_page_notes:
        # a lone "(1)" calls a footnote here; elsewhere it is the label of a paragraph
        for block, after in zip_longest(sheet.blocks, sheet.blocks[1:]):
            short = block.role is Role.TEXT and block.end - block.start < 30
            # "(7)" / "(2/1/1961 tarihli … ilgili olup yerine işlenmiştir.)" is a label, too
            noted = after is not None and _NOTE_BEGINS.match(sheet.text, after.start, after.end)
            if short and not noted and _PAGE_MARKS_ONLY.match(sheet.text, block.start, block.end):
                block.role = Role.MARKS


def _page_note_region(sheet: Sheet, rule: int) -> int:
    start = rule + 1
    if start >= len(sheet.blocks) or not _opens_page_note(sheet, sheet.blocks[start]):
        return start
    end = start
    while end < len(sheet.blocks) and end - start < 80:
        role = sheet.blocks[end].role
        if role in (
            Role.PAGE,
            Role.ARTICLE,
            Role.DIVISION,
            Role.RULE,
            Role.ENDNOTE,
            Role.BATCH,
        ):
            break
        end += 1
    if end >= len(sheet.blocks) or sheet.blocks[end].role not in (Role.PAGE, Role.RULE):
        # no page number closes the notes: take those that begin like notes
        close = start
        while close < end and _opens_page_note(sheet, sheet.blocks[close]):
            close += 1 + (sheet.blocks[close].role is Role.MARKS)
        end = min(max(close, start + 1), end)
    for block in sheet.blocks[start:end]:
        block.role = Role.FOOTNOTE
    sheet.blocks[start].first = True
    return max(end, start)


def _opens_page_note(sheet: Sheet, block: Block) -> bool:
    if block.role not in (Role.TEXT, Role.MARKS):
        return False
    return bool(_PAGE_NOTE.match(sheet.text, block.start, block.end))


def find_tables(sheet: Sheet) -> None:
    position = 0
    while position < len(sheet.blocks):
        block = sheet.blocks[position]
        if block.role in (Role.TEXT, Role.DIVISION, Role.BATCH):
            if _is_table_title(sheet, block):
                position = _titled_table(sheet, position)
                continue
            if _TABLE_HEAD.match(sheet.folded, block.start, block.end):
                position = _table_region(sheet, position, position, Role.AMENDMENTS)
                continue
        position += 1


def _is_table_title(sheet: Sheet, block: Block) -> bool:
    if block.end - block.start > 500:
        return False
    found = _TABLE_TITLE.search(sheet.folded, max(block.start, block.end - 90), block.end)
    return found is not None and sheet.shouted(block)


def _titled_table(sheet: Sheet, title: int) -> int:
    first = title
    while first > 0 and title - first < 6:
        before = sheet.blocks[first - 1]
        if before.role is not Role.TEXT or not sheet.shouted(before):
            break
        first -= 1
    words = sheet.folded[sheet.blocks[first].start : sheet.blocks[title].end]
    if not _TABLE_WORDS.search(words):
        return title + 1
    role = Role.REPEALS if _REPEAL_WORDS.search(words) else Role.AMENDMENTS
    return _table_region(sheet, first, title, role)


def _table_region(sheet: Sheet, first: int, title: int, role: Role) -> int:
    end = title + 1
    while end < len(sheet.blocks):
        block = sheet.blocks[end]
        if block.role in (Role.ENDNOTE, Role.DIVISION, Role.UNINTEGRATED):
            break
        if block.role is Role.ARTICLE and _is_real_article(sheet, block):
            break
        if block.role is Role.TEXT and sheet.shouted(block) and _ends_table(sheet, block):
            break
        end += 1
    for block in sheet.blocks[first:end]:
        if block.role not in (Role.PAGE, Role.RULE, Role.FOOTNOTE):
            block.role, block.head = role, None
        if block.role is Role.FOOTNOTE and role is Role.REPEALS:
            block.role = role
    sheet.blocks[first].first = True
    return max(end, title + 1)


def _is_real_article(sheet: Sheet, block: Block) -> bool:
    """Whether an article head inside a table is more than a cell ("Ek Madde 1, …")."""
    head = block.head
    if head is None or not head.closed:
        return False
    rest = sheet.text[head.end : block.end].strip()
    return len(rest) > 40 or rest.startswith("(")


def _ends_table(sheet: Sheet, block: Block) -> bool:
    folded = sheet.folded
    if _UNINTEGRATED.search(folded, block.start, block.end):
        return True
    if re.match(
        r"[0-9]{1,5}\s+sayılı|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}\s+tarih",
        folded[block.start : block.end],
    ):
        return True
    return bool(_ANNEX.match(folded, block.start, block.end)) and block.end - block.start < 80


def find_unintegrated(sheet: Sheet) -> None:
    for position, block in enumerate(sheet.blocks):
        if block.role is not Role.TEXT or block.end - block.start > 260:
            continue
        if not _UNINTEGRATED.search(sheet.folded, block.start, block.end):
            continue
        if not sheet.shouted(block):
            continue
        block.role, block.first = Role.UNINTEGRATED, True
        for after in sheet.blocks[position + 1 : position + 3]:
            # the title may run over several blocks: "… İŞLENEMEYEN" / "HÜKÜMLER:"
            if after.role is not Role.TEXT or not sheet.shouted(after):
                break
            if after.end - after.start > 60:
                break
            after.role = Role.UNINTEGRATED
        _acts_listed_after(sheet, position)


def _acts_listed_after(sheet: Sheet, position: int) -> None:
    """Among provisions printed with the law, each act that they come from opens a batch."""
    for block in sheet.blocks[position + 1 :]:
        if block.role in (Role.UNINTEGRATED, Role.AMENDMENTS, Role.REPEALS, Role.ENDNOTE):
            if block.first:
                return
        elif block.role is Role.TEXT and heads.is_listed_act(sheet.folded, block.start, block.end):
            block.role = Role.BATCH


def find_annexes(sheet: Sheet) -> None:
    """Annexes after the last article of the law itself: before what could not be worked into it,
    and at the end."""
    last = own = foreign = -1
    for position, block in enumerate(sheet.blocks):
        if block.role is Role.ARTICLE or (block.role is Role.UNINTEGRATED and last >= 0):
            last = position
            if block.role is Role.UNINTEGRATED and foreign < 0:
                foreign = position
            elif foreign < 0:
                own = position
    for block in (*sheet.blocks[own + 1 : max(foreign, 0)], *sheet.blocks[last + 1 :]):
        if block.role is not Role.TEXT or block.end - block.start > 200:
            continue
        if _ANNEX.match(sheet.folded, block.start, block.end) and _title_like(sheet, block):
            block.role, block.first = Role.ANNEX, True


def _title_like(sheet: Sheet, block: Block) -> bool:
    words = sheet.words(block)
    return (
        bool(words) and words[-1] not in _SENTENCE_END and (sheet.shouted(block) or len(words) < 60)
    )
