"""Differences between two versions of a text, article by article and word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .letters import squeeze
from .model import Document, Kind, Node

#: Beyond this many word edits two texts are called different as a whole.
MOST_EDITS = 500

_UNITS = frozenset({Kind.ARTICLE, Kind.ANNEX, Kind.PREAMBLE})
_LEFT_OUT = frozenset({Kind.MARK, Kind.NOTE, Kind.PAGE, Kind.RULE, Kind.SPACE})


class Status(StrEnum):
    """What became of a unit."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


class Edit(StrEnum):
    """What was done to a run of words."""

    KEEP = "keep"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words that stayed, came or went."""

    edit: Edit
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A unit (article, annex, preamble) in both versions.

    ``words`` is filled for changed units. Footnote marks and amendment notes do not make a unit
    changed; ``notes_changed`` tells when the notes differ.
    """

    status: Status
    anchor: str
    old: Node | None
    new: Node | None
    words: tuple[Words, ...] = ()
    notes_changed: bool = False


def compare(old: Document, new: Document) -> tuple[Change, ...]:
    """Align two versions by anchor, in the order of the new one; what went stands where it was."""
    before = {node.anchor: node for node in _units(old)}
    after = {node.anchor: node for node in _units(new)}
    gone = _gone_after(before, after)
    changes = [_removed(node) for node in gone.get("", ())]
    for anchor, node in after.items():
        changes.append(_change(old, new, before.get(anchor), node))
        changes.extend(_removed(lost) for lost in gone.get(anchor, ()))
    return tuple(changes)


def _units(document: Document) -> list[Node]:
    return [node for node in document.index.values() if node.kind in _UNITS]


def _gone_after(before: dict[str, Node], after: dict[str, Node]) -> dict[str, list[Node]]:
    """Units that went, by the last unit before them that stayed ("" for none)."""
    gone: dict[str, list[Node]] = {}
    stayed = ""
    for anchor, node in before.items():
        if anchor in after:
            stayed = anchor
        else:
            gone.setdefault(stayed, []).append(node)
    return gone


def _removed(node: Node) -> Change:
    return Change(Status.REMOVED, node.anchor, node, None)


def _change(old: Document, new: Document, before: Node | None, after: Node) -> Change:
    if before is None:
        return Change(Status.ADDED, after.anchor, None, after)
    old_words, new_words = _words(old, before), _words(new, after)
    notes_changed = _notes(old, before) != _notes(new, after)
    if _plain(old_words) == _plain(new_words):
        return Change(Status.SAME, after.anchor, before, after, notes_changed=notes_changed)
    words = tuple(word_differences(old_words, new_words))
    return Change(Status.CHANGED, after.anchor, before, after, words, notes_changed)


def _words(document: Document, node: Node) -> list[str]:
    """The words of a unit; the first one of a paragraph, an item or a heading begins with a line
    break, which is shown and makes no difference."""
    words: list[str] = []
    for leaf, begins in _lines(node):
        if leaf.kind not in _LEFT_OUT:
            found = squeeze(document.slice(leaf)).split(" ")
            if begins and words:
                found[0] = f"\n{found[0]}"
            words.extend(found)
    return words


def _lines(node: Node) -> Iterator[tuple[Node, bool]]:
    """Each leaf, and whether a line begins with it: nothing does right after a label."""
    begins, before = False, Kind.LABEL
    for leaf, opened in _leaves_of(node):
        begins = begins or opened or (before is Kind.HEADING and leaf.kind is not Kind.HEADING)
        yield leaf, begins and before is not Kind.LABEL
        if leaf.kind not in _LEFT_OUT:
            begins, before = False, leaf.kind


def _leaves(node: Node) -> list[Node]:
    """Leaves of a unit without the page footnotes that happen to stand in it."""
    return [leaf for leaf, _opened in _leaves_of(node)]


def _leaves_of(node: Node) -> Iterator[tuple[Node, bool]]:
    """The same, each with whether a paragraph, an item or a table began since the last one."""
    opened = False
    stack = [node]
    while stack:
        current = stack.pop()
        if current.kind is Kind.FOOTNOTES:
            continue
        if current.children:
            opened = opened or (current is not node and current.kind is not Kind.CELL)
            stack.extend(reversed(current.children))
        else:
            yield current, opened
            opened = False


