"""Searching as a person means it: exact words first, then their relatives, then misspellings."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from kaysis.common import indexing, jumps, turkish
from kaysis.search import words
from kaysis.search.engine import CANDIDATES, Found, Hit, Wanted, count_kinds, look_for, look_up
from kaysis.search.query import (
    Condition,
    Group,
    Query,
    Word,
    all_but_one,
    every,
    lexemes,
    parse,
    some,
)

PAGE = 10
SUGGESTIONS = 8
# With fewer hits than these a search goes on to words of the same stem and to misspellings.
FEW = 5
# A word so many times as frequent as the rarest of a query is not looked up in the index.
_RARE = 30
# How many words the last word may stand for while it is being typed.
_UNFINISHED = 40


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found.

    `kinds` maps each kind to its number of hits, all kinds together; it is empty when the person
    can find only one. `instead` is the query that was searched for in place of the typed one;
    `partial` says that no entry has all words, and these have all but one.
    """

    query: Query
    found: Found
    wanted: Wanted | None = None
    kinds: dict[str, int] = field(default_factory=dict)
    instead: str = ""
    partial: bool = False

    def marked(self) -> list[Word]:
        """The words to be marked in the hits."""
        return list(lexemes(self.wanted.condition)) if self.wanted else []


def visible_kinds(user: Any) -> list[str]:
    """The kinds this person may find, in the order of their groups."""
    return [
        source.kind
        for source in indexing.sources()
        if source.visible is None or source.visible(user)
    ]


def search(text: str, *, user: Any, kind: str = "", page: int = 1, per_page: int = PAGE) -> Result:
    """One page of what `text` finds, in one kind or (with "") in all. Pages count from 1."""
    query = parse(text)
    visible = visible_kinds(user)
    wanted = [k for k in visible if kind in ("", k)]
    if not query or not wanted:
        return Result(query, Found([]))
    result = _Ladder(
        query,
        lambda w: look_for(
            w, wanted, narrowed=_narrowed(wanted), offset=(page - 1) * per_page, limit=per_page
        ),
        words.ENDINGS,
    ).climb(FEW)
    if len(visible) > 1 and result.wanted:
        return replace(result, kinds=count_kinds(result.wanted, visible))
    return result


def suggest(text: str, *, user: Any) -> list[Hit]:
    """The few best entries for what has been typed so far."""
    visible = visible_kinds(user)
    target = jump(text, user=user)
    if target:
        return [target]
    query = parse(text)
    if not query or not visible:
        return []
    result = _Ladder(
        query,
        lambda w: look_for(
            w, visible, narrowed=_narrowed(visible), limit=SUGGESTIONS, candidates=CANDIDATES // 5
        ),
        _UNFINISHED,
    ).climb(1)
    return result.found.hits


def jump(text: str, *, user: Any) -> Hit | None:
    """The one object that `text` names by its number, if the person may find it."""
    visible = visible_kinds(user)
    for kind, object_id in jumps.targets(parse(text).text):
        if kind in visible and (hit := look_up(kind, object_id)):
            return hit
    return None


def paths_of(hits: list[Hit]) -> dict[tuple[str, int], indexing.Path]:
    """Where the hits stand, by kind and id: one query for each kind that knows."""
    found: dict[tuple[str, int], indexing.Path] = {}
    for source in indexing.sources():
        ids = [hit.object_id for hit in hits if hit.kind == source.kind]
        if source.paths and ids:
            for object_id, path in source.paths(ids).items():
                found[source.kind, object_id] = path
    return found


def _narrowed(kinds: list[str]) -> bool:
    return len(kinds) < sum(1 for _ in indexing.sources())


