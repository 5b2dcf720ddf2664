"""The page where a text is signed, and what comes of the signature."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kaysis.accounts import pki
from kaysis.accounts.methods.eimza import METHOD, challenge
from kaysis.accounts.methods.eimza.challenge import Challenge
from kaysis.accounts.methods.eimza.forms import SignatureForm
from kaysis.accounts.models import Person
from kaysis.accounts.services import record_failure, sign_in
from kaysis.accounts.views.safe_next import next_url

View = Callable[[HttpRequest], HttpResponse]

# What somebody is told. Which check failed is written down, and not said: whoever holds a card
# they should not have learns nothing from it.
REFUSED = _(
    "İmza kabul edilmedi. Bu sayfadaki metni, geçerli bir nitelikli elektronik sertifikayla "
    "imzaladığınızdan emin olup yeniden deneyin."
)
STALE = _("İmzalanacak metnin süresi doldu ya da metin kullanıldı. Yeni metni imzalayın.")
UNCHECKED = _(
    "Sertifikanızın iptal edilip edilmediği şu anda sorulamıyor. Biraz sonra yeniden deneyin."
)
NOBODY = _(
    "İmzanız doğrulandı, ancak adınıza açık bir kullanıcı kaydı yok. Kurumunuzun yetkilisine "
    "başvurun."
)


def _for_visitors(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Only where e-imza is connected; the page may talk to the component, and to nothing else."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        if not METHOD.available():
            raise Http404
        component = settings.EIMZA_COMPONENT_URL.rstrip("/")
        return csp_update({"connect-src": ["'self'", component]})(view)(request)

    return checked


@never_cache
@require_http_methods(["GET", "POST"])
@_for_visitors
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
    given = challenge.current(request)
    if given is None or not METHOD.available():
        raise Http404
    response = HttpResponse(given.content, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="kaysis-giris.txt"'
    return response


def _come_in(request: HttpRequest) -> HttpResponse:
    form = SignatureForm(request.POST, request.FILES)
    given = challenge.current(request)
    if not form.is_valid():
        # Nothing was tried: the text is still good.
        return _page(request, given or challenge.issue(request, next_url(request)), form)
    given = challenge.take(request)
    if given is None:
        return _refuse(request, "stale_challenge", STALE)
    try:
        signer = pki.verify_signature(form.cleaned_data["cms"], given.content, timezone.now())
    except pki.Refused as refused:
        message = UNCHECKED if refused.code == "revocation_unknown" else REFUSED
        return _refuse(request, refused.code, message, given)
    try:
        person = Person.objects.by_national_id(signer.national_id)
    except Person.DoesNotExist:
        return _refuse(request, "unknown_person", NOBODY, given)
    try:
        sign_in(request=request, person=person, method=METHOD.key)
    except PermissionDenied:  # which has written it down
        return _again(request, NOBODY, given)
    return redirect(given.next_url)


def _refuse(
    request: HttpRequest, reason: str, message: Any, given: Challenge | None = None
) -> HttpResponse:
    record_failure(request=request, method=METHOD.key, reason=reason)
    return _again(request, message, given)


def _again(request: HttpRequest, message: Any, given: Challenge | None) -> HttpResponse:
    """The page with a new text, and above it why the last one did not do."""
    following = given.next_url if given else next_url(request)
    return _page(request, challenge.issue(request, following), SignatureForm(), message)


def _page(
    request: HttpRequest, given: Challenge, form: SignatureForm, message: Any = ""
) -> HttpResponse:
    context = {
        "challenge": given,
        "form": form,
        "message": message,
        "component": {
            "url": settings.EIMZA_COMPONENT_URL.rstrip("/"),
            "name": settings.EIMZA_COMPONENT_NAME,
            "page": settings.EIMZA_COMPONENT_PAGE,
        },
        "lifetime_minutes": challenge.LIFETIME_MINUTES,
    }
    status = 422 if message or form.errors else 200
    return render(request, "accounts/methods/eimza.html", context, status=status)
