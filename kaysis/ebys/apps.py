from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EbysConfig(AppConfig):
    name = "kaysis.ebys"
    label = "ebys"
    verbose_name = _("EBYS entegrasyonu")
