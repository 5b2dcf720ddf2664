from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DbysConfig(AppConfig):
    name = "dbys"
    label = "dbys"
    verbose_name = _("Devlet Belge Yönetim Sistemi")
