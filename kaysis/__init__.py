"""The shell: what all subsystems share, and what joins them."""

from kaysis.celery import app as celery_app

__all__ = ["celery_app"]
