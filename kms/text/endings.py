"""The notice that a whole instrument is no longer in force, printed above its text."""

import calendar
import datetime as dt
from dataclasses import dataclass

from .letters import fold, pattern
from .model import Document, Reference

#: How far into a text the notice is looked for.
_REACH = 8000

_KIND = r"(?:kanun\s+hükmünde\s+kararname|cumhurbaşkanlığı\s+kararnamesi|kanun|kararname|khk)"
_NOTICE = pattern(
    rf"\bbu\s+{_KIND}\b(?:(?!\n[^\S\n]{{0,9}}\n)[^.:]|\.(?=\S)|(?<=[0-9])\.(?=\s)){{1,400}}?"
    r"yürürlükten\s+(?P<verb>kaldır|kalk)[a-zçğıöşü]{1,12}"
    rf"|yürürlükten\s+kaldırılan\s+(?:[0-9]{{1,5}}\s+sayılı\s+)?{_KIND}[a-zçğıöşü']{{0,8}}\s+"
    r"(?:tam\s+)?metni"
)


@dataclass(frozen=True, slots=True)
class EndNotice:
    """What the notice says: the repealing act, where one is named.

    ``lapsed`` is true when the instrument ended by itself ("kendiliğinden yürürlükten kalkmıştır").
    """

    start: int
    end: int
    raw: str
    lapsed: bool
    act: Reference | None


def end_notice(document: Document) -> EndNotice | None:
    """The notice above the first article that the instrument is no longer in force, or None."""
    first = next(document.articles(), None)
    limit = min(first.start if first else _REACH, _REACH)
    found = _NOTICE.search(fold(document.text[:limit]))
    if not found:
        return None
    lapsed = found["verb"] == "kalk"
    begin = found.start() if found["verb"] else max(0, found.start() - 200)
    named = [r for r in document.references if begin <= r.start < found.end() and not r.own]
    if not found["verb"]:
        named = [r for r in named if r.end <= found.start()][-1:]
    return EndNotice(
        found.start(),
        found.end(),
        document.text[found.start() : found.end()],
        lapsed,
        None if lapsed or not named else named[0],
    )


def lapses_by_constitution(notice: EndNotice) -> bool:
    """Whether the notice names article 119 of the Constitution for the end."""
    return notice.lapsed and bool(_CONSTITUTION_119.search(fold(notice.raw)))


_CONSTITUTION_119 = pattern(r"\banayasa'?n[ıi]n\s+119\b")


def emergency_lapse(published: dt.date) -> dt.date:
    """The first day on which an emergency decree that was not decided on is no longer in force.

    Constitution, article 119: the Assembly decides within three months; a term of months ends with
    the day that bears the number of its first one, or with the last day of a shorter month.
    """
    months = published.month - 1 + 3
    year, month = published.year + months // 12, months % 12 + 1
    last = min(published.day, calendar.monthrange(year, month)[1])
    return dt.date(year, month, last) + dt.timedelta(days=1)
