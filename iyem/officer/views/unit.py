"""The desk of one unit: posts and who holds them, the calendar, the history; and deputies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis import selectors as detsis_selectors
from detsis.models import Unit
from iyem import selectors, services
from iyem.models import AbsenceState, AppointmentState, DeputyLink, Post, PostKind
from iyem.officer import calendar, history
from iyem.officer.forms.deputies import LinkForm
from iyem.officer.views.base import DeskPage, FormPage, UnitFormPage
from kaysis.common.errors import KaysisError

ENTRIES_ON_A_PAGE = 25
PARTS = {"": _("Makamlar"), "takvim": _("Takvim"), "gecmis": _("Geçmiş")}


class UnitDesk(DeskPage):
    """What a unit has, one part at a time."""

    template_name = "iyem/officer/unit.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._unit: Unit | None = None

    @property
    def unit(self) -> Unit:
        if self._unit is None:
            self._unit = self.unit_or_refuse(self.kwargs["detsis_no"])
        return self._unit

    def get_title(self) -> str:
        return self.unit.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit, part = self.unit, self.request.GET.get("bolum", "")
        if part not in PARTS:
            raise Http404
        start = reverse("iyem:desk-unit", args=[unit.pk])
        parts = [
            (text, f"{start}?bolum={name}" if name else start, name == part)
            for name, text in PARTS.items()
        ]
        context = {
            "": self._posts,
            "takvim": self._calendar,
            "gecmis": self._history,
        }[part]()
        return super().get_context_data(
            unit=unit,
            path=detsis_selectors.path(unit.pk)[:-1],
            part=part,
            parts=parts,
            **context,
            **kwargs,
        )

    def _posts(self) -> dict[str, Any]:
        chairs = selectors.chairs_of([self.unit.pk]).get(self.unit.pk, [])
        deputies = selectors.deputies_of(self.unit.pk) if len(chairs) > 1 else {}
        coming = (
            AppointmentState.objects.current()
            .filter(unit=self.unit, validity__startswith__gt=timezone.now())
            .select_related("manager__person", "post", "appointment")
            .order_by("validity")
        )
        away = (
            AbsenceState.objects.current()
            .filter(appointment__post__unit=self.unit, validity__startswith__gt=timezone.now())
            .select_related("absence", "manager__person", "appointment")
            .order_by("validity")
        )
        has_head = any(chair.post.ordinal == 0 for chair in chairs)
        last = self._last_states([chair.post.pk for chair in chairs if not chair.holder])
        return {
            "chairs": [
                {
                    "chair": chair,
                    "units": deputies.get(chair.post.pk, []),
                    "last": last.get(chair.post.pk),
                }
                for chair in chairs
            ],
            "has_head": has_head,
            "coming": coming,
            "coming_absences": away,
            "legacy": selectors.legacy_names_of(self.unit),
            "may_have_deputies": may_have_deputies(self.unit, chairs),
        }

    def _last_states(self, posts: list[int]) -> dict[int, AppointmentState]:
        """Post without holder → whoever held it last."""
        states = (
            AppointmentState.objects.current()
            .filter(post__in=posts, slot="holder", validity__endswith__lte=timezone.now())
            .select_related("manager__person")
            .order_by("post_id", "-validity__endswith")
            .distinct("post_id")
        )
        return {state.post_id: state for state in states} if posts else {}

    def _calendar(self) -> dict[str, Any]:
        first = _first_day(self.request.GET.get("ay", ""))
        posts = list(Post.objects.filter(unit=self.unit).order_by("ordinal"))
        chosen = self.request.GET.get("makam", "0")
        post = next((each for each in posts if str(each.ordinal) == chosen), None)
        post = post or next(iter(posts), None)
        states = (
            AppointmentState.objects.current()
            .filter(post=post)
            .select_related("appointment", "manager__person")
        )
        absences = AbsenceState.objects.current().filter(appointment__post=post)
        weeks = calendar.month(calendar.terms(states, absences) if post else [], first)
        return {
            "weeks": weeks,
            "first": first,
            "before": first - dt.timedelta(days=1),
            "after": (first + dt.timedelta(days=32)).replace(day=1),
            "posts": posts,
            "post": post,
            "ordinal": post.ordinal if post else 0,
            "today": timezone.localdate(),
        }

    def _history(self) -> dict[str, Any]:
        pages = Paginator(history.of_unit(self.unit), ENTRIES_ON_A_PAGE)
        return {"page_obj": pages.get_page(self.request.GET.get("sayfa"))}


def may_have_deputies(unit: Unit, chairs: list[selectors.Chair]) -> bool:
    """Institutions and civil authorities have deputies (rule 14), and whoever has some already."""
    return (
        unit.is_institution
        or any(chair.post.kind == PostKind.DEPUTY for chair in chairs)
        or unit.subordinate_units.exists()
    )


def _first_day(text: str) -> dt.date:
    try:
        day = parse_date(f"{text}-01") if text else None
    except ValueError:
        day = None
    day = day or timezone.localdate()
    # The month before and after must exist.
    if not 1900 < day.year < 2200:
        day = timezone.localdate()
    return day.replace(day=1)


class Deputies(UnitFormPage):
    """The deputies of the head, and the first-level units under each (rule 14)."""

    template_name = "iyem/officer/deputies.html"
    title = _("Amir yardımcıları ve bağlı birimler")

    def make_form(self, *data: Any) -> LinkForm:
        return LinkForm(*data[:1], unit=self.unit)

    def perform(self, form: Any) -> str:
        given = form.cleaned_data
        page = reverse("iyem:deputies", args=[self.unit.pk])
        with transaction.atomic():
            for unit in given["units"]:
                services.link_to_deputy(
                    actor=self.person,
                    unit=unit,
                    post=given["post"],
                    starts_on=given["starts_on"],
                    reason=given["reason"],
                )
        self.done(gettext("%(n)d birim ilişkilendirildi.") % {"n": len(given["units"])})
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.unit
        chairs = selectors.chairs_of([unit.pk]).get(unit.pk, [])
        linked = selectors.deputies_of(unit.pk)
        day = timezone.localdate()
        bound = DeputyLink.objects.filter(
            validity__contains=day, unit__in=first_level(unit).values("pk")
        )
        return super().get_context_data(
            deputies=[
                {"chair": chair, "units": linked.get(chair.post.pk, [])}
                for chair in chairs
                if chair.post.kind == PostKind.DEPUTY
            ],
            unbound=first_level(unit).exclude(pk__in=bound.values("unit")).order_by("name_sort"),
            **kwargs,
        )


def first_level(unit: Unit) -> Any:
    """The units a deputy may oversee: those directly below, and under a civil authority."""
    below = Unit.objects.filter(parent=unit) | Unit.objects.filter(civil_authority=unit)
    return below.filter(active=True, valid_from__isnull=False)


class Unlink(FormPage):
    """POST: from today on the unit answers to the head alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        links = DeputyLink.objects.select_related("post", "unit")
        link = links.filter(
            unit=self.kwargs["detsis_no"], validity__contains=today, validity__upper_inf=True
        ).first()
        if link is None:
            raise Http404
        over = self.unit_or_refuse(link.post.unit_id)
        try:
            services.unlink_from_deputy(actor=self.person, unit=link.unit, ends_on=today)
        except KaysisError as error:
            messages.error(request, str(error))
        else:
            self.done(_("Bağ sona erdi; birim doğrudan amire bağlı."))
        return redirect("iyem:deputies", over.pk)


class OpenDeputy(UnitFormPage):
    """POST: one more chair for a deputy; next its holder is registered."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        post = services.next_deputy_post(actor=self.person, unit=self.unit)
        return redirect(f"{reverse('iyem:register')}?birim={self.unit.pk}&sira={post.ordinal}")
