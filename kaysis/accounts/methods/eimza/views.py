"""The page where a text is signed, and what comes of the signature."""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kaysis.accounts import pki
from kaysis.accounts.methods import attempts
from kaysis.accounts.methods.admission import admit, turn_away
from kaysis.accounts.methods.eimza import METHOD, challenge
from kaysis.accounts.methods.eimza.challenge import Challenge
from kaysis.accounts.methods.eimza.forms import SignatureForm
from kaysis.accounts.views.safe_next import next_url

View = Callable[[HttpRequest], HttpResponse]


def _with_component(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Only where e-imza is connected; the page may talk to the component, and to nothing else."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        if not METHOD.available():
            raise Http404
        return csp_update({"connect-src": ["'self'", _component_url()]})(view)(request)

    return checked


@never_cache
@require_http_methods(["GET", "POST"])
@_with_component
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """GET: a new text to sign (`next`: where to go then). POST `signature` or `file`: come in."""
    if request.user.is_authenticated:
        return redirect(next_url(request))
    if request.method == "POST":
        return _come_in(request)
    return _page(request, challenge.issue(request, next_url(request)), SignatureForm())


@never_cache
@require_GET
def challenge_file(request: HttpRequest) -> HttpResponse:
    """The text this browser was given, to be signed with a program of one's own."""
    if not METHOD.available():
        raise Http404
    try:
        given = challenge.current(request)
    except attempts.Invalid:
        raise Http404 from None
    response = HttpResponse(given.content, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="kaysis-giris.txt"'
    return response


def _come_in(request: HttpRequest) -> HttpResponse:
    form = SignatureForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            # Nothing was tried: the text is still good.
            return _page(request, challenge.current(request), form)
        given = challenge.take(request)
    except attempts.Invalid as invalid:
        return turn_away(request=request, method=METHOD.key, reason=invalid.reason)
    try:
        signer = pki.verify_signature(form.cleaned_data["cms"], given.content, timezone.now())
    except pki.Refused as refused:
        return turn_away(
            request=request, method=METHOD.key, reason=refused.code, next_url=given.next_url
        )
    return admit(
        request=request,
        method=METHOD.key,
        national_id=signer.national_id,
        given_name=signer.given_name,
        family_name=signer.family_name,
        next_url=given.next_url,
    )


def _page(request: HttpRequest, given: Challenge, form: SignatureForm) -> HttpResponse:
    context = {
        "challenge": given,
        "form": form,
        "component": {
            "url": _component_url(),
            "name": settings.EIMZA_COMPONENT_NAME,
            "page": settings.EIMZA_COMPONENT_PAGE,
        },
        "lifetime_minutes": challenge.LIFETIME_MINUTES,
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/methods/eimza.html", context, status=status)


def _component_url() -> str:
    return settings.EIMZA_COMPONENT_URL.rstrip("/")
