"""First-registration campaigns: their list, progress, missing units, reports (rule 12)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from detsis.filters import UnitNumberFilter
from detsis.models import Province, Unit
from iyem import coverage, services
from iyem.access import OFFICERS
from iyem.authorising.forms import CampaignForm
from iyem.authorising.views.base import CAMPAIGNS, attempt, download, dress
from iyem.models import Campaign
from iyem.permissions import coordinated_by, registered_by
from iyem.progress import LABELS, By, Line, lines, missing_units, total
from kaysis.accounts.models import Role
from kaysis.accounts.permissions import is_central_administrator
from kaysis.accounts.views.base import OfficerMixin, OfficerPage, breadcrumbs
from kaysis.common.exports import Column, ExportMixin
from kaysis.common.exports.sheet import xlsx_pieces
from kaysis.common.filters import FilterSet
from kaysis.common.functions import SortKey
from kaysis.common.pdf import pdf_response
from kaysis.common.turkish import fold
from kaysis.common.types import Text
from kaysis.common.views import ListPage

LINES_ON_A_PAGE = 50
# Of each breakdown in the PDF, those with most missing; a report of all 3,000 institutions would
# have 85 pages and take minutes. The sheet has all of them.
LINES_OF_THE_PDF = 100
CENTRE = (Role.CENTRAL_ADMINISTRATOR,)


def _dressed(campaign: Campaign) -> Campaign:
    """With its last day, and where today stands."""
    shown: Any = campaign
    today = timezone.localdate()
    shown.first_day = campaign.period.lower
    shown.last_day = campaign.period.upper - dt.timedelta(days=1)
    shown.days_left = (shown.last_day - today).days
    shown.state = (
        "coming" if today < campaign.period.lower else "over" if shown.days_left < 0 else "running"
    )
    return campaign


class Campaigns(OfficerMixin, ListPage):
    roles = OFFICERS
    template_name = "iyem/authorising/campaigns.html"
    card_template = "iyem/authorising/campaign_row.html"
    title = CAMPAIGNS
    lead = _("Bütün birimlerin yöneticilerinin ilk kez kaydedilmesi için verilen süreler.")
    empty_title = _("Kampanya yok")
    empty_text = _("Merkez yöneticisi bir ilk kayıt kampanyası başlattığında burada görünür.")

    def get_queryset(self) -> QuerySet[Campaign]:
        sent = Count("reminders", filter=Q(reminders__sent_at__isnull=False))
        return Campaign.objects.annotate(sent=sent).order_by("-period")

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        campaigns = [_dressed(campaign) for campaign in context["page_obj"].object_list]
        context["page_obj"].object_list = campaigns
        return {**context, "centre": is_central_administrator(self.person)}


class CampaignBase(OfficerMixin):
    """Pages of one campaign."""

    roles = OFFICERS

    def get_campaign(self) -> Campaign:
        if "campaign" not in self.__dict__:
            campaign = get_object_or_404(Campaign, pk=self.kwargs["pk"])
            self.__dict__["campaign"] = _dressed(campaign)
        found: Campaign = self.__dict__["campaign"]
        return found


class CampaignPage(CampaignBase, OfficerPage):
    """Progress: the whole, and broken down by institution, province or level."""

    template_name = "iyem/authorising/campaign.html"

    def get_title(self) -> Text:
        return self.get_campaign().name

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(CAMPAIGNS, reverse("iyem:campaigns"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign, by = self.get_campaign(), _asked(self.request)
        pages = Paginator(lines(campaign, self.person, by), LINES_ON_A_PAGE)
        reminders = campaign.reminders.aggregate(
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            failed=Count("pk", filter=Q(sent_at=None)),
        )
        return super().get_context_data(
            campaign=campaign,
            total=total(campaign, self.person),
            by=by,
            parts=[(each.value, label, each == by) for each, label in LABELS.items()],
            page_obj=pages.get_page(self.request.GET.get("sayfa")),
            computed_at=coverage.computed_at(),
            centre=is_central_administrator(self.person),
            reminders=reminders,
            **kwargs,
        )


def _asked(request: HttpRequest) -> By:
    try:
        return By(request.GET.get("kirilim", ""))
    except ValueError:
        return By.INSTITUTION


class NewCampaign(OfficerPage):
    roles = CENTRE
    template_name = "iyem/authorising/campaign_form.html"
    title = _("Kampanya başlat")

    def get_trail(self) -> list[tuple[Text, str]]:
        return [(CAMPAIGNS, reverse("iyem:campaigns"))]

    def make_form(self, data: Any = None) -> CampaignForm:
        if data is None:
            return CampaignForm(initial={"first_day": timezone.localdate()})
        return CampaignForm(data)

    def save(self, given: dict[str, Any]) -> Campaign:
        return services.open_campaign(actor=self.person, **given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.make_form())
        return super().get_context_data(cancel_url=self.get_trail()[-1][1], **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        saved: list[Campaign] = []
        if form.is_valid() and attempt(form, lambda: saved.append(self.save(form.cleaned_data))):
            messages.success(request, gettext("Kampanya kaydedildi."))
            return redirect("iyem:campaign", saved[0].pk)
        return self.refuse(form=form)


class EditCampaign(NewCampaign):
    title = _("Kampanyayı düzenle")

    def get_campaign(self) -> Campaign:
        return get_object_or_404(Campaign, pk=self.kwargs["pk"])

    def get_trail(self) -> list[tuple[Text, str]]:
        campaign = self.get_campaign()
        return [*super().get_trail(), (campaign.name, reverse("iyem:campaign", args=[campaign.pk]))]

    def make_form(self, data: Any = None) -> CampaignForm:
        return CampaignForm(data, instance=self.get_campaign())

    def save(self, given: dict[str, Any]) -> Campaign:
        return services.change_campaign(actor=self.person, campaign=self.get_campaign(), **given)


class MissingFilter(FilterSet):
    """By institution, province, level, a unit above, and name."""

    q = django_filters.CharFilter(
        label=_("Birimin adı"),
        method="by_name",
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    kurum = UnitNumberFilter(field_name="coverage__institution_id", label=_("Kurumun numarası"))
    il = django_filters.ModelChoiceFilter(
        field_name="province",
        label=_("İl"),
        queryset=Province.objects.order_by(SortKey("name")),
        empty_label=_("Tümü"),
    )
    duzey = django_filters.NumberFilter(
        field_name="coverage__depth", label=_("Kurum içindeki düzey"), min_value=0, max_value=50
    )
    kapsam = UnitNumberFilter(label=_("Üst birimin numarası"), method="by_scope")

    class Meta:
        model = Unit
        fields: list[str] = []

    def by_name(self, units: Any, _name: str, value: str) -> Any:
        for word in fold(value).split():
            units = units.filter(name_folded__contains=word)
        return units

    def by_scope(self, units: Any, _name: str, value: int) -> Any:
        """What an officer of that unit looks after."""
        return units.filter(coordinated_by([value]) | registered_by([value]))


class MissingUnits(CampaignBase, ExportMixin, ListPage):
    """The units whose head has not been registered yet, with where they hang."""

    template_name = "iyem/authorising/missing.html"
    card_template = "iyem/authorising/unit_row.html"
    filterset_class = MissingFilter
    title = _("İlk kaydı yapılmamış birimler")
    export_filename = "eksik-birimler"
    export_columns = (
        Column("detsis_no", _("Birimin numarası"), kind="number"),
        Column("name", _("Birim")),
        Column("institution_no", _("Kurumun numarası"), "coverage__institution_id", kind="number"),
        Column("institution", _("Kurum"), "coverage__institution__name"),
        Column("level", _("Düzey"), "coverage__depth", kind="number"),
        Column("province", _("İl"), "province__name"),
        Column("parent", _("Bağlı olduğu birim"), "parent__name"),
    )
    empty_title = _("Eksik birim yok")
    empty_text = _("Bu koşullara uyan bütün birimlerin yöneticileri kaydedilmiş.")

    def get_queryset(self) -> QuerySet[Unit]:
        return missing_units(self.get_campaign(), self.person).select_related("province")

    def get_breadcrumbs(self) -> list[Any]:
        campaign = self.get_campaign()
        return breadcrumbs(
            (CAMPAIGNS, reverse("iyem:campaigns")),
            (campaign.name, reverse("iyem:campaign", args=[campaign.pk])),
            self.title,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        units = list(context["page_obj"].object_list)
        # All of them are the reader's own: `missing_units`.
        dress(units, others=(), came_from=self.request.get_full_path())
        context["page_obj"].object_list = units
        return {**context, "campaign": self.get_campaign(), "gaps": False}


class CampaignPdf(CampaignBase, View):
    """The report for the ministry: all three breakdowns."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.get_campaign()
        parts = [(label, _most(lines(campaign, self.person, by))) for by, label in LABELS.items()]
        response = pdf_response(
            "iyem/authorising/campaign_pdf.html",
            {
                "campaign": campaign,
                "total": total(campaign, self.person),
                "parts": parts,
                "computed_at": coverage.computed_at(),
                "paper": "A4",
            },
            request,
            filename=f"ilk-kayit-{campaign.pk}",
        )
        response["Cache-Control"] = "private, no-store"
        return response


