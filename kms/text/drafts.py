"""The tree while it grows: mutable drafts, and the freezing into ``Node`` values with anchors."""

from dataclasses import dataclass, field, replace

from .letters import anchor_part, fold
from .model import ArticleType, Designation, DivisionType, Kind, Locator, Node

_LEAVES = frozenset(
    {Kind.HEADING, Kind.LABEL, Kind.TEXT, Kind.NOTE, Kind.MARK, Kind.PAGE, Kind.RULE, Kind.SPACE}
)
_FIXED = {
    Kind.FRONT: "kaynak",
    Kind.PREAMBLE: "kunye",
    Kind.UNINTEGRATED: "islenemeyen",
    Kind.AMENDMENTS: "degisiklikler",
    Kind.REPEALS: "kaldirilanlar",
}
_COUNTED = {
    Kind.BATCH: "degisiklik",
    Kind.ANNEX: "cetvel",
    Kind.TABLE: "tablo",
    Kind.ROW: "s",
    Kind.FOOTNOTES: "dipnotlar",
}
_CITED = frozenset({Kind.ARTICLE, Kind.PARAGRAPH, Kind.ITEM})
#: Containers whose articles carry their anchor in front, because numbers repeat inside them.
_PREFIXING = frozenset({Kind.BATCH, Kind.UNINTEGRATED, Kind.ANNEX})


@dataclass(slots=True)
class Draft:
    """A node in the making. Leaves have their span from the start, others from their children."""

    kind: Kind
    start: int = 0
    end: int = 0
    children: list["Draft"] = field(default_factory=list)
    label: str = ""
    title: str = ""
    anchor: str = ""
    target: str = ""
    level: int = 0
    designation: Designation | None = None
    division: DivisionType | None = None
    parent: "Draft | None" = None


