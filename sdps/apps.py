from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SdpsConfig(AppConfig):
    name = "sdps"
    label = "sdps"
    verbose_name = _("Standart Dosya Planı Yönetim Sistemi")
