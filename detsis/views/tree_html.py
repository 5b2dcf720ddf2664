"""The items of the tree as HTML: what static/js/tree.js fetches, and what works without it.

In Python, not in a template: an open branch has a hundred items.
"""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from detsis.views.addresses import branch_url, unit_url
from detsis.views.days import PARAMETER
from detsis.views.tree_data import Branch, Node
from kaysis.common.templatetags.shell import badge, icon


class TreeWriter:
    """Writes branches as of one day; their links keep it."""

    def __init__(self, day: dt.date | None) -> None:
        self.day = day
        self.url = reverse("detsis:units")
        self.chevron = icon("chevron-right", "sm")
        self.on_day = f"&amp;{PARAMETER}={day.isoformat()}" if day else ""
        # What many items say is translated once.
        self.opens = _("%(name)s: altındakileri aç")
        self.counted: dict[int, str] = {}

    def items(self, branch: Branch, parent: int | None) -> SafeString:
        """The items of a branch, with what is open below them and the way to those not shown."""
        parts = [self._item(node) for node in branch.nodes]
        if not parts:
            none = _("Bu ada uyan birim yok.")
            parts.append(f'<li class="d-tree__item d-tree__none">{none}</li>')
        if branch.next_page:
            text = ngettext(
                "Devamını göster (toplam %(total)s birim)",
                "Devamını göster (toplam %(total)s birim)",
                branch.total or 0,
            ) % {"total": _number(branch.total or 0)}
            parts.append(self._more(parent, text, sayfa=branch.next_page))
        elif branch.hidden:
            parts.append(self._more(parent, _("Aynı yere bağlı diğer birimler")))
        return SafeString("".join(parts))

    def _item(self, node: Node) -> str:
        unit, number = node.unit, node.number
        special = " d-tree__name--institution" if unit.is_institution else ""
        below = ""
        if node.branch is not None:
            below = f'<ul class="d-tree__branch">{self.items(node.branch, number)}</ul>'
        return (
            f'<li class="d-tree__item" id="d-{number}"><div class="d-tree__row">'
            f"{self._toggle(node)}"
            f'<a class="d-tree__name{special}" href="{unit_url(number, self.day)}">'
            f'{escape(unit.name)}</a><span class="d-tree__meta">'
            f'<span class="d-tree__no">{number}</span> {self._state(node)}</span></div>{below}</li>'
        )

    def _toggle(self, node: Node) -> str:
        if not node.below:
            return '<span class="d-tree__toggle d-tree__toggle--none" aria-hidden="true"></span>'
        label = self.opens % {"name": node.unit.name}
        opened = f"{self.url}?ac={node.number}{self.on_day}#d-{node.number}"
        return (
            f'<a class="d-tree__toggle" href="{opened}"'
            f' data-branch="{branch_url(node.number, self.day)}"'
            f"{' data-open' if node.branch is not None else ''}>"
            f'{self.chevron}<span class="visually-hidden">{escape(label)}</span></a>'
        )

    def _state(self, node: Node) -> str:
        if not node.unit.active:
            return badge(_("faal değil"), "neutral", "closed")
        return f'<span class="d-tree__count">{self._count(node.below) if node.below else ""}</span>'

    def _count(self, below: int) -> str:
        if below not in self.counted:
            words = ngettext("%(number)s birim", "%(number)s birim", below)
            self.counted[below] = words % {"number": _number(below)}
        return self.counted[below]

    def _more(self, parent: int | None, text: str, **query: int) -> str:
        day = {PARAMETER: self.day.isoformat()} if self.day else {}
        fetch = branch_url(parent)
        if query or day:
            fetch += f"?{urlencode({**query, **day})}"
        return (
            f'<li class="d-tree__item d-tree__more"><a href="{self._page(parent, **query)}"'
            f' data-more="{escape(fetch)}">{text}</a></li>'
        )

    def _page(self, opened: int | None, **query: int) -> str:
        """The page with a branch open, for readers without scripts."""
        given: dict[str, object] = {"ac": opened} if opened else {}
        given |= query
        if self.day:
            given[PARAMETER] = self.day.isoformat()
        anchor = f"#d-{opened}" if opened else ""
        return escape(f"{self.url}?{urlencode(given)}{anchor}" if given else self.url)


def _number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
