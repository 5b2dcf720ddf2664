from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KmsConfig(AppConfig):
    name = "kms"
    label = "kms"
    verbose_name = _("Kamu Mevzuat Sistemi")

    def ready(self) -> None:
        from kms import panels, search  # noqa: PLC0415 — needs the app registry

        panels.register()
        search.register()
