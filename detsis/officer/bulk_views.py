"""The pages of bulk proposals."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from detsis import services
from detsis.officer import bulk
from detsis.officer.forms import FileForm, UploadForm
from detsis.officer.views import ROLES, WORK
from kaysis.accounts.views.base import OfficerMixin, OfficerPage
from kaysis.common.errors import KaysisError, NotAllowed, add_to_form
from kaysis.common.types import Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BulkTemplate(OfficerMixin, View):
    """The sheet to fill in."""

    roles = ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        headers = {"Content-Disposition": 'attachment; filename="birim-degisiklikleri.xlsx"'}
        return HttpResponse(bulk.template(), content_type=XLSX, headers=headers)


class Bulk(OfficerPage):
    """Upload → check row by row → confirm → a draft file."""

    roles = ROLES
    template_name = "detsis/officer/bulk.html"
    title = _("Excel ile toplu öneri")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(WORK, reverse("detsis:work"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", UploadForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "token" in request.POST:
            return self._confirm(request)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            rows = bulk.read(form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        wrong = sum(bool(row.problems) for row in rows)
        token = "" if wrong else bulk.keep(self.person.pk, rows)
        header = FileForm(initial={"effective_on": timezone.localdate()})
        return self.render_to_response(
            self.get_context_data(rows=rows, wrong=wrong, token=token, header=header)
        )

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        header, token = FileForm(request.POST), request.POST["token"]
        items = bulk.kept(self.person.pk, token)
        if items is None:
            form = UploadForm()
            message = gettext("Denetlenen satırların süresi doldu. Dosyayı yeniden yükleyin.")
            context = self.get_context_data(form=form, expired=message)
            return self.render_to_response(context, status=409)
        if header.is_valid():
            try:
                file = services.create_change_set(
                    actor=self.person,
                    items=items,
                    idempotency_key=header.cleaned_data["key"],
                    **header.header(),
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(header, error)
                if isinstance(error, NotAllowed):
                    context = self.get_context_data(header=header, token=token)
                    return self.render_to_response(context, status=403)
            else:
                return redirect(file)
        context = self.get_context_data(header=header, token=token)
        return self.render_to_response(context, status=422)
