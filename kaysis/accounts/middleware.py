"""Ends sessions that are too old, idle, or ended from elsewhere."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.models.access import SignInEnd
from kaysis.accounts.services.sessions import check_session

NOTICES = {
    SignInEnd.IDLE: _("Uzun süre işlem yapmadığınız için oturumunuz kapatıldı."),
    SignInEnd.TOO_OLD: _("Oturum süreniz doldu. Devam etmek için yeniden giriş yapın."),
    SignInEnd.ENDED_ELSEWHERE: _("Bu oturum başka bir cihazdan sonlandırıldı."),
    SignInEnd.REVOKED: _("Yetkilerinizdeki bir değişiklik nedeniyle oturumunuz kapatıldı."),
}


class SessionGuard:
    """Stands after MessageMiddleware, so that whoever is put out learns why, and before anything
    asks for `request.user`: Django would end a session of an older epoch without a word.

    A visitor without a session costs nothing; a signed-in request costs one query, and one UPDATE
    a minute.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            over = check_session(request=request)
            if over is not None:
                auth.logout(request)
                messages.warning(request, NOTICES.get(over, NOTICES[SignInEnd.REVOKED]))
        return self.get_response(request)
