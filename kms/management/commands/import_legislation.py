"""Import texts of legislation from an archive. See docs/kms.md for its form."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kaysis.common.errors import KaysisError
from kms.importers import import_legislation


class Command(BaseCommand):
    help = (
        "Import legislation from a tar archive or a folder of ustveri.json and metin.md files. "
        "Texts that are recorded are recognised: run again, it goes on where it was stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="tar (also .xz, .gz) or folder")
        parser.add_argument("--dry-run", action="store_true", help="do everything, keep nothing")
        parser.add_argument(
            "--jobs",
            type=int,
            default=min(4, os.cpu_count() or 1),
            help="processes that parse (default: as many as there are processors, at most 4)",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="CSV of documents not taken as they are"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["archive"]
        if not path.exists():
            raise CommandError(_("%(file)s yok.") % {"file": path})
        say = self.stdout.write if options["verbosity"] > 1 else lambda line: None
        try:
            report = import_legislation(
                path, dry_run=options["dry_run"], jobs=options["jobs"], say=say
            )
        except KaysisError as error:
            raise CommandError(str(error)) from error
        for line in report.lines():
            self.stdout.write(line)
        for slug, level, message in report.rows[:20]:
            self.stdout.write(f"  {level} {slug}: {message}")
        if options["report"]:
            report.write(options["report"])
            self.stdout.write(_("Rapor: %(file)s") % {"file": options["report"]})
