"""Two pages: whom to ask on which telephone, and waiting for the answer."""

from typing import Any

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_htmx.http import HttpResponseClientRedirect

from kaysis.accounts import cipher, pki
from kaysis.accounts.methods import attempts, mimza
from kaysis.accounts.methods.admission import admit, turn_away
from kaysis.accounts.methods.attempts import Attempt
from kaysis.accounts.methods.mimza import limits, service
from kaysis.accounts.methods.mimza.forms import AskForm
from kaysis.accounts.methods.mimza.text import code_of, display_of, new_text
from kaysis.accounts.methods.outgoing import Unreachable
from kaysis.accounts.views.safe_next import next_url

log = structlog.get_logger("kaysis.accounts.mimza")
METHOD = mimza.METHOD


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class Page(View):
    """Only where an operator is connected, and only for those who are not in yet."""

    http_method_names = ["get", "post", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "POST"):
            return self.http_method_not_allowed(request)
        if not METHOD.available():
            raise Http404
        if request.user.is_authenticated:
            return _go(request, redirect(next_url(request)))
        return super().dispatch(request, *args, **kwargs)


class Ask(Page):
    """GET, POST `next`: the form that makes a telephone ask."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, AskForm(), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AskForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        following = next_url(request)
        number = form.cleaned_data["telephone"]
        if limits.too_often(request, number):
            return turn_away(
                request=request, method=METHOD.key, reason="too_often", next_url=following
            )
        # Asked whether or not the portal knows the person: the answer would tell.
        text = new_text()
        operator = service.operators()[form.cleaned_data["operator"]]
        try:
            transaction = service.request_signature(
                operator, msisdn=number, text=text, display=display_of(text)
            )
        except (service.Refused, Unreachable) as error:
            return _turn_away(request, error, following)
        attempts.begin(
            request,
            METHOD.key,
            next=following,
            operator=operator.key,
            transaction=transaction,
            text=text,
            # To compare with, so as keyed hashes.
            telephone=cipher.fingerprint(number),
            national_id=cipher.fingerprint(form.cleaned_data["national_id"]),
        )
        return redirect("accounts:mimza_confirm")

    def _page(self, request: HttpRequest, form: AskForm, status: int) -> HttpResponse:
        context = {"form": form, "next": next_url(request)}
        return render(request, "accounts/methods/mimza.html", context, status=status)


class Confirm(Page):
    """GET: the code to compare. POST: has the person confirmed? Asked by the page every moment."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            attempt = attempts.current(request, METHOD.key)
        except attempts.Invalid:
            return redirect("accounts:mimza")
        context = {
            "code": code_of(attempt.data["text"]),
            "minutes": service.TELEPHONE_SECONDS // 60,
        }
        return render(request, "accounts/methods/mimza_confirm.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        return _go(request, self._ask(request))

    def _ask(self, request: HttpRequest) -> HttpResponse:
        following = ""
        try:
            attempt = attempts.current(request, METHOD.key)
            following = attempt.data["next"]
            signed = service.signature(_operator(attempt), attempt.data["transaction"])
            if signed is None:
                return _still_waiting(request)
            attempts.take(request, METHOD.key, attempt.token)
            signer = _signer(signed, attempt)
        except (attempts.Invalid, service.Refused, Unreachable) as error:
            attempts.drop(request, METHOD.key)
            return _turn_away(request, error, following)
        return admit(
            request=request,
            method=METHOD.key,
            national_id=signer.national_id,
            given_name=signer.given_name,
            family_name=signer.family_name,
            next_url=following,
        )


def _operator(attempt: Attempt) -> service.Operator:
    try:
        return service.operators()[attempt.data["operator"]]
    except KeyError:  # disconnected meanwhile
        raise service.Refused("operator") from None


def _signer(signed: service.Signed, attempt: Attempt) -> pki.Signer:
    """Who signed, if it is whoever asked for it, on their telephone; `service.Refused`."""
    if not _same(attempt.data["telephone"], signed.msisdn):
        raise service.Refused("other_telephone")
    content = attempt.data["text"].encode()
    try:
        signer = pki.verify_signature(signed.cms, content, timezone.now())
    except pki.Refused as error:
        raise service.Refused(error.code) from None
    if not _same(attempt.data["national_id"], signer.national_id):
        raise service.Refused("other_person")
    return signer


def _same(fingerprint: str, value: str) -> bool:
    return constant_time_compare(fingerprint, cipher.fingerprint(value))


def _still_waiting(request: HttpRequest) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]  # by HtmxMiddleware
        return HttpResponse(status=204)
    messages.info(request, _("İstek telefonunuzda henüz onaylanmadı."))
    return redirect("accounts:mimza_confirm")


def _turn_away(request: HttpRequest, error: Exception, following: str) -> HttpResponse:
    reason = getattr(error, "reason", "unreachable")
    if isinstance(error, Unreachable):
        log.error("mimza_unreachable", error=str(error))
    return turn_away(request=request, method=METHOD.key, reason=reason, next_url=following)


def _go(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer for the script that asks: it leaves the page instead of a part of it."""
    if request.htmx and isinstance(response, HttpResponseRedirect):  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(response.url)
    return response
