"""The pages of bulk proposals: upload → check row by row → confirm → a draft file."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from detsis import selectors, services
from detsis.models import ChangeSet, Unit
from detsis.officer import bulk
from detsis.officer.forms import BulkForm, SheetForm
from detsis.officer.views.base import ROLES, WORK, editable_file, keys_of, say
from detsis.permissions import may_decide, officer_scopes
from kaysis.accounts.views.base import OfficerMixin, OfficerPage
from kaysis.common.errors import KaysisError, NotAllowed
from kaysis.common.types import Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_ON_A_PAGE = 100


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


class BulkTemplate(OfficerMixin, View):
    """The sheet to fill in."""

    roles = ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        return _download(bulk.template(), "birim-degisiklikleri")


class Bulk(OfficerPage):
    """Uploading a sheet that becomes a file of its own."""

    roles = ROLES
    template_name = "detsis/officer/bulk.html"
    title = _("Excel ile toplu öneri")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(WORK, reverse("detsis:work"))]

    def get_file(self) -> ChangeSet | None:
        return None

    def make_form(self, *data: Any) -> Any:
        """The form; after a sheet that had to be mended, with the heading it came with."""
        before = bulk.kept(self.person.pk, self.request.GET.get("onceki", ""))
        initial = before.header if before else {"effective_on": timezone.localdate()}
        return BulkForm(*data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.make_form())
        return super().get_context_data(file=self.get_file(), most=bulk.MOST_ROWS, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, file = self.make_form(request.POST, request.FILES), self.get_file()
        if form.is_valid():
            sheet = form.cleaned_data["file"]
            try:
                rows = bulk.read(sheet, self.person, keys_of(file))
            except ValidationError as error:
                form.add_error("file", error)
            else:
                day = file.effective_on if file else form.cleaned_data["effective_on"]
                bulk.check(rows, person=self.person, effective_on=day, file=file)
                batch = bulk.Batch(
                    name=str(sheet.name)[:200],
                    rows=rows,
                    header={} if file else form.header(),
                    file=file.pk if file else None,
                )
                return redirect("detsis:bulk-check", bulk.keep(self.person.pk, batch))
        return self.refuse(form=form)


class BulkInFile(Bulk):
    """Uploading a sheet whose rows join a file."""

    title = _("Excel'den satır ekle")

    def get_file(self) -> ChangeSet:
        return editable_file(self.person, self.kwargs["pk"])

    def get_trail(self) -> list[tuple[Text, str]]:
        file = self.get_file()
        return [*super().get_trail(), (file.title, file.get_absolute_url())]

    def make_form(self, *data: Any) -> Any:
        return SheetForm(*data)


class Check(OfficerPage):
    """The checked rows; saving them is the first thing that is written."""

    roles = ROLES
    template_name = "detsis/officer/check.html"
    title = _("Satırların denetimi")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [
            (WORK, reverse("detsis:work")),
            (_("Excel ile toplu öneri"), reverse("detsis:bulk")),
        ]

    def get_batch(self) -> bulk.Batch | None:
        return bulk.kept(self.person.pk, self.kwargs["token"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.get_batch()
        return self._page(batch) if batch else self._forgotten()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.get_batch()
        if batch is None:
            return self._forgotten()
        if batch.wrong:
            return self._page(batch, status=422)
        try:
            return redirect(self._save(batch))
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except (KaysisError, ValidationError) as error:
            say(request, error)
            return self._page(batch, status=422)

    def _save(self, batch: bulk.Batch) -> ChangeSet:
        if batch.file:
            file = editable_file(self.person, batch.file)
            services.add_items(actor=self.person, change_set=file, items=batch.items())
            return file
        return services.create_change_set(
            actor=self.person,
            institution=self._institution(batch),
            items=batch.items(),
            idempotency_key=batch.key,
            **batch.header,
        )

    def _institution(self, batch: bulk.Batch) -> int | None:
        """Whose file it is: of the first unit named; the centre's own files are nobody's."""
        if may_decide(self.person):
            return None
        named = [
            number
            for item in batch.items()
            for number in (item.unit, item.assignments.get("parent"))
            if isinstance(number, int)
        ] or sorted(officer_scopes(self.person).numbers)
        unit = Unit.objects.filter(pk__in=named[:1]).first()
        found = selectors.institution_of(unit) if unit else None
        return found.pk if found else None

    def _page(self, batch: bulk.Batch, status: int = 200) -> HttpResponse:
        only = self.request.GET.get("goster") == "sorunlu"
        rows = [row for row in batch.rows if row.problems or not only]
        pages = Paginator(rows, ROWS_ON_A_PAGE)
        page = pages.get_page(self.request.GET.get("sayfa"))
        trails = selectors.paths({row.unit for row in page.object_list if row.unit})
        token = self.kwargs["token"]
        again = (
            reverse("detsis:bulk-in-file", args=[batch.file])
            if batch.file
            else f"{reverse('detsis:bulk')}?onceki={token}"
        )
        context = self.get_context_data(
            batch=batch,
            token=token,
            again=again,
            only=only,
            fine=len(batch.rows) - batch.wrong,
            page_obj=page,
            paginator=pages,
            shown=[(row, trails.get(row.unit, [])) for row in page.object_list],
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
