"""The table at the end of a consolidated text: which act changed what, in force from when.

The cells arrive as separate blocks in reading order, row after row: the act, the articles, the
date. Some older tables have a whole row in one block.
"""

import re
from dataclasses import dataclass
from datetime import date

from .acts import court_numbers
from .letters import DATE_PATTERN, fold, make_date, pattern, squeeze
from .model import AmendmentRow, InstrumentKind
from .places import listed

_ACT = pattern(
    r"(?:(?P<court>(?:anayasa\s+mah|ana\.\s*mah|aym\b)(?=[^0-9]{0,40}[0-9])(?![^0-9]{0,30}numara))"
    r"|(?P<khk>k\.?h\.?k)\.?\s*[-/–]?\s*(?:no\.?\s*)?(?P<khk_number>[0-9]{1,4})"
    r"|(?P<gazette>rg)\s*[-–]\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\s*[-–/]\s*[0-9]{4,5}(?:\s*\(\w+\))?\s*[-–/]\s*cb?k"
    r"\s*[-–/]\s*(?P<decree_number>[0-9]{1,4})"
    r"|(?P<cbk>cb?k)\s*[-/–]\s*(?P<cbk_number>[0-9]{1,4})"
    r"|(?:(?P<dated>[0-9]{1,2}\s?[./]\s?[0-9]{1,2}\s?[./]\s?[0-9]{4})\s+(?:tarih(?:li)?|gün(?:lü)?)\s+(?:ve\s+)?)?"
    r"(?P<named>(?:[0-9]{2,4}/)?[0-9]{1,6})\s+sayılı\s+(?![^0-9]{0,60}(?:değişen|iptal\s+edilen|madde))"
    r"(?P<word>[^0-9]{2,40})"
    r"|(?P<law>[0-9]{3,5})(?![0-9./,]|\s+sayılı)(?:\s*[-–]\s*(?=\s|\Z))?)"
)
_WORDS = (
    ("kanun hükm", InstrumentKind.DECREE_LAW),
    ("khk", InstrumentKind.DECREE_LAW),
    ("k.h.k", InstrumentKind.DECREE_LAW),
    ("cumhurbaşkanlığı kararname", InstrumentKind.PRESIDENTIAL_DECREE),
    ("cumhurbaşkanı karar", InstrumentKind.PRESIDENTIAL_DECISION),
    ("bakanlar kurulu", InstrumentKind.MINISTERS_DECISION),
    ("kanun", InstrumentKind.LAW),
)
_TITLE = pattern(r"gösterir\s+(?:liste|tablo|çizelge|cetvel)")
_DATE_CELL = pattern(r"[(\s]*[0-9]{1,2}\s?[./]\s?[0-9]{1,2}\s?[./]\s?[0-9]{4}")
_CASE_CELL = pattern(r"(?:e|k|esas|karar|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\s+tarihli\s+ve|sayılı|\()")
_LETTERED = pattern(r"[a-zçğıöşü]\)\s*[0-9][0-9,\s]*")
_DASHES = "-–—―−_ "


@dataclass(slots=True)
class RowCells:
    """The cells of one row, as spans; the first names the amending act."""

    cells: list[tuple[int, int]]


def group_rows(text: str, folded: str, cells: list[tuple[int, int]]) -> list[RowCells]:
    """Cut the cells of a table into rows; the cells before the first row are its heading."""
    rows: list[RowCells] = []
    dated = False
    titles = [n for n, (start, end) in enumerate(cells) if _TITLE.search(folded, start, end)]
    for start, end in cells[titles[0] + 1 if titles else 0 :]:
        act = _ACT.match(folded, start, end)
        is_date = bool(_DATE_CELL.match(folded, start, end)) and not (act and act["dated"])
        if act and not is_date and (not rows or dated):
            rows.append(RowCells([(start, end)]))
            dated = bool(DATE_PATTERN.search(folded, act.end(), end)) and not act["court"]
            continue
        if rows:
            rows[-1].cells.append((start, end))
            dated = dated or is_date or bool(_ends_with_date(folded, start, end))
    return rows


