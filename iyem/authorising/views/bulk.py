"""Applications from a sheet: upload → check row by row → save."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from iyem.access import ROLES
from iyem.authorising import bulk
from iyem.authorising.forms import SheetForm
from iyem.authorising.views.base import APPLICATIONS, download, say
from kaysis.accounts.views.base import OfficerMixin, OfficerPage
from kaysis.common.errors import RuleViolation
from kaysis.common.types import Text

ROWS_ON_A_PAGE = 100
BULK = _("Excel ile toplu başvuru")


class Template(OfficerMixin, View):
    """The sheet to fill in."""

    roles = ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        return download(bulk.template(), "iyem-basvurulari")


class Upload(OfficerPage):
    roles = ROLES
    template_name = "iyem/authorising/bulk.html"
    title = BULK

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(APPLICATIONS, reverse("iyem:applications"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SheetForm())
        return super().get_context_data(most=bulk.MOST_ROWS, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SheetForm(request.POST, request.FILES)
        if form.is_valid():
            sheet = form.cleaned_data["file"]
            try:
                rows = bulk.read(sheet, self.person)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                batch = bulk.Batch(name=str(sheet.name)[:200], rows=rows)
                return redirect("iyem:applications-check", bulk.keep(self.person.pk, batch))
        return self.refuse(form=form)


class Check(OfficerPage):
    """The checked rows; saving them is the first thing that is written."""

    roles = ROLES
    template_name = "iyem/authorising/check.html"
    title = _("Satırların denetimi")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [
            (APPLICATIONS, reverse("iyem:applications")),
            (BULK, reverse("iyem:applications-bulk")),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = bulk.kept(self.person.pk, self.kwargs["token"])
        return self._page(batch) if batch else self._forgotten()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = bulk.kept(self.person.pk, self.kwargs["token"])
        if batch is None:
            return self._forgotten()
        if batch.wrong:
            return self._page(batch, status=422)
        grant = request.POST.get("ver") == "1"
        try:
            number = bulk.save(batch, person=self.person, grant=grant)
        except RuleViolation as error:
            say(request, error)
            return self._page(batch, status=422)
        bulk.forget(self.person.pk, self.kwargs["token"])
        text = (
            ngettext("%(n)d kişiye yetki verildi.", "%(n)d kişiye yetki verildi.", number)
            if grant
            else ngettext("%(n)d başvuru alındı.", "%(n)d başvuru alındı.", number)
        )
        messages.success(request, text % {"n": number})
        return redirect("iyem:applications")

    def _page(self, batch: bulk.Batch, status: int = 200) -> HttpResponse:
        only = self.request.GET.get("goster") == "sorunlu"
        rows = [row for row in batch.rows if row.problems or not only]
        pages = Paginator(rows, ROWS_ON_A_PAGE)
        context = self.get_context_data(
            batch=batch,
            token=self.kwargs["token"],
            only=only,
            fine=len(batch.rows) - batch.wrong,
            may_grant=not batch.wrong and bulk.may_grant_all(batch, self.person),
            page_obj=pages.get_page(self.request.GET.get("sayfa")),
            paginator=pages,
        )
        return self.render_to_response(context, status=status)

    def _forgotten(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data(batch=None), status=409)


class Report(OfficerMixin, View):
    """The check as a sheet to download."""

    roles = ROLES

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        batch = bulk.kept(self.person.pk, token)
        if batch is None:
            raise Http404
        return download(bulk.report(batch.rows), "denetim")
