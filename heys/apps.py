from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HeysConfig(AppConfig):
    name = "heys"
    label = "heys"
    verbose_name = _("Hizmet Envanteri Yönetim Sistemi")
