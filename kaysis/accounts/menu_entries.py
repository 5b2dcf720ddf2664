"""What the signed-in area's own list leads to."""

from django.utils.translation import gettext_lazy as _

from kaysis.accounts.permissions import is_central_administrator
from kaysis.common import menu


def register() -> None:
    """Called once, when the app is ready. Subsystems add theirs between home and account."""
    for entry in (
        menu.Entry(
            key="accounts.home",
            label=_("Başlangıç"),
            url_name="accounts:home",
            icon="home",
            order=0,
            place="account",
        ),
        menu.Entry(
            key="accounts.grants",
            label=_("Yetkiler"),
            url_name="accounts:grants",
            icon="shield",
            order=800,
            place="account",
            visible=lambda request: is_central_administrator(request.user),
        ),
        menu.Entry(
            key="accounts.notifications",
            label=_("Bildirimler"),
            url_name="accounts:notifications",
            icon="mail",
            order=900,
            place="account",
        ),
        menu.Entry(
            key="accounts.account",
            label=_("Hesabım"),
            url_name="accounts:account",
            icon="user",
            order=910,
            place="account",
        ),
    ):
        menu.register(entry)
