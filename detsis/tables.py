"""Tables of DETSİS lists."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from detsis.models import Unit
from detsis.selectors import Crumb
from kaysis.common.tables import Column, Table


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
        crumbs = table.paths.get(record.pk, [])[:-1]
        return render_to_string("detsis/unit_cell.html", {"unit": record, "path": crumbs})

    def render_category(self, record: Unit) -> Any:
        parts = [str(part) for part in (record.category, record.status) if part]
        if not parts:
            return "—"
        second = format_html('<span class="d-cell__minor">{}</span>', parts[1]) if parts[1:] else ""
        return format_html("{}{}", parts[0], second)

    def render_place(self, record: Unit) -> str:
        return place_of(record) or record.get_organisation_type_display()


def place_of(unit: Any) -> str:
    """Province and district, or the country; empty when none is recorded."""
    if unit.country_id:
        return str(unit.country)
    if unit.district_id:
        return f"{unit.province} / {unit.district}" if unit.province_id else str(unit.district)
    return str(unit.province) if unit.province_id else ""
