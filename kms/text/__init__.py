"""Reads the text of Turkish legislation: a library of its own, without Django.

``parse`` makes a lossless tree of a text; citations, comparison, rendering and statistics work
on its result. The rules of form were taken from the consolidated texts the state publishes.
"""

from .citations import Citation, citation, instrument_name, locate, parse_citation, place_text
from .comparison import Change, Edit, Status, Words, compare
from .endings import EndNotice, emergency_lapse, end_notice, lapses_by_constitution
from .grounds import Ground, Tie, find_grounds
from .metadata import Metadata, read_metadata
from .model import (
    AmendmentRow,
    ArticleType,
    Designation,
    DivisionType,
    Document,
    Footnote,
    InstrumentKind,
    Kind,
    Locator,
    Node,
    Note,
    Preamble,
    Reference,
    TargetPart,
    Verb,
)
from .parsing import parse
from .rendering import Line, Run, RunKind, lines, to_plain
from .statistics import Statistics, article_count, statistics

__all__ = [
    "AmendmentRow",
    "ArticleType",
    "Change",
    "Citation",
    "Designation",
    "DivisionType",
    "Document",
    "Edit",
    "EndNotice",
    "Footnote",
    "Ground",
    "InstrumentKind",
    "Kind",
    "Line",
    "Locator",
    "Metadata",
    "Node",
    "Note",
    "Preamble",
    "Reference",
    "Run",
    "RunKind",
    "Statistics",
    "Status",
    "TargetPart",
    "Tie",
    "Verb",
    "Words",
    "article_count",
    "citation",
    "compare",
    "emergency_lapse",
    "end_notice",
    "find_grounds",
    "instrument_name",
    "lapses_by_constitution",
    "lines",
    "locate",
    "parse",
    "parse_citation",
    "place_text",
    "read_metadata",
    "statistics",
    "to_plain",
]
