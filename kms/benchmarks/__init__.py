"""The rows of the speed table that KMS answers for (docs/benchmarks.md).

They run on the legislation of the demo. With `BENCHMARK_CORPUS`, the path of an archive as
`import_legislation` takes it, further rows run on ten times that archive.
"""

from __future__ import annotations

import itertools

from django.urls import reverse

from kaysis.common.benchmarks import Pair, Row, page_row, register
from kms import demo
from kms.benchmarks import corpus
from kms.exports import instrument_columns
from kms.models import Instrument, TextVersion
from kms.selectors.impact import impact_of


def _instruments() -> list[int]:
    """A hundred instruments; those of the demo, where a database of units has none yet."""
    demo.load()
    return list(
        Instrument.objects.filter(published=True).order_by("?").values_list("pk", flat=True)[:100]
    )


def _page_addresses() -> list[str]:
    return [reverse("kms:instrument", args=[pk]) for pk in _instruments()]


def _list_addresses() -> list[str]:
    base = reverse("kms:instruments")
    return [
        f"{base}?tur=law",
        f"{base}?durum=in_force",
        f"{base}?q=kanun",
        f"{base}?yil_en_az=2000",
    ]


def _search_addresses() -> list[str]:
    base = reverse("kms:search")
    queries = ("bilgi edinme", '"kamu hizmeti"', "memur", "belediye meclisi")
    return [f"{base}?q={query}" for query in queries]


def _impact(size: int) -> Pair:
    rows = itertools.cycle(Instrument.objects.filter(pk__in=_instruments()))

    def lookup() -> None:
        Instrument.objects.filter(pk=next(rows).pk).first()

    return Pair(lambda: impact_of(next(rows)), lookup, rounds=60)


def _export(size: int) -> Pair:
    from kaysis.common.exports import export_pieces  # noqa: PLC0415 — brings openpyxl along

    def export() -> None:
        rows = Instrument.objects.select_related("issuer").order_by("pk")[:5000]
        for _piece in export_pieces(rows, instrument_columns(), "xlsx"):
            pass

    def read() -> None:
        list(Instrument.objects.order_by("pk")[:5000].values_list())

    return Pair(export, read, rounds=5)


register(
    page_row("page.instrument", "mevzuat sayfası", _page_addresses),
    page_row("page.instruments", "mevzuat listesi", _list_addresses),
    page_row("page.legislation-search", "mevzuat metinlerinde arama", _search_addresses),
    Row("kms.impact", "etki: dayanan mevzuat / bir satır", 40, _impact),
    Row("kms.export", "5.000 mevzuatın XLSX'i / okunması", 40, _export),
)


# --- The whole corpus, ten times over ------------------------------------------------------------


def _longest() -> list[str]:
    """The instruments with the longest texts, from the first page to the last."""
    corpus.load()
    rows = TextVersion.objects.filter(last=True).order_by("-parts", "pk")[:20]
    return [
        f"{reverse('kms:instrument', args=[row.instrument_id])}?bolum={part}"
        for row in rows
        for part in (1, row.parts)
    ]


def _every_corpus() -> list[str]:
    corpus.load()
    keys = Instrument.objects.filter(published=True).order_by("?").values_list("pk", flat=True)
    return [reverse("kms:instrument", args=[pk]) for pk in keys[:100]]


def _corpus_lists() -> list[str]:
    corpus.load()
    return _list_addresses()


def _corpus_searches() -> list[str]:
    corpus.load()
    base = reverse("kms:search")
    queries = ("bilgi edinme", '"kamu hizmeti"', "memur", "belediye meclisi", "kanun", "iğdır")
    return [f"{base}?q={query}" for query in queries]


if corpus.archive() is not None:
    register(
        # Imports what the others multiply, so it comes first.
        Row("corpus.import", "mevzuatın aktarımı / okunup COPY edilmesi", 30, corpus.imported),
        page_row("corpus.search", "mevzuat metinlerinde arama, on kat", _corpus_searches),
        page_row("corpus.instrument", "mevzuat sayfası, on kat", _every_corpus),
        page_row("corpus.longest", "en uzun mevzuatın sayfaları, on kat", _longest),
        page_row("corpus.list", "mevzuat listesi, on kat", _corpus_lists),
    )
