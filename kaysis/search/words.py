"""The vocabulary of the index: which words there are, and which a typed word may have meant."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_lowercase
from typing import Any

from django.db import connection

from kaysis.common import turkish
from kaysis.common.indexing import Source

# The neighbours of the characters of words: upper ends for all that begins with something, and for
# a word alone.
_AFTER_Z, _BEFORE_0 = "{", "!"
_TOKEN = re.compile(r"[^\W_]+")
_EXAMPLES = 2000
_CORRECTIONS = 6
# A word of so many letters shares enough trigrams with all that is one edit away; for shorter ones
# all edits are looked up.
_LONG = 8
#: How many known words a finished word may stand for.
ENDINGS = 12


# --- Keeping it -------------------------------------------------------------------------------


def learn(source: Source, found: Sequence[tuple[str, int, int]]) -> None:
    """Add words that are new to the vocabulary: (folded word, entries, an object that has it)."""
    spelled = _spellings(source, found)
    for start in range(0, len(found), _EXAMPLES):
        batch = found[start : start + _EXAMPLES]
        rows = [[word for word, _, _ in batch], [spelled.get(word, word) for word, _, _ in batch]]
        with connection.cursor() as cursor:
            cursor.execute(_LEARN, [*rows, [entries for _, entries, _ in batch]])


# In order of the words, so that two transactions that learn the same ones cannot lock each other.
_LEARN = """
    INSERT INTO search_searchword (word, form, stem, entries)
    SELECT n.word, n.form,
        coalesce(nullif(kaysis_fold((ts_lexize('turkish_stem', n.form))[1]), ''), n.word), n.entries
    FROM unnest(%s::text[], %s::text[], %s::int[]) AS n(word, form, entries)
    ORDER BY n.word COLLATE "C" ON CONFLICT (word) DO NOTHING
"""


def _spellings(source: Source, found: Sequence[tuple[str, int, int]]) -> dict[str, str]:
    """Folded word → the same word as the source writes it, in lower case.

    Each example is read once, whatever number of words it stands for, and each spelling folded
    once: of a bulk load the same examples give thousands of words.
    """
    wanted = {word for word, _, _ in found}
    examples = sorted({example for _, _, example in found})
    spelled: dict[str, str] = {}
    seen: set[str] = set()
    for start in range(0, len(examples), _EXAMPLES):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.title, s.subtitle, left(s.body, 20000)"
                f" FROM ({source.select(restricted=True)}) s",
                {"ids": examples[start : start + _EXAMPLES]},
            )
            texts = cursor.fetchall()
        for token in _tokens(texts):
            if token in seen:
                continue
            folded = turkish.fold(token)
            if folded in wanted:
                spelled.setdefault(folded, token)
            seen.add(token)
    return spelled


def _tokens(texts: Iterable[Sequence[str]]) -> dict[str, None]:
    """Each spelling once, in the order of the texts."""
    together = "\n".join(text for row in texts for text in row)
    return dict.fromkeys(_TOKEN.findall(turkish.lower(together)))


def count_more(found: Sequence[tuple[str, int]]) -> None:
    """Add to the counts of known words: (folded word, further entries)."""
    if found:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_MORE, [list(column) for column in zip(*found, strict=True)])


# Locked in order of the words, for the same reason.
_COUNT_MORE = """
    WITH more AS (
        SELECT w.word, n.entries FROM search_searchword w
        JOIN unnest(%s::text[], %s::int[]) AS n(word, entries) USING (word)
        ORDER BY w.word FOR UPDATE OF w
    )
    UPDATE search_searchword w SET entries = w.entries + m.entries
    FROM more m WHERE m.word = w.word
"""


def recount() -> None:
    """Count anew in how many entries each word occurs, and forget those that occur in none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH counted AS MATERIALIZED (
                SELECT u.word, count(*) AS entries FROM search_searchentry e
                CROSS JOIN LATERAL unnest(tsvector_to_array(e.vector)) AS u(word)
                WHERE u.word >= 'a' GROUP BY u.word
            ), gone AS (
                DELETE FROM search_searchword w
                WHERE NOT EXISTS (SELECT 1 FROM counted c WHERE c.word = w.word)
            )
            UPDATE search_searchword w SET entries = c.entries
            FROM counted c WHERE c.word = w.word AND c.entries <> w.entries
            """
        )


# --- Asking it --------------------------------------------------------------------------------


def beginnings(word: str, *, last: bool) -> list[str]:
    """What the other forms of a word begin with: itself, also with its last consonant softened
    (kurumluk → kurumluğu). Short words stand for themselves, unless more may be typed yet."""
    if len(word) < 4:
        return [word] if last else []
    softened = _SOFTENS.get(word[-1])
    return [word, word[:-1] + softened] if softened else [word]


_SOFTENS = {"k": "g", "p": "b", "t": "d"}  # ç → c is the same letter when folded


def forms(words: Sequence[str], *, most: int) -> list[dict[str, int]]:
    """For each word the known words it may stand for, with their number of entries.

    Of the many that the last word may stand for while it is typed, the `most` frequent ones.
    """
    ranges: list[tuple[int, str, str, int]] = []
    for number, word in enumerate(words):
        last = number == len(words) - 1
        begun = beginnings(word, last=last)
        ranges += [(number, start, start + _AFTER_Z, most if last else ENDINGS) for start in begun]
        if not begun:
            ranges.append((number, word, word + _BEFORE_0, 1))
    found: list[dict[str, int]] = [{} for _ in words]
    with connection.cursor() as cursor:
        cursor.execute(_FORMS, [list(column) for column in zip(*ranges, strict=True)])
        for number, word, entries in cursor.fetchall():
            found[number][word] = entries
    return found


_FORMS = """
    SELECT q.number, w.word, w.entries
    FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[]) AS q(number, low, high, most)
    CROSS JOIN LATERAL (
        SELECT word, entries FROM search_searchword WHERE word >= q.low AND word < q.high
        ORDER BY (word = q.low) DESC, entries DESC, word LIMIT q.most
    ) w
