"""What a parsed text is made of: frozen values, every one with its exact character span."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of nodes. A node without children is a leaf; the leaves tile the text."""

    DOCUMENT = "document"
    FRONT = "front"
    PREAMBLE = "preamble"
    DIVISION = "division"
    BATCH = "batch"
    UNINTEGRATED = "unintegrated"
    ARTICLE = "article"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    CELL = "cell"
    ANNEX = "annex"
    AMENDMENTS = "amendments"
    REPEALS = "repeals"
    ROW = "row"
    FOOTNOTES = "footnotes"
    FOOTNOTE = "footnote"
    # leaves
    HEADING = "heading"
    LABEL = "label"
    TEXT = "text"
    NOTE = "note"
    MARK = "mark"
    PAGE = "page"
    RULE = "rule"
    SPACE = "space"


class ArticleType(StrEnum):
    """Series of article numbers inside one law; the value is the anchor's beginning."""

    ORDINARY = "m"
    ADDITIONAL = "ek-m"
    PROVISIONAL = "gecici-m"
    REPEATED = "mukerrer-m"
    ADDITIONAL_PROVISIONAL = "ek-gecici-m"
    ADDITIONAL_REPEATED = "ek-mukerrer-m"


class DivisionType(StrEnum):
    """Levels above the article, from the widest to the narrowest."""

    BOOK = "kitap"
    CHAPTER_OLD = "bap"
    PART = "kisim"
    TITLE_OLD = "fasil"
    SECTION = "bolum"
    SUBSECTION = "ayirim"
    SEGMENT = "kesim"
    INTRODUCTION = "baslangic"


class Verb(StrEnum):
    """What an amendment note says was done."""

    ADDED = "ek"
    CHANGED = "degisik"
    REPEALED = "mulga"
    ANNULLED = "iptal"
    ADOPTED = "aynen_kabul"
    ADOPTED_CHANGED = "degistirilerek_kabul"
    RECAST = "yeniden_duzenleme"
    REVIVED = "yeniden_yururluk"
    SUSPENDED = "yurutmeyi_durdurma"
    ORIGIN = "hukmu"
    INCORPORATED = "yerine_islenen"


class TargetPart(StrEnum):
    """The part of a provision a note speaks of."""

    UNSPECIFIED = ""
    TITLE = "baslik"
    ARTICLE = "madde"
    PARAGRAPH = "fikra"
    ITEM = "bent"
    SUBITEM = "alt_bent"
    SUBPARAGRAPH = "paragraf"
    SENTENCE = "cumle"
    PHRASE = "ibare"
    PROVISION = "hukum"
    DEFINITION = "tanim"
    TABLE = "cetvel"
    DIVISION = "bolum"


class InstrumentKind(StrEnum):
    """Kind of the instrument a note, a row or a reference names."""

    LAW = "kanun"
    DECREE_LAW = "khk"
    PRESIDENTIAL_DECREE = "cbk"
    PRESIDENTIAL_DECISION = "cb_karari"
    MINISTERS_DECISION = "bkk"
    COURT = "aym"
    CONSTITUTION = "anayasa"
    REGULATION = "yonetmelik"
    BYLAW = "tuzuk"
    COMMUNIQUE = "teblig"
    TREATY = "andlasma"
    DECREE = "kararname"
    OTHER = "diger"