def _most(found: list[Line]) -> list[Line]:
    """What is printed of them, and the sum of the others in a line of its own."""
    rest = found[LINES_OF_THE_PDF:]
    if not rest:
        return found
    name = gettext("Diğer %(n)s satır; tümü Excel dosyasında") % {
        "n": number_format(len(rest), use_l10n=True, force_grouping=True)
    }
    units, registered = sum(line.units for line in rest), sum(line.registered for line in rest)
    return [*found[:LINES_OF_THE_PDF], Line(None, name, units, registered)]


class CampaignXlsx(CampaignBase, View):
    """The same as a sheet: every breakdown, one line after the other."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.get_campaign()
        rows = [
            (label, line)
            for by, label in LABELS.items()
            for line in lines(campaign, self.person, by)
        ]
        rows.append(("", total(campaign, self.person)))
        columns = [
            Column("by", _("Kırılım"), lambda row: row[0]),
            Column("key", _("Numara"), lambda row: row[1].key, kind="number"),
            Column("name", _("Ad"), lambda row: row[1].name),
            Column("units", _("Faal birim"), lambda row: row[1].units, kind="number"),
            Column("registered", _("Kaydedilen"), lambda row: row[1].registered, kind="number"),
            Column("missing", _("Eksik"), lambda row: row[1].missing, kind="number"),
            Column("percent", _("Yüzde"), lambda row: row[1].percent, kind="number"),
        ]
        return download(b"".join(xlsx_pieces(rows, columns)), f"ilk-kayit-{campaign.pk}")
