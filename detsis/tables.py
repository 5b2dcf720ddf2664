"""Tables of DETSİS lists."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from detsis.selectors import Crumb
from kaysis.common.tables import Column, Table
from kaysis.common.templatetags.shell import badge


class UnitTable(Table):
    """Units, each with the path that tells it from others of the same name.

    `paths` (number → crumbs, root first) must be set before the table is drawn.
    """

    caption = _("Kurumlar ve birimler")
    caption_hidden = True
    paths: dict[int, list[Crumb]]

    name = Column(verbose_name=_("Kurum / birim"), order_by=("name_sort", "detsis_no"))
    detsis_no = Column(verbose_name=_("Numara"), localize=False)
    category = Column(verbose_name=_("Kategori ve statü"), orderable=False, empty_values=())
    place = Column(verbose_name=_("Yer"), orderable=False, empty_values=())

    class Meta(Table.Meta):
        attrs = {"class": "k-table--units"}

    def render_name(self, record: Unit, table: UnitTable) -> SafeString:
        return unit_cell(record, table.paths.get(record.pk, [])[:-1])

    def render_category(self, record: Unit) -> Any:
        parts = [str(part) for part in (record.category, record.status) if part]
        if not parts:
            return "—"
        second = format_html('<span class="d-cell__minor">{}</span>', parts[1]) if parts[1:] else ""
        return format_html("{}{}", parts[0], second)

    def render_place(self, record: Unit) -> str:
        return place_of(record) or record.get_organisation_type_display()


def unit_cell(unit: Any, above: list[Crumb]) -> SafeString:
    """A unit in a table: its name as a link, what is special about it, and its path.

    In Python, not in a template: a page draws it 25 times.
    """
    parts = [
        format_html('<a class="d-cell__name" href="{}">{}</a>', unit.get_absolute_url(), unit.name)
    ]
    if unit.is_institution:
        parts.append(badge(_("Ana kurum"), "info", "institution"))
    if not unit.active:
        closed = (_("Kapalı"), "closed") if unit.valid_to else (_("Henüz kurulmadı"), "clock")
        parts.append(badge(closed[0], "neutral", closed[1]))
    cell = format_html_join(" ", "{}", ((part,) for part in parts))
    if above:
        steps = format_html_join("", "<li>{}</li>", ((crumb.name,) for crumb in above))
        label = _("Bağlı olduğu yol")
        cell += format_html('<ol class="k-path" aria-label="{}">{}</ol>', label, steps)
    return cell


def place_of(unit: Any) -> str:
    """Province and district, or the country; empty when none is recorded."""
    if unit.country_id:
        return str(unit.country)
    if unit.district_id:
        return f"{unit.province} / {unit.district}" if unit.province_id else str(unit.district)
    return str(unit.province) if unit.province_id else ""
