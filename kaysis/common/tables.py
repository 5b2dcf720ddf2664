"""The base of every table: `class UnitTable(tables.Table)`."""

import copy
from typing import Any

import django_tables2
from django.utils.formats import number_format
from django_tables2 import DateColumn, LinkColumn, TemplateColumn

__all__ = ["Column", "DateColumn", "LinkColumn", "NumberColumn", "Table", "TemplateColumn"]


class Column(django_tables2.Column):
    """Each table has a copy of its own. A shallow one does: nothing inside is ever changed, and
    copying all of it takes longer than drawing a row."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Column":
        return copy.copy(self)


class NumberColumn(Column):
    """Right-aligned, with the grouping of the reader's language."""

    attrs = {"th": {"class": "number"}, "td": {"class": "number"}}

    def render(self, value: Any) -> str:
        return number_format(value, use_l10n=True, force_grouping=True)


class Table(django_tables2.Table):
    """A table drawn by templates/common/table.html.

    `caption` is required: it says what the table holds. `caption_hidden` keeps it for screen
    readers only (where a heading above says the same). With `row_header` the first cell of each row
    names the row. A long table may have `cells(record)`: the HTML of a row's cells, escaped, in the
    order of the columns; that is quicker than a `render_…` for each column. `note` explains a sign
    that stands in some of the cells.
    """

    caption: Any = ""
    caption_hidden = False
    note: Any = ""
    row_header = True

    class Meta:
        template_name = "common/table.html"
        order_by_field = "sirala"
        attrs: dict[str, str] = {}

    def __init__(self, *args: Any, caption: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("order_by_field", "sirala")
        kwargs.setdefault("template_name", "common/table.html")
        super().__init__(*args, **kwargs)
        self.caption = caption or self.caption
        if not self.caption:
            raise ValueError(f"{type(self).__name__} needs a caption")
