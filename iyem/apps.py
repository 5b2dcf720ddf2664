from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IyemConfig(AppConfig):
    name = "iyem"
    label = "iyem"
    verbose_name = _("İmza Yetkilileri Modülü")

    def ready(self) -> None:
        from iyem import constraints, panels, permissions  # noqa: PLC0415 — needs the app registry

        constraints.declare()
        permissions.register()
        panels.register()
