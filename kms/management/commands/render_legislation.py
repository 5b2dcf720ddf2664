"""Write passages and provisions of all texts anew, after a change of parser or rendering."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from kaysis.common import indexing
from kaysis.common.pagecache import bump_data_version
from kms.models import TextVersion
from kms.storing import mark_last, prepare, rewrite_passages


class Command(BaseCommand):
    help = "Write what is stored of every published text anew, text by text. May be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        versions = TextVersion.objects.published().order_by("pk")
        done = 0
        for key in versions.values_list("pk", flat=True):
            version = TextVersion.objects.get(pk=key)
            prepared = prepare(version.text, version.kind, today=timezone.localdate())
            with transaction.atomic():
                rewrite_passages(version.pk, prepared)
                mark_last([version.instrument_id])
                bump_data_version()
            done += 1
        with transaction.atomic():
            indexing.reindex_all("provision")
        self.stdout.write(f"{done} metin yeniden biçimlendirildi.")