class Builder:
    """Grows the tree so that the leaves tile the text: what is skipped becomes a SPACE leaf.

    White space, page numbers and page footnotes wait in ``pending`` until it is known whether
    the next leaf continues the open node or begins a new one.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = Draft(Kind.DOCUMENT)
        self.stack = [self.root]
        self.pending: list[Draft] = []
        self.position = 0

    @property
    def top(self) -> Draft:
        """The innermost open node."""
        return self.stack[-1]

    def _skip_to(self, start: int) -> None:
        if self.position < start:
            self.pending.append(Draft(Kind.SPACE, self.position, start))
            self.position = start

    def _flush(self) -> None:
        if self.pending:
            for draft in self.pending:
                draft.parent = self.top
            self.top.children.extend(self.pending)
            self.pending.clear()

    def open(self, kind: Kind, start: int, *, label: str = "") -> Draft:
        """Begin a node inside the innermost open one."""
        self._skip_to(start)
        self._flush()
        draft = Draft(kind, label=label, parent=self.top)
        self.top.children.append(draft)
        self.stack.append(draft)
        return draft

    def leaf(self, kind: Kind, start: int, end: int, *, label: str = "") -> Draft:
        """Add a leaf to the innermost open node."""
        self._skip_to(start)
        self._flush()
        draft = Draft(kind, start, end, label=label, parent=self.top)
        self.top.children.append(draft)
        self.position = end
        return draft

    def wait(self, draft: Draft, start: int, end: int) -> None:
        """Let a leaf or a ready-made subtree wait for its place."""
        self._skip_to(start)
        self.pending.append(draft)
        self.position = end

    def close_to(self, draft: Draft) -> None:
        """Make ``draft``, which must be open, the innermost open node."""
        while self.stack[-1] is not draft:
            self.stack.pop()

    def finish(self) -> Draft:
        """Close everything; the rest of the text becomes white space."""
        self._skip_to(len(self.text))
        self.close_to(self.root)
        self._flush()
        return self.root


class Freezer:
    """Turns drafts into nodes and gives every inner node its unique anchor.

    ``owners`` lists, in order, where each leaf starts and the anchor it belongs to.
    """

    def __init__(self) -> None:
        self.used: dict[str, int] = {}
        self.owners: list[tuple[int, str]] = []
        self.index: dict[str, Node] = {}
        self._counters: dict[tuple[str, Kind], int] = {}

    def freeze(
        self, draft: Draft, parent: str = "", prefix: str = "", place: Locator | None = None
    ) -> Node | None:
        """The node of a draft, or None when nothing of the text is in it."""
        if draft.kind in _LEAVES:
            self.owners.append((draft.start, parent))
            return Node(draft.kind, draft.start, draft.end, label=draft.label, target=draft.target)
        if not draft.children and draft.kind is not Kind.DOCUMENT:
            return None
        base = draft.anchor or self._base(draft, parent, prefix)
        anchor = draft.anchor = self._unique(base) if base else ""
        if anchor:
            self.index[anchor] = _PLACEHOLDER  # keeps the place: reading order
        inner = anchor if draft.kind in _PREFIXING else prefix
        place = _place(draft, place)
        children = tuple(
            node
            for child in draft.children
            if (node := self.freeze(child, anchor or parent, inner, place)) is not None
        )
        node = Node(
            draft.kind,
            children[0].start if children else 0,
            children[-1].end if children else 0,
            children,
            anchor,
            draft.label,
            draft.title,
            draft.target,
            draft.level,
            draft.designation,
            draft.division,
            place if draft.kind in _CITED else None,
        )
        if anchor:
            self.index[anchor] = node
        return node

    def _base(self, draft: Draft, parent: str, prefix: str) -> str:
        kind = draft.kind
        if kind in (Kind.DOCUMENT, Kind.CELL):
            return ""
        if kind is Kind.ARTICLE:
            name = draft.designation or Designation(ArticleType.ORDINARY, None)
            own = anchor_part_of(name)
            return f"{prefix}-{own}" if prefix else own
        if kind is Kind.DIVISION and draft.division:
            own = draft.division.value + anchor_part(draft.label)
        elif kind is Kind.PARAGRAPH:
            own = "f" + (anchor_part(draft.label) or self._count(parent, kind))
        elif kind is Kind.ITEM:
            own = anchor_part(draft.label) or "t" + self._count(parent, kind)
        elif kind in _FIXED:
            own = _FIXED[kind]
        else:
            own = _COUNTED.get(kind, "p") + self._count(parent, kind)
        return f"{parent}-{own}" if parent else own

    def _count(self, parent: str, kind: Kind) -> str:
        number = self._counters.get((parent, kind), 0) + 1
        self._counters[parent, kind] = number
        return str(number)

    def _unique(self, base: str) -> str:
        anchor = base
        while anchor in self.used:
            self.used[base] += 1
            anchor = f"{base}_{self.used[base]}"
        self.used[anchor] = 1
        return anchor


def _place(draft: Draft, around: Locator | None) -> Locator | None:
    """Where a node is cited, from the place of the node around it."""
    name = draft.designation
    if draft.kind is Kind.ARTICLE:
        return Locator(name.type, name.number, name.suffix, name.last) if name else None
    if around is None or draft.kind not in _CITED:
        return around
    if draft.kind is Kind.PARAGRAPH:
        number = int(draft.label) if draft.label.isdecimal() else None
        return replace(around, paragraph=number)
    label = fold(draft.label)
    if not around.item:
        return replace(around, item=label)
    return replace(around, subitem=f"{around.subitem}-{label}" if around.subitem else label)


def anchor_part_of(name: Designation) -> str:
    """The ASCII anchor of an article's name."""
    number = "" if name.number is None else str(name.number)
    suffix = anchor_part(name.suffix)
    last = "" if name.last is None else f"-{name.last}"
    return f"{name.type.value}{number}{suffix}{last}"


_PLACEHOLDER = Node(Kind.DOCUMENT, 0, 0)
