"""The one screen that registers a manager, and the one that registers who stands for one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from iyem import selectors
from iyem.models import AbsenceState, AppointmentKind, Manager, Post
from iyem.officer import placing
from iyem.officer.fields import among
from iyem.officer.forms import ProxyForm, RegisterForm
from iyem.officer.forms.register import titles_in_use
from iyem.officer.people import written
from iyem.officer.views.base import FormPage, UnitFormPage, asks_for_preview
from kaysis.common.types import Text


@method_decorator(sensitive_post_parameters("who"), name="dispatch")
class Register(FormPage):
    """A manager for a post: person, unit, title, range, ground; with a preview while typing.

    `?birim=` and further parameters of the address fill the form in for a successor; `?donus=` is
    the list of the area that one came from, and goes back to.
    """

    template_name = "iyem/officer/register.html"
    title = _("Yönetici kaydet")

    def make_form(self, *data: Any) -> RegisterForm:
        return RegisterForm(*data[:1], person=self.person, initial=self._initial())

    @property
    def came_from(self) -> str:
        """An address within the area; blank for none, or for one that leads elsewhere."""
        wanted = self.request.GET.get("donus", "")
        inside = wanted.startswith(reverse("iyem:work"))
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return wanted if inside and safe else ""

    def get_trail(self) -> list[tuple[Text, str]]:
        back = self.came_from
        return [*super().get_trail(), *([(_("Geldiğiniz liste"), back)] if back else [])]

    def _initial(self) -> dict[str, Any]:
        asked = self.request.GET
        initial: dict[str, Any] = {}
        if (number := asked.get("birim", "")).isdecimal() and len(number) == 8:
            unit = among(self.person).filter(pk=int(number)).first()
            if unit is not None:
                initial["unit"] = unit
        if (ordinal := asked.get("sira", "")).isdecimal() and len(ordinal) < 3:
            initial["ordinal"] = int(ordinal)
        if asked.get("tur") == AppointmentKind.ACTING_VACANT:
            initial["kind"] = AppointmentKind.ACTING_VACANT
        if moment := _moment(asked.get("baslangic", "")):
            initial["starts_at"] = moment
        if (code := asked.get("yonetici", "")).isdecimal() and len(code) == 8:
            found = Manager.objects.select_related("person").filter(manager_code=int(code)).first()
            initial["who"] = written(found) if found else ""
        if title := asked.get("unvan", ""):
            initial["title"] = title[:200]
        return initial

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asks_for_preview(request):
            shown = placing.preview(actor=self.person, form=self.make_form(request.POST))
            return render(request, "iyem/officer/preview.html", {"preview": shown})
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        given = form.cleaned_data
        appointment = placing.register(actor=self.person, given=given)
        self.done(
            gettext("%(name)s kaydedildi: %(title)s, %(unit)s. T.C. Yönetici Kodu %(code)s.")
            % {
                "name": appointment.manager.person.full_name,
                "title": given["title"],
                "unit": given["unit"].name,
                "code": appointment.manager.manager_code,
            }
        )
        if "yeni" in self.request.POST:
            back = self.came_from
            start = reverse("iyem:register")
            return f"{start}?{urlencode({'donus': back})}" if back else start
        return self.came_from or reverse("iyem:desk-unit", args=[given["unit"].pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(titles=titles_in_use(), **kwargs)
        form = context["form"]
        shown = placing.Preview()
        if form.is_bound or form.initial.get("unit"):
            shown = placing.preview(actor=self.person, form=form) if form.is_bound else shown
        return {**context, "preview": shown, "back": self.came_from or reverse("iyem:work")}


@method_decorator(sensitive_post_parameters("who"), name="dispatch")
class RegisterProxy(UnitFormPage):
    """Somebody who acts for the holder of a post of the unit, or signs by delegation."""

    template_name = "iyem/officer/proxy.html"
    title = _("Vekâlet ya da imza yetkisi devri")

    @property
    def ordinal(self) -> int:
        text = self.request.GET.get("sira", "0")
        if not text.isdecimal() or len(text) > 2:
            raise Http404
        return int(text)

    def make_form(self, *data: Any) -> ProxyForm:
        return ProxyForm(*data[:1], unit=self.unit, initial=self._initial())

    def _initial(self) -> dict[str, Any]:
        """For an absence that is on record: just its time."""
        number = self.request.GET.get("izin", "")
        if not number.isdecimal() or len(number) > 18:
            return {}
        away = (
            AbsenceState.objects.current()
            .filter(absence_id=int(number), appointment__post__unit=self.unit)
            .first()
        )
        if away is None or away.withdrawn:
            return {}
        starts = max(away.validity.lower, timezone.now().replace(second=0, microsecond=0))
        return {"starts_at": starts, "ends_at": away.validity.upper}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asks_for_preview(request):
            shown = placing.preview(
                actor=self.person,
                form=self.make_form(request.POST),
                unit=self.unit,
                ordinal=self.ordinal,
            )
            return render(request, "iyem/officer/preview.html", {"preview": shown})
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        given = form.cleaned_data
        appointment = placing.register_proxy(
            actor=self.person, unit=self.unit, ordinal=self.ordinal, given=given
        )
        self.done(
            gettext("%(name)s kaydedildi: %(kind)s.")
            % {
                "name": appointment.manager.person.full_name,
                "kind": appointment.get_kind_display(),
            }
        )
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(titles=titles_in_use(), **kwargs)
        form = context["form"]
        chairs = selectors.chairs_of([self.unit.pk]).get(self.unit.pk, [])
        shown = placing.Preview(unit=self.unit)
        if form.is_bound:
            shown = placing.preview(
                actor=self.person, form=form, unit=self.unit, ordinal=self.ordinal
            )
        post = Post.objects.filter(unit=self.unit, ordinal=self.ordinal).first()
        return {
            **context,
            "preview": shown,
            "ordinal": self.ordinal,
            "chair": next((chair for chair in chairs if chair.post == post), None),
        }


def _moment(text: str) -> dt.datetime | None:
    """`2026-11-24T10:00` in the portal's time zone."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found
