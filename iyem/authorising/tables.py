"""Tables of officers, applications, campaigns and coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from detsis.selectors import Crumb
from iyem.authorising.views.base import above
from iyem.models import OfficerApplication
from iyem.staffing import coordinators
from kaysis.accounts.models import RoleGrant
from kaysis.common import tables


def named(unit: Unit | None, path: list[Crumb], number: int | None = None) -> SafeString | str:
    """A unit in a cell: linked, with its number and where it hangs."""
    if unit is None:
        return str(number or "—")
    return format_html(
        '<a href="{}">{}</a> <span class="d-no">{}</span>{}',
        unit.get_absolute_url(),
        unit.name,
        unit.pk,
        format_html('<span class="i-path">{}</span>', " › ".join(crumb.name for crumb in path))
        if path
        else "",
    )


class OfficerTable(tables.Table):
    """Officers by coordination chain."""

    person = tables.Column(verbose_name=_("Kişi"), order_by="person__name_sort")
    role = tables.Column(verbose_name=_("Yetki"))
    scope_detsis_no = tables.Column(
        verbose_name=_("Görev yeri"), order_by=("place_lft", "role", "own_lft")
    )
    coordinator = tables.Column(
        verbose_name=_("Koordinasyon"), empty_values=(), orderable=False, accessor="pk"
    )
    validity = tables.TemplateColumn(
        verbose_name=_("Geçerlilik"), template_name="iyem/authorising/officer_validity.html"
    )
    actions = tables.TemplateColumn(
        verbose_name=_("İşlem"),
        template_name="iyem/authorising/officer_actions.html",
        orderable=False,
    )

    caption = _("İYEM yetkilileri, koordinasyon sırasıyla")
    caption_hidden = True

    class Meta(tables.Table.Meta):
        model = RoleGrant
        fields: tuple[str, ...] = ()
        attrs = {"class": "i-officers"}

    def prepare(self, revocable: set[int]) -> None:
        """Look everything about this page up at once; call it when the page is cut."""
        grants = [row.record for row in self.page]
        self.coordinators = coordinators({grant.scope_detsis_no for grant in grants})
        named_here = {*self.coordinators, *self.coordinators.values()}
        numbers = {number for number in named_here if number is not None}
        self.units: Mapping[int, Unit] = Unit.objects.in_bulk(numbers)
        self.above = above(numbers)
        for grant in grants:
            grant.revocable = grant.scope_detsis_no in revocable

    def render_person(self, record: RoleGrant) -> SafeString:
        contact = " · ".join(filter(None, [record.person.work_phone, record.person.email]))
        return format_html(
            "{}{}",
            record.person,
            format_html('<span class="i-path">{}</span>', contact) if contact else "",
        )

    def render_scope_detsis_no(self, value: int) -> Any:
        return named(self.units.get(value), self.above.get(value, []), value)

    def render_coordinator(self, record: RoleGrant) -> Any:
        if record.role == "iyem_authorised":
            return _("Merkez")
        number = self.coordinators.get(record.scope_detsis_no or 0)
        unit = self.units.get(number or 0)
        return unit.name if unit else "—"


class ApplicationTable(tables.Table):
    """Applications, the pending ones first."""

    chosen = tables.TemplateColumn(
        verbose_name=_("Seç"),
        template_name="iyem/authorising/application_choice.html",
        orderable=False,
    )
    name = tables.Column(
        verbose_name=_("Kişi"), empty_values=(), order_by=("family_name", "given_name")
    )
    role = tables.Column(verbose_name=_("Yetki"))
    scope = tables.Column(verbose_name=_("Görev yeri"), order_by=("scope__name_sort", "pk"))
    applied_at = tables.Column(verbose_name=_("Başvuru"))
    status = tables.TemplateColumn(
        verbose_name=_("Durum"), template_name="iyem/authorising/application_state.html"
    )

    caption = _("Yetki başvuruları")
    caption_hidden = True
    row_header = False

    class Meta(tables.Table.Meta):
        model = OfficerApplication
        fields: tuple[str, ...] = ()
        sequence = ("chosen", "name", "role", "scope", "applied_at", "status")

    def prepare(self, decidable: set[int]) -> None:
        """Look everything about this page up at once; call it when the page is cut."""
        rows = [row.record for row in self.page]
        self.above = above({row.scope_id for row in rows})
        for row in rows:
            row.decidable = row.pk in decidable
        if not any(row.decidable for row in rows):
            self.columns.hide("chosen")

    def render_name(self, record: OfficerApplication) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("iyem:application", args=[record.pk]),
            record.full_name,
        )

    def render_scope(self, record: OfficerApplication) -> Any:
        return named(record.scope, self.above.get(record.scope_id, []))
