from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "kaysis.search"
    label = "search"
    verbose_name = _("Arama")

    def ready(self) -> None:
        from kaysis.common import indexing  # noqa: PLC0415 — needs the app registry
        from kaysis.search.backend import PostgresIndex  # noqa: PLC0415

        indexing.set_backend(PostgresIndex())
