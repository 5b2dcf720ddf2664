"""What somebody typed, taken apart; and the conditions a text search is made of."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kaysis.common import turkish

LONGEST = 200
MOST_WORDS = 12
# Left out of a query that has other words: they tell nothing apart.
STOP_WORDS = frozenset({"ve", "ile", "veya", "ya", "da", "de", "icin", "bir", "bu"})
_SUFFIX = re.compile(r"(?<=\w)['’ʼ`´]\w+")
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Query:
    """A query. `text` is fit to be shown again; `folded` is compared with titles.

    `words` are folded, each once, at most MOST_WORDS; `typed` holds the same words in lower case,
    for the stemmer. Both are empty if nothing in the query can be searched for.
    """

    text: str
    folded: str
    words: tuple[str, ...]
    typed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.words)


def parse(text: str) -> Query:
    """Read a query. Takes any text at all; what is beyond LONGEST characters is left out."""
    text = "".join(_printable(character) for character in text[: 4 * LONGEST])
    text = " ".join(text.split())[:LONGEST].strip()
    # "Ankara'nın" means Ankara; a title that has an apostrophe is found by what is before it, too.
    words = _words(_SUFFIX.sub("", text))
    kept = {word: typed for word, typed in words.items() if word not in STOP_WORDS} or words
    kept = dict(list(kept.items())[:MOST_WORDS])
    return Query(text, turkish.fold(text), tuple(kept), tuple(kept.values()))


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # soft hyphens, joiners, marks of direction
        return ""
    return " " if category[0] in "CZ" else character


def _words(text: str) -> dict[str, str]:
    """Folded word → the same in lower case, in order."""
    spelled = {turkish.fold(token): token for token in _TOKEN.findall(turkish.lower(text))}
    return {word: spelled.get(word, word) for word in turkish.fold(text).split()}


# --- Conditions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A lexeme, or with `begins` all that begin with it."""

    lexeme: str
    begins: bool = False

    def tsquery(self, weights: str = "") -> str:
        marks = f"{'*' if self.begins else ''}{weights}"
        return f"'{self.lexeme}'" + (f":{marks}" if marks else "")


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions joined by "&" or "|"; never empty."""

    joint: str
    parts: tuple["Condition", ...]

    def tsquery(self, weights: str = "") -> str:
        return f"({f' {self.joint} '.join(part.tsquery(weights) for part in self.parts)})"


Condition = Word | Group


def every(parts: Iterable[Condition]) -> Condition:
    return _group("&", parts)


def some(parts: Iterable[Condition]) -> Condition:
    return _group("|", parts)


def _group(joint: str, parts: Iterable[Condition]) -> Condition:
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else Group(joint, distinct)


def all_but_one(parts: Sequence[Condition]) -> Condition:
    """Any one of at least two conditions may fail."""
    return some(every([*parts[:i], *parts[i + 1 :]]) for i in range(len(parts)))


def lexemes(condition: Condition) -> Iterable[Word]:
    """All words in a condition, to mark them in what was found."""
    if isinstance(condition, Word):
        yield condition
    else:
        for part in condition.parts:
            yield from lexemes(part)
