"""One click, and one is somebody who does not exist."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from kaysis.accounts.models import Person
from kaysis.accounts.services import sign_in
from kaysis.accounts.views.safe_next import next_url


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """POST `person` (public id), `next`. Only people made as demo people can be chosen."""
    if not settings.DEMO_SIGN_IN:
        raise Http404
    try:
        chosen = UUID(request.POST.get("person", ""))
    except ValueError:
        raise Http404 from None
    person = get_object_or_404(Person, is_demo=True, is_active=True, public_id=chosen)
    sign_in(request=request, person=person, method="demo")
    return redirect(next_url(request))
