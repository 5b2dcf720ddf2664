from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IyemConfig(AppConfig):
    name = "iyem"
    label = "iyem"
    verbose_name = _("İmza Yetkilileri Modülü")

    def ready(self) -> None:
        from iyem import constraints, panels, permissions  # noqa: PLC0415 — needs the app registry
        from iyem import demo as own_demo  # noqa: PLC0415
        from iyem.authorising import panels as authorising  # noqa: PLC0415
        from iyem.officer import panels as officer  # noqa: PLC0415
        from kaysis.common import demo  # noqa: PLC0415

        constraints.declare()
        permissions.register()
        demo.register("iyem", own_demo.load, order=20)
        panels.register()
        authorising.register()
        officer.register()
