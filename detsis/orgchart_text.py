"""The text of a chart's boxes: in lines that fit, by estimated widths (nothing measures a font)."""

from __future__ import annotations

from collections.abc import Iterable

# Left free on each side of a box.
PAD = 12


def wrap(text: str, width: float, *, most: int = 4) -> tuple[str, ...]:
    """`text` in lines that fit `width`, at most `most` of them; the last one may end in "…".

    Widths are estimated: capitals are wider than small letters. Words longer than a line break
    where they must.
    """
    room = width - 2 * PAD
    lines: list[str] = []
    current = ""
    for word in _short_words(text.split(), room):
        longer = f"{current} {word}".strip()
        if current and text_width(longer) > room:
            lines.append(current)
            current = word
        else:
            current = longer
    lines.append(current)
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and text_width(f"{last}…") > room:
        last = last[:-1]
    return (*lines[: most - 1], f"{last.rstrip()}…")


def _short_words(words: Iterable[str], room: float) -> Iterable[str]:
    for word in words:
        rest = word
        while text_width(rest) > room:
            fits = next(n for n in range(len(rest) - 1, 0, -1) if text_width(rest[:n]) <= room)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def text_width(text: str) -> float:
    """The estimated width of 14 px text in a sans-serif font; on the safe side."""
    return sum(_letter(letter) for letter in text)


def _letter(letter: str) -> float:
    if letter in " .,'iıİIlj()|":
        return 4.6
    if letter in "mwMW":
        return 12.8
    return 10.2 if letter.isupper() else 8.0
