"""Ending, correcting and withdrawing appointments; absences."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from iyem import services
from iyem.models import AbsenceState, Appointment, AppointmentState, Slot
from iyem.officer import correcting
from iyem.officer.forms import (
    AbsenceForm,
    ChangeAbsenceForm,
    CorrectForm,
    EndForm,
    ReasonForm,
)
from iyem.officer.forms.acts import SUCCESSOR, VACANT
from iyem.officer.forms.register import titles_in_use
from iyem.officer.views.base import AbsenceFormPage, AppointmentFormPage, asks_for_preview


def dependants(appointment: Appointment) -> dict[str, Any]:
    """Proxies and absences that end, or are withdrawn, with an appointment."""
    proxies = (
        AppointmentState.objects.current()
        .filter(appointment__represents=appointment, validity__isempty=False)
        .select_related("manager__person", "appointment")
    )
    absences = (
        AbsenceState.objects.current()
        .filter(appointment=appointment, validity__isempty=False)
        .select_related("absence")
    )
    now = timezone.now()
    return {
        "proxies": proxies.filter(validity__endswith__gt=now),
        "absences": absences.filter(validity__endswith__gt=now),
    }


class EndAppointment(AppointmentFormPage):
    """The manager leaves; then the successor is registered or the post stays vacant."""

    title = _("Görevi bitir")

    def make_form(self, *data: Any) -> EndForm:
        stands_in = self.appointment.represents_id is not None
        return EndForm(data[0] if data else None, stands_in=stands_in)

    def perform(self, form: Any) -> str:
        given = form.cleaned_data
        succeeded = given.get("after") == SUCCESSOR
        services.end_appointment(
            actor=self.person,
            appointment=self.appointment,
            ends_at=given["ends_at"],
            reason=given["reason"],
            left_vacant=given.get("after") == VACANT,
        )
        self.done(
            gettext("%(name)s: görev bitişi kaydedildi.")
            % {"name": self.appointment.manager.person.full_name}
        )
        if not succeeded:
            return self.back()
        query: dict[str, str | int] = {
            "birim": self.unit.pk,
            "sira": self.appointment.post.ordinal,
            "baslangic": timezone.localtime(given["ends_at"]).strftime("%Y-%m-%dT%H:%M"),
            "unvan": self.state.title,
        }
        return f"{reverse('iyem:register')}?{urlencode(query)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=_("Görev süresini aşan izinler ve vekâletler de bu anda sona erer."),
            danger=True,
            **dependants(self.appointment),
            **kwargs,
        )


class CorrectAppointment(AppointmentFormPage):
    """What was recorded wrongly is set right; the wrong entry stays in the history."""

    template_name = "iyem/officer/correct.html"
    title = _("Kaydı düzelt")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asks_for_preview(request):
            self.unit  # noqa: B018 — refuses before anything is shown
            shown = self._preview(self.make_form(request.POST))
            return render(request, "iyem/officer/correct_preview.html", {"preview": shown})
        return super().post(request, *args, **kwargs)

    def _preview(self, form: CorrectForm) -> correcting.Correction:
        return correcting.preview(appointment=self.appointment, state=self.state, form=form)

    def make_form(self, *data: Any) -> CorrectForm:
        state = self.state
        initial: dict[str, Any] = {"title": state.title, "legal_ground": state.legal_ground}
        if not state.withdrawn:
            initial |= {"starts_at": state.validity.lower, "ends_at": state.validity.upper}
        return CorrectForm(*data[:1], initial=initial)

    def perform(self, form: Any) -> str:
        given = form.cleaned_data
        services.correct_appointment(
            actor=self.person,
            appointment=self.appointment,
            reason=given["reason"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            open_end=given["ends_at"] is None,
            title=given["title"],
            legal_ground=given["legal_ground"],
        )
        self.done(_("Düzeltme kaydedildi."))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            lead=_(
                "Yanlış kayıt silinmez: birimin geçmişinde, düzeltildiği an ve gerekçesiyle durur."
            ),
            titles=titles_in_use(),
            **kwargs,
        )
        form = context["form"]
        shown = self._preview(form) if form.is_bound else correcting.Correction()
        return {**context, "preview": shown}


class WithdrawAppointment(AppointmentFormPage):
    """It never was."""

    title = _("Kaydı geri al")

    def make_form(self, *data: Any) -> ReasonForm:
        return ReasonForm(*data[:1])

    def perform(self, form: Any) -> str:
        services.withdraw_appointment(
            actor=self.person,
            appointment=self.appointment,
            reason=form.cleaned_data["reason"],
        )
        self.done(_("Kayıt geri alındı."))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=_(
                "Hiç olmamış sayılır; ona bağlı izinler ve vekâletler de geri alınır. Biten bir "
                "görev için “Görevi bitir” kullanılır."
            ),
            danger=True,
            **dependants(self.appointment),
            **kwargs,
        )


class RecordAbsence(AppointmentFormPage):
    """Leave or travel of the holder."""

    title = _("İzin ya da görevlendirme kaydet")

    def make_form(self, *data: Any) -> AbsenceForm:
        return AbsenceForm(*data[:1])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.state.slot == Slot.DELEGATE or self.appointment.represents_id is not None:
            raise Http404
        return response

    def perform(self, form: Any) -> str:
        absence = services.record_absence(
            actor=self.person, appointment=self.appointment, **form.cleaned_data
        )
        self.done(_("Ayrılış kaydedildi. Şimdi vekilini kaydedebilirsiniz."))
        if self.appointment.kind != "substantive":
            return self.back()
        query = {"sira": self.appointment.post.ordinal, "izin": absence.pk}
        return f"{reverse('iyem:proxy', args=[self.unit.pk])}?{urlencode(query)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=_("Bu sürede yönetici imza atamaz; yerine vekili imza atar."), **kwargs
        )


class ChangeAbsence(AbsenceFormPage):
    """An earlier return or a longer leave."""

    title = _("Ayrılışı değiştir")

    def make_form(self, *data: Any) -> ChangeAbsenceForm:
        away = self.away
        initial: dict[str, Any] = {}
        if not away.withdrawn:
            initial = {"starts_at": away.validity.lower, "ends_at": away.validity.upper}
        return ChangeAbsenceForm(data[0] if data else None, initial=initial)

    def perform(self, form: Any) -> str:
        services.change_absence(actor=self.person, absence=self.absence, **form.cleaned_data)
        self.done(_("Ayrılış değiştirildi."))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=_("Sürenin dışında kalan vekâlet de kısalır."), **kwargs
        )


class WithdrawAbsence(AbsenceFormPage):
    """The leave was cancelled, or recorded by mistake."""

    title = _("Ayrılışı geri al")

    def make_form(self, *data: Any) -> ReasonForm:
        return ReasonForm(*data[:1])

    def perform(self, form: Any) -> str:
        services.withdraw_absence(
            actor=self.person, absence=self.absence, reason=form.cleaned_data["reason"]
        )
        self.done(_("Ayrılış geri alındı."))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=_("Bu ayrılışa dayanan vekâlet de geri alınır."), danger=True, **kwargs
        )
