"""Drawing the head and the rows of a table."""

from html import escape
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from kaysis.common.templatetags.shell import address, icon

register = template.Library()


@register.simple_tag(takes_context=True)
def draw_table(context: template.Context, table: Any) -> SafeString:
    """A table, as {% render_table %} of django-tables2, which would make the context of the page
    anew for it."""
    assert context.template is not None, "drawn in a template"
    table.context = context
    table.before_render(context["request"])
    drawn = context.template.engine.get_template(table.template_name)
    with context.push(table=table):
        return drawn.render(context)


@register.simple_tag(takes_context=True)
def table_head(context: template.Context, table: Any) -> SafeString:
    """The cells that name the columns; of what can be sorted, each with the way to sort by it."""
    cells = []
    for column in table.columns:
        name, sorting = str(conditional_escape(column.header)), ""
        if column.orderable:
            alias = column.order_by_alias
            order = "none"
            if column.is_ordered:
                order = "descending" if alias.is_descending else "ascending"
            sorting = f' aria-sort="{order}"'
            changed = {table.prefixed_order_by_field: alias.next, "sayfa": None}
            name = f'<a href="{escape(address(context, **changed))}">{name}{_arrow(order)}</a>'
        own = column.attrs["th"].as_html()
        attributes = f" {own}" if own else ""
        cells.append(f'<th{attributes} scope="col" role="columnheader"{sorting}>{name}</th>')
    return SafeString("".join(cells))


def _arrow(order: str) -> SafeString:
    names = {"none": "sort", "ascending": "sort-up", "descending": "sort-down"}
    return icon(names[order], "sm")


@register.simple_tag
def table_rows(table: Any) -> SafeString:
    """The rows of a django-tables2 table, as templates/common/table.html draws them.

    In Python, because what is the same for every cell of a column is worked out once and not once
    for each cell: a page of 25 rows takes a tenth of the time.
    """
    columns = []
    for position, column in enumerate(table.columns):
        attributes = column.attrs.get("td", {})
        own = attributes.as_html() if attributes else ""
        if position == 0 and table.row_header:
            opening, closing = format_html('<th scope="row" role="rowheader" {}>', own), "</th>"
        else:
            label = conditional_escape(column.header)
            opening = format_html('<td role="cell" data-label="{}" {}>', label, own)
            closing = "</td>"
        columns.append((column.name, column.localize, opening, closing))
    # A table that gives its cells itself is not asked for each of them.
    quick = getattr(table, "cells", None)
    drawn = []
    for row in table.paginated_rows.data if quick else table.paginated_rows:
        drawn.append('<tr role="row">')
        cells = quick(row) if quick else [_cell(row, *column[:2]) for column in columns]
        for (_name, _localized, opening, closing), cell in zip(columns, cells, strict=True):
            drawn += [opening, cell, closing]
        drawn.append("</tr>\n")
    return SafeString("".join(drawn))


def _cell(row: Any, name: str, localized: bool | None) -> str:
    cell = row.get_cell(name)
    if localized is not False:
        cell = localize(cell, use_l10n=localized)
    return conditional_escape(cell)
