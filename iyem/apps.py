from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IyemConfig(AppConfig):
    name = "iyem"
    label = "iyem"
    verbose_name = _("İmza Yetkilileri Modülü")
