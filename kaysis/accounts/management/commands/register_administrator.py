from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kaysis.accounts.services.people import register_first_administrator


class Command(BaseCommand):
    help = (
        "İlk merkez yöneticisini kaydeder; sonrakileri o yetkilendirir. Kimlik numarası sorulur, "
        "komut satırına yazılmaz."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("given_name", metavar="AD")
        parser.add_argument("family_name", metavar="SOYAD")
        parser.add_argument("--operator", action="store_true", help="/yonetim/ sayfalarını görür.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = register_first_administrator(
                given_name=options["given_name"],
                family_name=options["family_name"],
                national_id=getpass("T.C. kimlik numarası: "),
                is_staff=options["operator"],
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{person}: merkez yöneticisi")
