from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DetsisConfig(AppConfig):
    name = "detsis"
    label = "detsis"
    verbose_name = _("Devlet Teşkilatı Merkezi Kayıt Sistemi")
