from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KmaConfig(AppConfig):
    name = "kma"
    label = "kma"
    verbose_name = _("Kamu Memnuniyet Anketi")
