"""What waits for an editor; new instruments and their facts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.audit.history import history_of
from kaysis.accounts.permissions import is_central_administrator
from kaysis.accounts.views.base import OfficerPage
from kaysis.common.errors import KaysisError, add_to_form
from kaysis.common.types import Text
from kms import services
from kms.forms import InstrumentForm
from kms.models import STATUS_TONES, EditState, Instrument, Relation, TextVersion
from kms.permissions import ROLES, may_edit

WORK = _("Mevzuat kaydı")
LATEST = 30


class EditorPage(OfficerPage):
    """A page of the editors' area."""

    roles = ROLES

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(WORK, reverse("kms:work"))]


class InstrumentPage(EditorPage):
    """A page of one instrument. What one may not see is 404, what one may not change 403."""

    def get_instrument(self) -> Instrument:
        rows = Instrument.objects.visible_to(self.person).select_related("issuer")
        found = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not may_edit(self.person, found):
            raise PermissionDenied
        return found


def waiting_texts(person: Any) -> QuerySet[TextVersion]:
    """Own drafts, and what waits for a check by this person."""
    rows = TextVersion.objects.light().filter(instrument__in=Instrument.objects.editable_by(person))
    wanted = Q(state=EditState.DRAFT, created_by=person)
    if is_central_administrator(person):
        wanted |= Q(state=EditState.REVIEW)
    else:
        wanted |= Q(state=EditState.REVIEW) & ~Q(created_by=person)
    return rows.filter(wanted).select_related("instrument", "created_by").order_by("created_at")


class WorkList(EditorPage):
    """Texts that wait, and instruments that are not public yet."""

    title = WORK
    template_name = "kms/officer/work.html"

    def get_trail(self) -> list[tuple[Text, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Instrument.objects.editable_by(self.person)
        return super().get_context_data(
            waiting=waiting_texts(self.person),
            unpublished=own.filter(published=False).order_by("-created_at")[:LATEST],
            latest=own.filter(published=True).order_by("-updated_at", "-pk")[:LATEST],
            **kwargs,
        )


class _InstrumentFormPage(EditorPage):
    template_name = "kms/officer/form.html"

    def form(self, data: Any = None) -> InstrumentForm:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))


class NewInstrument(_InstrumentFormPage):
    """An instrument that is not public before its first text is."""

    title = _("Yeni mevzuat")

    def form(self, data: Any = None) -> InstrumentForm:
        return InstrumentForm(data, initial={"scope": "gazette"})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.refuse(form=form)
        try:
            made = services.record_instrument(actor=self.person, **form.facts())
            if form.cleaned_data["commencements"]:
                services.set_commencements(
                    actor=self.person, instrument=made, days=form.cleaned_data["commencements"]
                )
        except PermissionDenied:
            form.add_error(None, _("Yalnız kendi kurumunuzun mevzuatını kaydedebilirsiniz."))
            return self.refuse(form=form)
        except (KaysisError, ValidationError) as error:
            add_to_form(form, error)
            return self.refuse(form=form)
        return redirect("kms:new-text", made.pk)


class EditInstrument(InstrumentPage, _InstrumentFormPage):
    """Correct the facts of an instrument."""

    title = _("Künyeyi düzenle")

    def get_trail(self) -> list[tuple[Text, str]]:
        found = self.get_instrument()
        return [
            *super().get_trail(),
            (found.short_citation, reverse("kms:manage", args=[found.pk])),
        ]

    def form(self, data: Any = None) -> InstrumentForm:
        return InstrumentForm(data, instance=self.get_instrument())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.refuse(form=form)
        instrument = self.get_instrument()
        try:
            services.amend_instrument(
                actor=self.person,
                instrument=instrument,
                reason=form.cleaned_data["reason"],
                **form.facts(),
            )
            services.set_commencements(
                actor=self.person, instrument=instrument, days=form.cleaned_data["commencements"]
            )
        except (KaysisError, ValidationError) as error:
            add_to_form(form, error)
            return self.refuse(form=form)
        return redirect("kms:manage", instrument.pk)


class Manage(InstrumentPage):
    """Everything an editor does with one instrument."""

    template_name = "kms/officer/manage.html"

    def get_title(self) -> Text:
        return self.get_instrument().short_citation

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.get_instrument()
        own = Relation.objects.filter(origin="editor").filter(Q(source=found) | Q(target=found))
        return super().get_context_data(
            instrument=found,
            status_tone=STATUS_TONES[found.status][0],
            versions=TextVersion.objects.light()
            .filter(instrument=found)
            .exclude(state=EditState.WITHDRAWN)
            .select_related("created_by", "checked_by")
            .order_by("-created_at", "-pk"),
            relations=own.select_related(
                "source", "target", "source_reference", "target_reference"
            ).order_by("-recorded_at")[:LATEST],
            history=history_of(found)[:20],
            **kwargs,
        )
