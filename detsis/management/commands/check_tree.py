"""`manage.py check_tree [--repair]`: every bound of the tree against `parent`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from detsis import numbering, tree
from detsis.models import Unit
from kaysis.common.pagecache import bump_data_version

# Enough to see what is wrong; a broken tree is broken everywhere.
_SHOWN = 20


class Command(BaseCommand):
    help = "Checks the bounds of the tree; the exit status is 1 if any is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="number the tree anew from `parent`"
        )

    @transaction.atomic
    def handle(self, *, repair: bool, **options: Any) -> None:
        # Without it, half of somebody else's change could be seen between two of the checks.
        tree.lock()
        problems = tree.check()
        if problems and repair:
            self._show(problems)
            numbering.renumber()
            bump_data_version()
            self.stdout.write(_("Ağaç yeniden numaralandı."))
            problems = tree.check()
        if problems:
            self._show(problems)
            raise CommandError(_("Ağaçta %(number)s hata var.") % {"number": len(problems)})
        self.stdout.write(_("Ağaç sağlam: %(number)s birim.") % {"number": Unit.objects.count()})

    def _show(self, problems: list[str]) -> None:
        for problem in problems[:_SHOWN]:
            self.stderr.write(problem)
        if len(problems) > _SHOWN:
            self.stderr.write(f"… {len(problems) - _SHOWN}")
