"""The pages of bulk registration: upload → check row by row → save."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from iyem.officer import bulk
from iyem.officer.forms import SheetForm
from iyem.officer.views.base import ROLES, DeskPage
from kaysis.accounts.views.base import OfficerMixin
from kaysis.common.errors import KaysisError, NotAllowed
from kaysis.common.types import Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_ON_A_PAGE = 100
# Saves the good rows only, although others are wrong.
ONLY_FINE = "uygun"
BULK = _("Excel ile toplu kayıt")


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


class BulkTemplate(OfficerMixin, View):
    """The sheet to fill in, with the officer's units."""

    roles = ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        return _download(bulk.template(self.person), "yoneticiler")


class Bulk(DeskPage):
    """Uploading a sheet."""

    template_name = "iyem/officer/bulk.html"
    title = BULK

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
                bulk.check(rows)
                batch = bulk.Batch(name=str(sheet.name)[:200], rows=rows)
                return redirect("iyem:bulk-check", bulk.keep(self.person.pk, batch))
        return self.refuse(form=form)


class Check(DeskPage):
    """The checked rows; saving them is the first thing that is written."""

    template_name = "iyem/officer/check.html"
    title = _("Satırların denetimi")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [*super().get_trail(), (BULK, reverse("iyem:bulk"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = bulk.kept(self.person.pk, self.kwargs["token"])
        return self._page(batch) if batch else self._forgotten()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = self.kwargs["token"]
        batch = bulk.kept(self.person.pk, token)
        if batch is None:
            return self._forgotten()
        chosen = "ne" in request.POST and request.POST["ne"] == ONLY_FINE
        if not batch.fine or (batch.wrong and not chosen):
            return self._page(batch, status=422)
        if not bulk.claim(self.person.pk, token):
            return self._forgotten()
        try:
            saved = bulk.save(actor=self.person, rows=batch.rows)
        except NotAllowed as error:
            bulk.release(self.person.pk, token)
            raise PermissionDenied(str(error)) from error
        except (KaysisError, ValidationError) as error:
            bulk.release(self.person.pk, token)
            text = str(error) if isinstance(error, KaysisError) else " ".join(error.messages)
            messages.error(request, text)
            return self._page(batch, status=422)
        said = ngettext("%(n)d yönetici kaydedildi.", "%(n)d yönetici kaydedildi.", saved)
        text = said % {"n": saved}
        if batch.wrong:
            text += " " + gettext("%(n)d satır düzeltilmek üzere atlandı.") % {"n": batch.wrong}
        messages.success(request, text)
        return redirect("iyem:work")

    def _page(self, batch: bulk.Batch, status: int = 200) -> HttpResponse:
        only = self.request.GET.get("goster") == "sorunlu"
        rows = [row for row in batch.rows if row.problems or not only]
        pages = Paginator(rows, ROWS_ON_A_PAGE)
        context = self.get_context_data(
            batch=batch,
            token=self.kwargs["token"],
            only=only,
            only_fine=ONLY_FINE,
            page_obj=pages.get_page(self.request.GET.get("sayfa")),
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
        return _download(bulk.report(batch.rows), "denetim")
