"""`manage.py erase_personal_data`: what the nightly job does, by hand."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from iyem.services import erase_personal_data


class Command(BaseCommand):
    help = (
        "Erases national ids, phones and e-mail of applications decided more than "
        "IYEM_RETENTION_DAYS ago, and phones and e-mail of people who have held no role for as "
        "long (KVKK). It may be stopped and started again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        erased = erase_personal_data()
        self.stdout.write(
            f"{settings.IYEM_RETENTION_DAYS} günden eski: {erased.applications} başvurunun ve "
            f"{erased.people} kişinin verileri silindi."
        )
