"""Well-known instruments, and short texts of our own about some of them.

`facts.tsv` holds facts of the legislation as the Official Gazette has them; the texts of
`texts.json` say in our words what an instrument is about, and are no official texts.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
#: (heading, sentences) of each article.
Articles = list[tuple[str, str]]


class Fact(NamedTuple):
    """A line of `facts.tsv`. `repeat`: 1 for a mükerrer issue of the Gazette."""

    type: str
    number: str
    series: int | None
    title: str
    accepted: str
    gazette: str
    issue: str
    repeat: int
    abbreviation: str


class Texts(NamedTuple):
    """`texts.json`: articles by number; two texts of 4982, so that there is something to compare.

    `bases`: (title of the source, kind, number or title of the target); `institutional`:
    (invented title, institution, day).
    """

    articles: dict[str, Articles]
    first_4982: Articles
    last_4982: Articles
    bases: list[tuple[str, str, str]]
    institutional: list[tuple[str, str, str]]


def facts() -> list[Fact]:
    with (_HERE / "facts.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [_fact(row) for row in rows]


def _fact(row: dict[str, str]) -> Fact:
    series = int(row["series"]) if row["series"] else None
    return Fact(
        row["type"],
        row["number"],
        series,
        row["title"],
        row["accepted"],
        row["gazette"],
        row["issue"],
        int(row["repeat"]),
        row["abbreviation"],
    )


def texts() -> Texts:
    return Texts(**json.loads((_HERE / "texts.json").read_text(encoding="utf-8")))


def text_of(title: str, articles: Articles) -> str:
    """A text in the form of legislation, from headings and sentences."""
    blocks = [title.replace("i", "İ").upper()]
    for number, (heading, body) in enumerate(articles, 1):
        blocks += [heading, f"Madde {number} – {body}"]
    return "\n\n".join(blocks) + "\n"
