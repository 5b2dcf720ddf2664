"""Recorded changes as HTML. In Python, not in a template: a page tells 25 of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from detsis.selectors import Crumb
from detsis.views.addresses import unit_url
from detsis.wording import Difference, Side, Told
from kaysis.common.casing import capital
from kaysis.common.formats import short_day
from kaysis.common.templatetags.shell import badge


class ChangeWriter:
    """Writes rows of a list. What several of them say is translated and drawn once."""

    def __init__(self) -> None:
        path = _("Bağlı olduğu yol")
        self.words = Words()
        self.path = f'<ol class="k-path" aria-label="{path}">'
        self.badges: dict[tuple[str, str], str] = {}

    def row(self, told: Told, path: Sequence[Crumb]) -> SafeString:
        """A change with its unit, the last of `path`, and what is above that."""
        change = told.change
        *above, unit = path
        parts = [
            f'<div class="d-change"><p class="d-change__when">{_time(change.effective_on)}',
            self._badge(told.title, told.tone),
        ]
        if getattr(change, "taken_back", None):
            parts.append(self._badge(_("Sonradan geri alındı"), "warning"))
        parts.append(
            f'</p><p class="k-row__title"><a href="{unit_url(change.unit_id)}">'
            f'{escape(unit.name)}</a> <span class="d-no">{change.unit_id}</span></p>'
        )
        if above:
            steps = "".join([f"<li>{escape(crumb.name)}</li>" for crumb in above])
            parts.append(f"{self.path}{steps}</ol>")
        parts.append(differences(told, self.words))
        if change.reason:
            parts.append(f'<p class="d-change__reason">{escape(change.reason)}</p>')
        if change.legal_reference:
            ground, word = escape(change.legal_reference), _("Dayanak:")
            parts.append(f'<p class="k-muted">{word} {ground}</p>')
        parts.append("</div>")
        return SafeString("".join(parts))

    def _badge(self, text: str, tone: str) -> str:
        key = text, tone
        if key not in self.badges:
            self.badges[key] = badge(text, tone)
        return self.badges[key]


class Words:
    """What is said of every difference, translated once."""

    def __init__(self) -> None:
        first, then = _("önce:"), _("sonra:")
        self.before = f'<del><span class="visually-hidden">{first} </span>'
        self.after = f'<ins><span class="visually-hidden">{then} </span>'
        self._labels: dict[str, str] = {}

    def label(self, text: str) -> str:
        """The name of a fact at the beginning of a line."""
        if text not in self._labels:
            self._labels[text] = escape(capital(text))
        return self._labels[text]


def differences(told: Told, words: Words | None = None) -> SafeString:
    """What a change changed, before → after, and who carries on."""
    parts = []
    if told.differences:
        words = words or Words()
        parts.append('<dl class="k-changes">')
        parts += [_difference(item, words) for item in told.differences]
        parts.append("</dl>")
    if told.voided:
        parts.append(f"<p>{escape(told.voided)}</p>")
    if told.successors:
        label = ngettext("Halefi:", "Halefleri:", len(told.successors))
        named = ", ".join(
            f'{_side(side)} <span class="d-no">{side.number}</span>' for side in told.successors
        )
        parts.append(f'<p class="d-successors">{label} {named}</p>')
    return SafeString("".join(parts))


def _difference(item: Difference, words: Words) -> str:
    label, after = words.label(str(item.label)), _side(item.after)
    if item.before is None:
        return f"<div><dt>{label}</dt><dd><ins>{after}</ins></dd></div>"
    return (
        f"<div><dt>{label}</dt><dd>{words.before}{_side(item.before)}</del>"
        f' <span aria-hidden="true">→</span> {words.after}{after}</ins></dd></div>'
    )


def _side(side: Side) -> str:
    text = escape(side.text)
    return f'<a href="{unit_url(side.number)}">{text}</a>' if side.number else text


def _time(day: dt.date) -> str:
    return f'<time datetime="{day.isoformat()}">{short_day(day)}</time>'
