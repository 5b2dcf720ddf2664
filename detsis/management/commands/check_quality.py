"""`manage.py check_quality`: run the data-quality catalogue now."""

from typing import Any

from django.core.management import BaseCommand

from detsis import quality
from detsis.quality.run import refresh


class Command(BaseCommand):
    help = "Applies every rule of the data-quality catalogue to all active units."

    def handle(self, **options: Any) -> None:
        for key, number in refresh().items():
            rule = quality.rule(key)
            self.stdout.write(f"{number:>8}  {rule.title if rule else key}")
