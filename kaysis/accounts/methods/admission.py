"""The end of every way of signing in: somebody is let in, or turned away without being told why.

Why is on record (`FailedSignIn`). What people read tells apart only what they can do something
about: wait, try again, or ask for an account.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.models import Person
from kaysis.accounts.services import record_failure, sign_in
from kaysis.common import turkish

REFUSED = _(
    "Giriş yapılamadı: kimliğiniz doğrulanamadı ya da portalda açık bir hesabınız yok. Hesabınız "
    "olması gerekiyorsa kurumunuzun yetkilisine başvurun."
)
AGAIN = _("Giriş işleminin süresi doldu ya da işlem bu tarayıcıda başlatılmadı. Yeniden deneyin.")
NOTICES = {
    "state": AGAIN,
    "expired": AGAIN,
    "cancelled": _("Giriş tamamlanmadı: işlemden vazgeçildi."),
    "unreachable": _("Giriş yöntemine şu anda ulaşılamıyor. Biraz sonra yeniden deneyin."),
    "revocation_unknown": _(
        "Sertifikanızın iptal edilip edilmediği şu anda sorulamıyor. Biraz sonra yeniden deneyin."
    ),
    "too_often": _("Kısa sürede çok sayıda giriş denendi. On dakika sonra yeniden deneyin."),
}


def admit(
    *,
    request: HttpRequest,
    method: str,
    national_id: str,
    given_name: str,
    family_name: str,
    next_url: str,
) -> HttpResponse:
    """Open a session for the person whom `method` has proved, if the portal knows them.

    The names are those the method vouches for. A marriage or a court changes one of them, never
    all: where none is the same, the number does not belong to whom it seems to.
    """
    try:
        person = Person.objects.by_national_id(national_id)
    except Person.DoesNotExist:
        return turn_away(request=request, method=method, reason="unknown_person", next_url=next_url)
    if not _words(given_name, family_name) & _words(person.given_name, person.family_name):
        return turn_away(
            request=request, method=method, reason="other_name", next_url=next_url, person=person
        )
    try:
        sign_in(request=request, person=person, method=method)
    except PermissionDenied:  # which is on record already
        return _back(request, REFUSED, next_url)
    return redirect(next_url)


def turn_away(
    *,
    request: HttpRequest,
    method: str,
    reason: str,
    next_url: str = "",
    person: Person | None = None,
) -> HttpResponse:
    """Record why, and go back to the sign-in page; `person` only if it is proved who it was."""
    record_failure(request=request, method=method, reason=reason, person=person)
    return _back(request, NOTICES.get(reason, REFUSED), next_url)


def _back(request: HttpRequest, notice: object, next_url: str) -> HttpResponse:
    messages.error(request, str(notice))
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    return redirect(resolve_url("accounts:sign_in") + query)


def _words(*names: str) -> set[str]:
    return set(turkish.fold(" ".join(names)).split())
