"""Language and theme: two choices kept in two plain cookies, set by a form without JavaScript."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

THEME_COOKIE = "tema"
THEMES = ("light", "dark", "auto")
YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest) -> str:
    """The chosen theme; "auto" (follow the device) when nothing valid was chosen."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def _back_to(request: HttpRequest) -> str:
    """The page the form was on. The referrer comes first: a list that was filtered in place has
    changed its address since the form was printed."""
    for url in (request.headers.get("Referer"), request.POST.get("next")):
        if url and url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return url
    return "/"


@never_cache
@require_POST
@csrf_exempt
def set_preferences(request: HttpRequest) -> HttpResponse:
    """POST `language` and/or `theme`; back to the page it came from.

    Without a CSRF token on purpose: the switch is on every page, and a token there would set a
    cookie on every visitor and make every page private. A foreign site could at most change the
    language somebody reads in, and even that is refused where the browser says who asks.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return HttpResponse(status=403)
    response = HttpResponseRedirect(_back_to(request))
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if language and check_for_language(language) and language in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    if theme in THEMES:
        _remember(response, THEME_COOKIE, theme)
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    # Not HttpOnly: the theme button repaints at once and writes the same cookie itself.
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
