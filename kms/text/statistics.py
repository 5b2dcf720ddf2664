"""How much of a body of texts was understood."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .letters import fold, squeeze
from .model import Document, Kind


@dataclass(slots=True)
class Statistics:
    """Counts over documents.

    ``note_groups`` are parentheses read as amendment notes, ``statements`` what they say;
    ``parsed`` are the statements whose amending instrument was read. ``unread`` counts, by shape,
    the parentheses that begin with the word of a note but are none, and ``unparsed`` the
    statements without an instrument.
    """

    documents: int = 0
    characters: int = 0
    nodes: Counter[str] = field(default_factory=Counter)
    note_groups: int = 0
    statements: int = 0
    parsed: int = 0
    dated: int = 0
    verbs: Counter[str] = field(default_factory=Counter)
    unparsed: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    references: int = 0
    amendment_rows: int = 0
    amendment_rows_read: int = 0
    footnotes: int = 0
    footnotes_called: int = 0

    @property
    def share_parsed(self) -> float:
        """Share of statements read, among all and the parentheses that were not read as notes."""
        missed = sum(
            count for shape, count in self.unread.items() if re.search(r"9[/.]9[/.]9", shape)
        )
        everything = self.statements + missed
        return self.parsed / everything if everything else 1.0


def shape(text: str) -> str:
    """A text on one line, folded, with every number as 9: for counting kinds."""
    return re.sub(r"[0-9]+", "9", fold(squeeze(text)))[:120]


def statistics(documents: Iterable[Document]) -> Statistics:
    """Count over parsed documents; they are looked at one after another."""
    total = Statistics()
    for document in documents:
        _add(total, document)
    return total


def _add(total: Statistics, document: Document) -> None:
    total.documents += 1
    total.characters += len(document.text)
    total.nodes.update(node.kind.value for node in document.root.walk())
    in_parentheses = [n for n in document.notes if document.text[n.group_start] == "("]
    total.note_groups += len({note.group_start for note in in_parentheses})
    for note in in_parentheses:
        total.statements += 1
        total.verbs[note.verb.value] += 1
        total.parsed += note.parsed
        total.dated += note.date is not None
        if not note.parsed:
            total.unparsed[shape(note.raw)] += 1
    for start, end in document.unread_notes:
        total.unread[shape(document.text[start:end])] += 1
    total.references += len(document.references)
    total.amendment_rows += len(document.amendments)
    total.amendment_rows_read += sum(
        1 for row in document.amendments if (row.number or row.ruling) and row.in_force
    )
    total.footnotes += len(document.footnotes)
    total.footnotes_called += sum(1 for footnote in document.footnotes if footnote.marks)


def article_count(document: Document) -> int:
    """Number of articles, repealed ones and those of companions included."""
    return sum(1 for node in document.index.values() if node.kind is Kind.ARTICLE)
