"""Giving and taking roles: for whoever a grant rule allows, today the central administrator."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kaysis.accounts import scopes
from kaysis.accounts.audit.history import history_of
from kaysis.accounts.filters import RoleGrantFilter
from kaysis.accounts.forms import GrantForm, ReasonForm
from kaysis.accounts.models import Person, Role, RoleGrant
from kaysis.accounts.services import grant_role, revoke_role
from kaysis.accounts.tables import RoleGrantTable
from kaysis.accounts.views.base import OfficerMixin, OfficerPage, breadcrumbs
from kaysis.common.errors import add_to_form
from kaysis.common.exports import Column, ExportMixin
from kaysis.common.types import Text
from kaysis.common.views import ListPage

GRANTS = _("Yetkiler")


GRANT_COLUMNS = (
    Column("given_name", _("Ad"), "person__given_name"),
    Column("family_name", _("Soyad"), "person__family_name"),
    Column("role", _("Yetki"), "role", labels=dict(Role.choices)),
    Column("scope_detsis_no", _("Kapsam"), "scope_detsis_no", kind="number"),
    Column("valid_from", _("Başlangıç"), "validity__startswith", kind="datetime"),
    Column("valid_to", _("Bitiş"), "validity__endswith", kind="datetime"),
    Column("granted_at", _("Verilme zamanı"), "granted_at", kind="datetime"),
    Column("grant_reason", _("Veriliş gerekçesi"), "grant_reason"),
    Column("revoked_at", _("Kaldırılma zamanı"), "revoked_at", kind="datetime"),
    Column("revoke_reason", _("Kaldırılma gerekçesi"), "revoke_reason"),
)


class AdministratorMixin(OfficerMixin):
    roles = (Role.CENTRAL_ADMINISTRATOR,)


class GrantList(AdministratorMixin, ExportMixin, ListPage):
    model = RoleGrant
    filterset_class = RoleGrantFilter
    table_class = RoleGrantTable
    template_name = "accounts/grants.html"
    title = GRANTS
    lead = _("Kimin, hangi birimde, ne zamana kadar hangi yetkiye sahip olduğu.")
    export_filename = "yetkiler"
    export_columns = GRANT_COLUMNS

    def get_queryset(self) -> QuerySet[RoleGrant]:
        return RoleGrant.objects.select_related("person")

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["table"].describe_scopes()
        return context


class GrantPage(AdministratorMixin, OfficerPage):
    """One grant and its history."""

    template_name = "accounts/grant.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.grant: RoleGrant | None = None

    def get_grant(self) -> RoleGrant:
        if self.grant is None:
            grants = RoleGrant.objects.select_related("person", "granted_by", "revoked_by")
            self.grant = get_object_or_404(grants, pk=self.kwargs["pk"])
        return self.grant

    def get_title(self) -> Text:
        return str(self.get_grant())

    def get_trail(self) -> list[Any]:
        return [(GRANTS, reverse("accounts:grants"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grant = self.get_grant()
        return super().get_context_data(
            grant=grant,
            scope=scopes.describe(grant.scope_detsis_no) if grant.scope_detsis_no else None,
            history=history_of(grant),
            **kwargs,
        )


class Revoke(GrantPage):
    """Asks for the reason, and says what happens: the holder's sessions end at once."""

    template_name = "accounts/revoke.html"

    def get_title(self) -> Text:
        return _("Yetkiyi kaldır")

    def get_trail(self) -> list[Any]:
        return [*super().get_trail(), (str(self.get_grant()), self.get_grant().get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReasonForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                revoke_role(
                    actor=self.person, grant=self.get_grant(), reason=form.cleaned_data["reason"]
                )
            except ValidationError as error:
                add_to_form(form, error)
            else:
                messages.success(request, _("Yetki kaldırıldı; kişinin oturumları kapatıldı."))
                return redirect("accounts:grants")
        return self.refuse(form=form)


class Grant(AdministratorMixin, OfficerPage):
    """A new role for one person."""

    template_name = "accounts/grant_form.html"
    title = _("Yetki ver")

    def get_receiver(self) -> Person:
        return get_object_or_404(Person, public_id=self.kwargs["public_id"])

    def get_trail(self) -> list[Any]:
        receiver = self.get_receiver()
        return [(GRANTS, reverse("accounts:grants")), (str(receiver), receiver.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", GrantForm())
        return super().get_context_data(receiver=self.get_receiver(), **kwargs)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form = GrantForm(request.POST)
        receiver = self.get_receiver()
        if form.is_valid():
            try:
                grant_role(actor=self.person, person=receiver, **form.cleaned_data)
            except ValidationError as error:
                add_to_form(form, error)
            else:
                messages.success(request, _("Yetki verildi."))
                return redirect(receiver)
        return self.refuse(form=form)
