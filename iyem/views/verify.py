"""`/imza-yetkisi/`: anybody checks whether a signature was authorised (rule 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detsis import selectors as detsis_selectors
from iyem import selectors
from iyem.authority import Answer, ask_one
from iyem.forms import VerificationForm
from iyem.models import Appointment, Manager


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and with a question in the address the answer and what it rests on."""
    asked = bool(request.GET)
    form = VerificationForm(request.GET if asked else None)
    context: dict[str, Any] = {
        "form": form,
        "breadcrumbs": [(_("İmza yetkisi doğrulama"), None)],
    }
    status = 200
    if asked and form.is_valid():
        given = form.cleaned_data
        answer = ask_one(
            int(given["unit"]), int(given["manager_code"]), given["at"], given["known_at"]
        )
        context |= {"answer": answer, **_behind(answer)}
    elif asked:
        status = 422
    return render(request, "iyem/verify.html", context, status=status)


def _behind(answer: Answer) -> dict[str, Any]:
    """Who and what the answer is about, as far as it is public, and its evidence."""
    question = answer.question
    manager = (
        Manager.objects.select_related("person").filter(manager_code=question.manager_code).first()
    )
    found: dict[str, Any] = {
        "path": detsis_selectors.path(question.unit),
        "manager": manager,
        "api_url": (
            f"{reverse('iyem:api-signing-authority')}?unit={question.unit}"
            f"&manager_code={question.manager_code}"
            f"&at={_utc(question.at)}"
            + (f"&known_at={_utc(question.known_at)}" if question.known_at else "")
        ),
    }
    if answer.appointment is not None:
        appointment = Appointment.objects.select_related("post", "represents__manager__person").get(
            pk=answer.appointment
        )
        found |= {"appointment": appointment, "records": selectors.record_of(appointment)}
    return found


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
