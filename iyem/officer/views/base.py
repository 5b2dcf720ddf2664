"""What the pages of the desk share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis import selectors as detsis_selectors
from detsis.models import Unit
from iyem.models import Absence, AbsenceState, Appointment, AppointmentState
from iyem.permissions import may_register
from kaysis.accounts.models import Role
from kaysis.accounts.views.base import OfficerPage
from kaysis.common.errors import KaysisError, NotAllowed, add_to_form
from kaysis.common.types import Text

ROLES = (Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR, Role.CENTRAL_ADMINISTRATOR)
DESK = _("İYEM masası")
PREVIEW = "onizleme"


def asks_for_preview(request: HttpRequest) -> bool:
    """Whether htmx asks for the preview beside the form, which is still being filled in."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and htmx.target == PREVIEW


class DeskPage(OfficerPage):
    """A page below the start page of the desk."""

    roles: Collection[Role | str] = ROLES

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(DESK, reverse("iyem:work"))]

    def unit_or_refuse(self, number: int) -> Unit:
        """The unit; Http404 where there is none, PermissionDenied outside the officer's scope."""
        units = Unit.objects.visible_to(self.person)
        unit: Unit = get_object_or_404(units, pk=number)
        if not may_register(self.person, unit.pk):
            raise PermissionDenied(gettext("Bu birim görev alanınızda değil."))
        return unit


class FormPage(DeskPage):
    """A page with one form: errors at their fields with 422, else on to the next page."""

    def make_form(self, *data: Any) -> Any:
        raise NotImplementedError

    def perform(self, form: Any) -> str:
        """Do it; returns the address of the next page. May raise what services raise."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            kwargs["form"] = self.make_form()
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST, request.FILES)
        if form.is_valid():
            try:
                return redirect(self.perform(form))
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
        return self.refuse(form=form)

    def done(self, text: Text) -> None:
        messages.success(self.request, text)


class UnitFormPage(FormPage):
    """A form about one unit, which is given by the address."""

    template_name = "iyem/officer/act.html"

    @property
    def unit(self) -> Unit:
        if "unit" not in self.__dict__:
            self.__dict__["unit"] = self.unit_or_refuse(self.find_unit())
        found: Unit = self.__dict__["unit"]
        return found

    def find_unit(self) -> int:
        number: int = self.kwargs["detsis_no"]
        return number

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.unit  # noqa: B018 — refuses before anything else is looked up
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.unit  # noqa: B018
        return super().post(request, *args, **kwargs)

    def back(self) -> str:
        return reverse("iyem:desk-unit", args=[self.unit.pk])

    def get_trail(self) -> list[tuple[Text, str]]:
        return [*super().get_trail(), (self.unit.name, self.back())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            unit=self.unit,
            path=detsis_selectors.path(self.unit.pk)[:-1],
            back=self.back(),
            **kwargs,
        )


class AppointmentFormPage(UnitFormPage):
    """A form about one appointment."""

    @property
    def appointment(self) -> Appointment:
        if "appointment" not in self.__dict__:
            rows = Appointment.objects.select_related(
                "post__unit", "manager__person", "represents__manager__person"
            )
            self.__dict__["appointment"] = get_object_or_404(rows, pk=self.kwargs["pk"])
        found: Appointment = self.__dict__["appointment"]
        return found

    @property
    def state(self) -> AppointmentState:
        if "state" not in self.__dict__:
            self.__dict__["state"] = self.appointment.states.current().get()
        found: AppointmentState = self.__dict__["state"]
        return found

    def find_unit(self) -> int:
        return int(self.appointment.post.unit_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            appointment=self.appointment,
            state=self.state,
            gone=self.state.withdrawn,
            **kwargs,
        )


class AbsenceFormPage(AppointmentFormPage):
    """A form about one recorded absence."""

    @property
    def absence(self) -> Absence:
        if "absence" not in self.__dict__:
            rows = Absence.objects.select_related("appointment__post__unit", "appointment__manager")
            self.__dict__["absence"] = get_object_or_404(rows, pk=self.kwargs["pk"])
        found: Absence = self.__dict__["absence"]
        return found

    @property
    def appointment(self) -> Appointment:
        return self.absence.appointment

    @property
    def away(self) -> AbsenceState:
        found: AbsenceState = self.absence.states.current().get()
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        away = self.away
        return super().get_context_data(away=away, **kwargs) | {"gone": away.withdrawn}
