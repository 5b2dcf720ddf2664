"""`manage.py load_demo [--units N]`: a realistic state to look at, to test with, to measure."""

from argparse import ArgumentParser
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.db import transaction
from django.utils import timezone

from detsis import loading, tree
from detsis.demo import build, history
from detsis.demo.numbers import SOURCE
from detsis.models import Unit
from detsis.quality.run import refresh
from kaysis.accounts.demo import create_demo_people
from kaysis.accounts.models import Role
from kaysis.common import demo
from kaysis.common.pagecache import bump_data_version


class Command(BaseCommand):
    help = (
        "Loads the demo state into an empty register, and the demo people where the demo sign-in "
        "is on. Called again, it changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--units", type=int, help="extend with schools, or cut, to so many units"
        )

    @transaction.atomic
    def handle(self, *, units: int | None, verbosity: int = 1, **options: Any) -> None:
        tree.lock()
        if Unit.objects.exists():
            self._say(verbosity, "Kayıtlı birimler var: örnek veri yüklenmedi.")
        else:
            self._load(units, verbosity)
        if settings.DEMO_SIGN_IN:
            people = create_demo_people(scopes=_scopes())
            self._say(verbosity, f"{len(people)} örnek kişi hazır.")
        if units is None:
            for said in demo.load_all():
                self._say(verbosity, said)

    def _load(self, units: int | None, verbosity: int) -> None:
        base = list(build.state())
        more = build.filler(base, (units or 0) - len(base))
        loading.stage(islice(chain(base, more), units))
        number = loading.insert_staged(
            actor_id=None, source=SOURCE, today=timezone.localdate(), reason="Örnek veri"
        )
        # A state that was cut lacks units the history speaks of.
        if units is None or units >= len(base):
            history.record()
        refresh()
        bump_data_version()
        self._say(verbosity, f"{number:,} birim yüklendi.".replace(",", "."))

    def _say(self, verbosity: int, text: str) -> None:
        if verbosity:
            self.stdout.write(text)


def _scopes() -> dict[str, int | list[int]]:
    """The units over which the demo people hold their roles."""
    numbers = dict(
        Unit.objects.filter(
            name__in=["Millî Eğitim Bakanlığı", "Sağlık Bakanlığı", "Ankara Valiliği"]
        ).values_list("name", "pk")
    )
    if not numbers:
        return {}
    ministry = numbers.get("Millî Eğitim Bakanlığı")
    health = numbers.get("Sağlık Bakanlığı", ministry)
    governorship = numbers.get("Ankara Valiliği", ministry)
    return {
        role: [number for number in given if number]
        for role, given in {
            Role.DETSIS_OFFICER: [ministry, health],
            Role.IYEM_AUTHORISED: [ministry, governorship],
            Role.IYEM_REGISTRAR: [ministry],
            Role.SERVICE_EDITOR: [ministry],
            Role.SERVICE_APPROVER: [ministry],
            Role.LEGISLATION_EDITOR: [ministry],
            Role.DOCUMENT_EDITOR: [ministry],
        }.items()
    }
