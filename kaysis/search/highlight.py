"""Marking in a text the words that were searched for."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString

from kaysis.common import turkish
from kaysis.search.query import Word

_TOKEN = re.compile(r"[^\W_]+")


class Highlighter:
    """Escapes a text and puts <mark> around the words in it that fulfil any of `words`.

    A whole word is marked, also where only its beginning was searched for.
    """

    def __init__(self, words: Iterable[Word]) -> None:
        words = list(words)
        self.exact = {word.lexeme for word in words if not word.begins}
        self.beginnings = tuple(word.lexeme for word in words if word.begins)

    def __call__(self, text: str) -> SafeString:
        pieces: list[str] = []
        done = 0
        for match in _TOKEN.finditer(text):
            folded = turkish.fold(match.group())
            if folded in self.exact or folded.startswith(self.beginnings):
                pieces += escape(text[done : match.start()]), "<mark>", match.group(), "</mark>"
                done = match.end()
        pieces.append(escape(text[done:]))
        return SafeString("".join(pieces))


def begins_words(text: str, words: Sequence[str]) -> bool:
    """Whether each of the folded `words` begins some word of `text`."""
    present = turkish.fold(text).split()
    return all(any(other.startswith(word) for other in present) for word in words)
