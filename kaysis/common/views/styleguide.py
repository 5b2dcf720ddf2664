"""Every component on one page, for those who build pages and for the accessibility tests."""

import datetime as dt
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from kaysis.common import tables
from kaysis.common.components import Fact, TimelineEntry
from kaysis.common.pagination import BoundedPaginator
from kaysis.common.views.errors import ERROR_STATUSES, error_response
from kaysis.common.widgets import DateInput

KINDS = [("central", _("Merkez")), ("provincial", _("Taşra")), ("abroad", _("Yurt dışı"))]
UNITS = [
    ("24301126", "Bilgi İşlem Dairesi Başkanlığı", "İçişleri Bakanlığı", _("Merkez"), 214),
    ("72131250", "İl Nüfus ve Vatandaşlık Müdürlüğü", "Iğdır Valiliği", _("Taşra"), 18),
    (
        "67915368",
        "Şehit Öğretmen Anadolu Lisesi",
        "Ankara İl Millî Eğitim Müdürlüğü",
        _("Taşra"),
        61,
    ),
]


class ExampleForm(forms.Form):
    name = forms.CharField(
        label=_("Birimin adı"),
        help_text=_("Resmî yazışmalarda geçtiği gibi, kısaltmadan."),
        max_length=300,
    )
    kind = forms.ChoiceField(label=_("Teşkilat türü"), choices=KINDS)
    since = forms.DateField(label=_("Yürürlük tarihi"), widget=DateInput)
    status = forms.ChoiceField(label=_("Durumu"), choices=KINDS, widget=forms.RadioSelect)
    places = forms.MultipleChoiceField(
        label=_("Hizmet yerleri"),
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=_("Gerekçe"), widget=forms.Textarea, required=False)
    file = forms.FileField(
        label=_("Dayanak belgesi"), required=False, help_text=_("PDF, en çok 10 MB.")
    )
    sure = forms.BooleanField(label=_("Bilgileri denetledim"))


class ExampleTable(tables.Table):
    name = tables.Column(verbose_name=_("Birim"))
    number = tables.Column(verbose_name=_("Devlet Teşkilatı No"))
    above = tables.Column(verbose_name=_("Bağlı olduğu"))
    kind = tables.Column(verbose_name=_("Tür"), orderable=False)
    staff = tables.NumberColumn(verbose_name=_("Alt birim"))

    caption = _("Örnek birimler")


def _table(request: HttpRequest) -> ExampleTable:
    keys = ("number", "name", "above", "kind", "staff")
    table = ExampleTable([dict(zip(keys, unit, strict=True)) for unit in UNITS])
    RequestConfig(request, paginate=False).configure(table)
    return table


def _events() -> list[TimelineEntry]:
    day = dt.date(2026, 11, 24)
    return [
        TimelineEntry(
            day,
            _("Adı değişti"),
            text="Nüfus Müdürlüğü → İl Nüfus ve Vatandaşlık Müdürlüğü",
            label=_("Ad"),
            tone="info",
        ),
        TimelineEntry(day - dt.timedelta(900), _("Taşındı"), label=_("Yer"), tone="warning"),
        TimelineEntry(
            day - dt.timedelta(9000),
            _("Kuruldu"),
            label=_("Kuruluş"),
            tone="success",
            by=_("Dayanak: 5442 sayılı Kanun"),
        ),
    ]


def _unit() -> dict[str, Any]:
    return {
        "path": [
            ("İçişleri Bakanlığı", "#"),
            ("Iğdır Valiliği", "#"),
            ("İl Nüfus ve Vatandaşlık Müdürlüğü", None),
        ],
        "facts": [
            Fact(_("T.C. Devlet Teşkilatı No"), "72131250"),
            Fact(_("Mülki idare amirliği"), "Iğdır Valiliği", "#"),
            Fact(_("Bütçe türü"), _("Genel bütçeli")),
            Fact(_("Faks"), ""),
        ],
        "events": _events(),
        "local_items": [
            (_("Kimlik"), "#", True),
            (_("Alt birimler"), "#", False),
            (_("Tarihçe"), "#", False),
        ],
    }


def _context(request: HttpRequest) -> dict[str, Any]:
    paginator = BoundedPaginator(range(1040), 25)
    return {
        **_unit(),
        "breadcrumbs": [(_("Geliştiriciler"), None), (_("Bileşenler"), None)],
        "empty_form": ExampleForm(),
        "wrong_form": ExampleForm({"since": "dün"}, prefix="wrong"),
        "table": _table(request),
        "page_obj": paginator.get_page(request.GET.get("sayfa", 7)),
        "paginator": paginator,
        "page_range": paginator.around(7),
        "export_formats": ["csv", "xlsx", "json"],
        "active_filters": [
            {"label": _("İl"), "value": "Iğdır", "url": "?"},
            {"label": _("Tür"), "value": _("Taşra"), "url": "?"},
        ],
    }


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", _context(request))


@require_safe
def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """The page of an error without the error; the answer says 200 so that tools look at it."""
    if status not in ERROR_STATUSES:
        raise Http404
    response = error_response(request, status)
    response.status_code = 200
    return response
