"""Editing the code tables; the central administrator only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis.models import District, Province, Unit
from detsis.models.codes import CodeTable
from detsis.officer.forms import CodeForm, NewCodeForm, NewDistrictForm
from detsis.rules import CODE_TABLES
from detsis.services.codes import save_code
from kaysis.accounts.models import Role
from kaysis.accounts.views.base import OfficerPage
from kaysis.common.casing import capital
from kaysis.common.errors import KaysisError, add_to_form
from kaysis.common.turkish import sort_key
from kaysis.common.types import Text

TABLES = _("Kod tabloları")


class CodePage(OfficerPage):
    roles = (Role.CENTRAL_ADMINISTRATOR,)
    title = TABLES

    def get_model(self) -> type[CodeTable]:
        try:
            return CODE_TABLES[self.kwargs["table"]]
        except KeyError:
            raise Http404 from None

    def list_url(self, province: Any = None) -> str:
        """The rows of the table; where they are districts, of a province."""
        url = reverse("detsis:codes", args=[self.kwargs["table"]])
        return f"{url}?il={province.pk}" if province else url


class CodeTables(CodePage):
    """All tables with the number of their rows."""

    template_name = "detsis/officer/code_tables.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tables = [
            (name, model._meta.verbose_name_plural, model._default_manager.count())
            for name, model in CODE_TABLES.items()
        ]
        return super().get_context_data(tables=tables, **kwargs)


class CodeList(CodePage):
    """The rows of one table, and the form for another one. Districts: of one province."""

    template_name = "detsis/officer/codes.html"

    def get_title(self) -> Text:
        return capital(str(self.get_model()._meta.verbose_name_plural))

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(TABLES, reverse("detsis:code-tables"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = self.kwargs["table"]
        found: QuerySet[Any] = self.get_model()._default_manager.all()
        if self.get_model() is District:
            provinces = sorted(Province.objects.all(), key=lambda row: sort_key(row.name))
            given = self.request.GET.get("il", "")
            shown = next((p for p in provinces if str(p.pk) == given), provinces[0])
            found = found.filter(province=shown.pk)
            kwargs |= {"provinces": provinces, "province": shown}
        codes = sorted(found, key=lambda row: sort_key(row.name))
        carried = Unit.objects.active().order_by().values(table).annotate(n=Count("pk"))
        numbers = dict(carried.values_list(table, "n"))
        rows = [(row, numbers.get(row.pk, 0)) for row in codes]
        kwargs = {"form": self.make_form(), **kwargs, "table": table}
        return super().get_context_data(rows=rows, **kwargs)

    def make_form(self, data: Any = None) -> NewCodeForm:
        return NewDistrictForm(data) if self.get_model() is District else NewCodeForm(data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if form.is_valid():
            try:
                save_code(actor=self.person, model=self.get_model(), new=True, **form.cleaned_data)
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                messages.success(request, gettext("Kod eklendi."))
                return redirect(self.list_url(form.cleaned_data.get("province")))
        return self.refuse(form=form)


class CodeEdit(CodePage):
    """One row: its names, and whether it is in use."""

    template_name = "detsis/officer/code.html"

    def get_row(self) -> CodeTable:
        row = self.get_model()._default_manager.filter(pk=self.kwargs["code"]).first()
        if row is None:
            raise Http404
        return row

    def get_title(self) -> Text:
        return self.get_row().name

    def get_trail(self) -> list[tuple[Text, str]]:
        plural = capital(str(self.get_model()._meta.verbose_name_plural))
        above = self.list_url(getattr(self.get_row(), "province", None))
        return [(TABLES, reverse("detsis:code-tables")), (plural, above)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.get_row()
        initial = {"name": row.name, "name_en": row.name_en, "active": row.active}
        kwargs = {"form": CodeForm(initial=initial), **kwargs, "table": self.kwargs["table"]}
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, row = CodeForm(request.POST), self.get_row()
        if form.is_valid():
            try:
                save_code(
                    actor=self.person,
                    model=self.get_model(),
                    code=str(row.pk),
                    new=False,
                    **form.cleaned_data,
                )
            except (KaysisError, ValidationError) as error:
                add_to_form(form, error)
            else:
                messages.success(request, gettext("Kod güncellendi."))
                return redirect(self.list_url(getattr(row, "province", None)))
        return self.refuse(form=form)
