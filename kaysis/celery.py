"""The Celery application and its schedule.

The schedule lives in code, next to nothing else: a job that runs by the clock is found here, the
work it does is found in the task it names.
"""

import os

from celery import Celery
from celery.schedules import crontab
from django_structlog.celery.steps import DjangoStructLogInitStep

from kaysis.common import heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaysis.settings.development")

app = Celery("kaysis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # At midnight, when days begin, and again for whatever was recorded or held up meanwhile.
    "detsis-put-into-force": {
        "task": "detsis.tasks.put_into_force",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "detsis-quality": {
        "task": "detsis.tasks.refresh_quality",
        "schedule": crontab(hour=1, minute=30),
    },
    # In the morning, and again for files of that day and for whoever became administrator since.
    "detsis-due-files": {
        "task": "detsis.tasks.remind_due_files",
        "schedule": crontab(hour="7,13", minute=0),
    },
    # Terms and absences begin and end by themselves.
    "iyem-coverage": {
        "task": "iyem.tasks.refresh_coverage",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 540},
    },
    "iyem-campaign-reminders": {
        "task": "iyem.tasks.send_campaign_reminders",
        "schedule": crontab(hour=8, minute=30),
    },
    "iyem-erasure": {
        "task": "iyem.tasks.erase_personal_data",
        "schedule": crontab(hour=3, minute=15),
    },
    # Texts that were published ahead of their day.
    "kms-put-into-force": {
        "task": "kms.tasks.put_into_force",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 540},
    },
    "search-words": {
        "task": "kaysis.search.tasks.recount_words",
        "schedule": crontab(hour=2, minute=30),
    },
}
app.steps["worker"].add(DjangoStructLogInitStep)
heartbeat.listen()
