from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DetsisConfig(AppConfig):
    name = "detsis"
    label = "detsis"
    verbose_name = _("Devlet Teşkilatı Merkezi Kayıt Sistemi")

    def ready(self) -> None:
        from detsis import panels, search  # noqa: PLC0415 — needs the app registry
        from detsis import scopes as own_scopes  # noqa: PLC0415
        from detsis.officer import panels as officer_panels  # noqa: PLC0415
        from kaysis.accounts import scopes  # noqa: PLC0415

        post_migrate.connect(_fill_code_tables, sender=self)
        scopes.register_resolver(own_scopes.describe, many=own_scopes.describe_many)
        scopes.register_ancestors(own_scopes.ancestors)
        panels.register()
        officer_panels.register()
        search.register()


def _fill_code_tables(**given: Any) -> None:
    """After `migrate`, as for Django's own permissions: also where a test emptied the database."""
    from detsis.seed import seed_code_tables  # noqa: PLC0415 — needs the app registry

    seed_code_tables(given.get("apps"))
