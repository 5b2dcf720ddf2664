from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DetsisConfig(AppConfig):
    name = "detsis"
    label = "detsis"
    verbose_name = _("Devlet Teşkilatı Merkezi Kayıt Sistemi")

    def ready(self) -> None:
        post_migrate.connect(_fill_code_tables, sender=self)


def _fill_code_tables(**given: Any) -> None:
    """After `migrate`, as for Django's own permissions: also where a test emptied the database."""
    from detsis.seed import seed_code_tables  # noqa: PLC0415 — needs the app registry

    seed_code_tables(given.get("apps"))
