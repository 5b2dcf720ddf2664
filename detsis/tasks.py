"""Jobs that run by the clock (`kaysis.celery`). Each may run twice, or late, without harm."""

from celery import shared_task

from detsis import services
from detsis.quality.run import refresh


@shared_task
def put_into_force() -> int:
    """Bring units whose day has come to their new state. Returns how many."""
    return len(services.put_into_force())


@shared_task
def refresh_quality() -> int:
    """Look for data-quality findings anew. Returns how many there are."""
    return sum(refresh().values())


@shared_task
def remind_due_files() -> int:
    """Remind the central administrators of files due today or tomorrow. Returns how many notes."""
    return services.remind_due_files()
