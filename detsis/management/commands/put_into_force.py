"""`manage.py put_into_force`: what the clock does every few minutes, by hand."""

from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import ngettext

from detsis import services


class Command(BaseCommand):
    help = "Brings units whose day has come to their new state, and their files into force."

    def handle(self, **options: Any) -> None:
        number = len(services.put_into_force())
        self.stdout.write(
            ngettext(
                "%(number)s birim yürürlükteki hâline getirildi.",
                "%(number)s birim yürürlükteki hâline getirildi.",
                number,
            )
            % {"number": number}
        )
