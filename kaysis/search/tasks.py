"""Jobs of the search that run by the clock (kaysis.celery)."""

from celery import shared_task
from django.db import transaction

from kaysis.search import backend


@shared_task
def recount_words() -> None:
    """Nightly: how frequent words are decides how they are looked up."""
    with transaction.atomic():
        backend.recount_words()