@dataclass(frozen=True, slots=True)
class Designation:
    """An article's name: series, number, letter ("28/A"); ``last`` for "3 ilâ 10".

    ``scope`` is the part a companion document quotes ("fıkra üç"), as written.
    """

    type: ArticleType
    number: int | None
    suffix: str = ""
    last: int | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Locator:
    """A place inside an instrument, as a citation or a reference gives it.

    ``item`` and ``subitem`` are labels ("b", "1"); deeper labels are joined to ``subitem`` by "-".
    """

    type: ArticleType = ArticleType.ORDINARY
    article: int | None = None
    suffix: str = ""
    last: int | None = None
    paragraph: int | None = None
    item: str = ""
    subitem: str = ""
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of the text, ``[start, end)``.

    ``label`` is what stands before it, without punctuation ("1", "b", "28/A"). ``title`` is the
    heading of an article or a division, on one line. ``target`` is the anchor of the footnote
    that a mark calls. ``place`` is where an article, a paragraph or an item is cited. Leaves have
    no anchor.
    """

    kind: Kind
    start: int
    end: int
    children: tuple["Node", ...] = ()
    anchor: str = ""
    label: str = ""
    title: str = ""
    target: str = ""
    level: int = 0
    designation: Designation | None = None
    division: DivisionType | None = None
    place: Locator | None = None

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, in reading order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def leaves(self) -> Iterator["Node"]:
        """The leaves below (or this node itself), in reading order; they tile the span."""
        return (node for node in self.walk() if not node.children)


@dataclass(frozen=True, slots=True)
class Note:
    """One statement of an amendment note; a note in parentheses may hold several.

    ``start``/``end`` span the statement, ``group_start``/``group_end`` the whole parenthesis.
    ``anchor`` names the node the note stands in, ``applies_to`` the node it speaks of.
    ``ordinals`` are the parts meant ("ikinci ve üçüncü fıkra" → 2, 3; "son" → -1). ``number`` is
    the number of the amending instrument, ``case`` and ``ruling`` the court's E. and K. numbers.
    """

    verb: Verb
    start: int
    end: int
    group_start: int
    group_end: int
    raw: str
    part: TargetPart = TargetPart.UNSPECIFIED
    ordinals: tuple[int, ...] = ()
    date: dt.date | None = None
    instrument: InstrumentKind | None = None
    number: str = ""
    article: str = ""
    case: str = ""
    ruling: str = ""
    anchor: str = ""
    applies_to: str = ""

    @property
    def parsed(self) -> bool:
        """Whether the amending instrument could be read from the note."""
        return bool(self.number or self.ruling or self.case)


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of an instrument in running text.

    ``number`` is empty and ``own`` is true for "bu Kanunun 5 inci maddesi". ``places`` are the
    articles named with it, in order.
    """

    start: int
    end: int
    raw: str
    instrument: InstrumentKind
    number: str = ""
    date: dt.date | None = None
    name: str = ""
    own: bool = False
    places: tuple[Locator, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: ``marks`` are the starts of the marks that call it."""

    label: str
    anchor: str
    start: int
    end: int
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """A line of the table of amendments at the end of a consolidated text."""

    start: int
    end: int
    anchor: str
    raw_instrument: str
    raw_places: tuple[str, ...]
    raw_dates: tuple[str, ...]
    instrument: InstrumentKind | None = None
    number: str = ""
    date: dt.date | None = None
    case: str = ""
    ruling: str = ""
    places: tuple[Locator, ...] = ()
    in_force: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class Preamble:
    """The facts printed above the first article; empty where the text has none."""

    title: str = ""
    number: str = ""
    accepted: dt.date | None = None
    gazette_date: dt.date | None = None
    gazette_number: str = ""
    series: int | None = None
    volume: int | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed text. ``text`` is the input, unchanged."""

    text: str
    root: Node
    preamble: Preamble = Preamble()
    notes: tuple[Note, ...] = ()
    unread_notes: tuple[tuple[int, int], ...] = ()
    references: tuple[Reference, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    amendments: tuple[AmendmentRow, ...] = ()
    index: dict[str, Node] = field(default_factory=dict, repr=False, compare=False)

    def slice(self, node: Node) -> str:
        """The exact text of a node."""
        return self.text[node.start : node.end]

    def find(self, anchor: str) -> Node | None:
        """The node with this anchor, or None."""
        return self.index.get(anchor)

    def ancestors(self, anchor: str) -> tuple[Node, ...]:
        """The anchored nodes around a node, the widest first, without the node itself."""
        node = self.index.get(anchor)
        if node is None:
            return ()
        return tuple(
            other
            for place, letter in enumerate(anchor)
            if letter == "-"
            and (other := self.index.get(anchor[:place])) is not None
            and other.start <= node.start
            and node.end <= other.end
        )

    def articles(self) -> Iterator[Node]:
        """All articles in reading order, those of companions and annexed provisions too."""
        return (node for node in self.index.values() if node.kind is Kind.ARTICLE)

    def leaves(self) -> Iterator[Node]:
        """All leaves; their texts joined are the input."""
        return self.root.leaves() if self.text else iter(())
