"""The rows of the speed table that the search answers for (docs/benchmarks.md)."""

from django.urls import reverse

from kaysis.common.benchmarks import page_row, register

# Selective words, words that half of the register has, and a misspelling.
QUERIES = (
    "igdir nufus",
    "milli egitim mudurlugu",
    "mudurlugu",
    "universitesi rektorlugu",
    "kaymakamlgi",
)


def _addresses() -> list[str]:
    return [f"{reverse('search:results')}?q={query}" for query in QUERIES]


register(page_row("page.search", "arama sayfası", _addresses))
