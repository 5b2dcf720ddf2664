from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "kaysis.search"
    label = "search"
    verbose_name = _("Arama")

    def ready(self) -> None:
        from kaysis.common import indexing  # noqa: PLC0415 — needs the app registry
        from kaysis.search.backend import PostgresIndex, keep_statements  # noqa: PLC0415

        indexing.set_backend(PostgresIndex())
        post_migrate.connect(
            lambda **_: keep_statements(), sender=self, weak=False, dispatch_uid="search.statements"
        )