def _notes(document: Document, node: Node) -> list[str]:
    return [squeeze(document.slice(leaf)) for leaf in _leaves(node) if leaf.kind is Kind.NOTE]


def word_differences(old: list[str], new: list[str]) -> list[Words]:
    """The shortest edit from ``old`` to ``new`` in words (Myers), bounded by ``MOST_EDITS``.

    A line break before a word is kept and makes no difference.
    """
    plain_old, plain_new = _plain(old), _plain(new)
    start = 0
    while start < len(old) and start < len(new) and plain_old[start] == plain_new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and plain_old[-1 - end] == plain_new[-1 - end]:
        end += 1
    old_middle = old[start : len(old) - end]
    new_middle = new[start : len(new) - end]
    edits = _shortest_edit(old_middle, new_middle)
    if edits is None:
        edits = [*((Edit.DELETE, word) for word in old_middle)]
        edits += [(Edit.INSERT, word) for word in new_middle]
    pieces = [(Edit.KEEP, word) for word in new[:start]]
    pieces += edits
    pieces += [(Edit.KEEP, word) for word in new[len(new) - end :]]
    return _joined(pieces)


def _plain(words: list[str]) -> list[str]:
    return [word.removeprefix("\n") for word in words]


def _same(old: str, new: str) -> bool:
    return old.removeprefix("\n") == new.removeprefix("\n")


def _joined(pieces: list[tuple[Edit, str]]) -> list[Words]:
    """Runs of one kind; within a change the deleted words come before the inserted ones."""
    joined: list[Words] = []
    waiting: dict[Edit, list[str]] = {Edit.DELETE: [], Edit.INSERT: [], Edit.KEEP: []}

    def flush(*edits: Edit) -> None:
        for edit in edits:
            if waiting[edit]:
                joined.append(Words(edit, " ".join(waiting[edit])))
                waiting[edit] = []

    for edit, word in pieces:
        if edit is Edit.KEEP:
            flush(Edit.DELETE, Edit.INSERT)
        else:
            flush(Edit.KEEP)
        waiting[edit].append(word)
    flush(Edit.KEEP, Edit.DELETE, Edit.INSERT)
    return joined


def _shortest_edit(old: list[str], new: list[str]) -> list[tuple[Edit, str]] | None:
    """Myers' greedy algorithm; None when more than ``MOST_EDITS`` edits are needed."""
    plain_old, plain_new = _plain(old), _plain(new)
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for distance in range(min(len(old) + len(new), MOST_EDITS) + 1):
        trace.append(dict(furthest))
        for diagonal in range(-distance, distance + 1, 2):
            down = diagonal == -distance or (
                diagonal != distance and furthest[diagonal - 1] < furthest[diagonal + 1]
            )
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            y = x - diagonal
            while x < len(old) and y < len(new) and plain_old[x] == plain_new[y]:
                x += 1
                y += 1
            furthest[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _walk_back(old, new, trace)
    return None


def _walk_back(
    old: list[str], new: list[str], trace: list[dict[int, int]]
) -> list[tuple[Edit, str]]:
    edits: list[tuple[Edit, str]] = []
    x, y = len(old), len(new)
    for distance in range(len(trace) - 1, -1, -1):
        furthest = trace[distance]
        diagonal = x - y
        down = diagonal == -distance or (
            diagonal != distance and furthest[diagonal - 1] < furthest[diagonal + 1]
        )
        previous = diagonal + 1 if down else diagonal - 1
        from_x = furthest[previous] if distance else 0
        from_y = from_x - previous if distance else 0
        while x > max(from_x, 0) and y > max(from_y, 0) and _same(old[x - 1], new[y - 1]):
            x, y = x - 1, y - 1
            edits.append((Edit.KEEP, new[y]))
        if distance:
            if down:
                y -= 1
                edits.append((Edit.INSERT, new[y]))
            else:
                x -= 1
                edits.append((Edit.DELETE, old[x]))
    edits.reverse()
    return edits
