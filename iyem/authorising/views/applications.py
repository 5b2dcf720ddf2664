"""Applications: making one, the list, and deciding (rules 7, 8)."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _
from django.views import View

from detsis.models import Unit
from detsis.officer.picking import candidates, suggest
from iyem import services
from iyem.access import ROLES, decidable_applications, may_decide, visible_applications
from iyem.authorising import letter
from iyem.authorising.fields import places
from iyem.authorising.filters import ApplicationFilter
from iyem.authorising.forms import ROLES as ROLE_CHOICES
from iyem.authorising.forms import ApplicationForm, GrantForm, ReasonForm
from iyem.authorising.tables import ApplicationTable
from iyem.authorising.views.base import APPLICATIONS, above, attempt
from iyem.models import OfficerApplication
from iyem.models.officer import ApplicationStatus
from kaysis.accounts.models import Role
from kaysis.accounts.views.base import OfficerMixin, OfficerPage, breadcrumbs
from kaysis.common.errors import KaysisError, as_validation_error
from kaysis.common.exports import Column, ExportMixin
from kaysis.common.pdf import pdf_response
from kaysis.common.types import Text
from kaysis.common.views import ListPage

MOST_AT_ONCE = 100
# No longer than a key can be.
_KEY = re.compile(r"[0-9]{1,18}")
COLUMNS = (
    Column("application_no", _("Başvuru no"), "pk", kind="number"),
    Column("status", _("Durum"), labels=dict(ApplicationStatus.choices)),
    Column("role", _("Yetki"), labels=dict(ROLE_CHOICES)),
    Column("given_name", _("Ad")),
    Column("family_name", _("Soyad")),
    Column("email", _("E-posta")),
    Column("place_no", _("Görev yeri numarası"), "scope_id", kind="number"),
    Column("place", _("Görev yeri"), "scope__name"),
    Column("applied_at", _("Başvuru zamanı"), kind="datetime"),
    Column("decided_at", _("Karar zamanı"), kind="datetime"),
    Column("decision_reason", _("Karar gerekçesi")),
)


class Applications(OfficerMixin, ExportMixin, ListPage):
    """All applications that concern the person, the pending ones first."""

    roles = ROLES
    model = OfficerApplication
    filterset_class = ApplicationFilter
    table_class = ApplicationTable
    template_name = "iyem/authorising/applications.html"
    title = APPLICATIONS
    lead = _("İYEM Yetkilisi ve Görevlisi olmak üzere bildirilen kişiler ve haklarındaki kararlar.")
    export_filename = "iyem-basvurulari"
    export_columns = COLUMNS
    empty_title = _("Başvuru yok")
    empty_text = _("Yeni bir başvuru yapın ya da kişileri Excel dosyasıyla toplu bildirin.")

    def get_queryset(self) -> QuerySet[OfficerApplication]:
        first = Case(
            When(status=ApplicationStatus.PENDING, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return visible_applications(self.person).order_by(first, "-applied_at", "-pk")

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        table = context["table"]
        mine = decidable_applications(self.person)
        shown = mine.filter(pk__in=[row.record.pk for row in table.page])
        decidable = set(shown.values_list("pk", flat=True))
        table.prepare(decidable)
        return {**context, "decidable": decidable, "waiting": mine.count()}


class DecideApplications(OfficerMixin, View):
    """POST: everybody who was chosen on the list is authorised, from now on and without an end."""

    roles = ROLES

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = [int(key) for key in request.POST.getlist("basvuru") if _KEY.fullmatch(key)]
        chosen = visible_applications(self.person).filter(pk__in=keys[:MOST_AT_ONCE])
        if not keys:
            messages.error(request, gettext("Önce listeden başvuru seçin."))
        granted = 0
        for application in chosen.order_by("pk"):
            try:
                services.grant_application(actor=self.person, application=application)
            except (KaysisError, ValidationError) as error:
                text = " ".join(as_validation_error(error).messages)
                messages.error(request, f"{application}: {text}")
            else:
                granted += 1
        if granted:
            text = ngettext("%(n)d kişiye yetki verildi.", "%(n)d kişiye yetki verildi.", granted)
            messages.success(request, text % {"n": granted})
        return redirect("iyem:applications")


class Apply(OfficerPage):
    """One application."""

    roles = ROLES
    template_name = "iyem/authorising/apply.html"
    title = _("Yetki başvurusu yap")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(APPLICATIONS, reverse("iyem:applications"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            asked = {"scope": self.request.GET.get("yer", "")[:8]}
            if self.request.GET.get("yetki") in dict(ROLE_CHOICES):
                asked["role"] = self.request.GET["yetki"]
            kwargs["form"] = ApplicationForm(person=self.person, initial=asked)
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ApplicationForm(request.POST, person=self.person)
        made: list[OfficerApplication] = []
        if form.is_valid() and attempt(
            form,
            lambda: made.append(services.apply_for_officer(actor=self.person, **form.cleaned_data)),
        ):
            messages.success(request, gettext("Başvuru alındı."))
            return redirect("iyem:application", made[0].pk)
        return self.refuse(form=form)


class Application(OfficerPage):
    """One application, and the decision about it."""

    roles = ROLES
    template_name = "iyem/authorising/application.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.application: OfficerApplication | None = None

    def get_application(self) -> OfficerApplication:
        if self.application is None:
            rows = visible_applications(self.person)
            self.application = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.application

    def get_title(self) -> Text:
        return self.get_application().full_name

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(APPLICATIONS, reverse("iyem:applications"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.get_application()
        pending = application.status == ApplicationStatus.PENDING
        own = application.national_id_hash == self.person.national_id_hash
        kwargs.setdefault("grant_form", GrantForm(auto_id="id_ver_%s"))
        kwargs.setdefault("refusal_form", ReasonForm(auto_id="id_ret_%s"))
        return super().get_context_data(
            application=application,
            path=above([application.scope_id]).get(application.scope_id, []),
            decides=pending and not own and may_decide(self.person, application),
            pending=pending,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        application = self.get_application()
        if not may_decide(self.person, application):
            raise PermissionDenied
        decision = request.POST.get("karar")
        if decision == "ret":
            return self._refuse(application)
        if decision != "ver":
            return self.refuse()
        form = GrantForm(request.POST, auto_id="id_ver_%s")
        if form.is_valid() and attempt(
            form,
            lambda: services.grant_application(
                actor=self.person, application=application, **form.cleaned_data
            ),
        ):
            messages.success(request, gettext("Yetki verildi."))
            return redirect("iyem:applications")
        return self.refuse(grant_form=form)

    def _refuse(self, application: OfficerApplication) -> HttpResponse:
        form = ReasonForm(self.request.POST, auto_id="id_ret_%s")
        if form.is_valid() and attempt(
            form,
            lambda: services.refuse_application(
                actor=self.person, application=application, reason=form.cleaned_data["reason"]
            ),
        ):
            messages.success(self.request, gettext("Başvuru reddedildi."))
            return redirect("iyem:applications")
        return self.refuse(refusal_form=form)


class Letter(OfficerMixin, View):
    """The letter of a place that asks for its pending applicants to be authorised, as PDF."""

    roles = ROLES

    def get(self, request: HttpRequest, detsis_no: int, role: str) -> HttpResponse:
        asked = {"yetkili": Role.IYEM_AUTHORISED, "gorevli": Role.IYEM_REGISTRAR}.get(role)
        seen = visible_applications(self.person).filter(
            scope=detsis_no, role=asked, status=ApplicationStatus.PENDING
        )
        unit = Unit.objects.filter(pk=detsis_no).first()
        if asked is None or unit is None or not seen.exists():
            raise Http404
        # Official letters are Turkish, whatever language their writer reads the portal in.
        with override(settings.LANGUAGE_CODE):
            made = letter.letter(unit, asked)
            if made is None:
                raise Http404
            response = pdf_response(
                "iyem/authorising/letter_pdf.html",
                {"letter": made, "unit": unit, "role": asked, "paper": "A4"},
                request,
                filename=f"iyem-yetki-yazisi-{detsis_no}",
            )
        response["Cache-Control"] = "private, no-store"
        return response


class Places(OfficerMixin, View):
    """Suggestions of the picker, as JSON: only units the person may ask officers for."""

    roles = ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")[:200]
        found = suggest(text, places(self.person)) if len(text.strip()) > 1 else []
        return JsonResponse(
            {
                "results": [
                    {
                        "title": each.name,
                        "kind": str(each.number),
                        "path": each.path,
                        "value": each.text,
                    }
                    for each in candidates(found)
                ]
            }
        )
