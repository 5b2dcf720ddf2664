"""Looking a list of managers through and confirming it; the names from before İYEM."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis import selectors as detsis_selectors
from detsis.models import Unit
from iyem import selectors, services
from iyem.models import Confirmation, LegacyManager, LegacyWipe
from iyem.officer.forms import ReasonForm
from iyem.officer.views.base import DeskPage, FormPage
from iyem.permissions import coordinated_by, registered_by, units_of
from kaysis.accounts.models import Role
from kaysis.accounts.permissions import is_central_administrator, scopes_of
from kaysis.common.types import Text

UNITS_ON_A_PAGE = 100
NAMES_ON_A_PAGE = 50
CONFIRMATIONS_SHOWN = 10
LISTS = _("Liste teyidi")


def own_scopes(person: Any) -> frozenset[int]:
    """The units of the person's own grants, whose lists are confirmed as a whole."""
    numbers = scopes_of(person, Role.IYEM_AUTHORISED, Role.IYEM_REGISTRAR).numbers
    return frozenset(numbers)


def covered(person: Any, scope: Unit) -> QuerySet[Unit]:
    """The active units that a confirmation of this scope speaks of."""
    authorised = scopes_of(person, Role.IYEM_AUTHORISED).numbers
    whole = scope.pk in authorised or is_central_administrator(person)
    condition = coordinated_by([scope.pk]) if whole else registered_by([scope.pk])
    return Unit.objects.active().filter(condition)


class Lists(DeskPage):
    """The lists that the officer confirms, and when each was."""

    template_name = "iyem/officer/lists.html"
    title = LISTS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        numbers = own_scopes(self.person)
        latest = Confirmation.objects.annotate(
            n=Window(RowNumber(), partition_by=[F("scope")], order_by=F("confirmed_at").desc())
        )
        last = {
            each.scope_id: each
            for each in latest.filter(scope__in=numbers, n=1).select_related("confirmed_by")
        }
        paths = detsis_selectors.paths(numbers)
        rows = [
            {
                "unit": unit,
                "path": paths.get(unit.pk, [])[:-1],
                "last": last.get(unit.pk),
                "overdue": overdue(last.get(unit.pk)),
            }
            for unit in Unit.objects.filter(pk__in=numbers).order_by("lft")
        ]
        return super().get_context_data(
            rows=rows, patience=settings.IYEM_CONFIRMATION_DAYS, **kwargs
        )


def overdue(confirmation: Confirmation | None) -> bool:
    """Whether what it confirmed is no longer kept current (rule 16)."""
    if confirmation is None:
        return True
    return (timezone.now() - confirmation.confirmed_at).days >= settings.IYEM_CONFIRMATION_DAYS


class ConfirmForm(forms.Form):
    """Said on purpose."""

    looked = forms.BooleanField(
        label=_("Listeyi baştan sona gözden geçirdim; kayıtlar doğru ve güncel.")
    )


class Confirm(FormPage):
    """The list to look through, then the confirmation; and the earlier ones."""

    template_name = "iyem/officer/confirm.html"
    title = _("Listeyi gözden geçir ve teyit et")

    @property
    def scope(self) -> Unit:
        if "scope" not in self.__dict__:
            unit = self.unit_or_refuse(self.kwargs["detsis_no"])
            central = is_central_administrator(self.person)
            if unit.pk not in own_scopes(self.person) and not central:
                raise PermissionDenied(
                    gettext("Yalnız kendi görev alanınızın listesini teyit edebilirsiniz.")
                )
            self.__dict__["scope"] = unit
        found: Unit = self.__dict__["scope"]
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.scope  # noqa: B018 — refuses before anything else is looked up
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.scope  # noqa: B018
        return super().post(request, *args, **kwargs)

    def get_trail(self) -> list[tuple[Text, str]]:
        return [*super().get_trail(), (LISTS, reverse("iyem:lists"))]

    def make_form(self, *data: Any) -> ConfirmForm:
        return ConfirmForm(*data[:1])

    def perform(self, form: Any) -> str:
        done = services.confirm_list(actor=self.person, scope=self.scope)
        self.done(
            gettext("Liste teyit edildi: %(units)d birim, yöneticisi kayıtlı olmayan %(missing)d.")
            % {
                "units": sum(each.units for each in done),
                "missing": sum(each.missing for each in done),
            }
        )
        return reverse("iyem:lists")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scope = self.scope
        units = covered(self.person, scope).order_by("tree_id", "lft")
        pages = Paginator(units, UNITS_ON_A_PAGE)
        page = pages.get_page(self.request.GET.get("sayfa"))
        numbers = [unit.pk for unit in page.object_list]
        paths = detsis_selectors.paths(numbers)
        chairs = selectors.chairs_of(numbers)
        for unit in page.object_list:
            shown: Any = unit
            shown.above = paths.get(unit.pk, [])[:-1]
            shown.chairs = chairs.get(unit.pk, [])
        return super().get_context_data(
            unit=scope,
            path=detsis_selectors.path(scope.pk)[:-1],
            page_obj=page,
            history=scope.confirmations.select_related("confirmed_by")[:CONFIRMATIONS_SHOWN],
            **kwargs,
        )


class Legacy(DeskPage):
    """The names that still stand, by institution; the centre sees what was wiped."""

    template_name = "iyem/officer/legacy.html"
    title = _("İYEM öncesi adlar")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = (
            LegacyManager.objects.filter(wipe=None, unit__in=units_of(self.person).values("pk"))
            .select_related("unit")
            .order_by("unit__lft", "pk")
        )
        page = Paginator(names, NAMES_ON_A_PAGE).get_page(self.request.GET.get("sayfa"))
        paths = detsis_selectors.paths({each.unit_id for each in page.object_list})
        for each in page.object_list:
            shown: Any = each
            shown.path = paths.get(each.unit_id, [])[:-1]
        central = is_central_administrator(self.person)
        wipes: list[Any] = []
        if central:
            found = LegacyWipe.objects.select_related("institution", "wiped_by", "restored_by")
            wipes = list(found.annotate(standing=Count("wiped"))[:NAMES_ON_A_PAGE])
            trails = detsis_selectors.paths({wipe.institution_id for wipe in wipes})
            for wipe in wipes:
                wipe.path = trails.get(wipe.institution_id, [])[:-1]
        return super().get_context_data(page_obj=page, central=central, wipes=wipes, **kwargs)


class RestoreLegacy(FormPage):
    """The centre takes a wipe back, with a reason."""

    roles: Collection[Role | str] = (Role.CENTRAL_ADMINISTRATOR,)
    template_name = "iyem/officer/restore.html"
    title = _("Eski adları geri getir")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [*super().get_trail(), (_("İYEM öncesi adlar"), reverse("iyem:legacy"))]

    def get_wipe(self) -> LegacyWipe:
        wipes = LegacyWipe.objects.select_related("institution", "wiped_by")
        return get_object_or_404(wipes, pk=self.kwargs["pk"])

    def make_form(self, *data: Any) -> ReasonForm:
        return ReasonForm(*data[:1])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.get_wipe()
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        names = services.restore_legacy_names(
            actor=self.person, wipe=self.get_wipe(), reason=form.cleaned_data["reason"]
        )
        self.done(gettext("%(n)d ad geri getirildi.") % {"n": names})
        return reverse("iyem:legacy")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wipe = self.get_wipe()
        return super().get_context_data(
            wipe=wipe, path=detsis_selectors.path(wipe.institution_id), **kwargs
        )
