from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def _grant_app_role(using: str, **kwargs: Any) -> None:
    from kaysis.accounts.audit import privileges  # noqa: PLC0415 (needs the models)

    privileges.grant_app_role(using=using)


class AccountsConfig(AppConfig):
    name = "kaysis.accounts"
    label = "accounts"
    verbose_name = _("Kişiler ve yetkiler")

    def ready(self) -> None:
        # New tables come with the rights of the application's role, whoever migrates.
        post_migrate.connect(_grant_app_role, sender=self)
