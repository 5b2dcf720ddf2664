"""What only the central administrator does: opening a reorganisation, correcting entries."""

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

from detsis import selectors, services
from detsis.models import ChangeKind, UnitChange
from detsis.officer.forms import ChangeForm, CorrectionForm, DecisionForm, FileForm, facts_on
from detsis.officer.views.base import WORK
from detsis.wording import Told, tell
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
        return self.refuse(form=form)


class EntryPage(OfficerPage):
    """Pages about a recorded entry that stands; the central administrator only."""

    roles = (Role.CENTRAL_ADMINISTRATOR,)

    def get_change(self) -> UnitChange:
        if "change" not in self.__dict__:
            changes = UnitChange.objects.filter(voids__isnull=True, voided_by__isnull=True)
            self.__dict__["change"] = get_object_or_404(
                changes.select_related("unit").prefetch_related("successions"),
                pk=self.kwargs["pk"],
            )
        found: UnitChange = self.__dict__["change"]
        return found

    def get_told(self) -> Told:
        return tell([self.get_change()])[0]

    def get_trail(self) -> list[tuple[Text, str]]:
        unit = self.get_change().unit
        return [(WORK, reverse("detsis:work")), (unit.name, unit.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = self.get_change()
        back = f"{change.unit.get_absolute_url()}#degisiklik-{change.pk}"
        return super().get_context_data(
            change=change,
            told=self.get_told(),
            path=selectors.path(change.unit_id),
            back=back,
            **kwargs,
        )


class Void(EntryPage):
    """Taking an entry back."""

    template_name = "detsis/officer/void.html"
    title = _("Kaydı geri al")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", DecisionForm())
        return super().get_context_data(**kwargs)

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
        return self.refuse(form=form)


class Correct(EntryPage):
    """Replacing a wrong entry by a right one of the same kind."""

    template_name = "detsis/officer/correct.html"
    title = _("Kaydı düzelt")

    def make_change(self, data: Any = None) -> ChangeForm:
        wrong = self.get_change()
        founding = wrong.kind in (ChangeKind.FOUNDED, ChangeKind.REGISTERED)
        version = None
        if not founding:
            version = selectors.version_on(wrong.unit_id, wrong.effective_on)
        return ChangeForm(
            data,
            kind=wrong.kind,
            unit=wrong.unit_id,
            facts=facts_on(version, wrong.before),
            given=wrong.assignments,
            successors=[row.successor_id for row in wrong.successions.all()],
            person=self.person,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initial = {"effective_on": self.get_change().effective_on}
        kwargs.setdefault("change_form", self.make_change())
        kwargs.setdefault("form", CorrectionForm(initial=initial))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wrong = self.get_change()
        change, form = self.make_change(request.POST), CorrectionForm(request.POST)
        if change.wants_more:
            return self.render_to_response(self.get_context_data(change_form=change, form=form))
        if all([change.is_valid(), form.is_valid()]):
            try:
                item = change.item()
                services.correct_change(
                    change=wrong,
                    actor=self.person,
                    reason=form.cleaned_data["reason"],
                    effective_on=form.cleaned_data["effective_on"],
                    assignments=dict(item.assignments),
                    successors=[int(number) for number in item.successors],
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(change, error)
            else:
                messages.success(
                    request, gettext("Kayıt düzeltildi; yanlış olanı geçmişte düzeltilmiş görünür.")
                )
                return redirect(wrong.unit)
        return self.refuse(change_form=change, form=form)
