"""Out to the gateway, and back with a code."""

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from kaysis.accounts.methods import attempts, edevlet
from kaysis.accounts.methods.admission import admit, turn_away
from kaysis.accounts.methods.edevlet import gateway
from kaysis.accounts.methods.outgoing import Unreachable
from kaysis.accounts.views.safe_next import next_url

log = structlog.get_logger("kaysis.accounts.edevlet")
METHOD = edevlet.METHOD


@require_GET
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """GET `next`: to the gateway, with a state that only this browser's session knows."""
    if not METHOD.available():
        raise Http404
    following = next_url(request)
    if request.user.is_authenticated:
        return redirect(following)
    state = attempts.begin(request, METHOD.key, next=following)
    return redirect(gateway.authorization_url(state=state, redirect_uri=_callback_address(request)))


@require_GET
@never_cache
@sensitive_variables("code", "identity")
def callback(request: HttpRequest) -> HttpResponse:
    """GET `state` and `code` (or `error`): whoever the gateway vouches for is signed in."""
    if not METHOD.available():
        raise Http404
    try:
        attempt = attempts.take(request, METHOD.key, request.GET.get("state", ""))
    except attempts.Invalid as error:
        return turn_away(request=request, method=METHOD.key, reason=error.reason)
    following = attempt.data["next"]
    try:
        if "error" in request.GET:
            raise gateway.Refused("cancelled")
        code = request.GET.get("code", "")
        identity = gateway.identify(code=code, redirect_uri=_callback_address(request))
    except (gateway.Refused, Unreachable) as error:
        reason = getattr(error, "reason", "unreachable")
        if reason == "unreachable":
            log.error("edevlet_unreachable", error=str(error))
        return turn_away(request=request, method=METHOD.key, reason=reason, next_url=following)
    return admit(
        request=request,
        method=METHOD.key,
        national_id=identity.national_id,
        given_name=identity.given_name,
        family_name=identity.family_name,
        next_url=following,
    )


def _callback_address(request: HttpRequest) -> str:
    """As it is registered at the gateway; `ALLOWED_HOSTS` decides which hosts there can be."""
    return request.build_absolute_uri(reverse("accounts:edevlet_callback"))
