"""The Celery application and its schedule.

The schedule lives in code, next to nothing else: a job that runs by the clock is found here, the
work it does is found in the task it names.
"""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

from kaysis.common import heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaysis.settings.development")

app = Celery("kaysis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
heartbeat.listen()
