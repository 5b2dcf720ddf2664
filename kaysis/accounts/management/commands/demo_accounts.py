from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kaysis.accounts import scopes
from kaysis.accounts.demo import create_demo_people
from kaysis.accounts.models import Person, Role
from kaysis.accounts.selectors import grants_of


class Command(BaseCommand):
    help = "Uydurulmuş örnek kişileri oluşturur (tekrarlanabilir) ve listeler."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scope",
            action="append",
            default=[],
            metavar="YETKİ=NUMARA",
            help="Bir yetkinin geçerli olacağı birim, ör. detsis_officer=12345678; yinelenebilir.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            people = create_demo_people(scopes=self._scopes(options["scope"]))
        except ImproperlyConfigured as error:
            raise CommandError(
                "Örnek kişiler yalnızca DEMO_SIGN_IN açıkken oluşturulur."
            ) from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        for person in people:
            self._print(person)

    def _scopes(self, pairs: list[str]) -> dict[str, list[int]]:
        scopes: dict[str, list[int]] = {}
        for pair in pairs:
            role, _, number = pair.partition("=")
            if role not in Role.values or not number.isdigit():
                raise CommandError(f"Anlaşılamadı: {pair} (ör. detsis_officer=12345678)")
            scopes.setdefault(role, []).append(int(number))
        return scopes

    def _print(self, person: Person) -> None:
        held = grants_of(person)
        if not held:
            self.stdout.write(f"{person.full_name:<20} Yetkisi yok")
        for grant in held:
            scope = scopes.label(grant.scope_detsis_no)
            self.stdout.write(f"{person.full_name:<20} {grant.get_role_display():<26} {scope}")
