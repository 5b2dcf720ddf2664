from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kaysis.accounts.models import Person
from kaysis.accounts.services.api_clients import create_api_client


class Command(BaseCommand):
    help = (
        "Bir kurumun EBYS'sine API erişimi tanımlar ve istemci kimliğiyle parolasını bir kez "
        "gösterir."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="AD")
        parser.add_argument("institution", metavar="DETSIS_NO", type=int)
        parser.add_argument(
            "responsible", metavar="KISI", help="Sorumlunun kişi kimliği (hesap sayfasındaki UUID)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            credentials = create_api_client(
                name=options["name"],
                scope_detsis_no=options["institution"],
                responsible=Person.objects.get(public_id=options["responsible"]),
            )
        except (ValidationError, Person.DoesNotExist) as error:
            messages = getattr(error, "messages", ["Böyle bir kişi yok."])
            raise CommandError("; ".join(messages)) from None
        self.stdout.write(f"client_id: {credentials.client_id}")
        self.stdout.write(f"client_secret: {credentials.client_secret}")
