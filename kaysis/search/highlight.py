"""Marking in a text the words that were searched for."""

import re
from collections.abc import Sequence

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kaysis.common import turkish
from kaysis.search.query import Word

_TOKEN = re.compile(r"[^\W_]+")


def highlight(text: str, words: Sequence[Word]) -> SafeString:
    """`text` escaped, with <mark> around the words that fulfil any of `words`.

    A whole word is marked, also where only its beginning was searched for.
    """
    exact = {word.lexeme for word in words if not word.begins}
    beginnings = tuple(word.lexeme for word in words if word.begins)
    pieces: list[str] = []
    done = 0
    for match in _TOKEN.finditer(text):
        folded = turkish.fold(match.group())
        if folded in exact or (beginnings and folded.startswith(beginnings)):
            pieces.append(conditional_escape(text[done : match.start()]))
            pieces.append(format_html("<mark>{}</mark>", match.group()))
            done = match.end()
    pieces.append(conditional_escape(text[done:]))
    return mark_safe("".join(pieces))  # noqa: S308 — every piece is escaped above


def begins_words(text: str, words: Sequence[str]) -> bool:
    """Whether each of the folded `words` begins some word of `text`."""
    present = turkish.fold(text).split()
    return all(any(other.startswith(word) for other in present) for word in words)
