from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kaysis.accounts.services.national_ids import encrypt_anew


class Command(BaseCommand):
    help = (
        "Kimlik numaralarını NATIONAL_ID_KEY içindeki ilk anahtarla yeniden şifreler. "
        "Kesilirse kaldığı yerden sürer; bitince eski anahtar ayardan çıkarılabilir."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500)

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while done := encrypt_anew(limit=options["batch"]):
            total += done
            self.stdout.write(f"{total} kişi")
        self.stdout.write("Bütün kimlik numaraları ilk anahtarla şifreli.")
