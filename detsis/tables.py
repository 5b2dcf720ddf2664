"""Tables of DETSİS lists."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from detsis.codenames import CodeNames
from detsis.demo import numbers
from detsis.models import OrganisationType, Unit
from detsis.selectors import Crumb
from detsis.views.addresses import unit_url
from kaysis.common.tables import Column, Table
from kaysis.common.templatetags.shell import badge
from kaysis.common.types import Text


class UnitTable(Table):
    """Units, each with the path that tells it from others of the same name.

    `paths` (number → crumbs, root first) must be set before the table is drawn.
    """

    caption = _("Kurumlar ve birimler")
    caption_hidden = True
    paths: dict[int, list[Crumb]]

    def __init__(self, *args: Any, names: CodeNames, **given: Any) -> None:
        super().__init__(*args, **given)
        self.names = names

    name = Column(verbose_name=_("Kurum / birim"), order_by=("name_sort", "detsis_no"))
    detsis_no = Column(verbose_name=_("Numara"), localize=False)
    category = Column(verbose_name=_("Kategori ve statü"), orderable=False)
    place = Column(verbose_name=_("Yer"), orderable=False)

    class Meta(Table.Meta):
        attrs = {"class": "k-table--units"}

    def cells(self, record: Any) -> list[str]:
        """The row, for `table_rows`. `record` is a row of `unit_rows`."""
        kinds = [
            name
            for name in (
                self.names.of("category", record.category_id),
                self.names.of("status", record.status_id),
            )
            if name
        ]
        second = f'<span class="d-cell__minor">{escape(kinds[1])}</span>' if kinds[1:] else ""
        place = place_of(record, self.names)
        return [
            unit_cell(record, self.paths.get(record.detsis_no, [])[:-1]),
            self._number(record),
            f"{escape(kinds[0])}{second}" if kinds else "—",
            escape(place or str(OrganisationType(record.organisation_type).label)),
        ]

    @property
    def note(self) -> Text:
        if any(record.invented for record in self.paginated_rows.data):
            return f"{numbers.MARK}: {numbers.EXPLANATION}"
        return ""

    def _number(self, record: Any) -> str:
        mark = f" {_marks(get_language()).invented}" if record.invented else ""
        return f"{record.detsis_no}{mark}"


def unit_rows(units: QuerySet[Unit]) -> QuerySet[Any]:
    """`units` with what a list shows of them, and what they are annotated with."""
    shown = units.annotate(invented=numbers.invented())
    return shown.values_list(*_SHOWN, *shown.query.annotations, named=True)


_SHOWN = (
    "detsis_no",
    "name",
    "is_institution",
    "active",
    "valid_to",
    "organisation_type",
    "category_id",
    "status_id",
    "province_id",
    "district_id",
    "country_id",
)


def unit_cell(unit: Any, above: Sequence[Crumb]) -> SafeString:
    """A unit in a table: its name as a link, what is special about it, and its path.

    In Python, not in a template: a page draws it 25 times.
    """
    marks = _marks(get_language())
    cell = f'<a class="d-cell__name" href="{unit_url(unit.detsis_no)}">{escape(unit.name)}</a>'
    if unit.is_institution:
        cell += f" {marks.institution}"
    if not unit.active:
        cell += f" {marks.closed if unit.valid_to else marks.planned}"
    if above:
        steps = "".join([f"<li>{escape(crumb.name)}</li>" for crumb in above])
        cell += f"{marks.path}{steps}</ol>"
    return SafeString(cell)


class _Marks(NamedTuple):
    """What stands in many cells, drawn once for each language."""

    institution: SafeString
    closed: SafeString
    planned: SafeString
    invented: SafeString
    # Begins the list of the units above.
    path: SafeString


@cache
def _marks(language: str | None) -> _Marks:
    return _Marks(
        institution=badge(_("Ana kurum"), "info", "institution"),
        closed=badge(_("Kapalı"), "neutral", "closed"),
        planned=badge(_("Henüz kurulmadı"), "neutral", "clock"),
        invented=badge(numbers.MARK, "neutral", "info"),
        path=format_html('<ol class="k-path" aria-label="{}">', _("Bağlı olduğu yol")),
    )


def place_of(row: Any, names: CodeNames) -> str:
    """Province and district, or the country; empty when none is recorded."""
    if row.country_id:
        return names.of("country", row.country_id)
    parts = names.of("province", row.province_id), names.of("district", row.district_id)
    return " / ".join(part for part in parts if part)
