"""Searching as a person means it: exact words first, then their relatives, then misspellings."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from kaysis.common import indexing, jumps, turkish
from kaysis.search import words
from kaysis.search.engine import CANDIDATES, Found, Hit, Wanted, count_kinds, look_for
from kaysis.search.models import SearchEntry
from kaysis.search.query import Condition, Query, Word, all_but_one, every, lexemes, parse, some

PAGE = 20
SUGGESTIONS = 8
# With fewer hits than these a search goes on to words of the same stem and to misspellings.
FEW = 5
# How many words an unfinished last word may stand for.
_BEGINNINGS = 40


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found.

    `kinds` maps each kind to its number of hits, all kinds together; it is empty when the person
    can find only one. `instead` is the query that was searched for in place of the typed one;
    `partial` says that no entry has all words, and these have all but one.
    """

    query: Query
    found: Found
    condition: Condition | None = None
    kinds: dict[str, int] = field(default_factory=dict)
    instead: str = ""
    partial: bool = False

    def marked(self) -> list[Word]:
        """The words to be marked in the hits."""
        return list(lexemes(self.condition)) if self.condition else []


def visible_kinds(user: Any) -> list[str]:
    """The kinds this person may find, in the order of their groups."""
    return [
        source.kind
        for source in indexing.sources()
        if source.visible is None or source.visible(user)
    ]


def search(text: str, *, user: Any, kind: str = "", page: int = 1) -> Result:
    """One page of what `text` finds, in one kind or (with "") in all. Pages count from 1."""
    query = parse(text)
    visible = visible_kinds(user)
    wanted = [k for k in visible if kind in ("", k)]
    if not query or not wanted:
        return Result(query, Found([]))
    result = _Ladder(
        query,
        lambda w: look_for(
            w, wanted, narrowed=_narrowed(wanted), offset=(page - 1) * PAGE, limit=PAGE
        ),
    ).climb(FEW)
    if len(visible) > 1 and result.condition:
        return replace(result, kinds=count_kinds(result.condition, visible))
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
    ).climb(1)
    return result.found.hits


def jump(text: str, *, user: Any) -> Hit | None:
    """The one object that `text` names by its number, if the person may find it."""
    visible = visible_kinds(user)
    for kind, object_id in jumps.targets(parse(text).text):
        if kind in visible:
            entry = SearchEntry.objects.filter(kind=kind, object_id=object_id).first()
            if entry:
                return Hit(
                    entry.kind,
                    entry.object_id,
                    entry.title,
                    entry.subtitle,
                    entry.url,
                    entry.active,
                    entry.facets,
                )
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

    def __init__(self, query: Query, look: Callable[[Wanted], Found]) -> None:
        self.query = query
        self.look = look
        self.forms = words.forms(query.words, beginnings=_BEGINNINGS)
        self.plain = [self._plain(n) for n in range(len(query.words))]
        self.literal = every(Word(word) for word in query.words)

    def climb(self, few: int) -> Result:
        """The hits of the first reading that has any; `few` of the first are enough."""
        unknown = {
            n for n, word in enumerate(self.query.words) if word[0].isalpha() and not self.forms[n]
        }
        exact = Found([])
        if not unknown:
            exact = self._try(every(self.plain))
            if exact.total >= few:
                return Result(self.query, exact, every(self.plain))
        self.similar = words.similar(self.query.words, self.query.typed)
        for corrected in (unknown, set(range(len(self.plain)))):
            condition = self._corrected(corrected)
            found = self._try(condition)
            if found.total:
                instead = "" if exact.total else self._instead(found.hits)
                return Result(self.query, found, condition, instead=instead)
        return self._without_one(unknown)

    def _without_one(self, unknown: set[int]) -> Result:
        """Give up the words that nothing is like; if there are none, any one of them."""
        parts = [self._part(n, corrected=True) for n in range(len(self.plain))]
        kept = [
            part for n, part in enumerate(parts) if n not in unknown or self.similar.meanings[n]
        ]
        if not kept or len(parts) == 1:
            return Result(self.query, Found([]))
        condition = every(kept) if len(kept) < len(parts) else all_but_one(parts)
        found = self._try(condition)
        return Result(self.query, found, condition if found.total else None, partial=True)

    def _try(self, condition: Condition) -> Found:
        return self.look(Wanted(self.query.folded, self.literal, every(self.plain), condition))

    def _plain(self, number: int) -> Condition:
        """A word as typed or with another ending. Of a number only the beginning may be there."""
        word = self.query.words[number]
        if word[0].isdigit():
            last = number == len(self.query.words) - 1
            return Word(word, begins=last and len(word) > 2)
        return some([Word(word), *map(Word, self.forms[number])])

    def _part(self, number: int, *, corrected: bool) -> Condition:
        alternatives = [self.plain[number]]
        alternatives += map(Word, self.similar.relatives.get(number, ()))
        if corrected:
            alternatives += (
                every(map(Word, meaning)) for meaning in self.similar.meanings.get(number, ())
            )
        return some(alternatives)

    def _corrected(self, corrected: set[int]) -> Condition:
        parts = [self._part(n, corrected=n in corrected) for n in range(len(self.plain))]
        readings = [parts]
        for n, joined in enumerate(map("".join, pairwise(self.query.words))):
            if joined in self.similar.joined:
                readings.append([*parts[:n], Word(joined), *parts[n + 2 :]])
        return some(map(every, readings))

    def _instead(self, hits: list[Hit]) -> str:
        """The query with what was put right, as the best hit writes it."""
        present = set(turkish.fold(f"{hits[0].title} {hits[0].subtitle}").split())
        chosen: list[str] = []
        number = 0
        while number < len(self.plain):
            pair = "".join(self.query.words[number : number + 2])
            if pair in self.similar.joined and pair in present:
                chosen.append(pair)
                number += 2
            else:
                chosen += self._meaning(number, present)
                number += 1
        written = words.spelled(chosen)
        return turkish.title(" ".join(written.get(word, word) for word in chosen))

    def _meaning(self, number: int, present: set[str]) -> tuple[str, ...]:
        word = self.query.words[number]
        options = [(word,), *((form,) for form in self.forms[number])]
        options += [(relative,) for relative in self.similar.relatives.get(number, ())]
        meanings = self.similar.meanings.get(number, [])
        fitting = (option for option in [*options, *meanings] if present.issuperset(option))
        return next(fitting, meanings[0] if meanings and not self.forms[number] else (word,))