"""


@dataclass(frozen=True, slots=True)
class Similar:
    """What typed words may have meant, by their place in the query.

    `relatives` have the same stem. `meanings` put misspellings right, the likeliest first; each is
    one word, or the two that were written as one. `joined` holds the known words that two
    neighbours make when the blank between them is taken away. `entries` counts for all of them in
    how many entries they occur.
    """

    relatives: dict[int, list[str]]
    meanings: dict[int, list[tuple[str, ...]]]
    joined: set[str]
    entries: dict[str, int]


def similar(words: Sequence[str], typed: Sequence[str]) -> Similar:
    """Relatives and corrections of folded `words`; `typed` is the same in lower case.

    A meaning is a known word that is one edit away; if there is none, two known words that lack
    their blank; if there are none, words that share many trigrams. Numbers are left alone.
    """
    asked = [n for n, word in enumerate(words) if word[0].isalpha()]
    edits = {n: _edits(words[n]) for n in asked if len(words[n]) < _LONG}
    splits = {n: _splits(words[n]) for n in asked}
    joined = {left + right for left, right in pairwise(words)}
    pieces = {piece for pairs in splits.values() for pair in pairs for piece in pair}
    given: dict[str, Any] = {
        "numbers": asked,
        "words": [words[n] for n in asked],
        "typed": [typed[n] for n in asked],
        "candidates": sorted(joined.union(pieces, *edits.values())),
    }
    found: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    entries: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SIMILAR, given)
        for how, number, word, count in cursor.fetchall():
            found[how, number].append(word)
            entries[word] = count
    known = found["known", None]
    meanings: dict[int, list[tuple[str, ...]]] = {}
    for n in asked:
        close = known if n in edits else found["like", n] + found["unlike", n]
        near = [word for word in close if is_near(word, words[n])][:_CORRECTIONS]
        pairs = [pair for pair in splits[n] if set(pair) <= set(known)][:2]
        meanings[n] = (
            pairs if pairs and not near else [(word,) for word in near or found["like", n][:4]]
        )
    return Similar({n: found["stem", n] for n in asked}, meanings, joined & set(known), entries)


# The known ones among the candidates come as one list, the frequent ones first. What begins with
# SELECT is known to be a read, and the audit trail adds no statement of its own to it.
_SIMILAR = """
    SELECT * FROM (WITH asked AS (
        SELECT q.number, q.word, (ts_lexize('turkish_stem', q.typed))[1] AS stem
        FROM unnest(%(numbers)s::int[], %(words)s::text[], %(typed)s::text[])
            AS q(number, word, typed)
    )
    (SELECT 'known', NULL::int, word, entries FROM search_searchword
     WHERE word = ANY(%(candidates)s::text[]) ORDER BY entries DESC, word)
    UNION ALL
    (SELECT 'stem', a.number, w.word, w.entries FROM asked a CROSS JOIN LATERAL (
        SELECT k.word, k.entries FROM search_searchword k
        WHERE k.stem IN (SELECT s.stem FROM search_searchword s WHERE s.word = a.word
                         UNION ALL SELECT kaysis_fold(a.stem) WHERE a.stem IS NOT NULL)
            AND length(k.stem) > 2 AND k.word <> a.word
        ORDER BY k.entries DESC, k.word LIMIT 12) w)
    UNION ALL
    (SELECT CASE WHEN w.likeness < 0.4 THEN 'unlike' ELSE 'like' END, a.number, w.word, w.entries
     FROM asked a CROSS JOIN LATERAL (
        SELECT k.word, k.entries, similarity(k.word, a.word) AS likeness FROM search_searchword k
        WHERE k.word %% a.word AND k.word <> a.word AND length(a.word) > 4
        ORDER BY likeness DESC, k.entries DESC LIMIT 20) w)
    ) AS similar_words
"""


def _edits(word: str) -> set[str]:
    """All that is one insertion, deletion, replacement or exchange of neighbours away."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    edits = {left + right[1:] for left, right in cuts if right}
    edits |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    for letter in ascii_lowercase:
        edits |= {left + letter + right for left, right in cuts}
        edits |= {left + letter + right[1:] for left, right in cuts if right}
    return edits - {word, ""}


def is_near(known: str, typed: str) -> bool:
    """Whether `typed` may be `known` with one slip. Of two letters only one more makes a word."""
    start = _alike(known, typed)
    one, other = known[start:], typed[start:]
    end = _alike(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    if len(typed) < 3:
        return len(typed) == 2 and (len(one), len(other)) == (1, 0)
    return (len(one) < 2 and len(other) < 2) or (len(one) == 2 and one == other[::-1])


def _alike(one: str, other: str) -> int:
    """How many letters two words have in common from the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _splits(word: str) -> list[tuple[str, ...]]:
    """`word` as two, of a letter each only where it is an abbreviation (T.C., A.Ş.)."""
    least = 1 if len(word) < 4 else 2
    return [(word[:i], word[i:]) for i in range(least, len(word) - least + 1)]


def spelled(found: Iterable[str]) -> dict[str, str]:
    """Folded word → as it is written, for showing what was searched for instead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, form FROM search_searchword WHERE word = ANY(%s::text[])",
            [list(found)],
        )
        return dict(cursor.fetchall())
