"""Jobs that run by the clock (`kaysis.celery`). Each may run twice, or late, without harm."""

from celery import shared_task

from iyem import coverage, services


@shared_task
def refresh_coverage() -> int:
    """Work the coverage board out anew. Returns how many units' rows changed."""
    return coverage.refresh()


@shared_task
def send_campaign_reminders() -> int:
    """Remind officers of the units that are missing. Returns how many messages were sent."""
    return services.send_reminders()


@shared_task
def erase_personal_data() -> int:
    """Erase what is no longer needed. Returns how many rows were emptied."""
    return sum(services.erase_personal_data())
