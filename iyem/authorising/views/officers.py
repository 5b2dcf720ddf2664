"""Who the officers are, where there are too few, and taking an authority away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from iyem.access import OFFICERS as OFFICER_ROLES
from iyem.access import decided_for
from iyem.authorising.filters import OfficerFilter
from iyem.authorising.forms import ROLES, ReasonForm
from iyem.authorising.tables import OfficerTable
from iyem.authorising.views.base import OFFICERS, above, attempt
from iyem.staffing import grants_visible_to, short_places
from kaysis.accounts.models import Role, RoleGrant
from kaysis.accounts.permissions import may_grant
from kaysis.accounts.services import revoke_role
from kaysis.accounts.views.base import OfficerMixin, OfficerPage, breadcrumbs
from kaysis.common.exports import Column, ExportMixin
from kaysis.common.types import Text
from kaysis.common.views import ListPage

PLACES_ON_A_PAGE = 50


def _unit_fact(field: str, of: str = "scope_detsis_no") -> Subquery:
    return Subquery(Unit.objects.filter(pk=OuterRef(of)).values(field)[:1])


# The same rows as on the screen: no national id, no mobile phone.
COLUMNS = (
    Column("coordinator_no", _("Koordinasyon numarası"), "coordinator_no", kind="number"),
    Column("coordinator", _("Koordinasyon"), _unit_fact("name", "coordinator_no")),
    Column("place_no", _("Görev yeri numarası"), "scope_detsis_no", kind="number"),
    Column("place", _("Görev yeri"), _unit_fact("name")),
    Column("role", _("Yetki"), "role", labels=dict(ROLES)),
    Column("given_name", _("Ad"), "person__given_name"),
    Column("family_name", _("Soyad"), "person__family_name"),
    Column("work_phone", _("İş telefonu"), "person__work_phone"),
    Column("email", _("E-posta"), "person__email"),
    Column("valid_from", _("Başlangıç"), "validity__startswith", kind="datetime"),
    Column("valid_to", _("Bitiş"), "validity__endswith", kind="datetime"),
    Column("revoked_at", _("Kaldırılma zamanı"), "revoked_at", kind="datetime"),
)


class OfficerList(OfficerMixin, ExportMixin, ListPage):
    """Officers in the own coordination, by chain."""

    roles = OFFICER_ROLES
    model = RoleGrant
    filterset_class = OfficerFilter
    table_class = OfficerTable
    template_name = "iyem/authorising/officers.html"
    title = OFFICERS
    lead = _("Kim, nerede, kimin koordinasyonunda ve ne zamana kadar İYEM yetkisine sahip.")
    export_filename = "iyem-yetkilileri"
    export_columns = COLUMNS
    empty_title = _("Bu koşullara uyan yetkili yok")
    empty_text = _("Süzgeçleri değiştirin ya da yeni bir yetki başvurusu yapın.")

    def get_queryset(self) -> QuerySet[RoleGrant]:
        return grants_visible_to(self.person)

    def get_filterset(self) -> Any:
        data = self.request.GET.copy()
        # Who was an officer once is not what one looks for; an empty value asks for all.
        data.setdefault("durum", "in_force")
        return OfficerFilter(data, queryset=self.get_queryset(), request=self.request)

    def export(self, rows: QuerySet, format_name: str) -> Any:
        # A Yetkili heads the own chain.
        nearest = Case(
            When(role=Role.IYEM_AUTHORISED, then=F("scope_detsis_no")),
            default=Coalesce(_unit_fact("civil_authority"), _unit_fact("coverage__institution")),
            output_field=IntegerField(),
        )
        return super().export(rows.annotate(coordinator_no=nearest), format_name)

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        table = context["table"]
        shown = {row.record.scope_detsis_no for row in table.page}
        places = decided_for(self.person, Role.IYEM_REGISTRAR).filter(pk__in=shown)
        table.prepare(set(places.values_list("pk", flat=True)))
        return {**context, **shortage(self.person)}


def shortage(person: Any) -> dict[str, Any]:
    """What the warnings say: how many places have too few officers, and how many are overdue."""
    short = short_places(person)
    return {
        "short": short[:5],
        "short_number": len(short),
        "short_overdue": sum(place.overdue for place in short),
    }


class ShortPlaces(OfficerPage):
    """The places with fewer than two officers, the most urgent first (rule 4)."""

    roles = OFFICER_ROLES
    template_name = "iyem/authorising/short_places.html"
    title = _("Yetkilisi eksik yerler")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(OFFICERS, reverse("iyem:officers"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        short = short_places(self.person)
        pages = Paginator(short, PLACES_ON_A_PAGE)
        page = pages.get_page(self.request.GET.get("sayfa"))
        trails = above({place.unit.pk for place in page})
        return super().get_context_data(
            page_obj=page,
            rows=[(place, trails.get(place.unit.pk, [])) for place in page],
            overdue=sum(place.overdue for place in short),
            **kwargs,
        )


class Revoke(OfficerPage):
    """Take an authority away at once: the open sessions end with it."""

    roles = OFFICER_ROLES
    template_name = "iyem/authorising/revoke.html"
    title = _("Yetkiyi kaldır")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.grant: RoleGrant | None = None

    def get_grant(self) -> RoleGrant:
        """404 for a grant that one does not see, or that is over."""
        if self.grant is None:
            grants = grants_visible_to(self.person).filter(revoked_at=None)
            self.grant = get_object_or_404(grants, pk=self.kwargs["pk"])
        return self.grant

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(OFFICERS, reverse("iyem:officers"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._permit()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._permit()
        grant, form = self.get_grant(), ReasonForm(request.POST)
        if form.is_valid() and attempt(
            form,
            lambda: revoke_role(actor=self.person, grant=grant, reason=form.cleaned_data["reason"]),
        ):
            messages.success(
                request, gettext("Yetki kaldırıldı; kişinin açık oturumları kapatıldı.")
            )
            return redirect("iyem:officers")
        return self.refuse(form=form)

    def _permit(self) -> None:
        grant = self.get_grant()
        if not may_grant(self.person, grant.role, grant.scope_detsis_no):
            raise PermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grant = self.get_grant()
        kwargs.setdefault("form", ReasonForm())
        number = grant.scope_detsis_no or 0
        left = (
            RoleGrant.objects.filter(role=grant.role, scope_detsis_no=number)
            .valid_at()
            .exclude(pk=grant.pk)
            .count()
        )
        return super().get_context_data(
            grant=grant,
            unit=Unit.objects.filter(pk=number).first(),
            path=above([number]).get(number, []),
            left=left,
            **kwargs,
        )
