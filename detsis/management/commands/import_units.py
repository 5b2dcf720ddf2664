"""Import units from a file. See docs/import.md for the fields."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from detsis.importers import import_units
from kaysis.common.errors import KaysisError


class Command(BaseCommand):
    help = "Import units from CSV or JSON lines, in one transaction; known rows are recognised."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file (docs/import.md)")
        parser.add_argument("--format", choices=["csv", "jsonl"], help="default: by its name")
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")
        parser.add_argument(
            "--effective-on",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day on which units without a founding day, and changes, begin (today)",
        )
        parser.add_argument(
            "--update",
            action="store_true",
            help="record rows that differ from the register as changes",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="rows not taken as they are"
        )
        parser.add_argument("--reason", default="", help="stands in the history of each new unit")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.exists():
            raise CommandError(_("%(file)s dosyası yok.") % {"file": path})
        try:
            summary = import_units(
                path,
                format_name=options["format"],
                effective_on=options["effective_on"],
                update=options["update"],
                dry_run=options["dry_run"],
                report=options["report"],
                reason=options["reason"],
            )
        except KaysisError as error:
            raise CommandError(str(error)) from error
        for line in summary.lines():
            self.stdout.write(line)
        if options["report"]:
            self.stdout.write(_("Rapor: %(file)s") % {"file": options["report"]})
