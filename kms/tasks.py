"""Jobs that run by the clock (`kaysis.celery`). Each may run twice, or late, without harm."""

from celery import shared_task

from kms import services


@shared_task
def put_into_force() -> int:
    """Make texts whose day has come the ones that are read. Returns how many."""
    return len(services.put_into_force())