class _Ladder:
    """Ever weaker readings of one query; the first that finds enough is taken."""

    def __init__(self, query: Query, look: Callable[[Wanted], Found], most: int) -> None:
        """`most`: how many words the last one may stand for."""
        self.query = query
        self.look = look
        self.forms = words.forms(query.words, most=most)
        # The others are numbers: they have no endings and are never put right.
        self.letters = {n for n, word in enumerate(query.words) if word[0].isalpha()}
        self.plain = [self._plain(n) for n in range(len(query.words))]
        self.literal = every(Word(word) for word in query.words)
        self.begun = every(self._begun(n) for n in range(len(query.words)))
        self.similar = words.Similar({}, {}, set(), {})
        self.entries = {word: count for known in self.forms for word, count in known.items()}
        self.kept: list[int] = []
        self.tried: dict[Condition, Found] = {}

    def climb(self, few: int) -> Result:
        """The hits of the first reading that has any; `few` of the first are enough."""
        plain = every(self.plain)
        unknown = {n for n in self.letters if not self.forms[n]}
        exact = Found([]) if unknown else self._try(plain)
        if exact.total >= few or self._named(exact.hits) or not self.letters:
            return self._result(plain)
        self.similar = words.similar(self.query.words, self.query.typed)
        self.entries |= self.similar.entries
        self.kept = [n for n in range(len(self.plain)) if n not in unknown or self._is_like(n)]
        if not self.kept:
            return Result(self.query, Found([]))
        for corrected in (unknown, self.letters):
            condition = self._corrected(corrected)
            found = self._try(condition)
            if found.total:
                instead = "" if exact.total else self._instead(found.hits)
                return replace(self._result(condition), instead=instead)
        return self._all_but_one()

    def _named(self, hits: list[Hit]) -> bool:
        """Whether the best hit's title begins with the query."""
        return bool(hits) and turkish.fold(hits[0].title).startswith(self.query.folded)

    def _is_like(self, number: int) -> bool:
        """Whether an unknown word is like any known one; the others are given up."""
        neighbours = self.query.words[max(0, number - 1) : number + 2]
        return bool(
            self.similar.meanings.get(number)
            or self.similar.relatives.get(number)
            or self.similar.joined.intersection(map("".join, pairwise(neighbours)))
        )

    def _all_but_one(self) -> Result:
        parts = [self._part(n, corrected=True) for n in self.kept]
        if len(parts) == 1:
            return Result(self.query, Found([]))
        return replace(self._result(all_but_one(parts)), partial=True)

    def _result(self, condition: Condition) -> Result:
        found = self._try(condition)
        return Result(self.query, found, self._wanted(condition) if found.total else None)

    def _try(self, condition: Condition) -> Found:
        if condition not in self.tried:
            self.tried[condition] = self.look(self._wanted(condition))
        return self.tried[condition]

    def _wanted(self, condition: Condition) -> Wanted:
        """`condition`, of which the index is asked only for what is rare.

        To skip through the list of a word that nearly all entries have costs the index more than
        it costs to check the few entries that have a rare one.
        """
        parts: tuple[Condition, ...] = (condition,)
        if isinstance(condition, Group) and condition.joint == "&":
            parts = condition.parts
        expected = {part: self._expected(part) for part in parts}
        rarest = min(expected.values())
        sought = every(part for part in parts if expected[part] <= _RARE * max(rarest, 1))
        return Wanted(self.query.folded, self.literal, self.begun, condition, sought, rarest)

    def _expected(self, condition: Condition) -> int:
        """About how many entries fulfil `condition`."""
        if isinstance(condition, Word):
            return self.entries.get(condition.lexeme, 1)
        counts = [self._expected(part) for part in condition.parts]
        return min(counts) if condition.joint == "&" else sum(counts)

    def _plain(self, number: int) -> Condition:
        """A word as typed or with another ending. Of a number only the beginning may be there."""
        word = self.query.words[number]
        if number not in self.letters:
            last = number == len(self.query.words) - 1
            return Word(word, begins=last and len(word) > 2)
        return some([Word(word), *map(Word, self.forms[number])])

    def _begun(self, number: int) -> Condition:
        """The same, quicker to check in an entry but slower to look up in an index."""
        last = number == len(self.query.words) - 1
        begun = words.beginnings(self.query.words[number], last=last)
        return some([Word(start, begins=True) for start in begun] or [self.plain[number]])

    def _part(self, number: int, *, corrected: bool) -> Condition:
        alternatives = [self.plain[number]]
        alternatives += map(Word, self.similar.relatives.get(number, ()))
        if corrected:
            alternatives += (
                every(map(Word, meaning)) for meaning in self.similar.meanings.get(number, ())
            )
        return some(alternatives)

    def _corrected(self, corrected: set[int]) -> Condition:
        parts = {n: self._part(n, corrected=n in corrected) for n in self.kept}
        readings = [every(parts.values())]
        for n, pair in enumerate(map("".join, pairwise(self.query.words))):
            if pair in self.similar.joined:
                others = [part for m, part in parts.items() if m not in (n, n + 1)]
                readings.append(every([Word(pair), *others]))
        return some(readings)

    def _instead(self, hits: list[Hit]) -> str:
        """The query as it was understood, in the words of the best hit; "" if just as typed."""
        if not hits:
            return ""
        present = set(turkish.fold(f"{hits[0].title} {hits[0].subtitle}").split())
        chosen: list[str] = []
        number = 0
        while number < len(self.plain):
            pair = "".join(self.query.words[number : number + 2])
            joined = pair in self.similar.joined and pair in present
            if joined:
                chosen.append(pair)
            elif number in self.kept:
                chosen += self._meaning(number, present)
            number += 2 if joined else 1
        if tuple(chosen) == self.query.words:
            return ""
        written = words.spelled(chosen)
        return turkish.title(" ".join(written.get(word, word) for word in chosen))

    def _meaning(self, number: int, present: set[str]) -> tuple[str, ...]:
        word = self.query.words[number]
        meanings = self.similar.meanings.get(number, [])
        relatives = self.similar.relatives.get(number, [])
        if not meanings or present.intersection([word, *self.forms[number], *relatives]):
            return (word,)
        return next((m for m in meanings if present.issuperset(m)), meanings[0])
