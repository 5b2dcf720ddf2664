from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _grant_app_role(using: str, **kwargs: Any) -> None:
    from kaysis.accounts.audit import privileges  # noqa: PLC0415 (needs the models)

    privileges.grant_app_role(using=using)


def _open_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    from kaysis.accounts.services import sessions  # noqa: PLC0415 (needs the models)

    sessions.open_sign_in(request=request, person=user)


class AccountsConfig(AppConfig):
    name = "kaysis.accounts"
    label = "accounts"
    verbose_name = _("Kişiler ve yetkiler")

    def ready(self) -> None:
        from kaysis.accounts import checks, menu_entries  # noqa: PLC0415 (need the models)

        checks.refuse_misplaced_demo()
        checks.refuse_misplaced_counterparts()
        menu_entries.register()
        # New tables come with the rights of the application's role, whoever migrates.
        post_migrate.connect(_grant_app_role, sender=self)
        # Django's own signal, so that no way of logging in leaves no row.
        user_logged_in.connect(_open_sign_in)