def _ends_with_date(folded: str, start: int, end: int) -> bool:
    tail = folded[max(start, end - 12) : end]
    found = DATE_PATTERN.search(tail)
    return found is not None and found.end() >= len(tail) - 1


def read_row(text: str, cells: list[tuple[int, int]], anchor: str) -> AmendmentRow:
    """Read the act, the articles and the dates of a row."""
    lines = [squeeze(text[start:end]) for start, end in cells]
    first = fold(lines[0])
    act = _ACT.match(first)
    raw_act = lines[0]
    places: list[str] = []
    dates: list[str] = []
    case = ruling = ""
    when: date | None = None
    if act and act["court"]:
        first, raw_act = _court_lines(lines)
    elif act:
        raw_act, rest = lines[0][: act.end()].strip(), lines[0][act.end() :].strip()
        if act["word"]:
            raw_act, rest = lines[0], ""
        if rest:
            lines.insert(1, rest)
    for line in lines[1:]:
        _sort_cell(line, places, dates)
    if not dates and places and DATE_PATTERN.search(places[-1]):
        dates.append(places.pop())
    kind, number = _act_of(act)
    if act and (act["court"] or act["dated"]):
        found = DATE_PATTERN.search(first)
        when = make_date(found) if found else None
    if act and act["court"]:
        case, ruling = court_numbers(first)
    return AmendmentRow(
        cells[0][0],
        cells[-1][1],
        anchor,
        raw_act,
        tuple(places),
        tuple(dates),
        instrument=kind,
        number=number,
        date=when,
        case=case,
        ruling=ruling,
        places=() if _own_articles(places) else listed(", ".join(places)),
        in_force=tuple(day for line in dates if (day := _effective(line))),
    )


def _own_articles(places: list[str]) -> bool:
    """Whether the row tells when the articles of the act itself took effect: "a) 2, 3, 6 ncı
    maddeleri", "b) 30 uncu maddesi"."""
    return sum(bool(_LETTERED.match(fold(place))) for place in places) > 1


def _court_lines(lines: list[str]) -> tuple[str, str]:
    """Join the cells over which the name of a ruling is spread; the other cells stay."""
    name = lines[0]
    while len(lines) > 1 and not all(court_numbers(fold(name))):
        if not _CASE_CELL.match(fold(lines[1])):
            break
        name = f"{name} {lines.pop(1)}"
    return fold(name), name


def _effective(line: str) -> date | None:
    """The date of a cell; in "… göreve başladığı tarihte (9/7/2018)" it is the last one."""
    day: date | None = None
    for found in DATE_PATTERN.finditer(line):
        day = make_date(found) or day
    return day


def _sort_cell(line: str, places: list[str], dates: list[str]) -> None:
    """Put a cell where it belongs; "(1/7/2013)" after "… altı ay sonra" explains that date."""
    line = line.strip(_DASHES)
    if not line:
        return
    if _DATE_CELL.match(line):
        if line.startswith("(") and dates:
            dates[-1] = f"{dates[-1]} {line}"
        else:
            dates.append(line)
        return
    found = DATE_PATTERN.search(line)
    if found and found.end() >= len(line) - 1:
        head = line[: found.start()].strip(_DASHES)
        if head:
            places.append(head)
        dates.append(line[found.start() :])
    else:
        places.append(line)


def _act_of(act: re.Match[str] | None) -> tuple[InstrumentKind | None, str]:
    if not act:
        return None, ""
    if act["court"]:
        return InstrumentKind.COURT, ""
    if act["khk"]:
        return InstrumentKind.DECREE_LAW, act["khk_number"]
    if act["gazette"] or act["cbk"]:
        return InstrumentKind.PRESIDENTIAL_DECREE, act["decree_number"] or act["cbk_number"]
    if act["named"]:
        kind = next((kind for words, kind in _WORDS if words in act["word"]), InstrumentKind.OTHER)
        return kind, act["named"]
    return InstrumentKind.LAW, act["law"]
