from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS

from kaysis.accounts.audit.privileges import grant_app_role


class Command(BaseCommand):
    help = "Uygulamanın veritabanı rolüne haklarını verir; denetim izini değiştirme hakkı vermez."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.DATABASE_APP_ROLE
        if grant_app_role(using=options["database"]):
            self.stdout.write(f"{role}: haklar verildi.")
        else:
            self.stdout.write(f"{role} rolü yok ya da bağlanan rol kendisi; bir şey değişmedi.")
