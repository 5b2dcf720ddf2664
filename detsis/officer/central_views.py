"""What only the central administrator does: opening a reorganisation, taking an entry back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis import services
from detsis.models import UnitChange
from detsis.officer.forms import DecisionForm, FileForm
from detsis.officer.views import WORK
from kaysis.accounts.models import Role
from kaysis.accounts.views.base import OfficerPage
from kaysis.common.errors import KaysisError, add_to_form
from kaysis.common.types import Text


class NewDecree(OfficerPage):
    """A reorganisation prepared by the centre: first its heading, then its items."""

    roles = (Role.CENTRAL_ADMINISTRATOR,)
    template_name = "detsis/officer/decree.html"
    title = _("Teşkilat düzenlemesi hazırla")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(WORK, reverse("detsis:work"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", FileForm(initial={"effective_on": timezone.localdate()}))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST)
        if form.is_valid():
            try:
                file = services.create_change_set(
                    actor=self.person, idempotency_key=form.cleaned_data["key"], **form.header()
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                return redirect(file)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Correct(OfficerPage):
    """Taking back a recorded entry; the central administrator only."""

    roles = (Role.CENTRAL_ADMINISTRATOR,)
    template_name = "detsis/officer/decision.html"
    title = _("Kaydı geri al")

    def get_change(self) -> UnitChange:
        changes = UnitChange.objects.filter(voids__isnull=True, voided_by__isnull=True)
        return get_object_or_404(changes.select_related("unit"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = self.get_change()
        kwargs.setdefault("form", DecisionForm())
        return super().get_context_data(
            change=change, verb=self.title, back=change.unit.get_absolute_url(), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, change = DecisionForm(request.POST), self.get_change()
        if form.is_valid():
            try:
                services.void_change(
                    change=change, actor=self.person, reason=form.cleaned_data["reason"]
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                messages.success(
                    request, gettext("Kayıt geri alındı; geçmişte görünmeye devam eder.")
                )
                return redirect(change.unit)
        return self.render_to_response(self.get_context_data(form=form), status=422)
