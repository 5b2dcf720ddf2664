from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HsysConfig(AppConfig):
    name = "hsys"
    label = "hsys"
    verbose_name = _("Hizmet Standartları Yönetim Sistemi")
