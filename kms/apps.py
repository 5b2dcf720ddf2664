from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KmsConfig(AppConfig):
    name = "kms"
    label = "kms"
    verbose_name = _("Kamu Mevzuat Sistemi")

    def ready(self) -> None:
        from kaysis.common import demo  # noqa: PLC0415
        from kms import demo as own_demo  # noqa: PLC0415 — needs the app registry
        from kms import panels, search  # noqa: PLC0415
        from kms.officer import panels as officer_panels  # noqa: PLC0415

        demo.register("kms", own_demo.load, order=30)
        panels.register()
        officer_panels.register()
        search.register()
