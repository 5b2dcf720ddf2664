"""`manage.py rebuild_search`: make the index what the sources say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from kaysis.common import indexing
from kaysis.search import backend
from kaysis.search.models import SearchEntry


class Command(BaseCommand):
    help = (
        "Write the search index anew from its sources, one transaction per kind. Searches go on "
        "meanwhile; changes of the kind wait until it is done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", help="only this kind")

    def handle(self, *args: Any, **options: Any) -> None:
        known = [source.kind for source in indexing.sources()]
        wanted = [options["kind"]] if options["kind"] else known
        if not set(wanted) <= set(known):
            raise CommandError(f"no such kind; there are: {', '.join(known)}")
        for kind in wanted:
            with transaction.atomic():
                indexing.reindex_all(kind)
            count = SearchEntry.objects.filter(kind=kind).count()
            self.stdout.write(f"{kind}: {count} entries")
        if not options["kind"]:
            self._forget_others(known)
        with transaction.atomic():
            backend.recount_words()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_searchentry, search_searchword")

    def _forget_others(self, known: list[str]) -> None:
        others = SearchEntry.objects.exclude(kind__in=known).values_list("kind", flat=True)
        for kind in others.order_by().distinct():
            with transaction.atomic():
                gone = backend.forget_kind(kind)
            self.stdout.write(f"{kind}: {gone} entries removed, nothing gives them any longer")
