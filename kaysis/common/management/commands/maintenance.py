"""`manage.py maintenance on|off|status`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kaysis.common import maintenance


class Command(BaseCommand):
    help = "Close the portal for maintenance (503 everywhere but health and metrics), or open it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", choices=["on", "off", "status"])
        parser.add_argument(
            "--retry-after", type=int, default=600, help="seconds that clients are told to wait"
        )
        parser.add_argument("--message", default="", help="shown to readers, in Turkish")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["state"] == "on":
            maintenance.switch_on(retry_after=options["retry_after"], message=options["message"])
        elif options["state"] == "off":
            maintenance.switch_off()
        state = maintenance.current()
        if state is None:
            self.stdout.write("open")
        else:
            self.stdout.write(f"closed, retry after {state.retry_after} s {state.message}".rstrip())
