"""Facts about an instrument: from the lines above its first article and from ``ustveri.json``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .letters import DATE, DATE_PATTERN, fold, make_date, pattern, squeeze
from .model import InstrumentKind, Preamble

_NUMBER = pattern(
    r"(?:(?:kanun|kararname)(?:nin)?\s*(?:numarası|no\.?)|kararnamesinin\s+sayısı)\s*:?\s*"
    r"(?P<number>[0-9]{1,5})"
)
_ACCEPTED = pattern(
    r"(?:kabul|k?\s?anun\s+hük(?:münde|\.)\s*kar(?:arname|\.)\s*nin)\s+tarihi\s*:?\s*"
)
_GAZETTE = pattern(
    r"(?:yayımlandığı|yayınlandığı|yayım)\s+(?:resm[iî]\s*gazete|r\.?\s*g(?:azete)?)"
)
_DATED_ISSUE = pattern(
    DATE + r"\s*[-–]\s*(?P<number>[0-9]{4,6}(?:\s*\((?:[0-9]\.\s*)?m[üu]kerrer\))?)"
)
_ISSUE = pattern(
    r"say[ıi]s?[ıi]?\s*:?\s*(?P<number>[0-9]{1,6}(?:\s*\(?m[üu]kerrer\)?|\s*\([^()]{1,30}\))?)"
)
_SERIES = pattern(r"tertip\s*:?\s*(?P<series>[1-9])")
_VOLUME = pattern(r"cilt\s*:?\s*(?P<volume>[0-9]{1,3})")
_PAGE = pattern(r"sayfa\s*:?\s*(?P<page>[0-9]{1,5})")
_MARK = re.compile(r"\[[0-9]{1,4}\]|\(\s?[0-9]{1,2}\s?\)")
_COMPANION = re.compile(r"yürürlükten kald[a-zçğıöşü]+ hüküm")
_FIELD = pattern(r"kanun\s+(?:numarası|no)|kabul\s+tarihi|yayımlandığı|kararname\s+numarası")


def read_preamble(text: str) -> Preamble:
    """Read the fields printed above the first article; unknown ones stay empty."""
    text = text[:6000]
    folded = fold(text)
    accepted = _ACCEPTED.search(folded)
    gazette = _GAZETTE.search(folded)
    issue = _issue(folded, gazette.end()) if gazette else None
    number, series = _NUMBER.search(folded), _SERIES.search(folded)
    volume, page = _VOLUME.search(folded), _PAGE.search(folded)
    return Preamble(
        title=_title(text, folded),
        number=number["number"] if number else "",
        accepted=_date_after(folded, accepted),
        gazette_date=_date_after(folded, gazette),
        gazette_number=squeeze(text[slice(*issue.span("number"))]) if issue else "",
        series=int(series["series"]) if series else None,
        volume=int(volume["volume"]) if volume else None,
        page=page["page"] if page else "",
    )


def _issue(folded: str, start: int) -> re.Match[str] | None:
    """The number of the Gazette: "Sayı : 25455" or, after the date, "11/2/2023-32101"."""
    end = start + 160
    return _DATED_ISSUE.search(folded, start, end) or _ISSUE.search(folded, start, end)


def _date_after(folded: str, label: re.Match[str] | None) -> date | None:
    if not label:
        return None
    found = DATE_PATTERN.search(folded, label.end(), label.end() + 60)
    return make_date(found) if found else None


def _title(text: str, folded: str) -> str:
    """The name in capitals before the first field, without marks and page numbers."""
    field = _FIELD.search(folded)
    lines: list[str] = []
    for line in text[: field.start() if field else len(text)].splitlines():
        words = squeeze(_MARK.sub(" ", line))
        letters = [letter for letter in words if letter.isalpha()]
        if letters and all(letter.isupper() for letter in letters):
            lines.append(words)
    return " ".join(lines)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata file of one law, checked and typed.

    ``number`` alone names no law: ``key`` does, with series and acceptance date. The source marks
    two things alike: ``companion`` is a document that holds the repealed provisions of another
    law, as its title says; ``repealed`` is a whole instrument that is no longer in force.
    """

    number: str
    title: str
    slug: str
    kind: InstrumentKind
    accepted: date | None
    gazette_date: date | None
    gazette_number: str
    gazette_repeated: bool
    source_id: str
    source_url: str
    companion: bool
    repealed: bool
    checksum: str

    def key(self, series: int | None) -> tuple[str, int | None, date | None]:
        """What tells two laws of the same number apart."""
        return self.number, series, self.accepted


def read_metadata(data: Mapping[str, object]) -> Metadata:
    """Read the content of an ``ustveri.json``; missing or ill-formed values become empty."""
    gazette = data.get("official_gazette")
    gazette = gazette if isinstance(gazette, Mapping) else {}
    title = _string(data, "title")
    ended = _string(data, "source_type") == "MULGA"
    companion = ended and bool(_COMPANION.search(fold(squeeze(title))))
    number = _string(data, "law_number")
    issue = squeeze(str(gazette.get("number") or ""))
    return Metadata(
        number=number,
        title=squeeze(title),
        slug=_string(data, "slug"),
        kind=_kind(title, number),
        accepted=_iso(data.get("accepted_date")),
        gazette_date=_iso(gazette.get("date")),
        gazette_number=(re.match(r"[0-9]*", issue) or [""])[0],
        gazette_repeated="mükerrer" in fold(issue),
        source_id=_string(data, "source_mevzuat_id"),
        source_url=_string(data, "source_url"),
        companion=companion,
        repealed=ended and not companion,
        checksum=_string(data, "content_sha256"),
    )


def _string(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _iso(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _kind(title: str, number: str) -> InstrumentKind:
    folded = fold(squeeze(title))
    if number == "2709" and "anayasa" in folded:
        return InstrumentKind.CONSTITUTION
    if re.search(r"(?:kabul|değişiklik|değiştirilmesi)[^()]{0,60} kanun(?: \(|$)", folded):
        return InstrumentKind.LAW  # it adopts or changes the decree it is named after
    if "cumhurbaşkanlığı kararnamesi" in folded:
        return InstrumentKind.PRESIDENTIAL_DECREE
    if re.search(r"kanun hükmünde kararname(?:nin)?(?: yürürlükten| \(|$)", folded):
        return InstrumentKind.DECREE_LAW
    return InstrumentKind.LAW
